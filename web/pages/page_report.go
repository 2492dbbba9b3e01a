package pages

func (s *site) reportRoutes() []route { return nil }
