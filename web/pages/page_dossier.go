package pages

func (s *site) dossierRoutes() []route { return nil }
