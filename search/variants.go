package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Variant is a word that another may have been misread as.
type Variant struct {
	Folded string
	Weight float64 // its Likeness to the other
	// Doubted says that it counts only where it was read with less confidence than Doubt: of short words most that are like
	// each other are two words.
	Doubted bool
}

// Doubt is the confidence (0 to 1) under which the reading of a word is in doubt.
const Doubt = 0.9

// A word of fewer letters than shortestMisread has none that are like it. Those of a word of fewer than longMisread are doubted.
const (
	shortestMisread = 4
	longMisread     = 6
)

// mostVariants is the number of words that one may be looked up as.
const mostVariants = 1000

// Weights of what is misread: of groups that look alike, of what is thin enough to be lost or to be made of a speck, of anything else.
// The ends of words are where other words differ.
const (
	weightAlike = 0.9
	weightThin  = 0.6
	weightOther = 0.4
	atAnEnd     = 0.5
)

// alike are groups of folded letters that are read for one another.
var alike = pairs(`rn/m nn/m in/m ni/m iii/m cl/d ci/d ol/d tl/d ri/n ii/n il/n li/n ii/u li/u il/u li/h lt/h fi/h lc/k vv/w
	l/1 i/1 l/i i/j l/j l/t i/t f/t t/r i/r o/0 d/0 o/c c/e e/o a/o a/e o/u o/q d/o s/5 b/8 s/8 b/6 g/6 z/2 g/9 q/9 b/3 t/7 a/4
	u/v n/u h/n h/b h/k n/r n/m v/y y/g g/q q/p i/y c/g b/d v/w`)

// thin are the letters that a speck makes and a gap loses.
const thin = "iljtrf-"

// pairs are the pairs of a list, either way round.
func pairs(list string) map[string][]string {
	all := map[string][]string{}
	for pair := range strings.FieldsSeq(list) {
		a, b, _ := strings.Cut(pair, "/")
		all[a] = append(all[a], b)
		all[b] = append(all[b], a)
	}
	return all
}

// Likeness is how much a folded word of a page is like what one that is looked for may have been misread as: 1 for the same, 0 for
// what is more than one edit or confusion apart, and for a word of fewer than four letters.
func Likeness(word, read string) float64 {
	if word == read {
		return 1
	}
	if utf8.RuneCountInString(word) < shortestMisread {
		return 0
	}
	a, b := word, read
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > utf8.UTFMax {
		return 0
	}
	start := 0
	for start < len(a) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	weight := edit(x, y, start > 0 && b[start-1:start] == y)
	if weight < weightAlike && (start == 0 || end == 0) {
		weight *= atAnEnd
	}
	return weight
}

// short reports whether most words that are like one are others.
func short(word string) bool { return utf8.RuneCountInString(word) < longMisread }

// edit is the weight of y read for x, of which y is not the shorter; doubled says that y is one letter more of those before it.
func edit(x, y string, doubled bool) float64 {
	switch {
	case slices.Contains(alike[x], y):
		return weightAlike
	case utf8.RuneCountInString(y) != 1 || utf8.RuneCountInString(x) > 1 || digits(y, 1, 1) || digits(x, 1, 1):
		return 0
	case x == "" && (doubled || strings.Contains(thin, y)):
		return weightThin
	default:
		return weightOther
	}
}

// Variants are the words as which a folded word may have been misread, the likeliest first, 1,000 at most.
//
// They are worth looking for where no page has the word itself, or one in 10,000: of those that are found then three in four are
// right. Where a page has it, few of them are right; internal/bench -finding has the figures.
func Variants(folded string) []Variant {
	seen := map[string]bool{folded: true}
	if utf8.RuneCountInString(folded) < shortestMisread {
		return nil
	}
	var found []Variant
	add := func(start, end int, between string) {
		word := folded[:start] + between + folded[end:]
		if seen[word] {
			return
		}
		seen[word] = true
		if weight := Likeness(folded, word); weight > 0 {
			found = append(found, Variant{word, weight, short(folded)})
		}
	}
	for i := range folded {
		for n := 1; n <= 3 && i+n <= len(folded); n++ {
			for _, other := range alike[folded[i:i+n]] {
				add(i, i+n, other)
			}
		}
		_, size := utf8.DecodeRuneInString(folded[i:])
		add(i, i+size, "")
		for c := 'a'; c <= 'z'; c++ {
			add(i, i+size, string(c))
			add(i, i, string(c))
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		add(len(folded), len(folded), string(c))
	}
	slices.SortStableFunc(found, func(a, b Variant) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Folded, b.Folded))
	})
	return found[:min(len(found), mostVariants)]
}
