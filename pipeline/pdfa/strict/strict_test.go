package strict_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
	"github.com/dossierd/dossierd/pipeline/pdfa/strict"
)

// document is a placeholder page at a level.
func document(t *testing.T, level dossier.Level) []byte {
	t.Helper()
	at := time.Date(2026, 1, 5, 8, 30, 0, 0, time.UTC)
	pages := func(yield func(pdfa.Page, error) bool) { yield(pdfa.Page{Page: &dossier.Page{}}, nil) }
	var b bytes.Buffer
	err := pdfa.Write(context.Background(), &b, pdfa.Info{
		Level: level, Title: "Hồ sơ", CreatedAt: at, ModifiedAt: at, Producer: "dossierd",
	}, pages, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatPDFAWritesIsValid(t *testing.T) {
	for _, level := range []dossier.Level{dossier.Level1b, dossier.Level2u, dossier.Level3u} {
		if err := strict.Validate(save(t, document(t, level))); err != nil {
			t.Errorf("%s: %v", level, err)
		}
	}
}

func TestAMissingMediaBoxIsInvalid(t *testing.T) {
	data := bytes.Replace(document(t, dossier.Level2u), []byte("/MediaBox"), []byte("/MediaBux"), 1)
	if err := strict.Validate(save(t, data)); err == nil {
		t.Error("no error")
	}
}
