//go:build !fault

package pipeline

// fault marks a hand-over. In a build with the tag "fault" the process kills itself at the one that DOSSIERD_FAULT names.
func fault(string) {}
