package main

import (
	"errors"
	"os"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/pipeline/procedure"
)

// readProcedures reads the folder that the settings name, or for "" what comes with dossierd.
func readProcedures(folder, language string) (*procedure.Set, error) {
	files := procedure.BuiltIn()
	if folder != "" {
		files = os.DirFS(folder)
	}
	set, err := procedure.Load(files, nil)
	if faults := (*procedure.Faults)(nil); errors.As(err, &faults) {
		faults.Folder, faults.Language = folder, language
	}
	return set, err
}

// readers look for `config check` into the folders that the settings name.
func readers() map[string]config.Reader {
	return map[string]config.Reader{"procedures": func(folder, language string) error {
		_, err := readProcedures(folder, language)
		return err
	}}
}
