// Package layering holds the rules of who may import whom. It has no code of its own: its test asks the go command for
// what each package depends on.
package layering
