package ocr

import "github.com/dossierd/dossierd/dossier"

// Op is what a request asks of a page worker.
type Op string

// The operations. OpDraw is answered by a drawing worker (`dossierd-page draw`), OpLook by the looking one (`dossierd-page
// look`), OpView by a viewing one (`dossierd-page view`), the others by a reading one.
const (
	OpOpen  Op = "open"  // what is in the original: Answer.Contents
	OpRead  Op = "read"  // read one page: Answer.Page, the image blob and, if asked for, the preview; Answer.Look of a drawn scan
	OpImage Op = "image" // the page's image only, passed through undecoded where that is possible; nothing is read
	OpLook  Op = "look"  // glance at one page: Answer.Look and the thumbnail; a page that has to be drawn is skipped
	OpView  Op = "view"  // draw a part of a stored page image, upright and straight: the picture is the only blob
	OpDraw  Op = "draw"  // draw one PDF page: Answer.Drawn and its raster as blob
)

// Request is one question to a worker. It travels as a JSON frame, followed by one blob frame where Drawn is set.
type Request struct {
	Op      Op              `json:"op"`
	Path    string          `json:"path"` // of the original, in the worker's scratch folder
	Name    string          `json:"name"` // the deposit's file name, for error texts only
	Page    int             `json:"page,omitempty"`
	Profile dossier.Profile `json:"profile"`
	// Drawn accompanies OpRead and OpImage for a page that had to be drawn; its raster is the blob.
	Drawn *Drawn `json:"drawn,omitempty"`
	// View is what OpView is to draw.
	View *View `json:"view,omitempty"`
}

// View is a picture to be drawn of a page whose stored image lies under Request.Path.
type View struct {
	Image   dossier.PageImage `json:"image"`
	ToImage dossier.Matrix    `json:"to_image"` // from page space
	dossier.View
}

// mostBlobs is how many an answer has at most: image, preview and thumbnail.
const mostBlobs = 3

// Answer is a worker's answer: a JSON frame followed by its blobs, in the order image (or raster, or picture), preview, thumbnail.
type Answer struct {
	Contents *Contents       `json:"contents,omitempty"`
	Page     *dossier.Page   `json:"page,omitempty"`
	Drawn    *Drawn          `json:"drawn,omitempty"`
	Look     *dossier.Look   `json:"look,omitempty"`
	Rejected *dossier.Reason `json:"rejected,omitempty"` // the page or original is bad: do not retry
	Failed   string          `json:"failed,omitempty"`   // something else went wrong: retry
	Blobs    []int64         `json:"blobs,omitempty"`    // length in bytes of each blob frame that follows
	// CPU is the worker's user and system time spent on this request, in seconds; OCR the part spent in Tesseract.
	CPU float64 `json:"cpu"`
	OCR float64 `json:"ocr"`
}

// Contents is what a worker found in an original. A reading worker that finds no pages in a PDF says that it can't read
// it at all; a drawing one may know better.
type Contents struct {
	Format   string          `json:"format"` // jpeg, png, tiff, pdf, webp, bmp, gif, jp2
	Pages    []PageInfo      `json:"pages"`
	Signed   *dossier.Signed `json:"signed,omitempty"`
	Warnings []string        `json:"warnings,omitempty"` // dossier.Warn... about the original as a whole
}

// PageInfo is what a page's header promises, before anything is decoded.
type PageInfo struct {
	Width  int  `json:"width"` // px; 0 for a page that must be drawn
	Height int  `json:"height"`
	Bits   int  `json:"bits"` // per pixel, all channels
	Draw   bool `json:"draw,omitempty"`
	// Need is the memory that reading the page takes, in bytes, estimated from its header.
	Need int64 `json:"need"`
}

// Drawn describes a raster that a drawing worker made: 8-bit RGB or grey rows without padding, top to bottom.
type Drawn struct {
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	Channels int     `json:"channels"` // 1 or 3
	DPI      float64 `json:"dpi"`
	// Layout is the visible real text of the page in reading order, boxes in raster pixels; nil where there is none.
	Layout *dossier.Layout `json:"layout,omitempty"`
}
