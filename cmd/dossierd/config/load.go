package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/strictyaml"
)

// SystemFile is read where no other file is named and it exists.
const SystemFile = "/etc/dossierd.yaml"

// Find says which file holds the settings: the one named by --config, else $DOSSIERD_CONFIG, else SystemFile where it
// exists, else none ("").
func Find(flag string) string {
	if flag != "" {
		return flag
	}
	if file := os.Getenv("DOSSIERD_CONFIG"); file != "" {
		return file
	}
	if _, err := os.Stat(SystemFile); err == nil {
		return SystemFile
	}
	return ""
}

// Load reads a file, or takes the embedded defaults where file is "". Its error is *Faults with every fault there is.
// hasModel says whether a Tesseract model is installed; nil leaves that unasked.
func Load(file string, hasModel func(language string) bool) (*Config, error) {
	if file == "" {
		return Demo(), nil
	}
	v := read(file, hasModel)
	if len(v.faults.List) > 0 {
		return nil, v.faults
	}
	return v.c, nil
}

// Reader reads the files of a folder. Its error names each of their faults in a language, with file and line.
type Reader func(folder, language string) error

// Check is Load for who is still writing the file: folders that are not there or can't be written are faults as well,
// and so is what readers say of the files in the folders that kinds and procedures name, and a rule for a kind that is not in
// the folder of kinds ("": none is named). A key without a reader is not looked into; nil for hasKind leaves kinds unasked.
func Check(
	file string, hasModel func(language string) bool, readers map[string]Reader, hasKind func(folder, kind string) bool,
) (*Config, error) {
	if file == "" {
		return Demo(), nil
	}
	v := read(file, hasModel)
	var files []error
	if v.c != nil {
		v.stationFolders()
		v.ownFolders()
		files = v.readFolders(readers)
		if hasKind != nil {
			v.kinds(func(kind string) bool { return hasKind(v.c.Kinds, kind) })
		}
	}
	if len(v.faults.List) > 0 {
		return nil, errors.Join(append([]error{v.faults}, files...)...)
	}
	if err := errors.Join(files...); err != nil {
		return nil, err
	}
	return v.c, nil
}

// readFolders hands the folders of kinds and procedures that are there to their readers.
func (v *validator) readFolders(readers map[string]Reader) []error {
	var faults []error
	for _, folder := range []struct{ key, path string }{{"kinds", v.c.Kinds}, {"procedures", v.c.Procedures}} {
		if folder.path == "" {
			continue
		}
		if info, err := os.Stat(folder.path); err != nil || !info.IsDir() {
			v.fault(folder.key, "no_folder", folder.path, folder.path)
		} else if read := readers[folder.key]; read != nil {
			faults = append(faults, read(folder.path, v.faults.Language))
		}
	}
	return faults
}

// CheckFolders says which stations' folders are not there or can't be written. That is no fault of the file: a mount
// that is away comes back, and does not keep the other stations from working.
func (c *Config) CheckFolders() error {
	v := &validator{c: c, faults: &Faults{File: c.File, Language: c.Language}, lines: c.lines}
	v.stationFolders()
	if len(v.faults.List) == 0 {
		return nil
	}
	return v.faults
}

// CheckKinds says which kinds have a rule and are not there: papers that should be destroyed would be kept for ever.
func (c *Config) CheckKinds(hasKind func(kind string) bool) error {
	v := &validator{c: c, faults: &Faults{File: c.File, Language: c.Language}, lines: c.lines}
	v.kinds(hasKind)
	if len(v.faults.List) == 0 {
		return nil
	}
	return v.faults
}

func (v *validator) kinds(hasKind func(kind string) bool) {
	for kind := range v.c.Retention {
		if !hasKind(kind) {
			v.fault("retention."+kind, "no_kind", kind)
		}
	}
}

func (v *validator) stationFolders() {
	for i, s := range v.c.Stations {
		key := fmt.Sprintf("stations[%d].folder", i)
		if s.Folder == "" {
			continue // a fault already
		}
		if info, err := os.Stat(s.Folder); err != nil || !info.IsDir() {
			v.fault(key, "no_folder", s.Folder, s.Folder)
		} else if err := Writable(s.Folder); err != nil {
			v.fault(key, "not_writable", s.Folder, err)
		}
	}
}

func (v *validator) ownFolders() {
	if err := Writable(v.c.Data); err != nil {
		v.fault("data", "not_writable", v.c.Data, err)
	}
	if folder := v.c.Store.Folder; folder != "" {
		if err := Writable(folder); err != nil {
			v.fault("store.folder", "not_writable", folder, err)
		}
	}
}

// Writable asks about a folder, or about the one it would be made in.
func Writable(folder string) error {
	for {
		_, err := os.Stat(folder)
		if parent := filepath.Dir(folder); errors.Is(err, os.ErrNotExist) && parent != folder {
			folder = parent
			continue
		}
		break
	}
	return unix.Access(folder, unix.R_OK|unix.W_OK|unix.X_OK)
}

// read collects the faults of a file. The config is nil where it has none to judge.
func read(file string, hasModel func(string) bool) *validator {
	faults := &Faults{File: file, Language: SystemLanguage()}
	data, err := os.ReadFile(file)
	if err != nil {
		faults.add(0, "", "unreadable", withoutPath(err))
		return &validator{faults: faults}
	}
	return parse(data, faults, hasModel)
}

// withoutPath leaves out what the sentence around it says.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func parse(data []byte, faults *Faults, hasModel func(string) bool) *validator {
	documents, line, problem := strictyaml.Parse(data)
	if problem != "" {
		faults.add(line, "", "syntax", problem)
		return &validator{faults: faults}
	}
	c := Default()
	c.File, c.lines = faults.File, map[string]int{}
	d := newDecoder(faults, c.lines)
	for _, doc := range documents {
		d.Value(doc, reflect.ValueOf(c).Elem(), "")
	}
	if _, ok := sentenceLanguages[c.Language]; ok {
		faults.Language = c.Language
	}
	v := &validator{c: c, faults: faults, lines: d.Lines, hasModel: hasModel}
	v.readSecrets()
	c.complete(func(key string) bool { return d.Lines[key] > 0 })
	v.validate()
	return v
}

var sentenceLanguages = map[string]bool{"vi": true, "fr": true, "en": true}
