package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// bearerScheme is the name of the tokens in the API's description.
const bearerScheme = "token"

// api has the routes below /api/v1 and their description in OpenAPI 3.1.
func (s *server) api() http.Handler {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("dossierd", "1")
	config.Info.Description = "Events, objects and dossiers of dossierd, for case systems that fetch, and for the decisions of people. Webhooks carry the same events."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/v1/openapi", "", ""
	config.CreateHooks = nil // they add fields and headers to answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{bearerScheme: {Type: "http", Scheme: "bearer"}}
	config.Security = []map[string][]string{{bearerScheme: {}}}
	if s.cfg.PublicURL != "" {
		config.Servers = []*huma.Server{{URL: s.cfg.PublicURL}}
	}
	api := humago.New(mux, config)
	huma.Register(api, eventsOperation(api), s.events)
	huma.Register(api, statusOperation(), s.status)
	huma.Register(api, depositOperation(), s.deposit)
	huma.Register(api, dossierOperation(), s.dossier)
	huma.Register(api, decisionOperation(), s.decide)
	huma.Register(api, historyOperation(), s.history)
	huma.Register(api, stateOperation(), s.setState)
	huma.Register(api, placeOperation(), s.setPlace)
	huma.Register(api, lookupOperation(), s.lookup)
	api.OpenAPI().AddOperation(objectOperation(api))
	mux.HandleFunc("GET /api/v1/objects/{key...}", s.object)
	api.OpenAPI().AddOperation(uploadOperation(api))
	mux.HandleFunc("POST "+depositsPath, s.upload)
	return problems(mux)
}

// feed is the answer of /api/v1/events, as its description shows it.
type feed struct {
	Events []dossier.Event `json:"events" doc:"In the order in which they came to be; byte for byte what webhooks carry."`
	Next   string          `json:"next" doc:"Cursor for the next request; the one given where there is nothing new."`
}

type eventsInput struct {
	After string `query:"after" maxLength:"100" doc:"The next of an earlier answer; without it the feed begins at its beginning."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many events at most."`
}

func eventsOperation(api huma.API) huma.Operation {
	return huma.Operation{
		OperationID: "list-events", Method: http.MethodGet, Path: "/api/v1/events", Summary: "Events after a cursor",
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{"200": {
			Description: "Events, oldest first",
			Content: map[string]*huma.MediaType{
				"application/json": {Schema: huma.SchemaFromType(api.OpenAPI().Components.Schemas, reflect.TypeFor[feed]())},
			},
		}},
	}
}

// events writes its answer by hand: an event's bytes are what a webhook's signature covers, and stay as they are.
func (s *server) events(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	events, err := s.catalog.Events(ctx, in.After, in.Limit)
	if errors.Is(err, catalog.ErrCursor) {
		return nil, refused("bad_cursor")
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	body, err := feedBody(events, in.After)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/json")
		c.SetHeader("Cache-Control", "no-store")
		_, _ = c.BodyWriter().Write(body) // a client gone is its own affair
	}}, nil
}

func feedBody(events []catalog.FeedEvent, after string) ([]byte, error) {
	next := after
	var b bytes.Buffer
	b.WriteString(`{"events":[`)
	for i, e := range events {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(e.Body)
		next = e.Cursor
	}
	quoted, err := json.Marshal(next)
	if err != nil {
		return nil, fmt.Errorf("write cursor %q: %w", next, err)
	}
	b.WriteString(`],"next":`)
	b.Write(quoted)
	b.WriteString("}\n")
	return b.Bytes(), nil
}

type statusOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         catalog.Status
}

func statusOperation() huma.Operation {
	return huma.Operation{
		OperationID: "get-status", Method: http.MethodGet, Path: "/api/v1/status", Summary: "Deposits and deliveries by state",
		Errors: []int{http.StatusUnauthorized, http.StatusServiceUnavailable},
	}
}

func (s *server) status(ctx context.Context, _ *struct{}) (*statusOutput, error) {
	status, err := s.catalog.Status(ctx)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	return &statusOutput{CacheControl: "no-store", Body: status}, nil
}

// catalogError is what a client hears of a catalogue that fails; the log hears why.
func (s *server) catalogError(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		s.log.Error("catalogue not reached", "error", err)
	}
	return later(refused("catalogue_away"))
}
