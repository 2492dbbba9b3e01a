package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of a form, in bytes.
const (
	textMost = 64 << 10 // of a part that is no file
	nameMost = 255      // of the file's name, as file systems have it
	formMost = 1 << 20  // of everything but the file
	// pieceMost comes between two looks at the disk.
	pieceMost = 16 << 20
)

// form is what an upload holds. Its file lies in the scratch folder until discard.
type form struct {
	texts  map[string]string
	file   *os.File // nil: none came
	name   string
	sha256 string
}

// discard leaves nothing of the file behind. A nil form has none.
func (f *form) discard() {
	if f != nil && f.file != nil {
		_ = f.file.Close()
		_ = os.Remove(f.file.Name()) // one that stays goes at the next start
	}
}

// readForm reads a body as a stream; the form is never nil.
func (s *server) readForm(w http.ResponseWriter, r *http.Request) (*form, error) {
	f := &form{texts: map[string]string{}}
	r.Body = http.MaxBytesReader(w, &unhurried{r.Body, http.NewResponseController(w)}, s.cfg.Bytes+formMost)
	parts, err := r.MultipartReader()
	if err != nil {
		return f, refused("not_multipart")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, s.bodyFault(err)
		}
		if part.FormName() == "file" {
			err = s.readFile(f, part)
		} else {
			err = s.readText(f, part)
		}
		if err != nil {
			return f, err
		}
	}
}

func (s *server) readText(f *form, part *multipart.Part) error {
	name := part.FormName()
	switch name {
	case "station", "code", "procedure", "fields":
	default:
		return refused("part_unknown")
	}
	text, err := io.ReadAll(io.LimitReader(part, textMost+1))
	_, twice := f.texts[name]
	switch {
	case err != nil:
		return s.bodyFault(err)
	case twice:
		return refused("part_twice", name)
	case len(text) > textMost || !utf8.Valid(text):
		return refused("part_text", name, textMost)
	}
	f.texts[name] = strings.TrimSpace(string(text))
	return nil
}

// readFile streams the file into the scratch folder.
func (s *server) readFile(f *form, part *multipart.Part) error {
	if f.file != nil {
		return refused("part_twice", "file")
	}
	name := part.FileName()
	name = name[strings.LastIndexByte(name, '\\')+1:] // browsers of old sent the whole path
	if name == "" || name == "." || name == ".." || len(name) > nameMost || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return refused("part_filename", nameMost)
	}
	file, err := os.CreateTemp(s.cfg.Scratch, "upload-")
	if err != nil {
		return fmt.Errorf("make a scratch file: %w", err)
	}
	f.file, f.name = file, name
	hash := sha256.New()
	out, in := io.MultiWriter(file, hash), io.LimitReader(part, s.cfg.Bytes+1)
	for size := int64(0); ; {
		n, err := io.CopyN(out, in, pieceMost)
		size += n
		switch {
		case size > s.cfg.Bytes:
			return s.tooLarge()
		case errors.Is(err, io.EOF):
			f.sha256 = hex.EncodeToString(hash.Sum(nil))
			return nil
		case err != nil:
			return s.bodyFault(err)
		case s.cfg.Uploads.Paused() != "":
			return diskShort()
		}
	}
}

func diskShort() error {
	return refused("disk_short")
}

func (s *server) tooLarge() error {
	return refused("file_too_large", s.cfg.Bytes)
}

// bodyFault is what a client hears of a body that could not be read to its end, or not be kept.
func (s *server) bodyFault(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return s.tooLarge()
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("keep the upload: %w", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refused("body_stalled")
	}
	return refused("body_broken")
}

// unhurried moves the deadline of the request with each piece that comes, so that a large file may take as long as it needs.
type unhurried struct {
	io.ReadCloser
	control *http.ResponseController
}

func (u *unhurried) Read(b []byte) (int, error) {
	if err := u.control.SetReadDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return u.ReadCloser.Read(b)
}
