package extract

import (
	"math"
	"strings"
	"unicode"
)

// zone is a part of a page: one with a name, or a rectangle in shares of the page.
type zone struct {
	name string
	rect box
}

// zoneNames are those that a kind may use.
var zoneNames = []string{
	"anywhere", "top", "top-left", "top-right", "title", "bottom", "bottom-left", "bottom-right",
}

// ofHead reports whether the zone exists on the first page of a paper only.
func (z zone) ofHead() bool { return strings.HasPrefix(z.name, "top") || z.name == "title" }

// ofFoot reports whether the zone is looked at on the last page first.
func (z zone) ofFoot() bool { return strings.HasPrefix(z.name, "bottom") }

// Shares of a page's text, from its first line to its last.
const (
	footFrom    = 0.45 // where the foot may begin: a short letter is signed in its middle
	titleUntil  = 0.62
	titleLarge  = 1.3  // a title's letters against the usual ones
	titleLarger = 1.12 // the same in capitals
)

// holds reports whether a box lies in the zone.
func (s *sheet) holds(z zone, b box) bool {
	x, y := b.midX(), b.midY()
	switch z.name {
	case "", "anywhere":
		return z.rect == box{} ||
			x >= z.rect.x0*s.width && x < z.rect.x1*s.width && y >= z.rect.y0*s.height && y < z.rect.y1*s.height
	case "top":
		return y < s.head.bottom
	case "top-left":
		return y < s.head.bottom && x < s.gutter()
	case "top-right":
		return y < s.head.bottom && x >= s.gutter()
	case "bottom":
		return y > s.foot()
	case "bottom-left":
		return y > s.foot() && x < (s.left+s.right)/2
	case "bottom-right":
		return y > s.foot() && x >= (s.left+s.right)/2
	}
	return true // title depends on the run, see holdsRun
}

// holdsWords reports whether the words from first to last lie in the zone.
func (s *sheet) holdsWords(z zone, first, last int) bool {
	if z.name == "title" {
		return s.isTitle(s.runs[s.words[first].run])
	}
	return s.holds(z, s.boxOf(first, last))
}

func (s *sheet) gutter() float64 {
	if s.head.gutter > 0 {
		return s.head.gutter
	}
	return s.width / 2
}

func (s *sheet) foot() float64 {
	if len(s.runs) == 0 {
		return 0
	}
	top, bottom := s.runs[0].box.y0, s.runs[len(s.runs)-1].box.y1
	return top + footFrom*(bottom-top)
}

// isTitle tells a run that is set like a title: in larger letters, or in the middle and in capitals.
func (s *sheet) isTitle(r run) bool {
	if r.box.midY() > titleUntil*s.height || s.head.gutter > 0 && r.box.midY() < s.head.bottom {
		return false
	}
	if r.size > titleLarge*s.size {
		return true
	}
	return s.capitals(r) && (s.centred(r.box) || r.size > titleLarger*s.size)
}

// centred reports whether a line's middle is the text's, or the page's where no line is long.
func (s *sheet) centred(b box) bool {
	return math.Abs(b.midX()-(s.left+s.right)/2) < 0.1*s.width || math.Abs(b.midX()-s.width/2) < 0.05*s.width
}

// capitals reports whether a run is set in capitals.
func (s *sheet) capitals(r run) bool {
	upper, lower := 0, 0
	for _, w := range s.words[r.first:r.last] {
		for _, c := range w.text {
			switch {
			case unicode.IsUpper(c):
				upper++
			case unicode.IsLower(c):
				lower++
			}
		}
	}
	return upper > 3*lower
}
