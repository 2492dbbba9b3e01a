// Package look glances at a scanned page and says what a clerk should know while the paper is still at hand: too dark, too
// light, blurred, askew, cut off, a corner folded, too few pixels, blank.
//
// It owns the measures and the limits between a good scan and a bad one. It reads nothing and costs little: the page is
// decoded at about 100 dpi. Decoding is pipeline/source's, pixels are pipeline/lept's, and what several pages say together
// (a double feed, a gap, a dirty glass) is found out by package pipeline. It is linked into the page worker only. Its test
// counts false alarms on the pages of the corpus, and what is found on copies of them that are spoiled in sixty ways.
package look

import (
	"fmt"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/lept"
)

const (
	// side is how many pixels the longer side keeps at least: an A4 page comes out at 85 to 170 dpi.
	side = 1000
	// budget is the memory in bytes that decoding may take beside that.
	budget = 48 << 20

	millimetres = 25.4 // an inch
)

// Source is one image of an original. pipeline/source's Page is one.
type Source interface {
	clean.Header
	// Reduced decodes the image at a fraction of its size; see pipeline/source.
	Reduced(side int, budget int64) (pix *lept.Pix, warnings []string, err error)
}

// Affordable reports whether a page can be looked at in little memory, as far as the format, its size in bytes and that of
// the picture tell: a file of one picture is mapped, and a WebP, GIF, BMP or JPEG 2000 is decoded as a whole. Of a JPEG
// the decoder itself finds out; other formats are decoded row by row.
func Affordable(format string, bytes int64, width, height int) bool {
	const perPixel = 4
	switch format {
	case "pdf", "tiff":
		return true
	case "webp", "gif", "bmp", "jp2":
		bytes += perPixel * int64(width) * int64(height)
	}
	return bytes <= budget
}

// Page looks at a page whose stored image is width by height pixels, and draws its thumbnail, a JPEG. An error is
// lept.ErrBudget, or means that the image could not be decoded.
func Page(src Source, width, height int) (found dossier.Look, thumb []byte, err error) {
	pix, _, err := src.Reduced(side, budget)
	if err != nil {
		return found, nil, err
	}
	defer func() { pix.Close() }()
	if pix.Depth() == 1 { // so small that it was not reduced
		bilevel := pix
		pix, err = bilevel.Gray()
		bilevel.Close()
		if err != nil {
			return found, nil, fmt.Errorf("look at page: %w", err)
		}
	}
	g := glance{header: clean.Unread(width, height, src), pix: pix}
	defer g.close()
	if err := g.measure(); err != nil {
		return found, nil, fmt.Errorf("look at page: %w", err)
	}
	if thumb, err = g.thumbnail(); err != nil {
		return found, nil, fmt.Errorf("make thumbnail: %w", err)
	}
	return g.found, thumb, nil
}

// glance is a page while it is looked at.
type glance struct {
	header dossier.Page // what the file says of the page
	pix    *lept.Pix    // small, as it is stored
	gray   *lept.Pix
	canvas canvas    // gray's pixels
	binary *lept.Pix // by Otsu's threshold

	across, down float64 // dots an inch of pix
	letters      clean.Letters
	height       float64 // of the median letter, px of pix
	print        print
	rows         bool // the print stands in rows
	sideways     bool // and the rows go from the top of the image to its bottom
	found        dossier.Look
}

func (g *glance) close() {
	g.gray.Close()
	g.binary.Close()
}

// measure takes the measures, then judges by them.
func (g *glance) measure() (err error) {
	h := &g.header
	g.across = h.Image.DPIX * float64(g.pix.Width()) / float64(h.Image.Width)
	g.down = h.Image.DPIY * float64(g.pix.Height()) / float64(h.Image.Height)
	g.found = dossier.Look{
		Width: float64(h.Width) / h.DPI * millimetres, Height: float64(h.Height) / h.DPI * millimetres, DPI: h.DPI, Rotation: h.Rotation,
	}
	if min(g.pix.Width(), g.pix.Height()) < tileSide {
		return nil
	}
	if g.gray, err = g.pix.Gray(); err != nil {
		return err
	}
	counts, err := g.gray.Histogram(1)
	if err != nil {
		return err
	}
	_, blank, err := clean.Glance(g.gray, counts, math.Max(g.across, g.down))
	if err != nil {
		return err
	}
	g.canvas = canvas{g.gray.Grays(), g.gray.Width(), g.gray.Height()}
	g.found.Streaks = g.streaks()
	g.print = g.canvas.print()
	g.found.Edge = g.print.edge / math.Max(g.across, g.down) * millimetres
	if blank && !g.isFaint() {
		if clean.Percentile(counts, 0.5) < black {
			g.say(dossier.VerdictTooDark)
		} else {
			g.say(dossier.VerdictBlank)
		}
		return nil
	}
	limit := clean.Otsu(counts)
	if g.print.tiles >= enoughPrint { // beside a scanner's black bed, Otsu takes print for paper
		limit = (g.print.paper + g.print.ink) / 2
	}
	if g.binary, err = g.gray.Threshold(limit); err != nil {
		return err
	}
	if g.letters, err = clean.FindLetters(g.binary); err != nil {
		return err
	}
	if err := g.findSkew(); err != nil {
		return err
	}
	g.height = g.letters.Height(g.sideways)
	g.found.Paper, g.found.Contrast = g.print.paper, g.print.contrast
	g.found.Letter = g.height * float64(h.Image.Height) / float64(g.pix.Height())
	return g.judge()
}

// isFaint tells pale print from the print of the other side, which shines through without sharp edges.
func (g *glance) isFaint() bool {
	const contrast, sharp, tiles = 0.06, blurredMM, 40
	return g.print.tiles >= tiles && g.print.contrast >= contrast && g.found.Edge <= sharp
}

func (g *glance) say(code dossier.VerdictCode) {
	g.found.Verdicts = append(g.found.Verdicts, code)
	slices.Sort(g.found.Verdicts)
}

// enoughPrint is how many tiles must have print on them for it to be judged by what they have in common, and
// enoughLetters how many letters.
const (
	enoughPrint   = 12
	enoughLetters = 60
)

// The limits between a good scan and a bad one. The pages of the corpus, those spoiled on purpose and both together made them;
// the figures beside them are of pages that people read without effort.
const (
	black     = 64   // grey value; a page on which nothing can be made out is blank, but not where half of it is darker
	dark      = 140  // grey value of the paper; old yellow and grey sheets have 160 and more
	pale      = 0.28 // contrast; faint typescripts have 0.4
	blurredMM = 0.52 // edge; carbon copies have 0.4, anything else 0.25
	askew     = 10   // degrees
	tiny      = 7    // px; 10 pt print at 100 dpi has 7

	// Below coarse dpi print up to a size is hard to read; what is not small was scanned as large as it had to be.
	coarse, coarseTiny = 110, 14
)

// judge compares the measures with the limits.
func (g *glance) judge() error {
	p := &g.print
	if p.tiles >= enoughPrint {
		if p.paper < dark {
			g.say(dossier.VerdictTooDark)
		}
		if p.contrast < pale {
			g.say(dossier.VerdictTooLight)
		}
		if g.found.Edge > blurredMM {
			g.say(dossier.VerdictBlurred)
		}
	}
	if g.isCoarse() {
		g.say(dossier.VerdictLowResolution)
	}
	if math.Abs(g.found.Skew) > askew {
		g.say(dossier.VerdictSkewed)
	}
	cut, err := g.cutOff()
	if err != nil {
		return err
	}
	if cut {
		g.say(dossier.VerdictCutOff)
	}
	if g.cornerFolded() {
		g.say(dossier.VerdictFoldedCorner)
	}
	return nil
}

// isCoarse reports whether there are too few pixels to a letter. Letters of less than 5 px fall apart, and what is left of them
// is larger; so the resolution counts as well.
func (g *glance) isCoarse() bool {
	if g.found.DPI < coarse && g.print.tiles >= enoughPrint && g.found.Letter <= coarseTiny {
		return true
	}
	return len(g.letters) >= enoughLetters && g.found.Letter > 0 && g.found.Letter < tiny
}

// findSkew finds by how much the rows of print are turned, where there are any, also when the page lies on its side.
func (g *glance) findSkew() error {
	const limit, rows, sure = 30, 1.75, 2.3 // photographs without text have 1.6 at most
	degrees, confidence := g.binary.Skew(limit)
	if confidence < rows && len(g.letters) >= enoughLetters {
		turned, err := g.binary.Turn(1)
		if err != nil {
			return err
		}
		defer turned.Close()
		if d, c := turned.Skew(limit); c >= rows {
			degrees, confidence, g.sideways = d, c, true
		}
	}
	g.rows = confidence >= rows
	if confidence >= sure {
		g.found.Skew = degrees
	}
	return nil
}

// thumbnail draws the page as small as it may be: 200 px at most across, and 24 dpi, at which a page is known again and
// the number of an identity card is not.
func (g *glance) thumbnail() ([]byte, error) {
	const most, dpi, quality = 200, 24, 70
	upright, err := g.upright()
	if err != nil {
		return nil, err
	}
	defer upright.Close()
	across, down := g.across, g.down
	if g.header.Rotation%180 != 0 {
		across, down = down, across
	}
	fit := math.Min(1, most/(float64(upright.Width())*dpi/across))
	small, err := upright.Scale(math.Min(1, fit*dpi/across), math.Min(1, fit*dpi/down))
	if err != nil {
		return nil, err
	}
	defer small.Close()
	return small.EncodeJPEG(quality)
}

// upright is the image as the file says that it is to be seen.
func (g *glance) upright() (*lept.Pix, error) {
	if !g.header.Mirrored {
		return g.pix.Turn(g.header.Rotation / 90)
	}
	mirrored, err := g.pix.Mirror()
	if err != nil {
		return nil, err
	}
	defer mirrored.Close()
	return mirrored.Turn(g.header.Rotation / 90)
}
