// Package ocr reads pages. It owns the Engine contract, the codecs of layouts (hOCR in; ALTO, hOCR and text out) and
// the pool of page worker processes with the protocol spoken to them.
//
// What a page looks like before it is read is the business of pipeline/clean; the one Engine that recognises print is
// ocr/tesseract, linked into the worker only.
package ocr

import (
	"errors"

	"github.com/dossierd/dossierd/dossier"
)

// ErrNoModel means that the engine has no model for the language asked for.
var ErrNoModel = errors.New("no such language model")

// Engine recognises the print on one image. It is used by one goroutine of a page worker at a time.
type Engine interface {
	// Recognize reads an image of dpi dots an inch with one language's model and returns the layout in the image's own
	// pixels. The image is a PNM, or in leptonica's serial form (SPIX), which costs nothing to hand over. One without
	// print gives a layout without words. A language that can't be read is ErrNoModel.
	Recognize(image []byte, dpi int, language string, mode Mode) (dossier.Layout, error)
	// Close frees the models.
	Close() error
}

// Mode is how an image is laid out (Tesseract's page segmentation modes).
type Mode int

// The modes dossierd uses.
const (
	ModePage  Mode = 3 // fully automatic
	ModeBlock Mode = 6 // one uniform block, for strips
)
