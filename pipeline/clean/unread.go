package clean

import "github.com/dossierd/dossierd/dossier"

// Header is what a page says of itself without being decoded. A Source is one.
type Header interface {
	Orientation() int
	Resolution() (x, y float64)
}

// Unread describes a page that nobody looked at: as large as its header says, and as upright.
func Unread(width, height int, h Header) dossier.Page {
	x, y := h.Resolution()
	p := &page{width: width, height: height, res: resolve(width, height, x, y), lie: lieOf(h.Orientation())}
	p.layout.Source = dossier.TextNone
	return p.describe()
}
