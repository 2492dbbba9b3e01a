package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Folder is how a station's drop folder is, as the daemon tells that watches it.
type Folder struct {
	Station    string        `json:"station"`
	Department string        `json:"department"`
	Away       string        `json:"away,omitempty"`      // why it can't be listed, "" while it can
	AwaySince  time.Time     `json:"away_since,omitzero"` //
	Paused     string        `json:"paused,omitempty"`    // why nothing is taken in anywhere
	Waiting    int           `json:"waiting"`             // files in it that are not taken in yet
	Oldest     time.Time     `json:"oldest,omitzero"`     // when the first of them was seen as it is now
	Faults     int           `json:"faults,omitempty"`    // those among them that can't be read or moved
	Fault      string        `json:"fault,omitempty"`     // why, of one of them
	Untold     string        `json:"untold,omitempty"`    // why outcomes can't be written into it
	Batches    []FolderBatch `json:"batches,omitempty"`   // that are not closed
	At         time.Time     `json:"at,omitzero"`         // of the report; set by the catalogue
	Watcher    string        `json:"watcher,omitempty"`   // name of the machine whose daemon tells it

	// What the settings of that daemon say of the station; those of others need not name it.
	Language  string   `json:"language,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Grouping  string   `json:"grouping,omitempty"`
	Purpose   string   `json:"purpose,omitempty"`
	Channel   string   `json:"channel,omitempty"`
}

// FolderBatch is a batch that is not closed, or files that wait for one. Identity numbers in the key are masked.
type FolderBatch struct {
	Key      string           `json:"key,omitempty"`
	Grouping dossier.Grouping `json:"grouping"`
	Since    time.Time        `json:"since"`
	Deposits int              `json:"deposits"`          // that were taken in
	Files    int              `json:"files"`             // of it that lie in the folder
	Waits    string           `json:"waits"`             // for what: more, whole, intake, missing, ticket
	Missing  int              `json:"missing,omitempty"` // files that its ticket lists and that are not there
}

const (
	// FoldersEvery is how often a daemon reports its folders, at least.
	FoldersEvery = 20 * time.Second
	// believed is how long a report holds: two may be late.
	believed = 3 * FoldersEvery
	// forgotten is when the report of a station that nobody watches any more is dropped.
	forgotten = 24 * time.Hour
)

// Online reports whether the folder is watched by a daemon, and can be listed.
func (f *Folder) Online() bool {
	return f != nil && f.Away == "" && time.Since(f.At) < believed
}

// ReportFolders records how the folders are that a daemon watches, in place of what it told of them before.
func (c *Catalog) ReportFolders(ctx context.Context, folders []Folder) error {
	err := c.db.write(ctx, func(t tx) error {
		now := time.Now()
		if _, err := t.exec(ctx, `DELETE FROM folders WHERE at < ?`, asMicros(now.Add(-forgotten))); err != nil {
			return err
		}
		for _, f := range folders {
			f.At = time.Time{}
			report, err := json.Marshal(f)
			if err != nil {
				return err
			}
			_, err = t.exec(ctx, `INSERT INTO folders (station, department, report, at) VALUES (?, ?, ?, ?)
				ON CONFLICT (station) DO UPDATE SET department = excluded.department, report = excluded.report, at = excluded.at`,
				f.Station, f.Department, string(report), asMicros(now))
			if err != nil {
				return err
			}
			t.touch(f.Department, f.Station)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record how the folders are: %w", err)
	}
	return nil
}

// Folders lists the last reports about the stations of a scope, by the stations' names.
func (c *Catalog) Folders(ctx context.Context, scope dossier.Scope) ([]Folder, error) {
	var q conditions
	q.within(scope, `f`)
	all, err := collect(ctx, c.db, func(r row) (Folder, error) {
		var text string
		var at int64
		if err := r.Scan(&text, &at); err != nil {
			return Folder{}, err
		}
		f, err := fromJSON[Folder](text)
		if err != nil || f == nil {
			return Folder{}, err
		}
		f.At = asTime(at)
		return *f, nil
	}, `SELECT f.report, f.at FROM folders f `+q.where()+` ORDER BY f.station`, q.args...)
	if err != nil {
		return nil, fmt.Errorf("list how the folders are: %w", err)
	}
	return all, nil
}

// touchBatch has those told who look at the board of a batch's station.
func touchBatch(ctx context.Context, t tx, batchID string) error {
	var department, station string
	err := t.queryRow(ctx, `SELECT station, `+batchDepartment+` FROM batches b WHERE b.id = ?`, batchID).Scan(&station, &department)
	if err == nil {
		t.touch(department, station)
	}
	return err
}

// batchDepartment is the department of a batch b's station: a batch in which only duplicates came has no deposit to tell it.
const batchDepartment = `coalesce((SELECT max(d.department) FROM deposits d WHERE d.batch_id = b.id),
	(SELECT f.department FROM folders f WHERE f.station = b.station), '')`

// touchDossiers does the same for dossiers.
func touchDossiers(ctx context.Context, t tx, codes []string) error {
	for in, args := range inLists(codes) {
		places, err := collect(ctx, t, func(r row) (counter, error) {
			var p counter
			return p, r.Scan(&p.Department, &p.Station)
		}, `SELECT department, station FROM dossiers WHERE code `+in, args...)
		if err != nil {
			return err
		}
		for _, p := range places {
			t.touch(p.Department, p.Station)
		}
	}
	return nil
}
