package search

// Variant is a word for which another may have been misread.
type Variant struct {
	Folded string
	Weight float64 // over 0, up to 1 for a confusion that happens every day
}

// Variants are the words as which a folded word may have been misread, or of which it may be a misreading: one edit away from it,
// the likeliest first, at most 500. A word of fewer than four letters, and a compound, have none: too much is near to them.
func Variants(folded string) []Variant { return nil }
