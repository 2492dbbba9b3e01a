package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
)

// demoSecret signs the events of the demonstration, which go from this process to itself.
const demoSecret = "whsec_ZG9zc2llcmQgZGVtb25zdHJhdGlvbiBzZWNyZXQ="

// demo is serve with a subscriber of its own that prints each event, and a sample dropped into the first station.
func (a *app) demo(ctx context.Context, cfg *config.Config, sample string) error {
	if len(cfg.Stations) == 0 {
		return &exitError{code: exitUsage, err: fmt.Errorf("--demo %s: no station to drop it into", sample)}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	cfg.Subscribers = append(cfg.Subscribers, config.Subscriber{
		Name: "demo", URL: "http://" + listener.Addr().String(), Secret: demoSecret, Timeout: config.Duration(10 * time.Second),
	})
	// The sample is the same at every start, and is to come out every time.
	cfg.Stations[0].DuplicateWindow = 0
	var server *http.Server
	err = a.serve(ctx, cfg, func(d *daemon) {
		server = &http.Server{ReadHeaderTimeout: time.Second, Handler: &demoSink{d: d}}
		go server.Serve(listener) //nolint:errcheck // ends with the process
		if err := dropSample(sample, cfg.Stations[0].Folder); err != nil {
			d.log.Error("sample not dropped", "error", err)
		}
		fmt.Fprintln(a.stdout, a.words.say("serving", cfg.HTTP.Listen, cfg.Data))
	})
	if server != nil {
		server.Close()
	}
	return err
}

// dropSample puts the file into the folder as a good scanner does: written under a hidden name, then renamed.
func dropSample(sample, folder string) error {
	data, err := os.ReadFile(sample)
	if err != nil {
		return err
	}
	hidden := filepath.Join(folder, ".sample.part")
	if err := os.WriteFile(hidden, data, 0o644); err != nil {
		return err
	}
	return os.Rename(hidden, filepath.Join(folder, filepath.Base(sample)))
}

// demoSink receives events as a case system would and tells what they are about.
type demoSink struct{ d *daemon }

func (s *demoSink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	var event dossier.Event
	if err := json.Unmarshal(body, &event); err != nil {
		return
	}
	out, say := s.d.app.stdout, s.d.app.words.say
	if facts := event.Data.Dossier; event.Type == dossier.EventDossierPublished {
		fmt.Fprintln(out, "\n"+say("demo_dossier", facts.Code, facts.Pages))
		fmt.Fprintln(out, say("demo_pdf", filepath.Join(s.d.cfg.Store.Folder, event.Data.Objects["pdf"].Key)))
		fmt.Fprintln(out, say("demo_text", s.firstWords(r.Context(), event)))
		for _, doc := range facts.Documents {
			fmt.Fprintln(out, say("demo_paper", cmp.Or(doc.Title, "?"), doc.First))
		}
		defer fmt.Fprintln(out, say("drop_here", s.d.cfg.Stations[0].Folder))
	}
	fmt.Fprintln(out, say("demo_event", string(body)))
}

// firstWords are the first words of the dossier's first page.
func (s *demoSink) firstWords(ctx context.Context, event dossier.Event) string {
	r, err := s.d.store.Get(ctx, event.Data.Objects["metadata"].Key)
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	var m pipeline.Metadata
	if err := json.NewDecoder(r).Decode(&m); err != nil || len(m.Pages) == 0 {
		return "-"
	}
	layout, err := s.d.store.Get(ctx, m.Pages[0].Layout)
	if err != nil {
		return "-"
	}
	defer layout.Close()
	page, err := pipeline.DecodePage(layout)
	if err != nil {
		return "-"
	}
	var text []string
	for line := range page.Layout.Lines {
		for _, w := range line.Words {
			if text = append(text, w.Text); len(text) == 16 {
				return strings.Join(text, " ") + " ..."
			}
		}
	}
	return strings.Join(text, " ")
}
