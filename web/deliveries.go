package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type deliveriesInput struct {
	ListInput
	State      catalog.DeliveryState `query:"state" enum:"pending,delivered,dead"`
	Subscriber string                `query:"subscriber" maxLength:"64"`
	Subject    string                `query:"subject" maxLength:"64" doc:"Dossier code, or id of a deposit."`
}

type deliveriesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Deliveries []catalog.Delivery `json:"deliveries" nullable:"false" doc:"The newest first."`
		Next       string             `json:"next,omitempty" doc:"The after of the next request; none at the end of the list."`
	}
}

func deliveriesOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "list-deliveries", Method: http.MethodGet, Path: "/api/v1/deliveries",
		Summary: "Events on their way to subscribers, the newest first",
	}
}

func (s *server) deliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	list, err := s.catalog.Deliveries(ctx, access.Of(ctx).Scope, catalog.DeliveryFilter{
		State: in.State, Subscriber: in.Subscriber, Subject: in.Subject, Limit: in.Limit, Before: in.After,
	})
	if err != nil {
		return nil, s.listError(ctx, err)
	}
	out := &deliveriesOutput{CacheControl: "no-store"}
	out.Body.Deliveries = append([]catalog.Delivery{}, list...)
	out.Body.Next = next(list, in.Limit, func(d *catalog.Delivery) string { return d.ID })
	return out, nil
}

type deliveryInput struct {
	ID string `path:"id" maxLength:"64" doc:"Of the delivery."`
}

type deliveryOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		catalog.Delivery
		Tried []attemptAnswer `json:"tried" nullable:"false" doc:"Each attempt, the first one first."`
		Event json.RawMessage `json:"event_body" doc:"What is sent, byte for byte."`
	}
}

// attemptAnswer is one time that a delivery was tried.
type attemptAnswer struct {
	At      time.Time         `json:"at"`
	Seconds float64           `json:"seconds"`
	Status  int               `json:"status,omitempty" doc:"Of HTTP; none where there was no answer."`
	Error   string            `json:"error,omitempty" doc:"Why it was not accepted."`
	Headers map[string]string `json:"headers,omitempty" doc:"Of the request, without what is secret."`
	Answer  string            `json:"answer,omitempty" doc:"The first KB of it, identity numbers masked."`
}

func deliveryOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "get-delivery", Method: http.MethodGet, Path: "/api/v1/deliveries/{id}",
		Summary: "One delivery: each attempt with its answer, and the event", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) delivery(ctx context.Context, in *deliveryInput) (*deliveryOutput, error) {
	d, attempts, err := s.catalog.ViewDelivery(ctx, access.Of(ctx), in.ID)
	if err != nil {
		return nil, s.deliveryError(ctx, err)
	}
	out := &deliveryOutput{CacheControl: "no-store"}
	out.Body.Delivery, out.Body.Event, out.Body.Tried = d, d.Body, make([]attemptAnswer, 0, len(attempts))
	for _, a := range attempts {
		out.Body.Tried = append(out.Body.Tried, attemptAnswer{a.At, a.Took.Seconds(), a.Status, a.Error, a.Headers, a.Answer})
	}
	return out, nil
}

func (s *server) deliveryError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		return refused("unknown_delivery")
	case errors.Is(err, catalog.ErrKeyReused):
		return refused("key_reused")
	}
	return s.catalogError(ctx, err)
}

// Keyed is a request that is done once under a key.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"The request under the same key, sent again, is done once and answered alike."`
}

// key is the one that was sent, without the quotes of a structured header.
func (k *Keyed) key() string { return strings.Trim(strings.TrimSpace(k.Key), `"`) }

type replayInput struct {
	Keyed
	Body struct {
		Deliveries []string `json:"deliveries" minItems:"1" maxItems:"1000" nullable:"false" doc:"Ids."`
	}
}

type replayOutput struct {
	Body struct {
		Replayed int `json:"replayed" doc:"How many go out again; those that were pending go on as they did."`
	}
}

func replayOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "replay-deliveries", Method: http.MethodPost,
		Path: "/api/v1/deliveries/replay", Summary: "Send events again", Errors: []int{http.StatusNotFound},
		Description: "Dead and delivered ones go out as if their events were new. A subscriber that is switched off is switched on, with all that " +
			"is pending for it, where the caller sees all records. Of an unknown id, none goes out.",
	}
}

func (s *server) replay(ctx context.Context, in *replayInput) (*replayOutput, error) {
	who := access.Of(ctx)
	n, err := s.catalog.ReplayOnce(ctx, who, in.key(), in.Body.Deliveries)
	if err != nil {
		return nil, s.deliveryError(ctx, err)
	}
	s.log.Info("deliveries replayed", "deliveries", len(in.Body.Deliveries), "replayed", n, "who", who.Name)
	out := new(replayOutput)
	out.Body.Replayed = n
	return out, nil
}

// subscriberAnswer is a subscriber as the settings have it, without what is secret.
type subscriberAnswer struct {
	Name     string    `json:"name"`
	Host     string    `json:"host" doc:"Where events are sent to."`
	Events   []string  `json:"events" nullable:"false" doc:"That it wants; none: all."`
	OffSince time.Time `json:"off_since,omitzero" doc:"Since when nothing is sent to it, until something is replayed."`
	OffWhy   string    `json:"off_reason,omitempty"`
	Held     int       `json:"held,omitempty" doc:"Deliveries that are held back meanwhile; told to who sees all records."`
}

type subscribersOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Subscribers []subscriberAnswer `json:"subscribers" nullable:"false"`
	}
}

func subscribersOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "list-subscribers", Method: http.MethodGet, Path: "/api/v1/subscribers",
		Summary: "Who is told events, and who is switched off",
	}
}

func (s *server) subscribers(ctx context.Context, _ *struct{}) (*subscribersOutput, error) {
	off, err := s.catalog.SwitchedOff(ctx)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out := &subscribersOutput{CacheControl: "no-store"}
	out.Body.Subscribers = []subscriberAnswer{}
	for _, sub := range s.cfg.office().Subscribers {
		a := subscriberAnswer{Name: sub.Name, Host: sub.Host, Events: append([]string{}, sub.Events...)}
		if i := slices.IndexFunc(off, func(o catalog.SwitchedOff) bool { return o.Subscriber == sub.Name }); i >= 0 {
			a.OffSince, a.OffWhy = off[i].Since, off[i].Reason
			if access.Of(ctx).Scope.All {
				a.Held = off[i].Pending
			}
		}
		out.Body.Subscribers = append(out.Body.Subscribers, a)
	}
	return out, nil
}

type testInput struct {
	Keyed
	Name string `path:"name" maxLength:"64" doc:"Of the subscriber."`
}

type testOutput struct {
	Location string `header:"Location" doc:"Path of the delivery."`
	Body     struct {
		Delivery string `json:"delivery" doc:"Its id: it tells how the subscriber answered."`
	}
}

func testOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "test-subscriber", Method: http.MethodPost,
		Path:        "/api/v1/subscribers/{name}/test",
		Summary:     "Send a subscriber a signed test event; for who sees all records",
		Description: "Its type is test; it tells of nothing, stands in no feed, and is tried again like others.",
		Errors:      []int{http.StatusNotFound}, DefaultStatus: http.StatusAccepted,
	}
}

func (s *server) testSubscriber(ctx context.Context, in *testInput) (*testOutput, error) {
	if !access.Of(ctx).Scope.All {
		return nil, refused("forbidden")
	}
	who := access.Of(ctx)
	id, err := s.catalog.SendTest(ctx, who, in.key(), in.Name)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, refused("unknown_subscriber")
	}
	if err != nil {
		return nil, s.deliveryError(ctx, err)
	}
	s.log.Info("test event made", "subscriber", in.Name, "delivery", id, "who", who.Name)
	out := &testOutput{Location: "/api/v1/deliveries/" + id}
	out.Body.Delivery = id
	return out, nil
}
