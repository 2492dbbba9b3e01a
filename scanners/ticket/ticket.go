// Package ticket reads what a scanner's software writes about a batch: which files belong to it, and what it calls the dossier.
//
// It owns the three formats and the paths by which a station's settings find things in them. What becomes of the files is the
// business of package scanners; whether a dossier code is one, of whoever assembles.
//
// A ticket is untrusted, and yet is parsed in the daemon and not in a page worker: it has to be known before the files are taken.
// So the parsers are pure Go and bounded: 1 MiB, 32 levels, 10,000 files, no entities and no document types, and no error tells
// of what a ticket holds. Fuzz targets look for inputs that they can't bear.
package ticket

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

// The bounds of a ticket.
const (
	MaxBytes = 1 << 20
	maxDepth = 32
	maxFiles = 10_000
	maxValue = 4096 // bytes of one value
	maxName  = 255  // bytes of a file's name, as file systems have it
)

// Type is a ticket's format, and the extension of its file.
type Type string

// The formats.
const (
	JSON Type = "json"
	CSV  Type = "csv"
	XML  Type = "xml"
)

// Mapping says where things stand in a ticket. A path is
//
//   - for JSON, keys and indices with dots between them, * for each element: documents.*.file
//   - for XML, the names of elements from the root on, with slashes between them, @ before the name of an attribute at the end:
//     batch/document/@file
//   - for CSV, the title of a column.
type Mapping struct {
	Type      Type
	Files     string            // path of the files' names, in the order of the pages
	Dossier   string            // path of the dossier code; "": the ticket has none
	Procedure string            // path of the procedure code; "": likewise
	Fields    map[string]string // paths by the names that the fields are to have
}

// Validate names every fault of the mapping in one error.
func (m *Mapping) Validate() error {
	var faults []error
	if m.Type != JSON && m.Type != CSV && m.Type != XML {
		faults = append(faults, fmt.Errorf("type %q is not json, csv or xml", m.Type))
	}
	if m.Files == "" {
		faults = append(faults, errors.New("the path of the files is missing"))
	}
	for _, path := range m.paths() {
		if !m.Type.ValidPath(path) {
			faults = append(faults, fmt.Errorf("path %q has an empty step", path))
		}
	}
	return errors.Join(faults...)
}

// ValidPath reports whether path can be one in tickets of this type.
func (t Type) ValidPath(path string) bool {
	switch t {
	case CSV:
		return path == strings.TrimSpace(path)
	case XML:
		steps := strings.Split(path, "/")
		return !slices.Contains(steps, "") && !slices.Contains(steps, "@") &&
			!slices.ContainsFunc(steps[:len(steps)-1], func(s string) bool { return strings.HasPrefix(s, "@") })
	default:
		return !slices.Contains(strings.Split(path, "."), "")
	}
}

// paths are those that the mapping has.
func (m *Mapping) paths() []string {
	all := append([]string{m.Files, m.Dossier, m.Procedure}, slices.Collect(maps.Values(m.Fields))...)
	return slices.DeleteFunc(all, func(path string) bool { return path == "" })
}

// Ticket is what a ticket says.
type Ticket struct {
	Files []string // names without folders, each once, in the order of the ticket; at least one
	Facts dossier.BatchFacts
}

// Parse reads a ticket. Its error says what is wrong with it, without any of its values.
func (m *Mapping) Parse(data []byte) (*Ticket, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("more than %d bytes", MaxBytes)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	found, err := m.find(data)
	if err != nil {
		return nil, err
	}
	for path, values := range found {
		if slices.ContainsFunc(values, func(v string) bool { return len(v) > maxValue }) {
			return nil, fmt.Errorf("more than %d bytes at %s", maxValue, path)
		}
	}
	t := &Ticket{}
	if t.Files, err = fileNames(found[m.Files]); err != nil {
		return nil, fmt.Errorf("%s: %w", m.Files, err)
	}
	t.Facts.Reference, err = only(found[m.Dossier])
	if err != nil { // two dossiers in one ticket would become one
		return nil, fmt.Errorf("%s: %w", m.Dossier, err)
	}
	t.Facts.Procedure = first(found[m.Procedure])
	for name, path := range m.Fields {
		if value := first(found[path]); value != "" {
			if t.Facts.Fields == nil {
				t.Facts.Fields = map[string]string{}
			}
			t.Facts.Fields[name] = value
		}
	}
	return t, nil
}

// find collects the values at each path of the mapping, in the order of the ticket, trimmed.
func (m *Mapping) find(data []byte) (map[string][]string, error) {
	data = []byte(strings.TrimPrefix(string(data), "\ufeff")) // Windows' programs begin a file with it
	switch m.Type {
	case CSV:
		return findInCSV(data, m.paths())
	case XML:
		return findInXML(data, m.paths())
	default:
		return findInJSON(data, m.paths())
	}
}

// fileNames takes the folders off names, in Windows' way of writing them too.
func fileNames(written []string) ([]string, error) {
	var names []string
	known := map[string]bool{}
	for _, name := range written {
		name = name[strings.LastIndexAny(name, `/\`)+1:]
		switch {
		case name == "":
			continue
		case name == "." || name == ".." || len(name) > maxName || strings.ContainsRune(name, 0):
			return nil, errors.New("not the name of a file")
		case known[name]:
			continue
		case len(names) == maxFiles:
			return nil, fmt.Errorf("more than %d files", maxFiles)
		}
		known[name] = true
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil, errors.New("no file")
	}
	return names, nil
}

func first(values []string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// only is first where the values don't differ.
func only(values []string) (string, error) {
	one := first(values)
	for _, v := range values {
		if v != "" && v != one {
			return "", errors.New("more than one value")
		}
	}
	return one, nil
}
