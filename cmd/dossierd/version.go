package main

import "runtime/debug"

// stamp is the version that the Makefile's linker flag puts in.
var stamp string //nolint:gochecknoglobals // -X needs a variable

// version is the stamp, else the module's version, else the commit that the build was made from.
func version() string {
	if stamp != "" {
		return stamp
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}
