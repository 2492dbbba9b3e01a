package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dossierd/dossierd/fold"
)

// phrase is words to look for, tolerant to slips of reading: tones are folded, long enough words may have one wrong,
// missing or additional letter, and words may have grown together or fallen apart.
type phrase struct {
	written string
	words   []string // folded
	colon   bool     // as a label it is one only before a colon: "Số:" is not in "Sở"
	capital bool     // as a label it is one only in capitals: "CHỦ TỊCH" is not in "Chủ tịch nước"
}

func newPhrase(text string) phrase {
	p := phrase{written: text, colon: strings.HasSuffix(text, ":"), capital: small(text) == 0 && len(text) >= 4}
	for _, w := range strings.Fields(text) {
		if f := folded(w); f != "" {
			p.words = append(p.words, f)
		}
	}
	return p
}

func newPhrases(texts []string) []phrase {
	list := make([]phrase, 0, len(texts))
	for _, t := range texts {
		if p := newPhrase(t); len(p.words) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// small counts the small letters of a text.
func small(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			n++
		}
	}
	return n
}

// mostEdits is how many letters of a phrase may be wrong.
func (p *phrase) mostEdits() int { return 1 + len(p.words)/4 }

// long is how many letters a word of the phrase must have for one of them to be wrong. Alone, "sinh" must not be found in
// "tinh"; among others the rest of the phrase says what is meant.
func (p *phrase) long() int {
	switch n := len(p.words); {
	case n >= 5:
		return 3
	case n >= 3:
		return 4
	}
	return 5
}

// hit is a phrase found on a sheet.
type hit struct {
	phrase      int // of those that were looked for
	first, last int // words, last exclusive
	box         box
	exact       bool // but for tones
}

// at compares the phrase with the words from i on.
func (p *phrase) at(s *sheet, i int) (last int, exact, ok bool) {
	edits := 0
	at := i
	for n := 0; n < len(p.words); {
		if at >= len(s.words) || at > i && !s.goesOn(at) {
			return 0, false, false
		}
		got, want := s.words[at].fold, p.words[n]
		switch {
		case got == want:
			at, n = at+1, n+1
		case got == "" && n > 0: // a dash or slash between
			at++
		case len(want) >= p.long() && edits < p.mostEdits() && got != "" && fold.Near(got, want):
			at, n, edits = at+1, n+1, edits+1
		case len(got) > len(want) && got[0] == want[0]:
			taken := p.grown(got, n)
			if taken == 0 {
				return 0, false, false
			}
			at, n = at+1, n+taken
		case at+1 < len(s.words) && got != "" && strings.HasPrefix(want, got) && want[len(got):] == s.words[at+1].fold:
			at, n = at+2, n+1
		default:
			return 0, false, false
		}
	}
	return at, edits == 0, true
}

// surelyGrown is how long words that have grown together must be to have a wrong letter as well.
const surelyGrown = 9

// goesOn reports whether the word at stands behind the one before it in one cell, and no colon between.
func (s *sheet) goesOn(at int) bool {
	before, w := &s.words[at-1], &s.words[at]
	return !before.colon() && sameRow(before.box, w.box) && w.box.x0-before.box.x1 < wideGap*w.size
}

// grown is how many words of the phrase, from the n-th on, have grown together into got.
func (p *phrase) grown(got string, n int) int {
	joined := p.words[n]
	for k := n + 1; k < len(p.words) && len(joined) <= len(got)+1; k++ {
		joined += p.words[k]
		if joined == got || len(joined) >= surelyGrown && fold.Near(joined, got) {
			return k + 1 - n
		}
	}
	return 0
}

// isLabel reports whether a hit stands where labels stand: at the beginning of a run, behind no more than a number; or before
// a colon; or it is long enough to be nothing else. "Bà" in "đường Hai Bà Trưng" is none.
func (s *sheet) isLabel(p *phrase, h hit) bool {
	if p.capital && !s.inCapitals(h.first, h.last) {
		return false
	}
	if s.colonAfter(h.last) {
		return true
	}
	if s.inTitle(p, h) {
		return false
	}
	if p.colon || len(p.words) == 1 && len(p.words[0]) <= 6 && !h.exact {
		return false // "Lille" is not "Ville"
	}
	letters := 0
	for _, w := range p.words {
		letters += len(w)
	}
	upper := !startsUpper(p.written) || startsUpper(s.words[h.first].text)
	if len(p.words) > 1 && (letters >= 8 && upper || s.digitsAfter(h.last)) {
		return true
	}
	for i := s.runs[s.words[h.first].run].first; i < h.first; i++ {
		if !isNumbering(s.words[i].text) {
			return false
		}
	}
	return true
}

// inTitle reports whether a hit is a part of what the paper is called: "KẾT QUẢ GIẢI QUYẾT HỒ SƠ". "FACTURE N° 2022-618" is more
// than that.
func (s *sheet) inTitle(p *phrase, h hit) bool {
	r := s.runs[s.words[h.first].run]
	return !p.capital && h.last < r.last && s.isTitle(r) && s.capitals(r) && !strings.ContainsAny(s.text(r), "0123456789")
}

// inCapitals reports whether words are set in capitals, but for a slip.
func (s *sheet) inCapitals(first, last int) bool {
	n := 0
	for _, w := range s.words[first:last] {
		n += small(w.text)
	}
	return n <= 1
}

// colonAfter reports whether the words before i end with a colon, or what it is read as before digits and slashes.
func (s *sheet) colonAfter(i int) bool {
	if s.words[i-1].colon() {
		return true
	}
	if i >= len(s.words) {
		return false
	}
	next := s.words[i]
	return next.text == ":" || numberHead.MatchString(next.text) && sameRow(s.words[i-1].box, next.box)
}

// digitsAfter reports whether a number follows the words before i.
func (s *sheet) digitsAfter(i int) bool {
	return i < len(s.words) && s.words[i].text[0] >= '0' && s.words[i].text[0] <= '9' && sameRow(s.words[i-1].box, s.words[i].box)
}

// numberHead is how a document's number and symbol begin; the colon before them is easily lost.
var numberHead = regexp.MustCompile(`^[0-9]*/\p{Lu}`)

func startsUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// isNumbering tells what stands before a label in a list: 1. a) - I.
func isNumbering(text string) bool {
	return folded(text) == "" || len(text) <= 3 && (strings.HasSuffix(text, ".") || strings.HasSuffix(text, ")"))
}

// findLabels looks for labels.
func (s *sheet) findLabels(phrases []phrase) []hit {
	hits := s.find(phrases)
	for i := range hits {
		h := &hits[i]
		h.last = s.afterRemark(h.last)
		h.box = s.boxOf(h.first, h.last)
	}
	return slices.DeleteFunc(hits, func(h hit) bool { return !s.isLabel(&phrases[h.phrase], h) })
}

// remark is how many words in brackets a label may have behind it: "(chữ in hoa)", "(nếu có)", "(1)".
const remark = 6

// afterRemark is the word behind the brackets that the word i begins; i where it begins none.
func (s *sheet) afterRemark(i int) int {
	if i >= len(s.words) || !strings.HasPrefix(s.words[i].text, "(") || s.words[i].run != s.words[i-1].run {
		return i
	}
	for at := i; at < min(i+remark, len(s.words)) && s.words[at].run == s.words[i].run; at++ {
		if strings.HasSuffix(strings.TrimSuffix(s.words[at].text, ":"), ")") {
			return at + 1
		}
	}
	return i
}

// find looks for the phrases on the sheet, from top to bottom. Of two that begin at one word the longer counts.
func (s *sheet) find(phrases []phrase) []hit {
	var hits []hit
	for i := 0; i < len(s.words); i++ {
		best := hit{}
		for n := range phrases {
			if last, exact, ok := phrases[n].at(s, i); ok && last > best.last {
				best = hit{phrase: n, first: i, last: last, exact: exact}
			}
		}
		if best.last > 0 {
			best.box = s.boxOf(best.first, best.last)
			hits = append(hits, best)
		}
	}
	return hits
}
