package clean

import (
	"errors"
	"image"
	"math"
	"slices"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// scoutLanguage is the model that strips are read with to see which way up they are: it knows the letters of every
// language here well enough and is the quickest.
const scoutLanguage = "eng"

// vote is what ascenders and descenders say about the quarters by which a page must be turned clockwise.
type vote struct {
	quarters     int
	size, second float64 // of the vote, and of the one for the other axis
}

func countVote(binary *lept.Pix) vote {
	up, left := binary.Orientation()
	v := vote{size: math.Abs(up), second: math.Abs(left)}
	if up < 0 {
		v.quarters = 2
	}
	if v.second > v.size {
		v.size, v.second = v.second, v.size
		v.quarters = 1
		if left < 0 {
			v.quarters = 3
		}
	}
	return v
}

// orient turns the page upright. Turning an upright page is the worst that can happen here, so that a page is left as
// it lies unless a strip of its text reads clearly better another way.
func (r *Reader) orient(p *page) error {
	binary, err := p.bilevel()
	if err != nil || len(p.letters) == 0 {
		return err
	}
	v := countVote(binary)
	s := scout{reader: r, page: p, sure: make(map[int]float64)}
	quarters, err := s.decide(v)
	if err != nil || quarters == 0 {
		return err
	}
	p.lie.quarters = (p.lie.quarters + quarters) % 4
	if err := p.work.step(func(v view) (view, error) { return v.turn(quarters) }); err != nil {
		return err
	}
	return p.findLetters()
}

// scout reads strips of a page to see how sure the engine is of them.
type scout struct {
	reader *Reader
	page   *page
	sure   map[int]float64 // confidence 0..100 by quarters
}

// decide is the cascade: a strong vote for upright is believed at once, anything else must be read to be believed.
func (s *scout) decide(v vote) (quarters int, err error) {
	const (
		strong, clear = 15, 2.5 // a vote that needs no reading: its size, and how often the other axis's
		weak          = 4       // a vote at all
	)
	isStrong := v.size >= strong && v.size >= clear*v.second
	switch {
	case v.quarters == 0 && isStrong:
		return 0, nil
	case v.quarters == 0 && v.size >= weak:
		if asLies, err := s.read(0); err != nil || asLies >= 70 {
			return 0, err
		}
	case v.size >= weak:
		voted, err := s.read(v.quarters)
		if err != nil || voted >= 80 {
			return v.quarters, err
		}
		asLies, err := s.read(0)
		if err != nil {
			return 0, err
		}
		if isStrong && voted >= asLies+3 || voted >= 45 && voted >= asLies+10 {
			return v.quarters, nil
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
	layout, err := s.reader.strip(s.page, s.page.letters, quarters, 3, scoutLanguage)
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

// strip reads about so many lines of the page, those with the most letters, as if it were turned by quarters.
func (r *Reader) strip(p *page, found letters, quarters, lines int, language string) (dossier.Layout, error) {
	sideways := quarters%2 == 1
	height := found.height(sideways)
	box := found.densest(sideways, int(math.Ceil(height*2.2*float64(lines))))
	margin := int(height)
	box = box.Inset(-margin).Intersect(image.Rect(0, 0, p.work.pix.Width(), p.work.pix.Height()))
	if box.Empty() {
		return dossier.Layout{}, nil
	}
	cut, err := p.work.crop(box.Min.X, box.Min.Y, box.Dx(), box.Dy())
	if err != nil {
		return dossier.Layout{}, err
	}
	defer func() { cut.pix.Close() }()
	if err := cut.step(func(v view) (view, error) { return v.turn(quarters) }); err != nil {
		return dossier.Layout{}, err
	}
	return r.engine.recognize(cut.pix, p.workDPI(), language, ocr.ModeBlock)
}

// densest is the band across the page (down it, where the page lies sideways) of the given extent that holds the
// letters with the most width together, as wide as they reach.
func (l letters) densest(sideways bool, extent int) image.Rectangle {
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
