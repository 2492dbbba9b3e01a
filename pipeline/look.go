package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
)

const (
	// lookTurn is how long the pages of one deposit are looked at while others wait.
	lookTurn = time.Second
	// lookAgain is the pause after object storage or the catalogue was away.
	lookAgain = 2 * time.Second
)

// looks are the deposits whose pages are to be looked at. One that came just now goes first: its clerk waits.
type looks struct {
	mu    sync.Mutex
	fresh []*looking
	rest  []*looking
	asked map[string]bool // by deposit, until it is done
	wake  chan struct{}
}

// looking is a deposit whose pages are looked at. Nothing of it outlives a process: the next one begins with page 1.
type looking struct {
	deposit dossier.Deposit
	next    int // page
	looks   []dossier.Look
}

func newLooks() *looks { return &looks{asked: map[string]bool{}, wake: make(chan struct{}, 1)} }

// ask has a deposit looked at, unless that was asked before: one that comes in as a process begins is also found unlooked.
func (l *looks) ask(d dossier.Deposit) {
	l.mu.Lock()
	if !l.asked[d.ID] {
		l.asked[d.ID] = true
		l.fresh = append(l.fresh, &looking{deposit: d, next: 1})
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take returns whose turn it is, or nil.
func (l *looks) take() *looking {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, queue := range []*[]*looking{&l.fresh, &l.rest} {
		if len(*queue) > 0 {
			first := (*queue)[0]
			*queue = slices.Delete(*queue, 0, 1)
			return first
		}
	}
	return nil
}

// giveBack ends a deposit's turn.
func (l *looks) giveBack(one *looking, done bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if done {
		delete(l.asked, one.deposit.ID)
	} else {
		l.rest = append(l.rest, one)
	}
}

// Look has the pages of deposits glanced at as they are taken in, until ctx is done: what is wrong with a scan is known while
// the paper is at hand. It begins with what a process left that died. A look that fails costs nothing but what it would
// have told.
func (p *Pipeline) Look(ctx context.Context) error {
	for {
		left, err := p.catalog.Unlooked(ctx)
		if err == nil {
			for _, d := range left {
				p.looks.ask(d)
			}
			break
		}
		if !pause(ctx, lookAgain) {
			return nil
		}
	}
	for ctx.Err() == nil {
		one := p.looks.take()
		if one == nil {
			select {
			case <-ctx.Done():
			case <-p.looks.wake:
			}
			continue
		}
		done, err := p.lookInTurn(ctx, one)
		p.looks.giveBack(one, done)
		if err != nil && ctx.Err() == nil {
			p.log.Warn("looking at pages waits", "deposit", one.deposit.ID, "error", err)
			pause(ctx, lookAgain)
		}
	}
	return nil
}

// pause is false where ctx is done first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// lookInTurn looks at pages of a deposit until its turn is over. An error is the machine's: the same page is looked at again.
func (p *Pipeline) lookInTurn(ctx context.Context, l *looking) (done bool, err error) {
	file, release, err := p.originals.acquire(ctx, l.deposit.SHA256)
	if err != nil {
		if errors.Is(err, storage.ErrNotFound) {
			since, unknown := p.catalog.ErasedSince(ctx, storage.OriginalKey(l.deposit.SHA256))
			return unknown == nil && !since.IsZero(), err
		}
		p.noteStorage(err)
		return false, err
	}
	defer release()
	for start := time.Now(); ; {
		last, err := p.lookAtPage(ctx, l, file)
		if err != nil {
			return false, err
		}
		if last {
			err := p.lookedAt(ctx, l)
			return err == nil, err
		}
		l.next++
		if time.Since(start) >= lookTurn {
			return false, nil
		}
	}
}

// lookAtPage looks at the next page and records what was found. It is the last where nothing more can be said.
func (p *Pipeline) lookAtPage(ctx context.Context, l *looking, file *original) (last bool, err error) {
	looked, err := p.workers.Look(ctx, originalOf(l.deposit, file), l.next)
	var lost *ocr.WorkerError
	var rejected *dossier.Reason
	switch {
	case errors.As(err, &rejected): // the reading will tell
		p.metrics.looks.WithLabelValues("refused").Inc()
		return l.isLast(), nil
	case errors.As(err, &lost):
		p.metrics.looks.WithLabelValues("lost").Inc()
		p.log.Warn("looking worker lost", "deposit", l.deposit.ID, "page", l.next, "error", lost)
		return l.isLast(), nil
	case err != nil:
		return false, err
	}
	p.metrics.look(looked)
	found := looked.Look
	if found.Skipped == "" {
		p.addStreaks(l.deposit.Station, &found)
		if err := p.putArtifact(ctx, thumbKey(l.deposit.ID, l.next), looked.Thumb); err != nil {
			p.noteStorage(err)
			return false, err
		}
	}
	if err := p.catalog.AddLook(ctx, l.deposit.ID, found, found.Skipped == ""); err != nil {
		return false, err
	}
	if n := len(l.looks); n > 0 && l.looks[n-1].Page == found.Page {
		l.looks = l.looks[:n-1] // looked at again, for what came after failed
	}
	l.looks = append(l.looks, found)
	return l.isLast(), nil
}

// isLast reports whether no page follows, as far as the looks before tell.
func (l *looking) isLast() bool {
	return len(l.looks) == 0 || l.next >= l.looks[len(l.looks)-1].Pages
}

func thumbKey(depositID string, page int) string {
	return storage.PageKey(fmt.Sprintf("%s-%d", depositID, page), "thumb.jpg")
}

// lookedAt adds what the pages say together, and records that this was all.
func (p *Pipeline) lookedAt(ctx context.Context, l *looking) error {
	for _, i := range doubleFeeds(l.looks) {
		l.looks[i].Verdicts = append(l.looks[i].Verdicts, dossier.VerdictDoubleFeed)
		slices.Sort(l.looks[i].Verdicts)
		if err := p.catalog.AddLook(ctx, l.deposit.ID, l.looks[i], true); err != nil {
			return err
		}
	}
	var advised []dossier.Verdict
	for _, look := range l.looks {
		advised = append(advised, p.advised(l.deposit.Station, &look)...)
	}
	return p.catalog.LooksDone(ctx, l.deposit.ID, advised)
}

// advised are the verdicts on a page that ask for another scan.
func (p *Pipeline) advised(station string, l *dossier.Look) []dossier.Verdict {
	var advised []dossier.Verdict
	for _, code := range l.Verdicts {
		if code.AdvisesRescan() {
			message := dossier.VerdictText(p.station(station).Language, code, l.Page)
			advised = append(advised, dossier.Verdict{Page: l.Page, Code: code, Message: message})
		}
	}
	return advised
}

// addStreaks adds the verdict on the station's glass.
func (p *Pipeline) addStreaks(station string, l *dossier.Look) {
	l.Verdicts = append(l.Verdicts, p.glasses.see(station, l.Streaks)...)
	slices.Sort(l.Verdicts)
}

// doubleFeeds finds the pages that are longer than the others, which are alike: two sheets that lay over one another when the
// scanner drew them in. It returns their places in looks.
func doubleFeeds(looks []dossier.Look) []int {
	const (
		enough           = 3            // pages that are alike
		alike            = 0.02         // of their lengths' median, and of the widths'
		longer, together = 1.06, 1.9999 // times the others; two sheets one behind the other are another fault
	)
	var seen []int
	for i, l := range looks {
		if l.Skipped == "" && l.Width > 0 && l.Height > 0 {
			seen = append(seen, i)
		}
	}
	near := func(a, b float64) bool { return a > b*(1-alike) && a < b*(1+alike) }
	var found []int
	for _, i := range seen {
		same := 0
		for _, j := range seen {
			if near(looks[j].Width, looks[i].Width) && looks[i].Height > longer*looks[j].Height && looks[i].Height < together*looks[j].Height {
				same++
			}
		}
		if same >= enough && same > len(seen)/2 {
			found = append(found, i)
		}
	}
	return found
}

// glasses remembers for each station where streaks were on its last pages.
type glasses struct {
	mu       sync.Mutex
	stations map[string][]*streak
}

// streak is a line that was seen at one place of several pages.
type streak struct {
	at      float64 // mm
	pages   int     // one after the other
	without int     // pages since
	told    bool
}

const (
	streakPages = 3   // so many alike are dirt and not a line of the paper
	streakGone  = 20  // pages without it, after which it is told of again
	streakNear  = 0.6 // mm
)

// see takes in the streaks of a station's next page. It says dirty_glass once for a streak, at its third page.
func (g *glasses) see(station string, spans []dossier.Span) []dossier.VerdictCode {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.stations[station]
	var verdicts []dossier.VerdictCode
	for _, s := range known {
		s.without++
	}
	for _, span := range spans {
		at := (span.From + span.To) / 2
		i := slices.IndexFunc(known, func(s *streak) bool { return s.at > at-streakNear && s.at < at+streakNear })
		if i < 0 {
			known = append(known, &streak{at: at, pages: 1})
			continue
		}
		s := known[i]
		if s.without == 0 {
			continue // a second line at the same place
		}
		s.at, s.pages, s.without = at, s.pages+1, 0
		if s.pages >= streakPages && !s.told {
			s.told = true
			verdicts = []dossier.VerdictCode{dossier.VerdictDirtyGlass}
		}
	}
	g.stations[station] = slices.DeleteFunc(known, func(s *streak) bool {
		return s.without >= streakGone || s.without > 0 && !s.told
	})
	return verdicts
}
