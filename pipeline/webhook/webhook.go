// Package webhook turns an event into one signed HTTP request to a subscriber, and the answer into what to do next.
//
// It owns the signing (Standard Webhooks) and what counts as delivered. When an event is sent, in which order and what is
// remembered of it, is the pipeline's business. Proof: the Python library of Standard Webhooks verifies what is signed.
package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	defaultTimeout = 30 * time.Second
	// answerBytes is how much of an answer is read; what is in it does not matter.
	answerBytes = 64 << 10
	// errorBytes bounds the text of Result.Err.
	errorBytes = 300
	// keptBytes is how much of an answer's body Result has.
	keptBytes = 1 << 10
)

// Subscriber is one endpoint that wants events.
type Subscriber struct {
	Name string // [a-z0-9-]{1,32}
	URL  string
	// Secrets sign, each on its own: one, or two while a secret rotates. whsec_ and base64.
	Secrets []string
	// Timeout bounds one attempt, from dialling to the end of the answer. 0 means 30 s.
	Timeout time.Duration
}

// Outcome is what an attempt came to.
type Outcome int

// The outcomes of an attempt.
const (
	// Retry: not accepted; the same request may be later.
	Retry Outcome = iota
	// Delivered: the subscriber answered 2xx.
	Delivered
	// Gone: the subscriber answered 410 and wants no more.
	Gone
)

// Result is one attempt's end.
type Result struct {
	Outcome Outcome
	Status  int           // HTTP status; 0 where there was no answer
	After   time.Duration // Retry: the subscriber asked not to be tried before; 0 where it did not
	Err     error         // Retry and Gone: why, in at most 300 bytes

	At      time.Time         // when it was sent
	Took    time.Duration     // until the answer was there, or none was waited for any longer
	Headers map[string]string // of the request; of signatures only that there were some
	Answer  string            // the first KB of the answer, UTF-8
}

// Send makes one attempt: the body of the event id, signed at the time at. A connection refused, a timeout, a TLS fault
// and every answer but 2xx and 410 are for Retry; so is a redirect, which is not followed.
func Send(ctx context.Context, client *http.Client, sub Subscriber, id string, at time.Time, body []byte) Result {
	begun := time.Now()
	r := send(ctx, client, sub, id, at, body)
	r.At, r.Took = at, time.Since(begun)
	return r
}

func send(ctx context.Context, client *http.Client, sub Subscriber, id string, at time.Time, body []byte) Result {
	timeout := sub.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := request(ctx, sub, id, at, body)
	if err != nil {
		return Result{Err: short(err)}
	}
	resp, err := client.Do(req)
	if err != nil {
		return Result{Err: short(withoutURL(err)), Headers: shown(req.Header)}
	}
	defer resp.Body.Close()
	r := Result{Status: resp.StatusCode, Headers: shown(req.Header)}
	// The status says it all; what else is there is for people who look for a fault.
	beginning, _ := io.ReadAll(io.LimitReader(resp.Body, keptBytes))
	r.Answer = storable(string(beginning))
	// Read, so that the connection can be used again.
	_, _ = io.CopyN(io.Discard, resp.Body, answerBytes)
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		r.Outcome = Delivered
	case resp.StatusCode == http.StatusGone:
		r.Outcome, r.Err = Gone, answered(resp)
	default:
		r.After, r.Err = retryAfter(resp.Header, at), answered(resp)
	}
	return r
}

// shown are the headers of a request as people may see them.
func shown(h http.Header) map[string]string {
	all := make(map[string]string, len(h))
	for name := range h {
		all[strings.ToLower(name)] = h.Get(name)
	}
	const signature = standardwebhooks.HeaderWebhookSignature
	if n := len(strings.Fields(h.Get(signature))); n > 0 {
		all[signature] = strings.TrimSuffix(strings.Repeat("v1,*** ", n), " ")
	}
	return all
}

// storable makes a text fit for a database.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

func request(ctx context.Context, sub Subscriber, id string, at time.Time, body []byte) (*http.Request, error) {
	signature, err := sign(sub.Secrets, id, at, body)
	if err != nil {
		return nil, fmt.Errorf("sign for %s: %w", sub.Name, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("url of subscriber %s: %w", sub.Name, withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "dossierd")
	req.Header.Set(standardwebhooks.HeaderWebhookID, id)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// sign gives one signature a secret, separated by spaces.
func sign(secrets []string, id string, at time.Time, body []byte) (string, error) {
	if len(secrets) == 0 {
		return "", errors.New("no secret")
	}
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", fmt.Errorf("secret %d of %d is not base64", i+1, len(secrets)) // and is not repeated here
		}
		if signatures[i], err = hook.Sign(id, at, body); err != nil {
			return "", err
		}
	}
	return strings.Join(signatures, " "), nil
}

// retryAfter reads the header in both of its forms, seconds and a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(max(0, time.Duration(seconds)), longestAfter/time.Second) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(0, date.Sub(now)), longestAfter)
}

func answered(resp *http.Response) error {
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" {
		return short(fmt.Errorf("answered %s: redirects are not followed", resp.Status))
	}
	return short(fmt.Errorf("answered %s", resp.Status))
}

// withoutURL leaves out what the subscriber's URL may hold: a token.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// short cuts an error's text and makes it fit for a database; it is kept with every failed attempt.
func short(err error) error {
	text := storable(err.Error())
	if len(text) > errorBytes {
		text = strings.ToValidUTF8(text[:errorBytes-3], "") + "..."
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}
