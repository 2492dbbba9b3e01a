// Package clean judges a page and has it read: which way up it lies and how straight, on what paper, at what
// resolution, whether it is blank, how sharp, in what language, and what stands on it, in print or in symbols.
//
// It owns every decision about the image that Tesseract sees, which is never stored, and the map from there to page
// space. Decoding it leaves to pipeline/source, pixels to pipeline/lept, symbols to pipeline/barcode, print to an
// ocr.Engine. It is linked into the page worker only. Its steps are proved one by one by tests on made and on real pages;
// what they are worth for reading, internal/bench measures.
package clean

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// Source is one image of an original. pipeline/source's Page is one.
type Source interface {
	Orientation() int           // EXIF, 1 to 8
	Resolution() (x, y float64) // dots an inch, 0 where the file names none
	Raster(colour bool) (pix *lept.Pix, warnings []string, err error)
	Rasters(side int) (pix, small *lept.Pix, warnings []string, err error)
}

// Result is what was found out about a page.
type Result struct {
	// Page is complete but for Number and Image, of which only Width, Height, DPIX and DPIY are set.
	Page dossier.Page
	// Preview is a JPEG of the upright, straight page, 1,200 px at its longer side; nil unless the profile asks for it.
	Preview []byte
	// OCRSeconds is the part of the time that was spent in the engine.
	OCRSeconds float64
}

// Reader reads pages, one at a time.
type Reader struct {
	engine *meter
}

// NewReader makes a Reader of an engine, which stays the caller's to close.
func NewReader(engine ocr.Engine) *Reader { return &Reader{engine: &meter{engine: engine}} }

// meter adds up the time that the engine takes.
type meter struct {
	engine ocr.Engine
	spent  time.Duration
}

func (m *meter) recognize(pix *lept.Pix, dpi float64, language string, mode ocr.Mode) (dossier.Layout, error) {
	if min(pix.Width(), pix.Height()) < minSide {
		return dossier.Layout{Source: dossier.TextOCR}, nil
	}
	image, err := pix.SPIX()
	if err != nil {
		return dossier.Layout{}, err
	}
	defer func(start time.Time) { m.spent += time.Since(start) }(time.Now())
	return m.engine.Recognize(image, int(math.Min(2400, math.Max(70, math.Round(dpi)))), language, mode)
}

// Read finds out everything about a page. An error means that the image could not be decoded, with a *dossier.Reason
// in its chain where the page is bad, or that the engine failed.
func (r *Reader) Read(src Source, profile dossier.Profile) (Result, error) {
	r.engine.spent = 0
	result, err := examine(src, profile, func(p *page) error { return r.read(p, profile) })
	result.OCRSeconds = r.engine.spent.Seconds()
	return result, err
}

// Keep finds out about a page what can be seen without reading it: its text is known, and stands in layout with boxes
// in the raster's pixels. Such a page is neither turned nor straightened.
func (r *Reader) Keep(src Source, layout dossier.Layout, profile dossier.Profile) (Result, error) {
	return examine(src, profile, func(p *page) error { return p.keep(layout, profile.Languages) })
}

// examine decodes the page, takes it through steps and says what came of it.
func examine(src Source, profile dossier.Profile, steps func(*page) error) (Result, error) {
	small, raster, warnings, err := decode(src, profile.Preview)
	if err != nil {
		return Result{}, err
	}
	defer small.Close()
	x, y := src.Resolution()
	p, err := begin(raster, lieOf(src.Orientation()), resolve(raster.Width(), raster.Height(), x, y))
	raster.Close()
	if err != nil {
		return Result{}, fmt.Errorf("look at page: %w", err)
	}
	defer p.close()
	p.warn(warnings...)
	if !profile.Plain {
		if err := p.readSymbols(profile.Barcodes); err != nil {
			return Result{}, err
		}
	}
	if err := steps(p); err != nil {
		return Result{}, err
	}
	result := Result{Page: p.describe()}
	if profile.Preview {
		if result.Preview, err = p.drawPreview(small); err != nil {
			return Result{}, fmt.Errorf("make preview: %w", err)
		}
	}
	return result, nil
}

// decode gives the page's raster and, where a preview is wanted, the page in its colours with few pixels more than that.
func decode(src Source, preview bool) (small, raster *lept.Pix, warnings []string, err error) {
	if !preview {
		raster, warnings, err = src.Raster(false)
		return nil, raster, warnings, err
	}
	raster, small, warnings, err = src.Rasters(previewSide)
	if err == nil && small == nil {
		small, err = shrunk(raster)
	}
	if err != nil {
		small.Close()
		raster.Close()
		return nil, nil, nil, err
	}
	return small, raster, warnings, nil
}

// read takes the page through its steps, in order. A plain reading leaves out those that read strips or change more
// of the image than its size and skew.
func (r *Reader) read(p *page, profile dossier.Profile) error {
	if min(p.width, p.height) < minSide {
		p.blank = true
		return nil
	}
	t, err := p.thumb()
	if err != nil {
		return err
	}
	defer t.pix.Close()
	if err := p.glance(t); err != nil || p.blank {
		return err
	}
	if profile.Plain {
		if err := p.sizeLetters(); err != nil {
			return err
		}
		return r.readAsItLies(p, profile)
	}
	if err := p.cropToPaper(t); err != nil {
		return err
	}
	if err := p.sizeLetters(); err != nil {
		return err
	}
	return r.readUpright(p, profile)
}

// readAsItLies straightens and reads the page.
func (r *Reader) readAsItLies(p *page, profile dossier.Profile) error {
	if err := p.straighten(); err != nil {
		return err
	}
	if err := p.judgeSharpness(); err != nil {
		return err
	}
	if err := r.chooseLanguage(p, profile.Languages, !profile.Plain); err != nil {
		return err
	}
	if !profile.Plain {
		if err := p.findRules(); err != nil {
			return err
		}
	}
	return r.recognize(p, profile.Languages)
}

// minSide is how many pixels a page must have each way to hold a letter.
const minSide = 16

// page is a page in the making.
type page struct {
	width, height int // of the stored image
	res           resolution
	lie           lie

	work view // what the engine will see, as far as it is made

	binary, binaryOf *lept.Pix // black and white, and the image it was made of

	blank      bool
	ink, sharp float64
	letters    Letters // of work
	tables     []table
	language   string
	symbols    []dossier.Barcode // boxes in the stored image's pixels
	layout     dossier.Layout
	isUpright  bool // as far as the reading tells: its words are sure, and run from left to right
	warnings   []string
}

func (p *page) warn(codes ...string) { p.warnings = append(p.warnings, codes...) }

func (p *page) close() {
	p.binary.Close()
	p.work.pix.Close()
}

// lowConfidence is the mean confidence under which a page's text is doubtful.
const lowConfidence = 0.6

// describe says what was found out, with the layout in page space.
func (p *page) describe() dossier.Page {
	space, dpi := pageSpace(p.width, p.height, p.res, p.lie)
	if p.res.guessed {
		p.warn(dossier.WarnResolutionGuessed)
	}
	if words, confidence := p.layout.Words(); words > 0 && confidence < lowConfidence {
		p.warn(dossier.WarnLowConfidence)
	}
	slices.Sort(p.warnings)
	return dossier.Page{
		Width: int(space.width), Height: int(space.height), DPI: dpi, ToImage: space.toStored,
		Rotation: 90 * p.lie.quarters, Mirrored: p.lie.mirrored, Skew: p.lie.skew,
		Paper: paperName(space.width/dpi, space.height/dpi),
		Blank: p.blank, Ink: p.ink, Sharpness: p.sharp, Language: p.language, Layout: p.layout,
		Barcodes: placeSymbols(p.symbols, space),
		Image:    dossier.PageImage{Width: p.width, Height: p.height, DPIX: p.res.x, DPIY: p.res.y},
		Warnings: slices.Compact(p.warnings),
	}
}
