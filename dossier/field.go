package dossier

import (
	"slices"
	"time"
)

// Corrected says that a person gave a field its value.
type Corrected struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Reading is what was read before anybody corrected it, on the same page; nil where nothing was.
	Reading *Reading `json:"reading,omitempty"`
	Absent  bool     `json:"absent,omitempty"` // it is not on the paper: the value is ""
	Forced  string   `json:"forced,omitempty"` // why the value stands though its type can't have it
}

// Reading is a field as it was read.
type Reading struct {
	Value      string     `json:"value"`
	Raw        string     `json:"raw"`
	OtherRaw   string     `json:"other_raw,omitempty"`
	Box        [4]float64 `json:"box"`
	Confidence float64    `json:"confidence"`
	Rule       string     `json:"rule"`
	Warnings   []string   `json:"warnings,omitempty"`
}

// Shown is the field as anybody may see it. Of a personal one that is a number of somebody the ends are left, of any other
// nothing. Of the others identity numbers are masked; a number that its type proves to be something else stays, though it may
// look like one.
func (f Field) Shown() Field {
	hide := MaskText
	switch {
	case f.Personal && IsNumber(f.Type):
		hide = Mask
	case f.Personal:
		hide = stars
	case harmless(f.Type):
		hide = func(s string) string { return s }
	}
	f.Value, f.Raw, f.OtherRaw = hide(f.Value), hide(f.Raw), hide(f.OtherRaw)
	if f.Corrected == nil {
		return f
	}
	c := *f.Corrected
	c.Forced = MaskText(c.Forced)
	if c.Reading != nil {
		r := *c.Reading
		r.Value, r.Raw, r.OtherRaw = hide(r.Value), hide(r.Raw), hide(r.OtherRaw)
		c.Reading = &r
	}
	f.Corrected = &c
	return f
}

// Unmask puts fields in clear in the place of what Shown made of them: the first of a name for the first of that name, and so on. Those
// of which clear has none stay masked.
func Unmask(shown, clear []Field) {
	clear = slices.Clone(clear)
	for i, masked := range shown {
		j := slices.IndexFunc(clear, func(f Field) bool { return f.Personal == masked.Personal && f.Name == masked.Name })
		if j >= 0 {
			shown[i] = clear[j]
			clear = slices.Delete(clear, j, j+1)
		}
	}
}

func stars(s string) string {
	if s == "" {
		return ""
	}
	return "***"
}

// IsNumber reports whether values of a field's type are numbers of somebody.
func IsNumber(fieldType string) bool {
	switch fieldType {
	case "citizen_number", "tax_code", "nir", "iban", "phone", "mrz":
		return true
	}
	return false
}

// harmless reports whether values of a field's type are no identity numbers, whatever they look like.
func harmless(fieldType string) bool {
	switch fieldType {
	case "money", "integer", "date", "phone", "siren", "siret", "iban", "dossier_code", "procedure_code":
		return true
	}
	return false
}
