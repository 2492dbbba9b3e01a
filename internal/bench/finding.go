package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/search"
)

// legible is the share of a page's words that is read where most of the page is read at all.
const legible = 0.8

// firstResults is how many results a first page of them has.
const firstResults = 20

// compareFinding has every page of the sets read, and looks for every word of four letters or more of its truth among all of
// them: as a text search for the words as they were read would, with marks folded, and with words that were misread.
func compareFinding(out io.Writer, r reader, corpus string, sets []string, verbose bool) error {
	var sheets []sheet
	for _, set := range sets {
		pages, err := accuracy.Pages(corpus, set)
		if err != nil {
			return err
		}
		for _, page := range pages {
			read, err := r.read(page)
			if err != nil {
				return fmt.Errorf("read %s: %w", page.Name, err)
			}
			sheets = append(sheets, newSheet(page, &read.layout))
		}
	}
	index := indexOf(sheets)
	fmt.Fprintln(out, "| set | words | found as read | marks folded | misread too | first results right: folded | misread too | of all first results: folded | misread too |")
	fmt.Fprintln(out, "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, set := range sets {
		fmt.Fprintf(out, "| %s | %s |\n", set, index.measure(func(s *sheet) bool { return s.set == set }, verbose))
	}
	fmt.Fprintf(out, "| all | %s |\n", index.measure(func(*sheet) bool { return true }, false))
	fmt.Fprintf(out, "| all pages of whose words %.0f %% or more were read | %s |\n", 100*legible,
		index.measure(func(s *sheet) bool { return s.recall >= legible }, false))
	return nil
}

// sheet is a page as it was read, and its truth.
type sheet struct {
	set, name string
	recall    float64
	truth     []search.Token     // of its sequence
	words     map[string]bool    // of the truth, folded
	plain     map[string]bool    // as read, in lower case, without punctuation at the ends
	read      map[string]float64 // folded, and the least confidence it was read with
}

func newSheet(page accuracy.Page, layout *dossier.Layout) sheet {
	text := layout.Text()
	s := sheet{set: page.Set, name: page.Name, recall: accuracy.Of(page.Truth, text).Recall(), words: map[string]bool{}, plain: map[string]bool{}, read: map[string]float64{}}
	var confidence []float64
	for line := range layout.Lines {
		for _, w := range line.Words {
			confidence = append(confidence, w.Confidence)
			s.plain[strings.TrimFunc(plain(w.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })] = true
		}
	}
	for _, t := range search.Tokens(text, page.Language) {
		least, known := s.read[t.Folded]
		if c := confidence[t.Word]; !known || c < least {
			s.read[t.Folded] = c
		}
	}
	for _, t := range search.Tokens(accuracy.Printed(page.Truth), page.Language) {
		s.words[t.Folded] = true
		if !t.Aside {
			s.truth = append(s.truth, t)
		}
	}
	return s
}

func plain(text string) string { return strings.ToLower(norm.NFC.String(text)) }

// index knows the pages by the words that were read.
type index struct {
	sheets []sheet
	pages  map[string][]int
}

func indexOf(sheets []sheet) index {
	x := index{sheets, map[string][]int{}}
	for i := range sheets {
		for w := range sheets[i].read {
			x.pages[w] = append(x.pages[w], i)
		}
	}
	return x
}

// find lists the pages that have a word, and where none has, those that have what it may have been misread as.
func (x *index) find(word string) (sure, similar []int) {
	if found := x.pages[word]; found != nil {
		return found, found
	}
	for _, v := range search.Variants(word) {
		for _, i := range x.pages[v.Folded] {
			if (!v.Doubted || x.sheets[i].read[v.Folded] < search.Doubt) && !slices.Contains(similar, i) {
				similar = append(similar, i)
			}
		}
	}
	return nil, similar
}

// measure looks for the words of the pages that count.
func (x *index) measure(counts func(*sheet) bool, verbose bool) string {
	var f finding
	seen := map[string]bool{}
	for i := range x.sheets {
		s := &x.sheets[i]
		if !counts(s) {
			continue
		}
		for _, t := range s.truth {
			if letters(t.Exact) < 4 {
				continue
			}
			sure, similar := x.find(t.Folded)
			f.words++
			f.plain += count(s.plain[t.Exact])
			f.sure += count(slices.Contains(sure, i))
			f.similar += count(slices.Contains(similar, i))
			if verbose && !slices.Contains(similar, i) {
				fmt.Fprintf(os.Stderr, "%s: %s is not found\n", s.name, t.Exact)
			}
			if !seen[t.Folded] {
				seen[t.Folded] = true
				f.queries++
				f.first[0].add(x, t.Folded, sure)
				f.first[1].add(x, t.Folded, similar)
			}
		}
	}
	return f.String()
}

func letters(text string) int {
	n := 0
	for _, r := range text {
		n += count(unicode.IsLetter(r))
	}
	return n
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// finding is what was found of the words of a set.
type finding struct {
	words, plain, sure, similar int
	queries                     int        // different words
	first                       [2]results // folded, misread too
}

// results are the first pages of results of all queries.
type results struct {
	right, shown int
	shares       float64 // sum of the right ones' shares; a query without a result adds nothing
}

func (r *results) add(x *index, word string, found []int) {
	right := 0
	found = found[:min(len(found), firstResults)]
	for _, i := range found {
		right += count(x.sheets[i].words[word])
	}
	r.right += right
	r.shown += len(found)
	r.shares += float64(right) / float64(cmp.Or(len(found), 1))
}

func (f finding) String() string {
	n, q := float64(f.words), float64(f.queries)
	return fmt.Sprintf("%d | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f", f.words, float64(f.plain)/n, float64(f.sure)/n, float64(f.similar)/n,
		f.first[0].shares/q, f.first[1].shares/q, float64(f.first[0].right)/float64(f.first[0].shown), float64(f.first[1].right)/float64(f.first[1].shown))
}
