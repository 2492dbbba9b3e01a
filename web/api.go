package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// Names of the credentials in the API's description.
const (
	bearerScheme  = "token"
	sessionScheme = "session"
)

// mountAPI mounts the routes below /api/v1.
func (s *server) mountAPI(mux *access.Mux) {
	operations := s.api()
	api := problems(operations)
	for _, path := range []string{"docs", "docs.css", "openapi.json", "openapi.yaml", "openapi-3.0.json", "openapi-3.0.yaml"} {
		mux.Handle("GET /api/v1/"+path, access.Anyone, api)
	}
	mux.Mount(operations, access.Guard(access.Somebody, s.refuse, s.cfg.Access.Limit(access.Requests, tooMany, api)), "/api/v1/")
}

func tooMany(w http.ResponseWriter, r *http.Request, wait int) {
	problem(w, r, refused("too_many_requests", wait))
}

// described is how huma registers what it describes: guard asks for the rights, which the description names.
type described struct{ *access.Mux }

// HandleFunc implements humago.Mux.
func (d described) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	d.Handle(pattern, access.Anyone, http.HandlerFunc(h))
}

// api has the routes below /api/v1 and their description in OpenAPI 3.1.
func (s *server) api() *access.Mux {
	mux := access.NewMux(s.refuse)
	config := huma.DefaultConfig("dossierd", "1")
	config.Info.Description = "Events, objects and dossiers of dossierd, for case systems that fetch, and for the decisions of people. Webhooks carry the same events."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/v1/openapi", "", ""
	config.CreateHooks = nil // they add fields and headers to answers
	config.Transformers = []huma.Transformer{translate}
	config.Tags = tags()
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearerScheme: {Type: "http", Scheme: "bearer"}, sessionScheme: {Type: "apiKey", In: "cookie", Name: access.SecureCookie},
	}
	config.Security = []map[string][]string{{bearerScheme: {}}, {sessionScheme: {}}}
	if s.cfg.PublicURL != "" {
		config.Servers = []*huma.Server{{URL: s.cfg.PublicURL}}
	}
	api := humago.New(described{mux}, config)
	api.UseMiddleware(s.guard)
	add(api, eventsOperation(api), s.events)
	add(api, statusOperation(), s.status)
	add(api, depositsOperation(), s.deposits)
	add(api, depositOperation(), s.deposit)
	add(api, depositPagesOperation(), s.depositPages)
	add(api, pageOperation(), s.page)
	add(api, dossiersOperation(), s.dossiers)
	add(api, dossierOperation(), s.dossier)
	add(api, versionsOperation(), s.versions)
	add(api, versionOperation(), s.version)
	add(api, documentsOperation(), s.documents)
	add(api, fieldsOperation(), s.fields)
	add(api, searchOperation(), s.search)
	add(api, decisionOperation(), s.decide)
	add(api, historyOperation(), s.history)
	add(api, stateOperation(), s.setState)
	add(api, placeOperation(), s.setPlace)
	add(api, lookupOperation(), s.lookup)
	add(api, auditOperation(), s.auditLog)
	add(api, quarantineOperation(), s.quarantine)
	add(api, retryOperation(), s.retry)
	add(api, assignOperation(), s.assign)
	add(api, dismissOperation(), s.dismiss)
	add(api, deliveriesOperation(), s.deliveries)
	add(api, deliveryOperation(), s.delivery)
	add(api, replayOperation(), s.replay)
	add(api, subscribersOperation(), s.subscribers)
	add(api, testOperation(), s.testSubscriber)
	add(api, stationsOperation(), s.stations)
	add(api, stationOperation(), s.station)
	add(api, reportOperation(), s.report)
	add(api, proceduresOperation(), s.procedures)
	add(api, procedureOperation(), s.procedure)
	add(api, kindsOperation(), s.kinds)
	add(api, kindOperation(), s.kind)
	raw := func(op *huma.Operation, pattern string, answer http.HandlerFunc) {
		describe(api, op)
		handle(mux, api, op, pattern, answer)
	}
	raw(objectOperation(api), "GET /api/v1/objects/{key...}", s.object)
	raw(uploadOperation(api), "POST "+depositsPath, s.upload)
	for _, form := range pageForms() {
		path := "/api/v1/pages/{id}/" + form.name
		schema := form.schema(api.OpenAPI().Components.Schemas)
		raw(pageFileOperation(api, "get-page-"+form.name, path, form.summary, form.contentType, schema), "GET "+path, s.pageFile(form))
	}
	jpeg := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	for name, summary := range map[string]string{"thumb": "A small picture of a page", "preview": "A picture of a page to look at"} {
		path := "/api/v1/pages/{id}/" + name
		raw(pageFileOperation(api, "get-page-"+name, path, summary, "image/jpeg", jpeg), "GET "+path, s.picture(name+".jpg", ""))
	}
	first := pageFileOperation(api, "get-deposit-thumb", depositsPath+"/{id}/thumb", "A small picture of a deposit's first page", "image/jpeg", jpeg)
	raw(first, "GET "+first.Path, s.picture("thumb.jpg", "-1"))
	delete(api.OpenAPI().Components.Schemas.Map(), "ErrorModel") // huma's own, in whose place problems are
	page, err := docs(api.OpenAPI())
	if err != nil {
		s.log.Error("no page of the API's description", "error", err)
		page = func(w http.ResponseWriter, r *http.Request) { problem(w, r, refused("fault")) }
	}
	mux.HandleFunc("GET /api/v1/docs", access.Anyone, page)
	mux.HandleFunc("GET /api/v1/docs.css", access.Anyone, static("text/css; charset=utf-8", docsStyle))
	return mux
}

// rightKey is where an operation names its right, in its description too.
const rightKey = "x-right"

// needs is the right that an operation asks for. One that names none is closed to everybody.
func needs(right access.Right) map[string]any { return map[string]any{rightKey: right} }

// guard lets those call an operation who have its right.
func (s *server) guard(ctx huma.Context, next func(huma.Context)) {
	right, _ := ctx.Operation().Extensions[rightKey].(access.Right)
	r, w := humago.Unwrap(ctx)
	access.Guard(right, s.refuse, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { next(ctx) })).ServeHTTP(w, r)
}

// handle is huma.Register for an operation whose requests or answers are streams.
func handle(mux *access.Mux, api huma.API, op *huma.Operation, pattern string, h http.HandlerFunc) {
	api.OpenAPI().AddOperation(op)
	right, _ := op.Extensions[rightKey].(access.Right)
	mux.Handle(pattern, right, h)
}

// feed is the answer of /api/v1/events, as its description shows it.
type feed struct {
	Events []dossier.Event `json:"events" doc:"In the order in which they came to be; byte for byte what webhooks carry."`
	Next   string          `json:"next" doc:"Cursor for the next request; the one given where there is nothing new."`
}

type eventsInput struct {
	After string `query:"after" maxLength:"100" doc:"The next of an earlier answer; without it the feed begins at its beginning."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many events at most."`
	Wait  int    `query:"wait" minimum:"0" maximum:"8" doc:"Seconds to wait for an event where there is none yet."`
}

func eventsOperation(api huma.API) huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-events", Method: http.MethodGet, Path: "/api/v1/events",
		Summary: "Events after a cursor, about the records that the caller sees",
		Errors:  []int{http.StatusBadRequest},
		Responses: map[string]*huma.Response{"200": {
			Description: "Events, oldest first",
			Content: map[string]*huma.MediaType{
				"application/json": {Schema: huma.SchemaFromType(api.OpenAPI().Components.Schemas, reflect.TypeFor[feed]())},
			},
		}},
	}
}

// askAgain is how often a reader's wait looks for events.
const askAgain = 250 * time.Millisecond

// awaitEvents reads the feed, and again until there is something in it or the time is over that the reader waits. A request that was
// given up ends the wait.
func (s *server) awaitEvents(ctx context.Context, in *eventsInput) (events []catalog.FeedEvent, next string, err error) {
	over := time.After(time.Duration(in.Wait) * time.Second)
	for {
		events, next, err = s.catalog.Events(ctx, in.After, in.Limit, access.Of(ctx).Scope)
		if err != nil || len(events) > 0 || in.Wait == 0 {
			return events, next, err
		}
		in.After = next
		select {
		case <-over:
			return events, next, nil
		case <-ctx.Done():
			return events, next, ctx.Err()
		case <-time.After(askAgain):
		}
	}
}

// events writes its answer by hand: an event's bytes are what a webhook's signature covers, and stay as they are.
func (s *server) events(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	if in.Wait > 0 {
		end, ok := s.cfg.Access.Hold(access.Of(ctx))
		if !ok {
			again := http.Header{"Retry-After": {strconv.Itoa(access.HeldAgain)}}
			return nil, huma.ErrorWithHeaders(refused("too_many_requests", access.HeldAgain), again)
		}
		defer end()
	}
	events, next, err := s.awaitEvents(ctx, in)
	if err == nil && len(events) > 0 {
		err = s.listed(ctx, "events")
	}
	if errors.Is(err, catalog.ErrCursor) {
		return nil, refused("bad_cursor")
	}
	if still, failed := s.cfg.Access.StillThere(ctx); failed == nil && !still {
		return nil, refused("token_needed")
	} else if failed != nil {
		err = failed
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	body, err := feedBody(events, next)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/json")
		c.SetHeader("Cache-Control", "no-store")
		_, _ = c.BodyWriter().Write(body) // a client gone is its own affair
	}}, nil
}

func feedBody(events []catalog.FeedEvent, next string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"events":[`)
	for i, e := range events {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(e.Body)
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
		Extensions: needs(access.View), OperationID: "get-status", Method: http.MethodGet, Path: "/api/v1/status",
		Summary: "Deposits by state, and for who sees everything deliveries",
	}
}

func (s *server) status(ctx context.Context, _ *struct{}) (*statusOutput, error) {
	status, err := s.catalog.Status(ctx, access.Of(ctx).Scope)
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
	return passing(refused("catalogue_away"))
}
