package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/client"
)

// answerTime is how long a daemon may take over an answer.
const answerTime = 30 * time.Second

// tokenVariable names the environment's variable that holds a token. A command line would show it to everybody on the machine.
const tokenVariable = "DOSSIERD_TOKEN"

// askServer has a running daemon answer, by its API.
func (a *app) askServer(q question) (asker, error) {
	server, err := a.serverURL(q.server)
	if err != nil {
		return nil, err
	}
	token, err := a.token(q.tokenFile)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	who := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Accept-Language", a.words.language)
		return nil
	}
	c, err := client.NewClientWithResponses(server, client.WithHTTPClient(&http.Client{Timeout: answerTime}), client.WithRequestEditorFn(who))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, cursor string, limit int) (catalog.Found, error) {
		order, most := client.SearchParamsOrder(q.order), int64(limit)
		params := client.SearchParams{Q: q.text, Order: &order, Exact: &q.exact, Limit: &most}
		if cursor != "" {
			params.After = &cursor
		}
		r, err := c.SearchWithResponse(ctx, &params)
		if err != nil {
			return catalog.Found{}, a.unreachable(ctx, server, err)
		}
		if r.JSON200 == nil || r.JSON200.Hits == nil {
			return catalog.Found{}, a.serverFault(server, r)
		}
		var found catalog.Found // its names are those of the answer, so that lines of JSON are alike whoever is asked
		err = json.Unmarshal(r.Body, &found)
		return found, err
	}, nil
}

// serverURL is where the daemon is asked that --server names.
func (a *app) serverURL(server string) (string, error) {
	if server == "settings" {
		cfg, err := a.load()
		if err != nil {
			return "", err
		}
		return baseURL(cfg), nil
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", &exitError{code: exitUsage, err: errors.New(a.words.say("server_url", server))}
	}
	return server, nil
}

// token is the one in the file, or without a file the one in the environment.
func (a *app) token(file string) (string, error) {
	token := os.Getenv(tokenVariable)
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", a.pathFault(err)
		}
		token = string(text)
	}
	if token = strings.TrimSpace(token); token == "" {
		return "", errors.New(a.words.say("no_token", cmp.Or(file, "$"+tokenVariable)))
	}
	return token, nil
}

// unreachable is what is told of a server that gave no answer. The question, which may name people, is not repeated with it.
func (a *app) unreachable(ctx context.Context, server string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	return &exitError{code: exitMachine, err: errors.New(a.words.say("server_away", server, err))}
}

// serverFault is what is told of a server that did not do what it was asked. It has said why, unless it is another program.
func (a *app) serverFault(server string, r *client.SearchResponse) error {
	p := r.ApplicationproblemJSONDefault
	if p == nil || p.Detail == "" {
		return &exitError{code: exitMachine, err: errors.New(a.words.say("server_strange", server, r.Status()))}
	}
	fault := &exitError{code: exitMachine, err: errors.New(p.Detail)}
	switch status := r.StatusCode(); {
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
	default: // the question or the token will not do
		fault.code = exitUsage
	}
	return fault
}
