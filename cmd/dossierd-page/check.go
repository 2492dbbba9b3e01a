package main

import (
	"encoding/json"
	"io"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/dossierd/dossierd/ocr/tesseract"
	"github.com/dossierd/dossierd/pipeline/barcode"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// facts are what `dossierd-page check` prints.
type facts struct {
	Tesseract string            `json:"tesseract"` // versions
	Leptonica string            `json:"leptonica"`
	PDFium    string            `json:"pdfium"`    // of the bindings, which carry it
	ZXing     string            `json:"zxing"`     // of the library in C++, for bars
	GoZXing   string            `json:"gozxing"`   // of the one in Go, for QR codes
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
		Tesseract: tesseract.Version(), Leptonica: lept.Version(), PDFium: module("github.com/klippa-app/go-pdfium"),
		ZXing: barcode.Version(), GoZXing: module("github.com/makiuchi-d/gozxing"), Landlock: landlockLevel(),
		Languages: slices.Sorted(maps.Keys(models)), Models: models,
	})
}

// module is the version of a Go module that was linked.
func module(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		if dep.Path == path {
			return dep.Version
		}
	}
	return ""
}
