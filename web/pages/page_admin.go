package pages

func (s *site) adminRoutes() []route { return nil }
