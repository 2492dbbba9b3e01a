package search

import (
	"strings"
	"unicode/utf8"
)

// Fragment is a piece of a snippet. The texts of all of them make up a part of the page's text, with a blank for a line's end.
type Fragment struct {
	Text string `json:"text"`
	Mark Mark   `json:"mark,omitempty"`
}

// Snippet is the part of a page, of at most about width letters, that has most of what was asked for; without a hit the beginning of
// the page. It begins and ends with whole words, unless one alone is longer than width.
func (p *Page) Snippet(q Query, width int) []Fragment {
	hits := apart(p.wanted(q))
	first, last := p.densest(hits, width)
	start, end := 0, 0
	if len(hits) > 0 {
		start, end = hits[first].start, hits[last].end
	}
	start, end = p.widen(start, end, width)
	var fragments []Fragment
	at := start
	for _, h := range hits {
		if h.start < at || h.start >= end {
			continue
		}
		fragments = appendFragment(fragments, p.text[at:h.start], NoMark)
		at = min(h.end, end)
		fragments = appendFragment(fragments, p.text[h.start:at], h.mark)
	}
	return appendFragment(fragments, p.text[at:end], NoMark)
}

func appendFragment(fragments []Fragment, text string, mark Mark) []Fragment {
	if text == "" {
		return fragments
	}
	return append(fragments, Fragment{strings.ReplaceAll(text, "\n", " "), mark})
}

// apart drops the hits that lie on others: of two that overlap the surer stays, then the longer, then the first.
func apart(hits []hit) []hit {
	kept := hits[:0]
	for _, h := range hits {
		if n := len(kept); n > 0 && h.start < kept[n-1].end {
			before := &kept[n-1]
			if h.mark.rank() > before.mark.rank() && h.start == before.start {
				*before = h
			}
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

// densest finds the first and the last of the hits within width that are worth most: each term or phrase counts, and each hit a little
// by its mark.
func (p *Page) densest(hits []hit, width int) (first, last int) {
	counts := map[int]int{}
	worth, best, from := 0, -1, 0
	for i, h := range hits {
		if counts[h.leaf]++; counts[h.leaf] == 1 {
			worth += 1000
		}
		worth += h.mark.rank()
		for from < i && utf8.RuneCountInString(p.text[hits[from].start:h.end]) > width {
			out := hits[from]
			worth -= out.mark.rank()
			if counts[out.leaf]--; counts[out.leaf] == 0 {
				worth -= 1000
			}
			from++
		}
		if worth > best {
			best, first, last = worth, from, i
		}
	}
	return first, last
}

// widen makes a part of the text wider by whole words, as many before as after it, until it has width letters.
func (p *Page) widen(start, end, width int) (int, int) {
	hit := start
	start, end = p.wordStart(start), p.wordEnd(end)
	room := width - utf8.RuneCountInString(p.text[start:end])
	if room < 0 {
		return p.narrow(hit, end, width)
	}
	for before, after := true, true; before || after; {
		if after {
			next := p.wordEnd(min(len(p.text), end+1))
			cost := utf8.RuneCountInString(p.text[end:next])
			if after = next > end && cost <= room; after {
				end, room = next, room-cost
			}
		}
		if before {
			next := p.wordStart(max(0, start-1))
			cost := utf8.RuneCountInString(p.text[next:start])
			if before = next < start && cost <= room; before {
				start, room = next, room-cost
			}
		}
	}
	return start, end
}

// narrow is the beginning of what is too long a hit, at most width letters: up to the end of a word, unless it is but one.
func (p *Page) narrow(start, end, width int) (int, int) {
	for i := range p.text[start:end] {
		if width == 0 {
			end = start + i
			break
		}
		width--
	}
	if blank := strings.LastIndexAny(p.text[start:end], " \n"); blank > 0 && !p.endsWord(end) {
		end = start + blank
	}
	return start, end
}

func (p *Page) endsWord(i int) bool { return i == len(p.text) || p.text[i] == ' ' || p.text[i] == '\n' }

// wordStart is where the word begins in which i lies; wordEnd where it ends.
func (p *Page) wordStart(i int) int { return strings.LastIndexAny(p.text[:i], " \n") + 1 }

func (p *Page) wordEnd(i int) int {
	if n := strings.IndexAny(p.text[i:], " \n"); n >= 0 {
		return i + n
	}
	return len(p.text)
}
