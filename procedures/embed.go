// Package procedures holds the procedures that come with dossierd: samples, which an office replaces by its own. They are
// YAML files that docs/procedures.md explains and pipeline/procedure reads.
package procedures

import "embed"

// Files are the procedures, and the holidays that their deadlines leave out.
//
//go:embed *.yaml
var Files embed.FS
