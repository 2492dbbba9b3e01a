package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// ListInput is what every list takes.
type ListInput struct {
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most."`
	After string `query:"after" maxLength:"100" doc:"The next of an earlier answer; without it the list begins at its beginning."`
}

// Period is which days something was received on.
type Period struct {
	From day `query:"from" doc:"First day of reception, as 2026-01-31."`
	To   day `query:"to" doc:"Last day of reception."`
}

// day is a date without a time.
type day struct{ time.Time }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *day) UnmarshalText(text []byte) (err error) {
	d.Time, err = time.Parse(time.DateOnly, string(text))
	return err
}

// Schema implements huma.SchemaProvider.
func (day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

// within gives the period's first moment and the first one after it; a zero time where it is open.
func (p *Period) within(in *time.Location) (from, to time.Time, err error) {
	midnight := func(d day, later int) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day()+later, 0, 0, 0, 0, in)
	}
	if !p.From.IsZero() {
		from = midnight(p.From, 0)
	}
	if !p.To.IsZero() {
		to = midnight(p.To, 1)
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, refused("bad_period")
	}
	return from, to, nil
}

// next is the cursor behind a list: the last one's id where there may be more, else "".
func next[T any](list []T, limit int, id func(*T) string) string {
	if len(list) < limit {
		return ""
	}
	return id(&list[len(list)-1])
}

// hideDossiers takes from deposits the codes of dossiers that the caller does not see.
func (s *server) hideDossiers(ctx context.Context, list []dossier.Deposit) error {
	var codes []string
	for i := range list {
		codes = append(codes, list[i].Dossiers...)
	}
	seen, err := s.catalog.InScope(ctx, access.Of(ctx).Scope, codes)
	if err != nil || len(seen) == len(codes) {
		return err
	}
	for i := range list {
		list[i].Dossiers = slices.DeleteFunc(list[i].Dossiers, func(code string) bool { return !slices.Contains(seen, code) })
	}
	return nil
}

// listed tells the audit log that somebody takes a list away, which may be asked for page by page.
func (s *server) listed(ctx context.Context, what string) error {
	return s.catalog.AuditOnce(ctx, access.Of(ctx), catalog.Entry{Action: catalog.ActionExport, Subject: what})
}

// listError is what a client hears of a list that can't be given.
func (s *server) listError(ctx context.Context, err error) error {
	if errors.Is(err, catalog.ErrCursor) {
		return refused("bad_cursor")
	}
	return s.catalogError(ctx, err)
}

type depositsInput struct {
	ListInput
	Period
	State      dossier.State `query:"state" enum:"received,reading,assembling,published,duplicate,rejected"`
	Department string        `query:"department" maxLength:"64"`
	Station    string        `query:"station" maxLength:"32"`
}

type depositsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Deposits []depositAnswer `json:"deposits" nullable:"false" doc:"The last received first."`
		Next     string          `json:"next,omitempty" doc:"The after of the next request; none at the end of the list."`
	}
}

func depositsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-deposits", Method: http.MethodGet, Path: depositsPath,
		Summary: "Deposits, the last received first", Errors: []int{http.StatusBadRequest},
	}
}

func (s *server) deposits(ctx context.Context, in *depositsInput) (*depositsOutput, error) {
	from, to, err := in.within(s.cfg.office().Location)
	if err != nil {
		return nil, err
	}
	list, err := s.catalog.Deposits(ctx, catalog.DepositFilter{
		Scope: access.Of(ctx).Scope, State: in.State, Department: in.Department, Station: in.Station, From: from, To: to,
		Limit: in.Limit, Before: in.After,
	})
	if err == nil {
		err = s.listed(ctx, "deposits")
	}
	if err != nil {
		return nil, s.listError(ctx, err)
	}
	if err := s.hideDossiers(ctx, list); err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out := &depositsOutput{CacheControl: "no-store"}
	out.Body.Deposits = make([]depositAnswer, 0, len(list))
	for i := range list {
		out.Body.Deposits = append(out.Body.Deposits, s.depositAnswer(&list[i]))
	}
	out.Body.Next = next(list, in.Limit, func(d *dossier.Deposit) string { return d.ID })
	return out, nil
}
