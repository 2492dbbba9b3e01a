package pipeline

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// cardNumber stands on the card that the double's act "card" shows; cardSymbol is what its symbol says.
const (
	cardNumber = "036094001234"
	cardSymbol = cardNumber + "|163212345|NGUYỄN VĂN AN|05011994|Nam|Thôn 3, Gia Tường, Nho Quan, Ninh Bình|20042021"
)

// unpacked is a PDF with its streams beside it, those that are deflated.
func unpacked(pdf []byte) []byte {
	all := bytes.Clone(pdf)
	for rest := pdf; ; {
		_, after, found := bytes.Cut(rest, []byte("stream\n"))
		if !found {
			return all
		}
		rest = after
		if r, err := zlib.NewReader(bytes.NewReader(after)); err == nil {
			data, _ := io.ReadAll(r) // as much as there is
			all = append(all, data...)
		}
	}
}

func TestAnIdentityNumberLeavesNowhereButInPrivateJSON(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	c := h.claim("CCCD "+cardNumber+".tif", "scan 2 card\n1 card\n")
	must(t, h.Take(t.Context(), c))
	event := h.next(dossier.EventDossierPublished)
	feed, _, err := h.catalog.Events(t.Context(), "", 100, catalog.Everything())
	must(t, err)
	left := map[string][]byte{"log": []byte(h.log.String())}
	for _, e := range feed {
		left["event "+e.Cursor] = e.Body
	}
	for _, key := range h.keys("dossiers/") {
		left["key "+key] = []byte(key)
		if !strings.HasSuffix(key, "/private.json") {
			left[key] = unpacked(h.object(key))
		}
	}
	for _, key := range h.keys("pages/") {
		left["key "+key] = []byte(key)
	}
	receipt, err := h.catalog.Receipt(t.Context(), c.DepositID)
	must(t, err)
	for _, f := range receipt.Files {
		left["note of the receipt"] = []byte(strings.Join(f.Notes, "\n"))
	}
	for where, what := range left {
		if bytes.Contains(what, []byte(cardNumber)) || bytes.Contains(what, []byte("163212345")) {
			t.Errorf("%s tells it", where)
		}
	}
	if !bytes.Contains(left[event.Data.Objects["metadata"].Key], []byte("CCCD 036*****1234.tif")) {
		t.Error("metadata.json does not mask the name")
	}
	var private Private
	must(t, json.Unmarshal(h.object(event.Data.Objects["private"].Key), &private))
	if len(private.Names) != 1 || private.Names[0].Name != c.Name || len(private.Salt) != 64 {
		t.Errorf("%+v", private)
	}
	code := event.Data.Dossier.Code
	for number, want := range map[string]string{cardNumber: code, "163 212 345": code, "036094001235": ""} {
		if got, err := h.catalog.Lookup(t.Context(), h.cfg.Identity.Hash(number), catalog.Everything()); err != nil || strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, %v", number, got, err)
		}
	}
	for _, key := range []string{event.Data.Objects["pdf"].Key, event.Data.Objects["original"].Key, storage.PageKey(c.DepositID+"-2", "layout.json.gz")} {
		if personal, err := h.catalog.Personal(t.Context(), key); err != nil || !personal {
			t.Errorf("%s is for everybody, %v", key, err)
		}
	}
}

func TestTheCopyOfACardBehindAFormHasNoPictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	known, err := extract.Load(kinds.Files)
	must(t, err)
	h.settings.Kinds = known
	h.Apply(h.settings)
	h.run()
	id := h.take("scan 2 form and copy\n1 form\n2 copy\n")
	event := h.next(dossier.EventDossierPublished)
	if keys := h.keys("pages/" + id + "-2/preview"); len(keys) > 0 || len(h.keys("pages/"+id+"-1/preview")) != 1 {
		t.Errorf("kept %q", keys)
	}
	for key, want := range map[string]bool{event.Data.Objects["pdf"].Key: true, storage.PageKey(id+"-2", "layout.json.gz"): true} {
		if got, err := h.catalog.Personal(t.Context(), key); err != nil || got != want {
			t.Errorf("%s: %v, %v", key, got, err)
		}
	}
}

func TestEveryScanOfAnIdentityPaperIsPersonal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	for name, papers := range map[string][2]string{
		"the first can't be read":  {"2 drawn", "2 card"},
		"the second can't be read": {"2 card", "2 drawn"},
	} {
		first := h.take("scan 2 a" + name + "\n" + papers[0] + "\n")
		h.published()
		again := h.take("scan 2 b" + name + "\n1 " + slip(first, 2) + "\n" + papers[1] + "\n")
		event := h.published()
		keys := []string{event.Data.Objects["pdf"].Key, event.Data.Objects["original"].Key, event.Data.Objects["original-2"].Key}
		for _, page := range []string{first + "-2", again + "-2"} {
			keys = append(keys, storage.PageKey(page, "layout.json.gz"), storage.PageKey(page, "image.jpg"))
		}
		for _, key := range keys {
			if personal, err := h.catalog.Personal(t.Context(), key); err != nil || !personal {
				t.Errorf("%s: %s: %v, %v", name, key, personal, err)
			}
		}
		if personal, err := h.catalog.Personal(t.Context(), storage.PageKey(first+"-1", "layout.json.gz")); err != nil || personal {
			t.Errorf("%s: the page before it: %v, %v", name, personal, err)
		}
	}
}

// published waits for the next dossier.published, past what is told of scans.
func (h *house) published() dossier.Event {
	h.t.Helper()
	for {
		select {
		case e := <-h.hook.events:
			if e.Type == dossier.EventDossierPublished {
				return e
			}
		case <-time.After(patience):
			h.t.Fatal("nothing was published")
		}
	}
}

func TestAnIdentityPaperHasNoPictures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	c := h.claim("a.tif", "scan 2 card\n1 card\n")
	thumb := filepath.Join(h.dir, "objects", storage.PageKey(c.DepositID+"-1", "thumb.jpg"))
	must(t, os.MkdirAll(filepath.Dir(thumb), 0o700))
	must(t, os.WriteFile(thumb, picture(1), 0o600)) // by a look before the reading
	must(t, h.Take(t.Context(), c))
	h.run()
	h.next(dossier.EventDossierPublished)
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(thumb); os.IsNotExist(err) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("its thumbnail is left")
		}
	}
	for _, key := range h.keys("pages/" + c.DepositID + "-1/") {
		if strings.HasSuffix(key, ".jpg") && !strings.Contains(key, "/image.") {
			t.Errorf("%s is kept", key)
		}
	}
}

func TestReasonsForCutsTellNoIdentityNumber(t *testing.T) {
	s := &stack{batch: &catalog.Assembly{}}
	plan := separate.Plan{Cuts: []dossier.Cut{{Page: 2, Reasons: []dossier.Evidence{
		{Code: "number_changes", Detail: "12/UBND → " + cardNumber + "/UBND"}, {Code: "page_number", Detail: "2/3 → 1"},
	}}}}
	s.parts(plan)
	if r := plan.Cuts[0].Reasons; r[0].Detail != "12/UBND → 036*****1234/UBND" || r[1].Detail != "2/3 → 1" {
		t.Errorf("%+v", r)
	}
}
