package dossier

// Profile is what a station's configuration asks of the reading of a page.
type Profile struct {
	Languages []string    `json:"languages"`          // tessdata names in order of preference; one is chosen per page
	Barcodes  []Symbology `json:"barcodes,omitempty"` // looked for beside QR
	Level     Level       `json:"pdfa"`               // decides which image bytes may pass through
	Preview   bool        `json:"preview"`            // make the preview JPEG as well
	Plain     bool        `json:"plain"`              // second try: no optional step, the safest reading
	Limits    Limits      `json:"limits"`
}
