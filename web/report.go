package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type reportInput struct {
	Period
	By      catalog.ReportBy `query:"by" enum:"department,station,procedure,clerk" default:"department" doc:"What the rows stand for."`
	Station string           `query:"station" maxLength:"32" doc:"This station alone; all without it."`
}

type reportOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		From    string           `json:"from" format:"date"`
		To      string           `json:"to" format:"date" doc:"The last day."`
		By      catalog.ReportBy `json:"by"`
		Station string           `json:"station,omitempty" doc:"That it is of alone."`
		catalog.Report
	}
}

func reportOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Report), OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/reports",
		Summary:     "What was received in a period, how it ended and how long it took",
		Description: "From the first of this month to today, where no days are named. The figures of `dossierd report`, for what the caller sees.",
	}
}

func (s *server) report(ctx context.Context, in *reportInput) (*reportOutput, error) {
	o := s.cfg.office()
	now := time.Now().In(o.Location)
	if in.From.IsZero() {
		in.From.Time = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	if in.To.IsZero() {
		in.To.Time = now
	}
	from, to, err := in.within(o.Location)
	if err != nil {
		return nil, err
	}
	due := o.Due
	if due == nil {
		due = func(string, time.Time) time.Time { return time.Time{} }
	}
	r, err := s.catalog.Report(ctx, catalog.ReportQuery{
		Scope: access.Of(ctx).Scope, Station: in.Station, From: from, To: to, By: in.By, Due: due, Now: now,
	})
	if err == nil {
		err = s.catalog.Audit(ctx, access.Of(ctx), catalog.Entry{Action: catalog.ActionExport, Subject: "report"})
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out := &reportOutput{CacheControl: "no-store"}
	out.Body.From, out.Body.To = from.Format(time.DateOnly), in.To.Format(time.DateOnly)
	out.Body.By, out.Body.Station, out.Body.Report = in.By, in.Station, r
	return out, nil
}
