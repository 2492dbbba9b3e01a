package dossier

// Look is what a glance at a page found before anybody reads it: measures of the scan, and what a clerk should be told.
type Look struct {
	Page  int `json:"page"`  // from 1, in its original
	Pages int `json:"pages"` // of the original
	// Skipped says in English, for the operator, why the page was not looked at: it has to be drawn, or decoding it takes more
	// memory than a look may. Then nothing below is set.
	Skipped string `json:"skipped,omitempty"`

	Width    float64 `json:"width_mm"` // of the upright page, as far as the file says how it lies
	Height   float64 `json:"height_mm"`
	DPI      float64 `json:"dpi"`               // the file's, or guessed
	Rotation int     `json:"rotation"`          // degrees clockwise that the file itself says the image is to be turned by
	Skew     float64 `json:"skew"`              // degrees the page must be turned by to be straight, clockwise positive; -30..30
	Paper    int     `json:"paper"`             // grey value of the paper about the print, 0..255
	Contrast float64 `json:"contrast"`          // of paper and print, 0..1 of the paper's value
	Edge     float64 `json:"edge_mm"`           // how much wider than in the sharpest image it is from paper to ink; 0 to 0.25 on a sharp scan
	Letter   float64 `json:"letter_px"`         // median height of the letters, in pixels of the stored image; 0: none
	Streaks  []Span  `json:"streaks,omitempty"` // thin lines from the very top of the image to its bottom, as it is stored
	// Verdicts are sorted by code, each once.
	Verdicts []VerdictCode `json:"verdicts,omitempty"`
}

// Span is a piece of a line, in millimetres from its beginning.
type Span struct {
	From float64 `json:"from_mm"`
	To   float64 `json:"to_mm"`
}

// VerdictCode says for machines what is wrong with a scanned page.
type VerdictCode string

// The verdicts.
const (
	VerdictTooDark       VerdictCode = "too_dark"
	VerdictTooLight      VerdictCode = "too_light"
	VerdictBlurred       VerdictCode = "blurred"
	VerdictSkewed        VerdictCode = "skewed"         // by more than 10 degrees
	VerdictCutOff        VerdictCode = "cut_off"        // print runs into the edge of the image
	VerdictFoldedCorner  VerdictCode = "folded_corner"  // before a background of another colour than the paper's
	VerdictLowResolution VerdictCode = "low_resolution" // letters of too few pixels, or less than 110 dpi of print that is not large
	VerdictDoubleFeed    VerdictCode = "double_feed"    // suspected: longer than the other pages of its deposit
	VerdictPageGap       VerdictCode = "page_gap"       // the page numbers of its paper leave one out before this page, or after it where it is the last
	VerdictUpsideDown    VerdictCode = "upside_down"    // or on its side; repaired
	VerdictBlank         VerdictCode = "blank"          //
	VerdictDirtyGlass    VerdictCode = "dirty_glass"    // the same streak on several pages of a station
)

// VerdictCodes lists every verdict, the gravest first.
func VerdictCodes() []VerdictCode {
	return []VerdictCode{
		VerdictPageGap, VerdictDoubleFeed, VerdictCutOff, VerdictFoldedCorner, VerdictBlurred, VerdictTooDark, VerdictTooLight,
		VerdictLowResolution, VerdictSkewed, VerdictDirtyGlass, VerdictUpsideDown, VerdictBlank,
	}
}

// AdvisesRescan reports whether the paper should be scanned again while it is at hand. The other verdicts are notes.
func (c VerdictCode) AdvisesRescan() bool {
	switch c {
	case VerdictUpsideDown, VerdictBlank, VerdictDirtyGlass:
		return false
	}
	return true
}

// Verdict is a verdict on one page of a deposit.
type Verdict struct {
	Page    int         `json:"page"`
	Code    VerdictCode `json:"code"`
	Message string      `json:"message,omitempty"` // the clerk's sentence
}
