package config

import _ "embed"

//go:embed dossierd.yaml
var template string

// Template is the commented file that `dossierd config init` writes.
func Template() string { return template }
