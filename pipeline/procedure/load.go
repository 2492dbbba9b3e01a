package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/dossierd/dossierd/strictyaml"
)

// HolidaysFile is the file of a folder that holds its calendar instead of a procedure.
const HolidaysFile = "holidays.yaml"

// maxFile bounds a file in bytes; a procedure has 2 KB.
const maxFile = 1 << 20

// Load reads every *.yaml in the root of fsys, but for those whose names begin with . or _. known says whether there is a
// kind of paper of a name; nil leaves that unasked. Its error is *Faults with every fault of all files. A folder without
// holidays.yaml has Vietnam's fixed holidays.
func Load(fsys fs.FS, known func(kind string) bool) (*Set, error) {
	faults := &Faults{}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err // never: the pattern is good
	}
	if _, err := fs.Stat(fsys, "."); err != nil {
		faults.add(".", 0, "", "unreadable", withoutPath(err))
	}
	l := &loader{set: &Set{Calendar: vietnam()}, faults: faults, known: known, seen: map[string]place{}}
	for _, name := range names {
		if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
			continue
		}
		data, err := readFile(fsys, name)
		if err != nil {
			faults.add(name, 0, "", "unreadable", withoutPath(err))
			continue
		}
		l.file(name, data)
	}
	if len(faults.List) > 0 {
		return nil, faults
	}
	slices.SortFunc(l.set.Procedures, func(a, b *Procedure) int { return strings.Compare(a.Code, b.Code) })
	return l.set, nil
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("more than %d bytes", maxFile)
	}
	return data, err
}

// withoutPath leaves out what the fault names anyway.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// place is where a code stands.
type place struct {
	file string
	line int
}

// loader collects the files of a folder.
type loader struct {
	set    *Set
	faults *Faults
	known  func(kind string) bool
	seen   map[string]place // by code
}

func (l *loader) file(name string, data []byte) {
	sum := sha256.Sum256(data)
	file := File{Name: path.Base(name), SHA256: hex.EncodeToString(sum[:])}
	l.set.Files = append(l.set.Files, file)
	r := &reader{file: file.Name, faults: l.faults, known: l.known}
	node := r.parse(data)
	if node == nil {
		return
	}
	if name == HolidaysFile {
		l.set.Calendar = r.calendar(node)
		return
	}
	p := r.procedure(node)
	p.File = file
	if p.Code == "" {
		return // a fault already
	}
	key := strings.ToUpper(p.Code)
	if former, twice := l.seen[key]; twice {
		l.faults.add(file.Name, r.lines["code"], "code", "same_code", p.Code, former.file, former.line)
		return
	}
	l.seen[key] = place{file: file.Name, line: r.lines["code"]}
	l.set.Procedures = append(l.set.Procedures, p)
}

// parse returns the one document of a file, nil after a fault.
func (r *reader) parse(data []byte) ast.Node {
	documents, line, problem := strictyaml.Parse(data)
	switch {
	case problem != "":
		r.fault(line, "", "syntax", problem)
	case len(documents) == 0:
		r.fault(0, "", "empty")
	case len(documents) > 1:
		r.fault(lineOf(documents[1]), "", "one_document")
	default:
		return documents[0]
	}
	return nil
}
