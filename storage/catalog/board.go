package catalog

import (
	"cmp"
	"context"
	"fmt"
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
	for _, s := range stations {
		if len(only) > 0 && !slices.Contains(only, s.Station) {
			continue
		}
		if err := c.fillBoard(ctx, scope, b.At, &s); err != nil {
			return b, fmt.Errorf("read the board of %s: %w", s.Station, err)
		}
		b.Stations = append(b.Stations, s)
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
	folders, err := c.Folders(ctx, dossier.Scope{All: true})
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

func (c *Catalog) fillBoard(ctx context.Context, scope dossier.Scope, now time.Time, s *StationBoard) error {
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
	codes := map[string][]string{} // by deposit
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
	if err != nil || len(s.Deposits) == 0 {
		s.Deposits = append([]BoardDeposit{}, s.Deposits...)
		return err
	}
	if err := c.boardPages(ctx, s.Deposits); err != nil {
		return err
	}
	return c.boardDossiers(ctx, scope, s.Deposits, codes)
}

// boardPages adds to deposits how much of them is read, and what was seen of some of their pages.
func (c *Catalog) boardPages(ctx context.Context, deposits []BoardDeposit) error {
	ids := make([]string, 0, len(deposits))
	of := map[string]*BoardDeposit{}
	for i := range deposits {
		ids, of[deposits[i].ID] = append(ids, deposits[i].ID), &deposits[i]
	}
	for in, args := range inLists(ids) {
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
		looks, err := collect(ctx, c.db, scanLook, `SELECT `+lookColumns+` FROM (SELECT l.*, row_number() OVER (PARTITION BY l.deposit_id
				ORDER BY CASE WHEN l.look LIKE '%"verdicts"%' THEN 0 ELSE 1 END, l.number) AS place FROM looks l WHERE l.deposit_id `+in+`) l
			LEFT JOIN pages p ON p.id = l.page_id WHERE l.place <= ? ORDER BY l.deposit_id, l.number`, append(args, boardLooks)...)
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
func (c *Catalog) boardDossiers(ctx context.Context, scope dossier.Scope, deposits []BoardDeposit, codes map[string][]string) error {
	var all []string
	for _, d := range deposits {
		all = append(all, codes[d.ID]...)
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
	for i := range deposits {
		for _, code := range codes[deposits[i].ID] {
			if d, here := known[code]; here {
				deposits[i].Dossiers = append(deposits[i].Dossiers, d)
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
