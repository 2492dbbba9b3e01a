package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/dossierd/dossierd/pipeline/webhook"
	"github.com/dossierd/dossierd/storage/catalog"
)

// unconfigured is how long a delivery waits when its subscriber stands in no configuration.
const unconfigured = time.Minute

// Deliver sends a subscriber the unsent events of one dossier or deposit, lowest sequence first: the job of the
// catalogue. An event that is not accepted is tried again with growing pauses for webhook.GiveUpAfter and holds up
// those behind it; then it is a dead letter, and the next one follows.
func (p *Pipeline) Deliver(ctx context.Context, subscriber, subject string) error {
	for {
		d, err := p.catalog.NextDelivery(ctx, subscriber, subject)
		if errors.Is(err, catalog.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find the next event for %s: %w", subscriber, err)
		}
		sub, ok := p.settings.Load().subscribers[subscriber]
		if !ok {
			return catalog.Snooze(fmt.Errorf("subscriber %s is not configured", subscriber), unconfigured)
		}
		if wait := time.Until(d.NextAt); wait > 0 {
			return catalog.Snooze(fmt.Errorf("event %s is not due", d.EventID), wait)
		}
		done := p.metrics.step("deliver")
		result := webhook.Send(ctx, p.client, sub, d.EventID, time.Now(), d.Body)
		done()
		fault("deliver.sent")
		if err := p.sent(ctx, d, result); err != nil {
			return err
		}
	}
}

// sent records one attempt. nil means: go on with the next event.
func (p *Pipeline) sent(ctx context.Context, d *catalog.Delivery, r webhook.Result) error {
	if ctx.Err() != nil && r.Outcome == webhook.Retry {
		return ctx.Err() // the daemon is stopping: this was no attempt of the subscriber's making
	}
	tried := attemptOf(r)
	count := func(outcome string) { p.metrics.deliveries.WithLabelValues(d.Subscriber, outcome).Inc() }
	switch r.Outcome {
	case webhook.Delivered:
		count("delivered")
		p.log.Info("event delivered", "event", d.EventID, "type", d.EventType, "subscriber", d.Subscriber, "attempt", d.Attempts+1)
		return p.catalog.Delivered(ctx, d.ID, tried)
	case webhook.Gone:
		count("gone")
		p.log.Warn("subscriber answered 410 and is switched off", "subscriber", d.Subscriber, "event", d.EventID)
		return p.catalog.SwitchOff(ctx, d.ID, tried)
	case webhook.Retry:
	}
	now := time.Now()
	if !d.TriedAt.IsZero() && now.Sub(d.TriedAt) > webhook.GiveUpAfter {
		count("dead")
		p.log.Error("event given up", "event", d.EventID, "subscriber", d.Subscriber, "attempts", d.Attempts+1, "status", r.Status, "reason", tried.Error)
		return p.catalog.DeliveryFailed(ctx, d.ID, tried, now, true)
	}
	count("retry")
	wait := max(r.After, webhook.Backoff(d.Attempts+1, rand.Float64()))
	if err := p.catalog.DeliveryFailed(ctx, d.ID, tried, now.Add(wait), false); err != nil {
		return err
	}
	p.log.Warn("event not delivered", "event", d.EventID, "subscriber", d.Subscriber, "attempt", d.Attempts+1, "status", r.Status, "reason", tried.Error, "wait", wait.Round(time.Second))
	return catalog.Snooze(fmt.Errorf("deliver %s to %s: %s", d.EventID, d.Subscriber, tried.Error), wait)
}

// attemptOf is what the catalogue keeps of an attempt.
func attemptOf(r webhook.Result) catalog.Attempt {
	a := catalog.Attempt{At: r.At, Took: r.Took, Status: r.Status, Headers: r.Headers, Answer: r.Answer}
	switch {
	case r.Err != nil:
		a.Error = r.Err.Error()
	case r.Outcome != webhook.Delivered:
		a.Error = "no answer"
	}
	return a
}
