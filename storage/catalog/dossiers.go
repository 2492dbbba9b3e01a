package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Dossier is the record that versions belong to.
type Dossier struct {
	Code       string          `json:"code"`
	Station    string          `json:"station"`    // that left its first deposit
	Department string          `json:"department"` // of that station then; part of the keys of all versions
	Year       int             `json:"year"`       // in the keys of all versions: that of the first
	ReceivedAt time.Time       `json:"received_at"`
	State      DossierState    `json:"state"`
	Version    int             `json:"version"` // the latest that was published; 0 before the first
	Procedure  string          `json:"procedure,omitempty"`
	Complete   Completeness    `json:"complete,omitempty"`
	Place      string          `json:"place,omitempty"`  // where its paper lies
	Reason     string          `json:"reason,omitempty"` // why it was withdrawn or erased
	Channel    dossier.Channel `json:"channel"`          // of its first deposit
}

// Tag tells two moments of a dossier apart: the latest version, and behind a dot what people say of it, which makes none.
func (d *Dossier) Tag() string {
	sum := sha256.Sum256([]byte(string(d.State) + "\x00" + d.Place))
	return strconv.Itoa(d.Version) + "." + hex.EncodeToString(sum[:6])
}

// is reports whether a dossier is as it was seen: by its tag, by the number of its latest version alone, or, "", however it is.
func (d *Dossier) is(tag string) bool {
	return tag == "" || tag == d.Tag() || tag == strconv.Itoa(d.Version)
}

// DossierState is how far a dossier got.
type DossierState string

// The states of a dossier, in the order in which it comes into them.
const (
	DossierReceived    DossierState = "received"        // its papers are being read
	DossierDigitised   DossierState = "digitised"       // a version is published
	DossierTransferred DossierState = "transferred"     // a subscriber has acknowledged it
	DossierResult      DossierState = "result_received" // the department's result has come
	DossierReturned    DossierState = "returned"        // the citizen has it
	DossierWithdrawn   DossierState = "withdrawn"       // filed wrongly: gone from lists, kept in the record
	DossierErased      DossierState = "erased"          // destroyed: a tombstone is left
)

// Completeness says whether a dossier has the papers that its procedure asks for.
type Completeness string

// The answers.
const (
	CompleteUnknown Completeness = "" // no procedure is known, or a paper is for a person to look for
	Incomplete      Completeness = "no"
	Complete        Completeness = "yes"
)

func insertDossier(ctx context.Context, t tx, d Dossier) error {
	_, err := t.exec(ctx, `INSERT INTO dossiers (code, station, department, year, received_at, state, channel) VALUES (?, ?, ?, ?, ?, 'received', ?)`,
		d.Code, d.Station, d.Department, d.Year, asMicros(d.ReceivedAt), d.Channel)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, 'received', ?, ?)`, d.Code, asMicros(d.ReceivedAt), d.Station)
	return err
}

// lockedDossier locks a dossier's row and reads it; ErrNotFound where there is none.
func lockedDossier(ctx context.Context, t tx, code string) (Dossier, error) {
	return readDossier(ctx, t, code, " FOR UPDATE")
}

// lockDossiers locks the rows of those dossiers that exist, in the one order in which everybody locks them.
func lockDossiers(ctx context.Context, t tx, codes []string) error {
	codes = slices.Clone(codes)
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		if _, err := lockedDossier(ctx, t, code); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

const dossierColumns = `code, station, department, year, received_at, state, version, procedure, complete, place, reason, channel`

func readDossier(ctx context.Context, c conn, code, lock string) (Dossier, error) {
	d, err := scanDossier(c.queryRow(ctx, `SELECT `+dossierColumns+` FROM dossiers WHERE code = ?`+lock, code))
	if err != nil {
		return d, fmt.Errorf("read dossier %s: %w", code, noRow(err))
	}
	return d, nil
}

func scanDossier(r row) (Dossier, error) {
	var d Dossier
	var received int64
	err := r.Scan(&d.Code, &d.Station, &d.Department, &d.Year, &received, &d.State, &d.Version, &d.Procedure, &d.Complete, &d.Place, &d.Reason, &d.Channel)
	d.ReceivedAt = asTime(received)
	return d, err
}

// InUse lists those of some codes that a dossier has, and no withdrawn one.
func (c *Catalog) InUse(ctx context.Context, codes []string) ([]string, error) {
	var known []string
	for _, code := range codes {
		d, err := c.Dossier(ctx, code)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, err
		case slices.Contains(way, d.State):
			known = append(known, code)
		}
	}
	return known, nil
}

// Dossier reads one dossier; ErrNotFound where there is none.
func (c *Catalog) Dossier(ctx context.Context, code string) (Dossier, error) {
	return readDossier(ctx, c.db, code, "")
}
