package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

func TestADepositBecomesADossierWithEverythingItsEventNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	id := h.take("scan 3 a\n")
	e := h.next(dossier.EventDossierPublished)
	want := "dossiers/so-tu-phap/2026/quay-1-20260106-0001/v1/dossier.pdf"
	if pdf := e.Data.Objects["pdf"]; pdf.Key != want || pdf.URL != "https://dossiers.example/api/v1/objects/"+want {
		t.Errorf("pdf %+v", pdf)
	}
	for name, o := range e.Data.Objects {
		if data := h.object(o.Key); int64(len(data)) != o.Bytes {
			t.Errorf("%s has %d bytes, the event says %d", name, len(data), o.Bytes)
		}
	}
	if d := h.deposit(id); d.State != dossier.StatePublished || d.Pages != 3 || !slices.Equal(d.Dossiers, []string{e.Data.Dossier.Code}) {
		t.Errorf("%+v", d)
	}
	if f := e.Data.Dossier; f.Pages != 3 || len(f.Documents) != 1 || !reflect.DeepEqual(f.Documents[0], dossier.DocumentFacts{First: 1, Last: 3, Name: "đơn xin.tif"}) {
		t.Errorf("%+v", f)
	}
	if body, err := json.Marshal(e.Data.Dossier); err != nil || !bytes.Contains(body, []byte(`"fields":{}`)) || !bytes.Contains(body, []byte(`"warnings":[]`)) {
		t.Errorf("%s, %v", body, err)
	}
}

func TestMetadataIsValidAgainstItsSchema(t *testing.T) {
	t.Parallel()
	for level, contents := range map[dossier.Level]string{dossier.Level2u: "scan 3 a\n2 bad\n", dossier.Level3u: "scan 1 b\n"} {
		h := newHouse(t, func(c *Config) { c.Level = level }, nil)
		if level == dossier.Level3u {
			h.settings.Stations[0].Purpose = dossier.PurposeResults // gives its paper a role
			h.Apply(h.settings)
		}
		h.run()
		h.take(contents)
		e := h.next(dossier.EventDossierPublished)
		schema, err := jsonschema.NewCompiler().Compile("../docs/metadata.schema.json")
		must(t, err)
		metadata, err := jsonschema.UnmarshalJSON(bytes.NewReader(h.object(e.Data.Objects["metadata"].Key)))
		must(t, err)
		if err := schema.Validate(metadata); err != nil {
			t.Errorf("%s: %v", level, err)
		}
	}
}

func TestTheYearOfADossiersKeyIsThatOfItsCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	c := h.claim("a.tif", "scan 1 a\n")
	c.ClaimedAt = noon(0).AddDate(0, 0, -4).Add(-9 * 60 * 60 * 1e9) // 31 December 20:00 UTC: 3 in the morning at the station
	must(t, h.Take(t.Context(), c))
	e := h.next(dossier.EventDossierPublished)
	if code, key := e.Data.Dossier.Code, e.Data.Objects["pdf"].Key; code != "quay-1-20260101-0001" || !strings.HasPrefix(key, "dossiers/so-tu-phap/2026/") {
		t.Errorf("%s lies under %s", code, key)
	}
}

func TestADepositOfWhichNoPageHasAnImageIsRejected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	id := h.take("scan 2 a\n1 bad\n2 bad\n")
	e := h.next(dossier.EventDepositRejected)
	if r := e.Data.Deposit.Reason; r == nil || r.Code != dossier.CodeDamaged || r.Page != 1 || e.Data.Deposit.Message == "" {
		t.Errorf("%+v", e.Data.Deposit)
	}
	if d := h.deposit(id); d.State != dossier.StateRejected {
		t.Errorf("%+v", d)
	}
	if keys := h.keys("dossiers/"); len(keys) > 0 {
		t.Errorf("stored %q", keys)
	}
}

func TestOtherBytesUnderAVersionMakeItTheNext(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	taken := storage.DossierKey("so-tu-phap", 2026, "quay-1-20260106-0001", 1, "metadata.json")
	digest := storage.Digest{SHA256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", Bytes: 3}
	must(t, h.store.Put(t.Context(), taken, strings.NewReader("foo"), digest))
	h.run()
	h.take("scan 1 a\n")
	e := h.next(dossier.EventDossierPublished)
	if f := e.Data.Dossier; f.Version != 2 || e.Sequence != 1 || !strings.Contains(e.Data.Objects["metadata"].Key, "/v2/") {
		t.Errorf("%+v", e)
	}
	var m Metadata
	must(t, json.Unmarshal(h.object(e.Data.Objects["metadata"].Key), &m))
	if m.Dossier.Version != 2 {
		t.Errorf("metadata says version %d", m.Dossier.Version)
	}
	if data := h.object(taken); string(data) != "foo" {
		t.Errorf("version 1 is now %q", data)
	}
}

// layoutCounter counts the layouts that are fetched.
type layoutCounter struct {
	storage.Store
	layouts atomic.Int32
}

func (c *layoutCounter) Get(ctx context.Context, key string) (storage.Reader, error) {
	if path.Base(key) == "layout.json.gz" {
		c.layouts.Add(1)
	}
	return c.Store.Get(ctx, key)
}

func TestTheLayoutsOfASmallStackAreFetchedOnce(t *testing.T) {
	t.Parallel()
	var store *layoutCounter
	h := newHouse(t, nil, func(s storage.Store) storage.Store { store = &layoutCounter{Store: s}; return store })
	h.run()
	h.take("scan 3 a\n")
	h.next(dossier.EventDossierPublished)
	if n := store.layouts.Load(); n != 3 {
		t.Errorf("%d layouts were fetched for a dossier of three pages", n)
	}
}
