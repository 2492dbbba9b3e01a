// Package tesseract is the ocr.Engine on Tesseract 5, by gosseract.
//
// It owns the models that are loaded and how Tesseract is asked; what the image looks like is decided in
// pipeline/clean, and what comes back is parsed by ocr.ParseHOCR. It is linked into the page worker only. Its tests
// read real pages with the models that are installed.
package tesseract

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/otiai10/gosseract/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// Engine keeps one Tesseract for each language it was asked for: loading a model costs 0.05 to 0.13 s. It is used by
// one goroutine at a time.
type Engine struct {
	models  string
	clients map[string]*gosseract.Client
}

var _ ocr.Engine = (*Engine)(nil)

// New returns an engine that loads models from a folder of NAME.traineddata files. An empty folder name stands for
// $TESSDATA_PREFIX, or Debian's folder where that is unset.
func New(models string) *Engine {
	if models == "" {
		models = os.Getenv("TESSDATA_PREFIX")
	}
	if models == "" {
		models = "/usr/share/tesseract-ocr/5/tessdata"
	}
	return &Engine{models: models, clients: make(map[string]*gosseract.Client)}
}

// Recognize implements ocr.Engine.
func (e *Engine) Recognize(image []byte, dpi int, language string, mode ocr.Mode) (dossier.Layout, error) {
	client, err := e.client(language)
	if err != nil {
		return dossier.Layout{}, err
	}
	hocr, err := recognize(client, image, dpi, mode)
	if err != nil {
		return dossier.Layout{}, fmt.Errorf("recognise %s text: %w", language, err)
	}
	return ocr.ParseHOCR(strings.NewReader(hocr))
}

func recognize(client *gosseract.Client, image []byte, dpi int, mode ocr.Mode) (string, error) {
	// A null image, which gosseract hands over where leptonica could not read one, crashes Tesseract.
	if !isSPIX(image) && !isPNM(image) {
		return "", fmt.Errorf("image of %d bytes is neither SPIX nor PNM", len(image))
	}
	if err := client.SetImageFromBytes(image); err != nil {
		return "", err
	}
	// As variables, because these survive the loading of the model that the first HOCRText does; the mode set by
	// SetPageSegMode does not.
	if err := client.SetVariable("tessedit_pageseg_mode", strconv.Itoa(int(mode))); err != nil {
		return "", err
	}
	if err := client.SetVariable("user_defined_dpi", strconv.Itoa(dpi)); err != nil {
		return "", err
	}
	return client.HOCRText()
}

// isSPIX knows the form of leptonica's pixSerializeToMemory: "spix", then width, height, depth, words a row, colours and bytes of the
// rows as 32-bit numbers of this machine, then the rows.
func isSPIX(data []byte) bool {
	if len(data) < spixHead || string(data[:4]) != "spix" {
		return false
	}
	number := func(i int) int64 { return int64(binary.NativeEndian.Uint32(data[4*i:])) }
	width, height, depth, row, size := number(1), number(2), number(3), number(4), number(6)
	return width > 0 && height > 0 && (depth == 1 || depth == 8) && number(5) == 0 && row*32 >= width*depth &&
		size == 4*row*height && size == int64(len(data)-spixHead)
}

const spixHead = 28

// isPNM knows P4, P5 and P6.
func isPNM(data []byte) bool {
	var kind, width, height, most int
	head := string(data[:min(len(data), 40)])
	if _, err := fmt.Sscanf(head, "P%d\n%d %d\n", &kind, &width, &height); err != nil || width < 1 || height < 1 {
		return false
	}
	row := map[int]int{4: (width + 7) / 8, 5: width, 6: 3 * width}[kind]
	if kind != 4 {
		if _, err := fmt.Sscanf(head, "P%d\n%d %d\n%d\n", &kind, &width, &height, &most); err != nil || most != 255 {
			return false
		}
	}
	return row > 0 && len(data) > row*height
}

// client returns the Tesseract for a language, loading it at its first use.
func (e *Engine) client(language string) (*gosseract.Client, error) {
	if client, ok := e.clients[language]; ok {
		return client, nil
	}
	if !filepath.IsLocal(language) || filepath.Clean(language) != language {
		return nil, fmt.Errorf("load the model of %q: %w", language, ocr.ErrNoModel)
	}
	if _, err := os.Stat(filepath.Join(e.models, language+".traineddata")); err != nil {
		return nil, fmt.Errorf("load the model of %q: %w", language, ocr.ErrNoModel)
	}
	client := gosseract.NewClient()
	client.Trim = false
	if err := setUp(client, e.models, language); err != nil {
		client.Close()
		return nil, fmt.Errorf("load the model of %q: %w", language, err)
	}
	e.clients[language] = client
	return client, nil
}

func setUp(client *gosseract.Client, models, language string) error {
	if err := client.SetTessdataPrefix(models); err != nil {
		return err
	}
	if err := client.SetLanguage(language); err != nil {
		return err
	}
	// Tesseract's remarks ("Empty page!!") are no use to anybody who runs a daemon.
	return client.SetVariable(gosseract.DEBUG_FILE, os.DevNull)
}

// Close frees the models. The engine loads them again if it is used afterwards.
func (e *Engine) Close() error {
	var first error
	for language, client := range e.clients {
		if err := client.Close(); err != nil && first == nil {
			first = fmt.Errorf("close the model of %q: %w", language, err)
		}
		delete(e.clients, language)
	}
	return first
}
