package scanners

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

const (
	reasonText = ".reason.txt"
	reasonJSON = ".reason.json"
	// nameMost is the longest name in bytes that file systems take.
	nameMost = 255
	// namesTried is how many files of one name are kept apart in _rejected by a number.
	namesTried = 10_000
)

// reasonFile is NAME.reason.json.
type reasonFile struct {
	dossier.Reason
	Message    string    `json:"message"`
	Deposit    string    `json:"deposit"`
	Station    string    `json:"station"`
	Name       string    `json:"name"`
	SHA256     string    `json:"sha256,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
}

// tellRejected puts a refused file back into the folder, beside the reason. It keeps its name, whatever that tells: the clerk
// gave it, and looks for it under it. What the reason says of it is masked. The reason's JSON comes first: it takes the
// name for this deposit.
func (f *folder) tellRejected(ctx context.Context, p *place, n dossier.Notice) error {
	d := n.Deposit
	reason := d.Rejection
	if reason == nil {
		reason = &dossier.Reason{Code: dossier.CodeDamaged}
	}
	if err := p.makeDir(rejectedDir); err != nil {
		return err
	}
	name, err := p.allot(d)
	if err != nil {
		return err
	}
	message := dossier.Message(f.station.Language, reason, d.Name)
	machine, err := json.MarshalIndent(reasonFile{
		Reason: *reason, Message: message, Deposit: d.ID, Station: d.Station, Name: dossier.MaskText(d.Name), SHA256: d.SHA256, ReceivedAt: d.ReceivedAt,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := p.write(name+reasonJSON, d.ID, append(machine, '\n')); err != nil {
		return err
	}
	if err := p.write(name+reasonText, d.ID, text([]string{message})); err != nil {
		return err
	}
	if d.SHA256 == "" {
		return p.moveIrregular(d.ID, name)
	}
	original, err := f.w.outcomes.OpenOriginal(ctx, d.SHA256)
	if err != nil {
		return err
	}
	defer original.Close()
	return p.writeFrom(name, d.ID, original)
}

// allot returns the path in _rejected that is this deposit's, or else the first that nobody has.
func (p *place) allot(d dossier.Deposit) (string, error) {
	if name, err := p.rejectedAs(d); name != "" || err != nil {
		return name, err
	}
	for i := 1; i <= namesTried; i++ {
		name := rejectedDir + "/" + fitting(d.Name, i)
		if p.unused(name) && p.unused(name+reasonText) && p.unused(name+reasonJSON) {
			return name, nil
		}
	}
	return "", fs.ErrExist
}

func (p *place) unused(name string) bool {
	_, err := p.root.Lstat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// rejectedAs returns the path in _rejected that is this deposit's, or "". Clerks clear away what they have seen, so the
// numbers of one name may have gaps.
func (p *place) rejectedAs(d dossier.Deposit) (string, error) {
	entries, err := readDir(p, rejectedDir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	stem, _ := parts(d.Name)
	begin := cut(stem, 100) // what every number leaves
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), reasonJSON)
		if !ok || !strings.HasPrefix(name, begin) {
			continue
		}
		if owner, err := p.rejectedID(rejectedDir + "/" + name); err != nil || owner == d.ID {
			return rejectedDir + "/" + name, err
		}
	}
	return "", nil
}

// rejectedID returns the deposit that has the path in _rejected.
func (p *place) rejectedID(name string) (string, error) {
	b, err := p.readSmall(name + reasonJSON)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil // cleared away just now
	}
	if err != nil {
		return "", err
	}
	var r reasonFile
	if json.Unmarshal(b, &r) != nil {
		return "", nil // somebody else's
	}
	return r.Deposit, nil
}

// moveIrregular moves what was claimed and is no file to its name in _rejected.
func (p *place) moveIrregular(id, name string) error {
	dir := claimedDir + "/" + id
	things, err := contentsOf(p, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // moved before
	}
	if err != nil {
		return err
	}
	for _, thing := range things {
		if err := p.root.Rename(dir+"/"+thing, name); err != nil {
			return err
		}
	}
	if err := p.removeDir(dir); err != nil {
		return err
	}
	return p.sync(rejectedDir)
}

// withdraw takes back the refusal of a deposit that was taken in on another try.
func (p *place) withdraw(d dossier.Deposit) error {
	name, err := p.rejectedAs(d)
	if name == "" || err != nil {
		return err
	}
	for _, end := range []string{"", reasonText, reasonJSON} {
		if err := p.root.Remove(name + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// fitting makes a name that a file in _rejected or _receipts can have, with what is hung on to it: the i-th of its kind has its
// number before the extension.
func fitting(name string, i int) string {
	stem, ext := parts(name)
	number := ""
	if i > 1 {
		number = " (" + strconv.Itoa(i) + ")"
	}
	return cut(stem, nameMost-len(ext)-len(number)-len(reasonJSON)) + number + ext
}

// parts splits what a file can be named of a name into stem and extension.
func parts(name string) (stem, ext string) {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == 0 {
			return '_'
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." {
		name = "_"
	}
	ext = path.Ext(name)
	if len(ext) > 16 || ext == name {
		ext = ""
	}
	return strings.TrimSuffix(name, ext), ext
}

// cut shortens text to at most that many bytes, between two letters.
func cut(text string, most int) string {
	for len(text) > most {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	}
	return text
}

// makeDir makes a folder for the clerk.
func (p *place) makeDir(dir string) error {
	err := p.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return p.adopt(dir, 0o775)
}

func (p *place) write(name, id string, contents []byte) error {
	return p.writeFrom(name, id, bytes.NewReader(contents))
}

// writeFrom makes a file for the clerk, durably and all at once.
func (p *place) writeFrom(name, id string, contents io.Reader) error {
	temp := path.Dir(name) + "/.tmp-" + id
	f, err := p.root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, contents)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = p.adopt(temp, 0o664)
	}
	if err == nil {
		err = p.root.Rename(temp, name)
	}
	if err != nil {
		return errors.Join(err, p.root.Remove(temp))
	}
	return p.sync(path.Dir(name))
}

// readSmall reads a file of ours, of which a clerk may have made anything.
func (p *place) readSmall(name string) ([]byte, error) {
	info, err := p.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return nil, nil
	}
	return p.root.ReadFile(name)
}
