package main

import (
	"fmt"
	"io"
	"os"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// compareOrientation has each page of the sets looked at as it lies and turned by one, two and three quarters. Upright
// is what the page as it lies is said to be, so that a set must hold upright pages, or pages that lie as their first
// look says.
func compareOrientation(out io.Writer, engine *meter, corpus string, sets []string, verbose bool) error {
	fmt.Fprintln(out, "| set | pages | turned as they lie | turned copies | right | left as they lay | wrong | CPU of an upright page, s | of a turned one |")
	fmt.Fprintln(out, "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	o := &orienting{meter: engine}
	r := clean.NewReader(o)
	for _, set := range sets {
		pages, err := accuracy.Pages(corpus, set)
		if err != nil {
			return err
		}
		var asTheyLie, right, left, wrong int
		var upright, copies float64
		for _, page := range pages {
			var lies int
			for quarters := range 4 {
				rotation, seconds, err := look(o, r, page, quarters)
				if err != nil {
					return fmt.Errorf("look at %s turned by %d: %w", page.Name, 90*quarters, err)
				}
				if verbose {
					fmt.Fprintf(os.Stderr, "%-22s turned %3d: to be turned %3d, CPU %.2f\n", page.Name, 90*quarters, rotation, seconds)
				}
				switch want := (lies + 360 - 90*quarters) % 360; {
				case quarters == 0:
					lies = rotation
					upright += seconds
					if lies != 0 {
						asTheyLie++
					}
					continue
				case rotation == want:
					right++
				case rotation == 0:
					left++
				default:
					wrong++
				}
				copies += seconds
			}
		}
		n := len(pages)
		fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d | %d | %.2f | %.2f |\n",
			set, n, asTheyLie, 3*n, right, left, wrong, upright/float64(n), copies/float64(3*n))
	}
	return nil
}

func look(engine *orienting, r *clean.Reader, page accuracy.Page, quarters int) (rotation int, seconds float64, err error) {
	original, src, err := firstPage(page.Path)
	if err != nil {
		return 0, 0, err
	}
	defer original.Close()
	start, before := cpuTime(), *engine.meter
	engine.page = 0
	result, err := r.Read(turned{src, quarters}, dossier.Profile{Languages: []string{page.Language}})
	own := (cpuTime() - start).Seconds() - (engine.real - before.real)
	return result.Page.Rotation, own + engine.seconds - before.seconds - engine.page, err
}

// turned is a page that lies turned clockwise by so many quarters more.
type turned struct {
	clean.Source
	quarters int
}

func (t turned) Resolution() (x, y float64) {
	x, y = t.Source.Resolution()
	if t.quarters%2 == 1 {
		x, y = y, x
	}
	return x, y
}

func (t turned) Rasters(int) (pix, small *lept.Pix, warnings []string, err error) {
	pix, warnings, err = t.Raster(true)
	return pix, nil, warnings, err
}

func (t turned) Raster(colour bool) (*lept.Pix, []string, error) {
	pix, warnings, err := t.Source.Raster(colour)
	if err != nil || t.quarters == 0 {
		return pix, warnings, err
	}
	defer pix.Close()
	pix, err = pix.Turn(t.quarters)
	return pix, warnings, err
}

// orienting is an engine that knows what orientation costs: all that was read but the last page.
type orienting struct {
	*meter
	page float64 // CPU seconds of the last reading of a whole page
}

func (o *orienting) Recognize(pnm []byte, dpi int, language string, mode ocr.Mode) (dossier.Layout, error) {
	before := o.seconds
	layout, err := o.meter.Recognize(pnm, dpi, language, mode)
	if mode == ocr.ModePage {
		o.page = o.seconds - before
	}
	return layout, err
}
