package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/pipeline/pdfa/strict"
)

// validateCommandLine starts this binary as the child process that validates renditions.
func validateCommandLine() []string { return []string{ownBinary(), "validate-pdf"} }

// ownBinary is the file of this program, for child processes.
func ownBinary() string {
	self, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return self
}

// validateCommand is the child's side; people have no use for it.
func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "validate-pdf",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return pipeline.ServeValidation(os.Stdin, os.Stdout, strict.Validate)
		},
	}
}
