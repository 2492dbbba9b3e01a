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
)

// Office is what stands in the settings, and what of it only the running daemon knows.
type Office struct {
	Location    *time.Location // of days
	Stations    []Station
	Subscribers []Subscriber
	Procedures  []Procedure
	Kinds       []Kind
	// Due is the first moment at which the answer to a dossier of a procedure is late; zero where no deadline is known.
	Due func(procedure string, received time.Time) time.Time
}

// Station is a scanner at a counter, and its folder as it is now.
type Station struct {
	Name       string    `json:"name"`
	Department string    `json:"department"`
	Language   string    `json:"language" doc:"Of messages to its clerk."`
	Languages  []string  `json:"languages" nullable:"false" doc:"That its papers are read in: names of tessdata."`
	Grouping   string    `json:"grouping" enum:"file,folder,prefix,ticket,separator"`
	Purpose    string    `json:"purpose" enum:"reception,results,receipts"`
	Channel    string    `json:"channel" enum:"counter,online"`
	Online     bool      `json:"online" doc:"Its folder can be read."`
	AwaySince  time.Time `json:"away_since,omitzero" doc:"Since when its folder is away."`
	AwayReason string    `json:"away_reason,omitempty"`
	Paused     string    `json:"paused,omitempty" doc:"Why nothing is taken in anywhere."`
	Files      int       `json:"files" doc:"In its folder, not taken in yet."`
	Oldest     time.Time `json:"oldest_file,omitzero" doc:"When the first of them was seen."`
	Faults     int       `json:"failing_files,omitempty" doc:"Those among them that can't be read or moved."`
	Fault      string    `json:"fault,omitempty" doc:"Why, of one of them."`
	Untold     string    `json:"outcomes_failing,omitempty" doc:"Why outcomes can't be written into its folder."`
	Batches    []Batch   `json:"batches" nullable:"false" doc:"Those that are not closed, the oldest first."`
}

// Batch is one that is not closed.
type Batch struct {
	Key      string    `json:"key,omitempty" doc:"None for files without a ticket; identity numbers are masked."`
	Since    time.Time `json:"since"`
	Deposits int       `json:"deposits"`
	Files    int       `json:"files" doc:"Of it, in the folder."`
	Waits    string    `json:"waits" enum:"more,whole,intake,missing,ticket" doc:"What it waits for."`
	Missing  int       `json:"missing,omitempty" doc:"Files that its ticket lists and that are not there."`
}

// Subscriber is an endpoint that is told events.
type Subscriber struct {
	Name   string
	Host   string   // of its URL; the rest may hold secrets
	Events []string // empty: all
}

// Text is what people read, by language.
type Text struct {
	VI string `json:"vi,omitempty"`
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

// Procedure is what an office does for a citizen who brings the papers it asks for.
type Procedure struct {
	Code       string   `json:"code"`
	Name       Text     `json:"name"`
	Department string   `json:"department,omitempty"`
	Deadline   int      `json:"deadline" doc:"Working days from the day of reception."`
	Papers     []Paper  `json:"papers" nullable:"false"`
	Results    []string `json:"results" nullable:"false" doc:"Kinds of what the citizen receives."`
	File       string   `json:"file" doc:"That it was read from."`
}

// Paper is a paper that a procedure asks for.
type Paper struct {
	Kinds []string `json:"kinds" nullable:"false" doc:"Any of which will do."`
	Name  Text     `json:"name"`
	As    string   `json:"as,omitempty" enum:"original,copy,certified"`
	Min   int      `json:"min" doc:"0: may be brought."`
	Max   int      `json:"max" doc:"0: any number."`
	When  Text     `json:"when,omitzero" doc:"The condition under which it is asked for."`
}

// Kind is a sort of paper.
type Kind struct {
	Name     string   `json:"name"`
	Title    Text     `json:"title"`
	Identity bool     `json:"identity" doc:"Papers of it prove who somebody is: they are personal."`
	Fields   []string `json:"fields" nullable:"false"`
	File     string   `json:"file" doc:"That it was read from."`
	SHA256   string   `json:"sha256" doc:"Of the file."`
}

// office is what stands in the settings now.
func (c *Config) office() Office {
	o := Office{}
	if c.Office != nil {
		o = c.Office()
	}
	o.Location = cmp.Or(o.Location, time.UTC)
	return o
}

// stationAnswer is a station with what the catalogue knows of it.
type stationAnswer struct {
	Station
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
		Summary: "Stations: whether they are online, what they wait for, and how far behind they are",
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

// seenStations are those of the caller's scope, in the order of the settings.
func (s *server) seenStations(ctx context.Context) ([]stationAnswer, error) {
	scope := access.Of(ctx).Scope
	status, err := s.catalog.Status(ctx, scope)
	if err != nil {
		return nil, err
	}
	all := []stationAnswer{}
	for _, st := range s.cfg.office().Stations {
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
		Procedures []Procedure `json:"procedures" nullable:"false" doc:"By code."`
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
	out.Body.Procedures = append([]Procedure{}, s.cfg.office().Procedures...)
	return out, nil
}

type procedureInput struct {
	Code string `path:"code" maxLength:"64"`
}

type procedureOutput struct{ Body Procedure }

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
		Kinds []Kind `json:"kinds" nullable:"false" doc:"By name."`
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
	out.Body.Kinds = append([]Kind{}, s.cfg.office().Kinds...)
	return out, nil
}

type kindInput struct {
	Name string `path:"name" maxLength:"64"`
}

type kindOutput struct{ Body Kind }

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
