// Package kinds holds the built-in kinds of papers: YAML files that docs/kinds.md explains and pipeline/extract reads.
package kinds

import "embed"

// Files are the built-in kinds.
//
//go:embed *.yaml
var Files embed.FS
