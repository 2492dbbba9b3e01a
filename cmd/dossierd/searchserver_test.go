package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// ask runs `dossierd search` beside the daemon, with a language and a token of the environment.
func (h *house) ask(language, tokenGiven string, args ...string) (exit int, stdout, stderr string) {
	h.t.Helper()
	cmd := exec.CommandContext(h.t.Context(), h.binary, append([]string{"search", "--config", h.config}, args...)...)
	cmd.Env = append(os.Environ(), "DOSSIERD_TOKEN="+tokenGiven, "LC_ALL="+language)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		h.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// shelve publishes a dossier of as many pages as there are texts, before the daemon starts.
func (h *house) shelve(texts []string) {
	h.t.Helper()
	must := func(err error) {
		h.t.Helper()
		if err != nil {
			h.t.Fatal(err)
		}
	}
	must(os.MkdirAll(h.data, 0o700))
	c, err := catalog.Open(h.t.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(h.data, "catalogue.db")}, slog.New(slog.DiscardHandler))
	must(err)
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err = c.TakeIn(h.t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: "sha", Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(err)
	must(c.Split(h.t.Context(), catalog.Split{DepositID: "d1", Pages: len(texts)}))
	var doc catalog.PlanDocument
	found := catalog.SearchDocument{Kind: "vi-application", Title: "Đơn"}
	for i, text := range texts {
		page := fmt.Sprintf("d1-%d", i+1)
		must(c.PageDone(h.t.Context(), catalog.PageDone{PageID: page, ArtifactID: page}))
		doc.Pages = append(doc.Pages, page)
		found.Pages = append(found.Pages, catalog.SearchPage{ID: page, ArtifactID: page, Text: text, Language: "vie", Confidence: .9})
	}
	versions, err := c.Reserve(h.t.Context(), "d1", []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(err)
	must(c.Publish(h.t.Context(), catalog.Published{Revision: "d1", Versions: []catalog.PublishedVersion{{
		Code: versions[0].Dossier.Code, Number: 1, Pages: len(texts), Complete: catalog.CompleteUnknown, Search: []catalog.SearchDocument{found},
	}}}))
	must(c.Close())
}

func TestADaemonIsAskedByItsAPIAsTheCatalogueIs(t *testing.T) {
	h := newHouse(t, "")
	texts := make([]string, 105)
	for i := range texts {
		texts[i] = fmt.Sprintf("Bà Nguyễn Thị Hoà tờ %d", i+1)
	}
	h.shelve(texts)
	h.start("")
	secret := filepath.Join(h.dir, "token.txt")
	if err := os.WriteFile(secret, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		args  []string
		lines int
	}{
		{[]string{"hoa"}, 21},
		{[]string{"--json", "--limit", "103", "hoa"}, 103},
		{[]string{"--json", "--all", "hoa"}, 105},
		{[]string{"--all", "--order", "oldest", "hoa"}, 106},
		{[]string{"--json", "--exact", "hoa"}, 0},
	} {
		exit, own, said := h.ask("en", "", c.args...)
		if exit != 0 || strings.Count(own, "\n") != c.lines {
			t.Errorf("%q: exit code %d, %d lines\n%s", c.args, exit, strings.Count(own, "\n"), said)
		}
		server := []string{"http://" + h.address, "settings"}[i%2]
		exit, theirs, heard := h.ask("en", "", append([]string{"--server", server, "--token-file", secret}, c.args...)...)
		if exit != 0 || theirs != own || heard != said {
			t.Errorf("%s, %q: exit code %d, %d lines for %d\n%s", server, c.args, exit, strings.Count(theirs, "\n"), strings.Count(own, "\n"), heard)
		}
	}
}

func TestADaemonThatDoesNotAnswerIsToldInTheOperatorsLanguage(t *testing.T) {
	h := newHouse(t, "")
	h.replaceSetting("{name: test, ", "{name: mender, role: operator, sha256: "+sha256Hex("mender")+"}, {name: test, ")
	h.start("")
	server := "http://" + h.address
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, c := range []struct {
		token, server, query string
		exit                 int
		want                 string
	}{
		{"", server, "hoa", 2, "pas de jeton dans $DOSSIERD_TOKEN"},
		{"nonsense", server, "hoa", 2, "Ce jeton d'accès n'est pas connu"},
		{"mender", server, "hoa", 2, "Vous n'avez pas le droit"},
		{token, server, "n*", 2, "Caractère 1 :"},
		{token, "dossiers.example", "hoa", 2, `"dossiers.example" n'est pas une adresse`},
		{token, other.URL, "hoa", 3, "a répondu 404 Not Found"},
		{token, gone.URL, "hoa", 3, "est injoignable"},
	} {
		exit, stdout, stderr := h.ask("fr", c.token, "--server", c.server, c.query)
		if exit != c.exit || stdout != "" || !strings.Contains(stderr, c.want) || strings.Contains(stderr, "q=hoa") {
			t.Errorf("%+v: exit code %d, %q, %q", c, exit, stdout, stderr)
		}
	}
}
