package pages

func (s *site) boardRoutes() []route { return nil }
