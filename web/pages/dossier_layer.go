package pages

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// layer is what is laid over a page: fields, words, hits, and the text that can be selected. All lengths are px of page space.
type layer struct {
	Width, Height int
	Fields        []fieldBox
	Words         []wordBox
	Hits          []hitBox
	Lines         []textLine
	Language      string // of the text, as HTML has it
}

type fieldBox struct {
	Index               int
	Label, Level        string
	X, Y, Width, Height float64
}

type wordBox struct {
	X, Y, Width, Height float64
	Level               string
}

// hitBox is a word that was found. Words that follow each other are one run.
type hitBox struct {
	Run                 int // of the page, from 0
	X, Y, Width, Height float64
}

// textLine is a line of print, its words where they stand.
type textLine struct {
	Y     float64 // of the baseline
	Size  float64 // of the letters
	Words []textWord
}

type textWord struct {
	X, Width float64
	Text     string
}

func (s *site) layer(v *visit) error {
	e, err := s.open(v, v.r.PathValue("code"), v.whole("version"))
	if err != nil {
		return err
	}
	number := wholeNumber(v.r.PathValue("page"))
	if e.ended() || number < 1 || number > len(e.meta.Pages) {
		return errNotFound
	}
	p := &dossierPage{dossierHead: dossierHead{Code: e.record.Code}, Version: e.number, Latest: e.latest(), Pages: len(e.meta.Pages)}
	if p.Hits, err = s.hitsOf(v, e, v.r.FormValue("q")); err != nil {
		return err
	}
	if err := s.audit(v, catalog.ActionView, e.record.Code, lookedAt{Version: e.number, Page: number}); err != nil {
		return err
	}
	l, err := s.layerOf(v, e, number, p.Hits, s.fieldGroups(v, e, p))
	if err != nil {
		return err
	}
	if l == nil {
		return errNotFound
	}
	return v.fragment("dossier", "layer", l)
}

// layerOf makes what is laid over page n; nil where it is hidden, or nothing was read.
func (s *site) layerOf(v *visit, e *edition, n int, hits hitList, groups []fieldGroup) (*layer, error) {
	page, err := s.readPage(v, e, n)
	if page == nil || err != nil {
		return nil, err
	}
	l := &layer{Width: page.Width, Height: page.Height, Language: dossier.LanguageTag(page.Language)}
	for _, g := range groups {
		for _, f := range g.Fields {
			if f.Page == n {
				l.Fields = append(l.Fields, fieldBox{f.Index, f.Label, f.Level, tenth(f.Box[0]), tenth(f.Box[1]), tenth(f.Box[2]), tenth(f.Box[3])})
			}
		}
	}
	runs := hits.runs(n)
	i := 0
	for line := range page.Layout.Lines {
		text := textLine{Y: tenth(line.Baseline), Size: tenth(line.Size)}
		for _, w := range line.Words {
			b := w.Box
			text.Words = append(text.Words, textWord{tenth(b.X0), tenth(b.Width()), w.Text})
			l.Words = append(l.Words, wordBox{tenth(b.X0), tenth(b.Y0), tenth(b.Width()), tenth(b.Height()), sureness(w.Confidence)})
			if run, hit := runs[i]; hit {
				l.Hits = append(l.Hits, hitAround(run, b))
			}
			i++
		}
		l.Lines = append(l.Lines, text.usable(line))
	}
	return l, nil
}

// usable makes up for what no line of print can be: letters without height.
func (t textLine) usable(line *dossier.Line) textLine {
	if t.Size <= 0 {
		t.Size = max(1, tenth(line.Box.Height()))
	}
	if t.Y <= 0 {
		t.Y = tenth(line.Box.Y1)
	}
	return t
}

// hitAround leaves some air around a word.
func hitAround(run int, b dossier.Box) hitBox {
	air := math.Max(2, b.Height()*.12)
	return hitBox{run, tenth(b.X0 - air), tenth(b.Y0 - air), tenth(b.Width() + 2*air), tenth(b.Height() + 2*air)}
}

func tenth(f float64) float64 { return math.Round(f*10) / 10 }
