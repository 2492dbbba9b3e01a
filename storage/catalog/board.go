package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Board is what goes on at the counters now.
type Board struct {
	At       time.Time      `json:"at"`
	Stations []StationBoard `json:"stations"` // by name
}

// StationBoard is what goes on at one counter.
type StationBoard struct {
	Station      string         `json:"station"`
	Department   string         `json:"department"`
	Online       bool           `json:"online"`               // its folder is watched, and can be listed
	Folder       *Folder        `json:"folder,omitempty"`     // as a daemon told last; nil where none did
	Deposits     []BoardDeposit `json:"deposits"`             // the last ones, latest first
	WaitingPages int            `json:"waiting_pages"`        // that are not read yet
	OldestOpen   time.Time      `json:"oldest_open,omitzero"` // received time of the oldest deposit that is not at its end
	Lag          float64        `json:"lag_seconds"`          // how long ago that was
	Quarantined  int            `json:"quarantined"`          // rejected deposits that nobody dismissed
	Collecting   int            `json:"collecting"`           // batches that are not closed
}

// BoardDeposit is a deposit as a board shows it: identity numbers in its name are masked.
type BoardDeposit struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	ReceivedAt time.Time          `json:"received_at"`
	State      dossier.State      `json:"state"`
	Pages      int                `json:"pages"`      // 0 until it was opened
	PagesRead  int                `json:"pages_read"` //
	Looked     bool               `json:"looked"`     // nothing of it is left to be looked at
	Advised    bool               `json:"advised"`    // a rescan was advised
	Rejection  *dossier.Reason    `json:"rejection,omitempty"`
	Duplicate  string             `json:"duplicate_of,omitempty"`
	Dismissed  bool               `json:"dismissed,omitempty"`
	Looks      []dossier.PageLook `json:"looks"`    // of some of its pages in order, first of those with a verdict
	Dossiers   []BoardDossier     `json:"dossiers"` // that have pages of it, in the scope
}

// BoardDossier is a dossier as a board shows it.
type BoardDossier struct {
	Code      string       `json:"code"`
	State     DossierState `json:"state"`
	Version   int          `json:"version"` // 0 before the first is published
	Pages     int          `json:"pages"`
	Procedure string       `json:"procedure,omitempty"`
	Complete  Completeness `json:"complete"`
	Papers    []Paper      `json:"papers"` // that its procedure asks for
	Warnings  []string     `json:"warnings"`
}

const (
	boardDeposits = 12 // of a station
	boardLooks    = 12 // of a deposit
)

// Board tells what goes on at the stations of a scope: those that ever had a deposit or whose folder is watched, or of them those
// that are named.
func (c *Catalog) Board(ctx context.Context, scope dossier.Scope, only ...string) (Board, error) {
	b := Board{At: time.Now().UTC(), Stations: []StationBoard{}}
	stations, err := c.boardStations(ctx, scope)
	if err != nil {
		return b, fmt.Errorf("list the stations: %w", err)
	}
	shown := map[string]*BoardDeposit{}
	codes := map[string][]string{} // by deposit
	for _, s := range stations {
		if len(only) > 0 && !slices.Contains(only, s.Station) {
			continue
		}
		if err := c.fillBoard(ctx, scope, b.At, &s, codes); err != nil {
			return b, fmt.Errorf("read the board of %s: %w", s.Station, err)
		}
		for i := range s.Deposits {
			shown[s.Deposits[i].ID] = &s.Deposits[i]
		}
		b.Stations = append(b.Stations, s)
	}
	if err := c.boardPages(ctx, shown); err != nil {
		return b, fmt.Errorf("read the pages of the boards: %w", err)
	}
	if err := c.boardDossiers(ctx, scope, shown, codes); err != nil {
		return b, fmt.Errorf("read the dossiers of the boards: %w", err)
	}
	return b, nil
}

// boardStations lists the stations of a scope. A station's department is that of its folder, else of its last deposit.
func (c *Catalog) boardStations(ctx context.Context, scope dossier.Scope) ([]StationBoard, error) {
	all, err := collect(ctx, c.db, func(r row) (StationBoard, error) {
		var s StationBoard
		return s, r.Scan(&s.Station, &s.Department)
	}, `WITH RECURSIVE s (station) AS (SELECT min(station) FROM deposits
			UNION ALL SELECT (SELECT min(d.station) FROM deposits d WHERE d.station > s.station) FROM s WHERE s.station IS NOT NULL)
		SELECT s.station, (SELECT d.department FROM deposits d WHERE d.station = s.station ORDER BY d.received_at DESC, d.id DESC LIMIT 1)
		FROM s WHERE s.station IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	folders, err := c.Folders(ctx, Everything())
	if err != nil {
		return nil, err
	}
	for i := range folders {
		f := &folders[i]
		at := slices.IndexFunc(all, func(s StationBoard) bool { return s.Station == f.Station })
		if at < 0 {
			all, at = append(all, StationBoard{Station: f.Station}), len(all)
		}
		all[at].Department, all[at].Folder, all[at].Online = f.Department, f, f.Online()
	}
	all = slices.DeleteFunc(all, func(s StationBoard) bool { return !scope.Sees(s.Department, s.Station) })
	slices.SortFunc(all, func(a, b StationBoard) int { return cmp.Compare(a.Station, b.Station) })
	return all, nil
}

// fillBoard adds to a station's board the counts, and the last deposits without their pages and dossiers, of which it notes the codes.
func (c *Catalog) fillBoard(ctx context.Context, scope dossier.Scope, now time.Time, s *StationBoard, codes map[string][]string) error {
	var oldest int64
	err := c.db.queryRow(ctx, `SELECT (SELECT count(*) FROM pages WHERE station = ? AND state IN ('waiting', 'queued')),
		(SELECT coalesce(min(received_at), 0) FROM deposits WHERE station = ? AND state IN ('received', 'reading', 'assembling')),
		(SELECT count(*) FROM deposits WHERE station = ? AND state = 'rejected' AND dismissed = ''),
		(SELECT count(*) FROM batches WHERE station = ? AND closed = 0)`, s.Station, s.Station, s.Station, s.Station).
		Scan(&s.WaitingPages, &oldest, &s.Quarantined, &s.Collecting)
	if err != nil {
		return err
	}
	if s.OldestOpen = asTime(oldest); oldest > 0 {
		s.Lag = max(0, now.Sub(s.OldestOpen).Seconds())
	}
	var q conditions
	q.add(`d.station = ?`, s.Station)
	q.within(scope, `d`)
	q.add(`d.ticket = 0 AND d.erased < 2`)
	s.Deposits, err = collect(ctx, c.db, func(r row) (BoardDeposit, error) {
		var looked, advised int
		d, err := scanDepositAnd(r, &looked, &advised)
		codes[d.ID] = d.Dossiers
		return BoardDeposit{
			ID: d.ID, Name: dossier.MaskText(d.Name), ReceivedAt: d.ReceivedAt, State: d.State, Pages: d.Pages, Looked: looked == 1,
			Advised: advised == 1, Rejection: d.Rejection, Duplicate: d.Duplicate, Dismissed: d.Dismissed != nil,
			Looks: []dossier.PageLook{}, Dossiers: []BoardDossier{},
		}, err
	}, `SELECT `+depositColumns+`, d.looked, d.advised`+depositTables+q.where()+` ORDER BY d.received_at DESC, d.id DESC LIMIT ?`,
		append(q.args, boardDeposits)...)
	if s.Deposits == nil {
		s.Deposits = []BoardDeposit{}
	}
	return err
}

// boardPages adds to deposits how much of them is read, and what was seen of some of their pages.
func (c *Catalog) boardPages(ctx context.Context, of map[string]*BoardDeposit) error {
	for in, args := range inLists(slices.Sorted(maps.Keys(of))) {
		_, err := collect(ctx, c.db, func(r row) (string, error) {
			var id string
			var n int
			err := r.Scan(&id, &n)
			of[id].PagesRead = n
			return id, err
		}, `SELECT deposit_id, count(*) FROM pages WHERE state = 'done' AND deposit_id `+in+` GROUP BY deposit_id`, args...)
		if err != nil {
			return err
		}
		if err := c.boardLooks(ctx, in, args, of); err != nil {
			return err
		}
	}
	return nil
}

// boardLooks adds to deposits what was seen of some of their pages. Which ones is found first: PostgreSQL would read all pages for the
// sake of a few.
func (c *Catalog) boardLooks(ctx context.Context, in string, args []any, of map[string]*BoardDeposit) error {
	pages, err := collect(ctx, c.db, scanOne[string], `SELECT page_id FROM (SELECT page_id, row_number() OVER (PARTITION BY deposit_id
			ORDER BY CASE WHEN look LIKE '%"verdicts"%' THEN 0 ELSE 1 END, number) AS place FROM looks WHERE deposit_id `+in+`) l
		WHERE place <= ?`, append(args, boardLooks)...)
	if err != nil {
		return err
	}
	for in, args := range inLists(pages) {
		looks, err := collect(ctx, c.db, scanLook, `SELECT `+lookColumns+` FROM looks l LEFT JOIN pages p ON p.id = l.page_id
			WHERE l.page_id `+in+` ORDER BY l.deposit_id, l.number`, args...)
		if err != nil {
			return err
		}
		for _, l := range looks {
			d := of[depositOfPage(l.PageID)]
			d.Looks = append(d.Looks, l)
		}
	}
	return nil
}

// boardDossiers adds to deposits the dossiers that have pages of them. codes are those by deposit.
func (c *Catalog) boardDossiers(ctx context.Context, scope dossier.Scope, of map[string]*BoardDeposit, codes map[string][]string) error {
	var all []string
	for _, some := range codes {
		all = append(all, some...)
	}
	slices.Sort(all)
	known := map[string]BoardDossier{}
	for in, args := range inLists(slices.Compact(all)) {
		within, more := within(scope, `s`)
		_, err := collect(ctx, c.db, func(r row) (BoardDossier, error) {
			d, err := scanBoardDossier(r)
			known[d.Code] = d
			return d, err
		}, `SELECT s.code, s.state, s.version, s.procedure, s.complete, coalesce(v.pages, 0), coalesce(v.papers, ''), coalesce(v.warnings, '')
			FROM dossiers s LEFT JOIN versions v ON v.code = s.code AND v.number = s.version WHERE s.code `+in+` AND `+within,
			append(args, more...)...)
		if err != nil {
			return err
		}
	}
	for id, some := range codes {
		for _, code := range some {
			if d, here := known[code]; here {
				of[id].Dossiers = append(of[id].Dossiers, d)
			}
		}
	}
	return nil
}

func scanBoardDossier(r row) (BoardDossier, error) {
	var d BoardDossier
	var papers, warnings string
	if err := r.Scan(&d.Code, &d.State, &d.Version, &d.Procedure, &d.Complete, &d.Pages, &papers, &warnings); err != nil {
		return d, err
	}
	asked, err := fromJSON[[]Paper](papers)
	if err != nil {
		return d, err
	}
	d.Papers = []Paper{}
	if asked != nil {
		d.Papers = append(d.Papers, *asked...)
	}
	list, err := fromListJSON(warnings)
	d.Warnings = append([]string{}, list...)
	return d, err
}
