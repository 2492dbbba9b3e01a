package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// The parts of the API's description.
const (
	tagDeposits   = "Deposits"
	tagPages      = "Pages"
	tagDossiers   = "Dossiers"
	tagEvents     = "Events"
	tagObjects    = "Objects"
	tagDeliveries = "Deliveries"
	tagOffice     = "Office"
)

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: tagDeposits, Description: "Files as they came, from a scanner's folder or by upload."},
		{Name: tagPages, Description: "One side of paper each: what was seen and read on it, and its pictures."},
		{Name: tagDossiers, Description: "Papers that belong together, in numbered versions, and what people decide about them."},
		{Name: tagEvents, Description: "What came to be, in order: the same events that webhooks carry."},
		{Name: tagObjects, Description: "Files in object storage, under the keys that events and versions name."},
		{Name: tagDeliveries, Description: "Events on their way to subscribers."},
		{Name: tagOffice, Description: "Stations, procedures and kinds of papers as the settings have them, and counts."},
	}
}

// anywhere are the errors that every operation may answer with.
var anywhere = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusServiceUnavailable,
}

// add describes an operation and answers it.
func add[I, O any](api huma.API, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	describe(api, &op)
	huma.Register(api, op, do)
}

// describe adds what operations have in common.
func describe(api huma.API, op *huma.Operation) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	for _, status := range append(op.Errors, anywhere...) {
		key := strconv.Itoa(status)
		if op.Responses[key] == nil {
			op.Responses[key] = &huma.Response{Description: http.StatusText(status), Content: problemSchema(api)}
		}
	}
	op.Errors = nil
	seconds := &huma.Schema{Type: huma.TypeInteger, Description: "Seconds until asking again may help."}
	for _, key := range []string{"429", "503"} {
		op.Responses[key].Headers = map[string]*huma.Param{"Retry-After": {Schema: seconds}}
	}
}
