package clean

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

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

const (
	strongVote, clearVote = 15, 2.5 // a vote that may need no reading: its size, and how often the other axis's
	weakVote              = 4       // a vote at all
)

func (v vote) isStrong() bool { return v.size >= strongVote && v.size >= clearVote*v.second }

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
