package search

// Fragment is a piece of a snippet. The texts of all pieces make up a part of the page's text, which begins and ends at words;
// "\n" is a blank in it.
type Fragment struct {
	Text string
	Mark Mark
}

// Mark says how a piece of a snippet was found.
type Mark string

// The marks, from the surest to the least sure.
const (
	NoMark  Mark = ""
	Exact   Mark = "exact"   // as it was typed, marks and all
	Folded  Mark = "folded"  // but for its marks
	Similar Mark = "similar" // but for what may have been misread
)

// Snippet is the part of a page's text, of about width letters, in which most of what was asked for stands. Without a hit it is
// the beginning of the text.
func Snippet(text, language string, q Query, width int) []Fragment { return nil }

// Words are the layout's words that a query hits, from 0, in ascending order, each once.
func Words(text, language string, q Query) []int { return nil }
