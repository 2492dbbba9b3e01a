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

// readUpright reads the page the right way up. Turning an upright page is the worst that can happen here, so that a
// page is left as it lies unless a strip of its text reads clearly better another way.
//
// A strong vote needs no reading, and a strip tells whether a page that the vote would turn is to be turned. Where
// neither is clear the page is read as it lies, which most such pages must be in any case: only one that reads badly
// is looked at further.
func (r *Reader) readUpright(p *page, profile dossier.Profile) error {
	if len(p.letters) == 0 {
		return r.readAsItLies(p, profile)
	}
	s, err := r.newScout(p)
	if err != nil {
		return err
	}
	defer s.close()
	quarters, sure, err := s.glance()
	if err == nil {
		err = p.turn(quarters)
	}
	if err != nil {
		return err
	}
	if sure {
		s.close()
	}
	if err := r.readAsItLies(p, profile); err != nil || sure || p.isUpright {
		return err
	}
	if quarters, err = s.settle(); err != nil || quarters == 0 {
		return err
	}
	p.work.pix.Close()
	if p.work.pix, err = s.pix.Clone(); err != nil {
		return err
	}
	p.work.frame, p.lie.skew, p.tables = s.frame, 0, nil
	if err := p.turn(quarters); err != nil {
		return err
	}
	return r.readAsItLies(p, profile)
}

// turn turns the page, and the image that will be read, by so many quarters clockwise.
func (p *page) turn(quarters int) error {
	if quarters == 0 {
		return nil
	}
	p.lie.quarters = (p.lie.quarters + quarters) % 4
	if err := p.work.step(func(v view) (view, error) { return v.turn(quarters) }); err != nil {
		return err
	}
	return p.findLetters()
}

// readsUpright reports whether a reading is that of an upright page: upside down hardly a word is sure; on its side a
// page is read well, but its words run down the image.
func readsUpright(l *dossier.Layout) bool {
	const (
		sure = 0.55 // upright pages have .59 and more but one of faint print, .48; upside down they have .15 to .44
		long = 3    // letters; the box of a shorter word may be of any shape
	)
	var along, down int
	for line := range l.Lines {
		for _, w := range line.Words {
			switch n := len([]rune(w.Text)); {
			case n < long:
			case w.Box.Width() >= w.Box.Height():
				along += n
			default:
				down += n
			}
		}
	}
	_, confidence := l.Words()
	return countLetters(l) >= evidence && confidence >= sure && along > down
}

// scout reads strips of a page, as it lies before it is straightened, to see how sure the engine is of them.
type scout struct {
	view
	reader  *Reader
	letters letters
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

const (
	strongVote, clearVote = 15, 2.5 // a vote that may need no reading: its size, and how often the other axis's
	weakVote              = 4       // a vote at all
)

func (v vote) isStrong() bool { return v.size >= strongVote && v.size >= clearVote*v.second }

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
func (r *Reader) strip(v view, found letters, dpi float64, quarters, lines int, language string) (dossier.Layout, error) {
	sideways := quarters%2 == 1
	height := found.height(sideways)
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
