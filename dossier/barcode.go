package dossier

// Symbology names a family of machine-readable symbols.
type Symbology string

// The symbologies that are read. QR is looked for on every page, the others where the station's profile lists them.
const (
	SymbologyQR      Symbology = "qr"
	SymbologyCode128 Symbology = "code128"
	SymbologyCode39  Symbology = "code39"
	SymbologyPDF417  Symbology = "pdf417"
)

// Barcode is one symbol as it was read on a page. What its text means is told elsewhere: an unknown one is kept too.
type Barcode struct {
	Symbology Symbology `json:"symbology"`
	Text      string    `json:"text"` // UTF-8, as the symbol says it
	Box       Box       `json:"box"`  // around the symbol, in page space
}
