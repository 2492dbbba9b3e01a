package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// office is what stands in the settings now.
func (c *Config) office() office.Office {
	o := office.Office{}
	if c.Office != nil {
		o = c.Office()
	}
	o.Location = cmp.Or(o.Location, time.UTC)
	return o
}

// stationAnswer is a station with what the catalogue knows of it.
type stationAnswer struct {
	office.Station
	Lag    float64                `json:"lag_seconds" doc:"Age of the oldest deposit that is not at its end, or file that is not taken in."`
	Counts *catalog.StationStatus `json:"counts,omitempty" doc:"None for a station that never had a deposit."`
}

type stationsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Stations []stationAnswer `json:"stations" nullable:"false"`
	}
}

func stationsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-stations", Method: http.MethodGet, Path: "/api/v1/stations",
		Summary:     "Stations: whether they are online, what they wait for, and how far behind they are",
		Description: "Where several daemons share a catalogue, each tells of the stations of all: those of its own settings first.",
	}
}

func (s *server) stations(ctx context.Context, _ *struct{}) (*stationsOutput, error) {
	list, err := s.seenStations(ctx)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out := &stationsOutput{CacheControl: "no-store"}
	out.Body.Stations = list
	return out, nil
}

// seenStations are those of the caller's scope, in the order of the settings; those of other daemons behind them.
func (s *server) seenStations(ctx context.Context) ([]stationAnswer, error) {
	scope := access.Of(ctx).Scope
	status, err := s.catalog.Status(ctx, scope)
	if err != nil {
		return nil, err
	}
	folders, err := s.catalog.Folders(ctx, scope)
	if err != nil {
		return nil, err
	}
	all := []stationAnswer{}
	for _, st := range office.Watched(s.cfg.office().Stations, folders) {
		if !scope.Sees(st.Department, st.Name) {
			continue
		}
		a, oldest := stationAnswer{Station: st}, st.Oldest
		if i := slices.IndexFunc(status.Stations, func(c catalog.StationStatus) bool { return c.Station == st.Name }); i >= 0 {
			a.Counts = &status.Stations[i]
			if open := a.Counts.OldestOpen; oldest.IsZero() || !open.IsZero() && open.Before(oldest) {
				oldest = open
			}
		}
		if !oldest.IsZero() {
			a.Lag = max(0, time.Since(oldest).Seconds())
		}
		all = append(all, a)
	}
	return all, nil
}

type stationInput struct {
	Name string `path:"name" maxLength:"32"`
}

type stationOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         stationAnswer
}

func stationOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-station", Method: http.MethodGet, Path: "/api/v1/stations/{name}",
		Summary: "One station", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) station(ctx context.Context, in *stationInput) (*stationOutput, error) {
	list, err := s.seenStations(ctx)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	for _, a := range list {
		if a.Name == in.Name {
			return &stationOutput{CacheControl: "no-store", Body: a}, nil
		}
	}
	return nil, refused("unknown_station")
}

type proceduresOutput struct {
	Body struct {
		Procedures []office.Procedure `json:"procedures" nullable:"false" doc:"By code."`
	}
}

func proceduresOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-procedures", Method: http.MethodGet, Path: "/api/v1/procedures",
		Summary: "Procedures and the papers that each asks for",
	}
}

func (s *server) procedures(context.Context, *struct{}) (*proceduresOutput, error) {
	out := new(proceduresOutput)
	out.Body.Procedures = append([]office.Procedure{}, s.cfg.office().Procedures...)
	return out, nil
}

type procedureInput struct {
	Code string `path:"code" maxLength:"64"`
}

type procedureOutput struct{ Body office.Procedure }

func procedureOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-procedure", Method: http.MethodGet, Path: "/api/v1/procedures/{code}",
		Summary: "One procedure", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) procedure(_ context.Context, in *procedureInput) (*procedureOutput, error) {
	for _, p := range s.cfg.office().Procedures {
		if p.Code == in.Code {
			return &procedureOutput{p}, nil
		}
	}
	return nil, refused("unknown_procedure")
}

type kindsOutput struct {
	Body struct {
		Kinds []office.Kind `json:"kinds" nullable:"false" doc:"By name."`
	}
}

func kindsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-kinds", Method: http.MethodGet, Path: "/api/v1/kinds",
		Summary: "Kinds of papers and their fields",
	}
}

func (s *server) kinds(context.Context, *struct{}) (*kindsOutput, error) {
	out := new(kindsOutput)
	out.Body.Kinds = append([]office.Kind{}, s.cfg.office().Kinds...)
	return out, nil
}

type kindInput struct {
	Name string `path:"name" maxLength:"64"`
}

type kindOutput struct{ Body office.Kind }

func kindOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-kind", Method: http.MethodGet, Path: "/api/v1/kinds/{name}",
		Summary: "One kind of paper", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) kind(_ context.Context, in *kindInput) (*kindOutput, error) {
	for _, k := range s.cfg.office().Kinds {
		if k.Name == in.Name {
			return &kindOutput{k}, nil
		}
	}
	return nil, refused("unknown_kind")
}
