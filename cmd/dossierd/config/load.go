package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/sys/unix"
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
	faults := &Faults{File: file, Language: SystemLanguage()}
	data, err := os.ReadFile(file)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		faults.add(0, "", "unreadable", err)
		return nil, faults
	}
	return parse(data, faults, hasModel)
}

// CheckFolders says which stations' folders are not there or can't be written. That is no fault of the file: a mount
// that is away comes back, and does not keep the other stations from working.
func (c *Config) CheckFolders() error {
	faults := &Faults{File: c.File, Language: c.Language}
	for i, s := range c.Stations {
		key := fmt.Sprintf("stations[%d].folder", i)
		if info, err := os.Stat(s.Folder); err != nil || !info.IsDir() {
			faults.add(c.lines[key], key, "no_folder", s.Folder, s.Folder)
		} else if err := unix.Access(s.Folder, unix.R_OK|unix.W_OK|unix.X_OK); err != nil {
			faults.add(c.lines[key], key, "not_writable", s.Folder, err)
		}
	}
	if len(faults.List) == 0 {
		return nil
	}
	return faults
}

func parse(data []byte, faults *Faults, hasModel func(string) bool) (*Config, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		line, message := syntaxError(err)
		faults.add(line, "", "syntax", message)
		return nil, faults
	}
	c := Default()
	c.File, c.lines = faults.File, map[string]int{}
	d := &decoder{faults: faults, lines: c.lines}
	for _, doc := range tree.Docs {
		if _, empty := doc.Body.(*ast.NullNode); doc.Body != nil && !empty {
			d.value(doc.Body, reflect.ValueOf(c).Elem(), "")
		}
	}
	if _, ok := sentenceLanguages[c.Language]; ok {
		faults.Language = c.Language
	}
	v := &validator{c: c, faults: faults, lines: d.lines, hasModel: hasModel}
	v.readSecrets()
	c.complete(func(key string) bool { return d.lines[key] > 0 })
	v.validate()
	if len(faults.List) > 0 {
		return nil, faults
	}
	return c, nil
}

var sentenceLanguages = map[string]bool{"vi": true, "fr": true, "en": true}

func syntaxError(err error) (line int, message string) {
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		if token := syntax.GetToken(); token != nil {
			line = token.Position.Line
		}
		return line, syntax.GetMessage()
	}
	return 0, strings.SplitN(err.Error(), "\n", 2)[0]
}
