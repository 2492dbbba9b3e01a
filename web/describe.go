package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// part is a part of the API, by the first of its paths' segments.
type part struct{ name, description string }

func parts() map[string]part {
	deliveries := part{"Deliveries", "Events on their way to subscribers."}
	return map[string]part{
		"deposits":    {"Deposits", "Files as they came, from a scanner's folder or by upload."},
		"pages":       {"Pages", "One side of paper each: what was seen and read on it, and its pictures."},
		"dossiers":    {"Dossiers", "Papers that belong together, in numbered versions, and what people decide about them."},
		"search":      {"Search", "Pages by what they say, typed with or without tone marks."},
		"events":      {"Events", "What came to be, in order: the same events that webhooks carry."},
		"objects":     {"Objects", "Files in object storage, under the keys that events and versions name."},
		"quarantine":  {"Quarantine", "Deposits that were refused, and what people do about them."},
		"deliveries":  deliveries,
		"subscribers": deliveries,
		"":            {"Office", "Stations, procedures and kinds of papers as the settings have them, and counts."},
	}
}

// partOf is the part of the API that a path lies in.
func partOf(path string) part {
	segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
	if p, ok := parts()[segment]; ok {
		return p
	}
	return parts()[""]
}

func tags() []*huma.Tag {
	var all []*huma.Tag
	for _, p := range parts() {
		if !slices.ContainsFunc(all, func(t *huma.Tag) bool { return t.Name == p.name }) {
			all = append(all, &huma.Tag{Name: p.name, Description: p.description})
		}
	}
	slices.SortFunc(all, func(a, b *huma.Tag) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// anywhere are the errors that every operation may answer with.
var anywhere = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusServiceUnavailable,
}

// withBody are those of operations that are sent a body.
var withBody = []int{
	http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
}

// add describes an operation and answers it.
func add[I, O any](api huma.API, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	describe(api, &op)
	huma.Register(api, op, do)
}

// describe adds what operations have in common: their part of the API, and the errors that each may answer with.
func describe(api huma.API, op *huma.Operation) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	errors := slices.Concat(op.Errors, anywhere)
	if op.Method != http.MethodGet {
		errors = append(errors, withBody...)
	}
	for _, status := range errors {
		key := strconv.Itoa(status)
		if op.Responses[key] == nil {
			op.Responses[key] = &huma.Response{Description: http.StatusText(status), Content: problemSchema(api)}
		}
	}
	op.Errors, op.Tags = nil, []string{partOf(op.Path).name}
	seconds := &huma.Schema{Type: huma.TypeInteger, Description: "Seconds until asking again may help."}
	for _, key := range []string{"429", "503"} {
		op.Responses[key].Headers = map[string]*huma.Param{"Retry-After": {Schema: seconds}}
	}
}
