package separate

import (
	"regexp"
	"strconv"
	"strings"
)

// pageNumber is what a page says of its place: 2 of 5. of is 0 where the whole is not told; n is 0 where nothing is.
type pageNumber struct {
	n, of int
	shown string // as it stands there
}

const (
	edge    = 0.12 // of the page's height, at top and foot, where page numbers stand
	maxPage = 999
)

var (
	spoken   = regexp.MustCompile(`(?i)\b(?:trang|tr\.|page|p\.|pg\.?|feuillet|seite)\s*(?:số|so|no\.?|n°)?\s*[:.]?\s*([0-9lI|]{1,3})(?:\s*(?:/|\||sur|of|trên|tren|de)\s*([0-9lIO|]{1,3}))?\b`)
	fraction = regexp.MustCompile(`^[-–—(\[.\s]*([0-9lI|]{1,3})\s*/\s*([0-9lIO|]{1,3})[-–—)\].\s]*$`)
	lone     = regexp.MustCompile(`^[^\p{L}\p{N}/]*([0-9]{1,2})[^\p{L}\p{N}/]*$`) // 112 is rather 1/2, read badly
	digits   = strings.NewReplacer("l", "1", "I", "1", "|", "1", "O", "0")
	slashes  = strings.NewReplacer("\u2044", "/", "\u2215", "/") // what engines make of a slash between small digits
)

// numberOf finds a page's number in its head and foot. What says "Trang" is believed before a fraction, a fraction
// before a number by itself.
func numberOf(rows []row) pageNumber {
	for _, r := range rows {
		if isAtEdge(r) {
			if p := parse(spoken.FindStringSubmatch(slashes.Replace(r.raw))); p.n > 0 {
				return p
			}
		}
	}
	for _, r := range rows {
		if !isAtEdge(r) {
			continue
		}
		for _, piece := range r.pieces {
			if p := parse(fraction.FindStringSubmatch(slashes.Replace(piece.raw))); p.n > 0 {
				return p
			}
		}
	}
	for i, r := range rows {
		if isAtEdge(r) && isAlone(rows, i) {
			if p := parse(lone.FindStringSubmatch(r.raw)); p.n > 0 {
				return p
			}
		}
		if !isOutermost(r) || len(r.pieces) == 1 {
			continue
		}
		for _, piece := range r.pieces {
			if p := parse(lone.FindStringSubmatch(piece.raw)); p.n > 0 {
				return p
			}
		}
	}
	return pageNumber{}
}

// isOutermost reports whether a row is where tables don't reach.
func isOutermost(r row) bool {
	const outer = 0.055 // of the page's height: 16 mm of A4
	return r.y1 < outer || r.y0 > 1-outer
}

func isAtEdge(r row) bool { return r.y1 < edge || r.y0 > 1-edge }

// isAlone reports whether nothing stands beside the row, nor between it and the edge, and that it stands where page
// numbers do: in the middle or outside. The first cell of a table's row does neither.
func isAlone(rows []row, i int) bool {
	r := rows[i]
	if m := r.middle(); (m < 0.4 || m > 0.62) && (m > 0.15 && m < 0.8 || !isOutermost(r)) {
		return false
	}
	for j, o := range rows {
		if j == i {
			continue
		}
		beyond := r.y1 < edge && o.y1 <= r.y0 || r.y0 > 1-edge && o.y0 >= r.y1
		if beyond && len(o.text) > 3 || r.level(o) {
			return false
		}
	}
	return true
}

// parse reads the groups of a match: number, and perhaps the whole.
func parse(m []string) pageNumber {
	if m == nil {
		return pageNumber{}
	}
	n, err := strconv.Atoi(digits.Replace(m[1]))
	if err != nil || n < 1 || n > maxPage {
		return pageNumber{}
	}
	p := pageNumber{n: n, shown: strings.TrimSpace(m[0])}
	if len(m) < 3 || m[2] == "" {
		return p
	}
	if p.of, err = strconv.Atoi(digits.Replace(m[2])); err != nil || p.of < n || p.of > maxPage {
		return pageNumber{}
	}
	return p
}
