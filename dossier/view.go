package dossier

// View is a part of a page to be drawn as a picture, upright and straight.
type View struct {
	Region Box `json:"region"` // of page space; what lies outside of the stored image is white
	// Width and Height are those of the picture, in pixels, before it is turned.
	Width  int         `json:"width"`
	Height int         `json:"height"`
	Turned int         `json:"turned,omitempty"` // degrees clockwise: 0, 90, 180, 270
	Gray   bool        `json:"gray,omitempty"`
	Format ImageFormat `json:"format"` // FormatJPEG or FormatPNG
}

// MostViewed is how many pixels a picture of a page has at most: an A4 page at 400 dpi.
const MostViewed = 1 << 24
