package extract

import "strings"

// phrase is words to look for, tolerant to slips of reading: tones are folded, long enough words may have one wrong,
// missing or additional letter, and words may have grown together or fallen apart.
type phrase struct {
	written string
	words   []string // folded
}

func newPhrase(text string) phrase {
	p := phrase{written: text}
	for _, w := range strings.Fields(text) {
		if f := fold(w); f != "" {
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
	exact = true
	at := i
	for n := 0; n < len(p.words); {
		if at >= len(s.words) || at > i && !sameRow(s.words[i].box, s.words[at].box) {
			return 0, false, false
		}
		got, want := s.words[at].fold, p.words[n]
		switch {
		case got == want:
			at, n = at+1, n+1
		case got == "" && n > 0: // a dash or slash between
			at++
		case len(want) >= p.long() && got != "" && within(got, want):
			at, n, exact = at+1, n+1, false
		case len(got) > len(want) && got[0] == want[0]:
			taken := p.grown(got, n)
			if taken == 0 {
				return 0, false, false
			}
			at, n = at+1, n+taken
		case at+1 < len(s.words) && got != "" && got+s.words[at+1].fold == want:
			at, n = at+2, n+1
		default:
			return 0, false, false
		}
	}
	return at, exact, true
}

// grown is how many words of the phrase, from the n-th on, have grown together into got.
func (p *phrase) grown(got string, n int) int {
	joined := p.words[n]
	for k := n + 1; k < len(p.words) && len(joined) <= len(got)+1; k++ {
		joined += p.words[k]
		if joined == got || within(joined, got) {
			return k + 1 - n
		}
	}
	return 0
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
