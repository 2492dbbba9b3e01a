package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/procedures"
)

// rules are what an administrator writes beside the settings: kinds of papers, and procedures that ask for them.
type rules struct {
	kinds      *extract.Kinds
	procedures *procedure.Set
}

// name is what people call a kind or a procedure; the value itself where nobody said.
func (r *rules) name(field, value, language string) string {
	switch field {
	case "kind":
		if k := r.kinds.Kind(value); k != nil {
			return k.Title(language)
		}
	case "procedure":
		if p := r.procedures.ByCode(value); p != nil {
			return p.Name.In(language)
		}
	}
	return value
}

// readRules reads the folders that the settings name, and what comes with dossierd. Retention for a kind that is not there is
// a fault.
func readRules(cfg *config.Config) (r rules, err error) {
	if r.kinds, err = readKinds(cfg.Language, cfg.Kinds); err != nil {
		return r, err
	}
	if err := cfg.CheckKinds(func(kind string) bool { return r.kinds.Kind(kind) != nil }); err != nil {
		return r, err
	}
	r.procedures, err = readProcedures(cfg.Procedures, cfg.Language)
	return r, err
}

// hasKind reports whether a kind is built in or lies in a folder. Where the folder can't be read, that is told elsewhere.
func hasKind(folder, kind string) bool {
	list, err := readKinds("en", folder)
	return err != nil || list.Kind(kind) != nil
}

// readKinds reads the kinds that come with dossierd and those of folders, which go before them; "" is no folder.
func readKinds(language string, folders ...string) (*extract.Kinds, error) {
	files := []fs.FS{kinds.Files}
	for _, folder := range folders {
		if folder != "" {
			files = append(files, os.DirFS(folder))
		}
	}
	list, err := extract.Load(files...)
	if faults := (*extract.Faults)(nil); errors.As(err, &faults) {
		faults.Language = language
	}
	return list, err
}

// readProcedures reads the folder that the settings name, or for "" what comes with dossierd.
func readProcedures(folder, language string) (*procedure.Set, error) {
	var files fs.FS = procedures.Files
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
	return map[string]config.Reader{
		"kinds": func(folder, language string) error {
			_, err := readKinds(language, folder)
			return err
		},
		"procedures": func(folder, language string) error {
			_, err := readProcedures(folder, language)
			return err
		},
	}
}
