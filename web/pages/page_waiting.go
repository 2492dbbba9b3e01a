package pages

func (s *site) waitingRoutes() []route { return nil }
