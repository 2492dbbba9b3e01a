package main

import (
	"encoding/json"
	"io"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/dossierd/dossierd/ocr/tesseract"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// facts are what `dossierd-page check` prints.
type facts struct {
	Tesseract string            `json:"tesseract"` // versions
	Leptonica string            `json:"leptonica"`
	PDFium    string            `json:"pdfium"`    // of the bindings, which carry it
	Landlock  int               `json:"landlock"`  // of the kernel's interface; 0: it can't confine the worker
	Languages []string          `json:"languages"` // that models are installed for, sorted
	Models    map[string]string `json:"models"`    // SHA-256 of each
}

func check(w io.Writer) error {
	models, err := tesseract.New("").Installed()
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(facts{
		Tesseract: tesseract.Version(), Leptonica: lept.Version(), PDFium: bindings(), Landlock: landlockLevel(),
		Languages: slices.Sorted(maps.Keys(models)), Models: models,
	})
}

// bindings is the version of go-pdfium that was linked.
func bindings() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		if dep.Path == "github.com/klippa-app/go-pdfium" {
			return dep.Version
		}
	}
	return ""
}
