package pages

func (s *site) deliveryRoutes() []route { return nil }
