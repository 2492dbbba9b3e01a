package scanners

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// noteFile lies beside what was claimed and says what can't be told from the file. No file of this name is ever claimed.
const noteFile = ".note"

// note is what must outlive a crash between the claim and its hand-over, or of a set. Its Files are those of a set.
type note struct {
	Batch   *dossier.Batch  `json:"batch,omitempty"`
	Refused *dossier.Reason `json:"refused,omitempty"`
	Ticket  string          `json:"ticket,omitempty"`
	Files   []string        `json:"files,omitempty"`
}

// writeNote writes a note durably, into the place that the spare folder keeps for one where there is no other.
func (p *place) writeNote(dir string, n note) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	f, err := p.root.OpenFile(dir+"/"+noteFile, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// readNote returns the zero note where there is none, or one that broke off.
func (p *place) readNote(dir string) note {
	data, err := p.readSmall(dir + "/" + noteFile)
	if err != nil {
		return note{}
	}
	var n note
	if json.Unmarshal(data, &n) != nil {
		return note{}
	}
	return n
}

// removeDir removes a folder of ours that is empty but for its note. The error says that it is not.
func (p *place) removeDir(dir string) error {
	left, err := readDir(p, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(left) == 1 && left[0].Name() == noteFile {
		if err := p.root.Remove(dir + "/" + noteFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := p.root.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeSpare makes the folder that a claim is given where the file system has no room for another, with room for its note. It is
// there already, or is tried again.
func (p *place) makeSpare(withNote bool) {
	if p.root.Mkdir(spareDir, 0o700) == nil && withNote {
		_ = p.root.WriteFile(spareDir+"/"+noteFile, bytes.Repeat([]byte(" "), 4096), 0o600) // JSON minds no spaces
	}
}

// contentsOf lists what lies in a folder of ours beside its note.
func contentsOf(p *place, dir string) ([]string, error) {
	entries, err := readDir(p, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Name() != noteFile {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func stem(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i]
	}
	return name
}
