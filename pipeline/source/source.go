// Package source opens originals and finds their pages: JPEG, PNG, TIFF, PDF, WebP, BMP, GIF, JPEG 2000.
//
// It owns the parsing of bytes from outside, and the choice of what of an image is kept: its own bytes where PDF/A
// takes them, else the same pixels coded without loss. Bytes decide what a file is, never its name. It leaves looking
// at the pixels to pipeline/clean, and is linked into the page worker only.
package source

import (
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// Original is an opened deposit. It is used by one goroutine.
type Original interface {
	// Contents says what is in it. It is known after opening and costs nothing.
	Contents() Contents
	// Page opens page n, from 1. A bad page is a *dossier.Reason with its page number set; the others stay readable.
	Page(n int) (Page, error)
	Close() error
}

// Contents is what opening an original found out, from headers alone.
type Contents struct {
	Format   string // jpeg, png, tiff, pdf, webp, bmp, gif, jp2
	Pages    []Info
	Signed   *dossier.Signed
	Warnings []string // dossier.Warn...
}

// Info is what the header of a page promises.
type Info struct {
	Width, Height int  // px as stored; 0 for a page that must be drawn
	Bits          int  // a pixel, all channels
	Draw          bool // a PDF page that is not one image: Page fails for it, a drawing worker makes its raster
}

// Page is one image of an original. Image decodes only what cannot pass through unseen, and no picture is held decoded
// but a bilevel one: a page of 600 dpi would take as much memory again as its raster, and a second pass costs a tenth
// of coding it anew. Raster before Image is the cheaper order: what decoding found is remembered.
type Page interface {
	// Orientation is the EXIF orientation, 1 to 8: how the stored image lies (1 upright).
	Orientation() int
	// Resolution is the dots per inch the file names across and down; 0, 0 where it names none or an absurd one (under
	// 50, over 2400). Whether 72 or 96 is believed for an image of this size is for pipeline/clean to say.
	Resolution() (x, y float64)
	// Image describes the image to be kept for the given level, with DPIX and DPIY left 0, and returns its bytes.
	// Warnings are dossier.Warn... codes (reduced_for_1b, truncated, damaged, icc_profile_dropped).
	Image(level dossier.Level) (image dossier.PageImage, blob []byte, warnings []string, err error)
	// Raster decodes the image as it is stored, orientation not applied: 1 bit for bilevel images, 8 bit luminance
	// otherwise, 32 bit RGB where colour is asked for and the image has it. Transparent pixels are white.
	// The caller closes the Pix. Warnings as for Image.
	Raster(colour bool) (pix *lept.Pix, warnings []string, err error)
	// Rasters is Raster for who wants to show the image small as well, of one decoding. Where that is cheaper than to
	// shrink a raster in colour, pix is luminance and small the image in its colours, halved as often as leaves side
	// pixels or more at its longer side; elsewhere pix is in colour and small is nil. The caller closes both.
	Rasters(side int) (pix, small *lept.Pix, warnings []string, err error)
	// Reduced is the page in its colours, halved as often as leaves side pixels or more at its longer side; a bilevel page
	// is grey where it was halved. A JPEG's decoder leaves out what that does not show, other formats are shrunk row by row,
	// so that little memory is taken. lept.ErrBudget says that the decoder itself would take more than budget bytes.
	Reduced(side int, budget int64) (pix *lept.Pix, warnings []string, err error)
	// Close frees what was decoded.
	Close()
}
