package clean

import (
	"errors"
	"image"
	"math"
	"slices"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// scoutLanguage is the model that strips are read with to see which way up they are: it knows the letters of every
// language here well enough and is the quickest.
const scoutLanguage = "eng"

// scout reads strips of a page, as it lies before it is straightened, to see how sure the engine is of them.
type scout struct {
	view
	reader  *Reader
	letters Letters
	dpi     float64
	vote    vote
	sure    map[int]float64 // confidence 0..100 by quarters
}

func (r *Reader) newScout(p *page) (*scout, error) {
	binary, err := p.bilevel()
	if err != nil {
		return nil, err
	}
	pix, err := p.work.pix.Clone()
	return &scout{
		view: view{p.work.frame, pix}, reader: r, letters: p.letters, dpi: p.workDPI(), vote: countVote(binary),
		sure: make(map[int]float64),
	}, err
}

func (s *scout) close() { s.pix.Close() }

// glance believes a strong vote for upright, and any vote for turning that a strip bears out.
func (s *scout) glance() (quarters int, sure bool, err error) {
	const clear = 80
	if s.vote.quarters == 0 {
		return 0, s.vote.isStrong(), nil
	}
	if s.vote.size < weakVote {
		return 0, false, nil
	}
	voted, err := s.read(s.vote.quarters)
	if err != nil {
		return 0, false, err
	}
	if voted >= clear {
		return s.vote.quarters, true, nil
	}
	if !s.vote.isStrong() {
		return 0, false, nil
	}
	asLies, err := s.read(0)
	if err != nil || voted < asLies+3 {
		return 0, false, err
	}
	return s.vote.quarters, true, nil
}

// settle says by how much a page that reads badly as it lies must be turned.
func (s *scout) settle() (quarters int, err error) {
	const least, ahead = 45, 10
	if s.vote.quarters != 0 && s.vote.size >= weakVote {
		voted, err := s.read(s.vote.quarters)
		if err != nil {
			return 0, err
		}
		asLies, err := s.read(0)
		if err != nil {
			return 0, err
		}
		if voted >= least && voted >= asLies+ahead {
			return s.vote.quarters, nil
		}
	}
	return s.best()
}

// best reads the strip all four ways and turns the page only for a clear winner.
func (s *scout) best() (int, error) {
	const least, ahead = 45, 15
	asLies, err := s.read(0)
	if err != nil {
		return 0, err
	}
	best, quarters := 0.0, 0
	for q := 1; q <= 3; q++ {
		sure, err := s.read(q)
		if err != nil {
			return 0, err
		}
		if sure > best {
			best, quarters = sure, q
		}
	}
	if best >= least && best >= asLies+ahead {
		return quarters, nil
	}
	return 0, nil
}

// read gives the confidence, 0 to 100, with which three lines are read when the page is turned by so many quarters.
func (s *scout) read(quarters int) (float64, error) {
	if sure, ok := s.sure[quarters]; ok {
		return sure, nil
	}
	layout, err := s.reader.strip(s.view, s.letters, s.dpi, quarters, 3, scoutLanguage)
	if errors.Is(err, ocr.ErrNoModel) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	_, confidence := layout.Words()
	if countLetters(&layout) < evidence {
		confidence = 0
	}
	s.sure[quarters] = 100 * confidence
	return 100 * confidence, nil
}

// evidence is how many letters must be read before their confidence means anything: a few can be made out of any
// picture.
const evidence = 15

func countLetters(l *dossier.Layout) int {
	n := 0
	for line := range l.Lines {
		for _, w := range line.Words {
			for _, c := range w.Text {
				if unicode.IsLetter(c) {
					n++
				}
			}
		}
	}
	return n
}

// strip reads about so many lines of a view, those with the most letters, as if it were turned by quarters.
func (r *Reader) strip(v view, found Letters, dpi float64, quarters, lines int, language string) (dossier.Layout, error) {
	sideways := quarters%2 == 1
	height := found.Height(sideways)
	box := found.densest(sideways, int(math.Ceil(height*2.2*float64(lines))))
	margin := int(height)
	box = box.Inset(-margin).Intersect(image.Rect(0, 0, v.pix.Width(), v.pix.Height()))
	if box.Empty() {
		return dossier.Layout{}, nil
	}
	cut, err := v.crop(box.Min.X, box.Min.Y, box.Dx(), box.Dy())
	if err != nil {
		return dossier.Layout{}, err
	}
	defer func() { cut.pix.Close() }()
	if err := cut.step(func(v view) (view, error) { return v.turn(quarters) }); err != nil {
		return dossier.Layout{}, err
	}
	return r.engine.recognize(cut.pix, dpi, language, ocr.ModeBlock)
}

// densest is the band across the page (down it, where the page lies sideways) of the given extent that holds the
// letters with the most width together, as wide as they reach.
func (l Letters) densest(sideways bool, extent int) image.Rectangle {
	sorted := slices.Clone(l)
	at := func(b image.Rectangle) int { return b.Min.Y }
	weigh := func(b image.Rectangle) int { return b.Dx() }
	if sideways {
		at = func(b image.Rectangle) int { return b.Min.X }
		weigh = func(b image.Rectangle) int { return b.Dy() }
	}
	slices.SortFunc(sorted, func(a, b image.Rectangle) int { return at(a) - at(b) })
	first, sum, best, from, to := 0, 0, -1, 0, 0
	for i, b := range sorted {
		sum += weigh(b)
		for at(b)-at(sorted[first]) > extent {
			sum -= weigh(sorted[first])
			first++
		}
		if sum > best {
			best, from, to = sum, first, i+1
		}
	}
	var box image.Rectangle
	for _, b := range sorted[from:to] {
		box = box.Union(b)
	}
	return box
}
