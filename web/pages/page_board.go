package pages

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func (s *site) boardRoutes() []route {
	return []route{
		{pattern: "GET /counters", right: access.View, nav: "board.nav", do: s.board, watch: true},
		{pattern: "GET /counters/{station}", right: access.View, do: s.board, watch: true},
		{pattern: "GET /counters/live", right: access.View, do: s.live, watch: true},
	}
}

const (
	// liveTime is how long one stream of the board lasts. The browser asks again by itself, and whoever is signed in no more is
	// not answered.
	liveTime = time.Minute
	// liveStall is how long a browser may take no byte of it.
	liveStall = 15 * time.Second

	laterShown = 5 // deposits below the last one, on a board of several stations
)

// boardPage is what the board is given.
type boardPage struct {
	Alone    string // station that the board is of; "" for all
	Live     string // address of its stream
	Counters []counterShown
}

// counterShown is one station as its card shows it.
type counterShown struct {
	catalog.StationBoard
	Alone bool
	Last  *depositShown
	Later []*depositShown
}

// depositShown is a deposit as a card shows it.
type depositShown struct {
	catalog.BoardDeposit
	Advice []string // what is wrong with its pages and what to do, where it should be scanned again
	Notes  []string // what else there is to say of them
	Fault  string   // why it was refused; "" where nothing more is to be done
	Told   string   // names what is to be heard; "" for nothing
}

// Stands is how far the deposit has come, the end of a message's key: its state, or that it is read and waits for the rest of its batch.
func (d *depositShown) Stands() string {
	if d.State == dossier.StateReading && d.Pages > 0 && d.PagesRead == d.Pages {
		return "read"
	}
	return string(d.State)
}

func (s *site) board(v *visit) error {
	station := v.r.PathValue("station")
	counters, err := s.counters(v, only(station)...)
	if err != nil {
		return err
	}
	if station != "" && len(counters) == 0 {
		return errNotFound
	}
	p := boardPage{Alone: station, Live: "/counters/live", Counters: counters}
	if station != "" {
		p.Live += "?" + url.Values{"station": {station}}.Encode()
	}
	return v.render(http.StatusOK, "board", p)
}

func only(station string) []string {
	if station == "" {
		return nil
	}
	return []string{station}
}

func (s *site) counters(v *visit, only ...string) ([]counterShown, error) {
	b, err := s.catalog.Board(v.r.Context(), v.Who.Scope, only...)
	if err != nil {
		return nil, err
	}
	list := make([]counterShown, 0, len(b.Stations))
	for _, st := range b.Stations {
		c := counterShown{StationBoard: st, Alone: len(only) == 1}
		for i, d := range st.Deposits {
			shown := v.depositOf(d)
			if i == 0 {
				c.Last = shown
			} else if c.Alone || i <= laterShown {
				c.Later = append(c.Later, shown)
			}
		}
		list = append(list, c)
	}
	return list, nil
}

func (v *visit) depositOf(d catalog.BoardDeposit) *depositShown {
	shown := &depositShown{BoardDeposit: d}
	for _, look := range d.Looks {
		for _, code := range look.Verdicts {
			page := look.Number
			if d.Pages == 1 {
				page = 0
			}
			if text := dossier.VerdictText(v.Language, code, page); code.AdvisesRescan() {
				shown.Advice = append(shown.Advice, text)
			} else {
				shown.Notes = append(shown.Notes, text)
			}
		}
	}
	if d.Duplicate != "" {
		shown.Notes = append(shown.Notes, v.T("board.duplicate"))
	}
	if d.Rejection != nil && d.Dismissed {
		shown.Notes = append(shown.Notes, dossier.Message(v.Language, d.Rejection, d.Name))
	} else if d.Rejection != nil {
		shown.Fault = dossier.Message(v.Language, d.Rejection, d.Name)
	}
	if len(shown.Advice) > 0 || shown.Fault != "" {
		shown.Told = fmt.Sprint(d.ID, ":", len(shown.Advice), ":", d.State)
	}
	return shown
}

// live sends the cards of stations, as Server-Sent Events: each when it has changed, whole.
func (s *site) live(v *visit) error {
	station := v.r.FormValue("station")
	end, ok := s.access.Hold(v.Who)
	if !ok {
		v.failTooMany(access.HeldAgain)
		return nil
	}
	defer end()
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy between must not gather
	over := time.NewTimer(liveTime)
	defer over.Stop()
	stream := liveStream{v: v, control: http.NewResponseController(v.w), sent: map[string][sha256.Size]byte{}}
	if err := stream.send("retry: 1000\n\n"); err != nil {
		return nil // a client gone is its own affair
	}
	changes := s.catalog.Changes(v.r.Context(), v.Who.Scope)
	for {
		select {
		case hint, more := <-changes:
			if !more {
				return nil
			}
			still, err := s.access.StillThere(v.r.Context())
			if err == nil && !still {
				return nil // it may be somebody else by now, or see less
			}
			if err == nil {
				err = stream.cards(s, hint, station)
			}
			if err == nil {
				continue
			}
			if v.r.Context().Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				s.log.Error("board broken off", "error", err)
			}
			return nil // the browser asks again, and hears what is wrong
		case <-over.C:
			return nil
		case <-s.cfg.Stopping:
			return nil
		}
	}
}

// liveStream is one browser's board.
type liveStream struct {
	v       *visit
	control *http.ResponseController
	sent    map[string][sha256.Size]byte // of each station's card
}

// cards sends the cards of the stations that a hint names, all if it names none, unless they are as they were.
func (l *liveStream) cards(s *site, hint []string, station string) error {
	if station != "" {
		hint = []string{station}
	}
	counters, err := s.counters(l.v, hint...)
	if err != nil {
		return err
	}
	for _, c := range counters {
		c.Alone = station != ""
		if !c.Alone {
			c.Later = c.Later[:min(len(c.Later), laterShown)]
		}
		var b bytes.Buffer
		if err := s.templates[l.v.Language]["board"].ExecuteTemplate(&b, "counter", c); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		if l.sent[c.Station] == sum {
			continue
		}
		l.sent[c.Station] = sum
		if err := l.send(streamed("counter", b.String())); err != nil {
			return err
		}
	}
	return l.send(": here\n\n") // a browser gone is noticed
}

// streamed is an event of a stream. All that ends a line there begins the next one of the same event: names of files may hold such signs.
func streamed(event, text string) string {
	lines := strings.NewReplacer("\r\n", "\ndata: ", "\r", "\ndata: ", "\n", "\ndata: ").Replace(strings.TrimSpace(text))
	return "event: " + event + "\ndata: " + lines + "\n\n"
}

func (l *liveStream) send(text string) error {
	if err := l.control.SetWriteDeadline(time.Now().Add(liveStall)); err != nil {
		return err
	}
	if _, err := l.v.w.Write([]byte(text)); err != nil {
		return err
	}
	return l.control.Flush()
}
