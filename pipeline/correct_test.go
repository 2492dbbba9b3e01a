package pipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/storage/catalog"
)

// office is a house that knows the kinds that are built in, and works.
func office(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, nil, nil)
	known, err := extract.Load(kinds.Files)
	must(t, err)
	h.settings.Kinds = known
	h.Apply(h.settings)
	h.run()
	return h
}

// decide lets anna decide about the latest version of a dossier, and waits for the next one.
func (h *house) decide(code string, d catalog.Decision) dossier.Event {
	h.t.Helper()
	now, err := h.catalog.Dossier(h.t.Context(), code)
	must(h.t, err)
	_, err = h.catalog.Decide(h.t.Context(), code, now.Version, d, by("anna"))
	must(h.t, err)
	return h.published()
}

// fieldOf is a field of a document of a version; nil where there is none.
func (h *house) fieldOf(e dossier.Event, document int, name string) *dossier.Field {
	h.t.Helper()
	fields := h.metadata(e).Documents[document].Fields
	if i := slices.IndexFunc(fields, func(f dossier.Field) bool { return f.Name == name }); i >= 0 {
		return &fields[i]
	}
	return nil
}

const (
	readAs   = "ĐƠN XIN XÁC NHẬN"
	isCalled = "ĐƠN XIN XÁC NHẬN CƯ TRÚ"
)

func TestACorrectedFieldStandsBesideWhatWasRead(t *testing.T) {
	h := office(t)
	h.take("scan 1 form\n1 form\n")
	first := h.published()
	code := first.Data.Dossier.Code
	was := h.fieldOf(first, 0, "form")
	if was == nil || was.Value != readAs {
		t.Fatalf("%+v", was)
	}
	second := h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "form", Value: isCalled})
	is := h.fieldOf(second, 0, "form")
	if is.Value != isCalled || is.Confidence != 1 || is.Rule != dossier.RulePerson || is.Page != 1 || is.Box != was.Box || is.Corrected.By != "anna" {
		t.Errorf("%+v", is)
	}
	if r := is.Corrected.Reading; r == nil || r.Value != readAs || r.Confidence != was.Confidence || r.Box != was.Box || r.Rule != was.Rule {
		t.Errorf("reading %+v, was %+v", r, was)
	}
	doc := second.Data.Dossier.Documents[0]
	if told := doc.Fields["form"]; told.Value != isCalled || told.Corrected == nil || told.Corrected.Reading.Value != readAs || doc.Title != isCalled {
		t.Errorf("the event tells %+v, title %q", told, doc.Title)
	}
	third := h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "form", Value: "ĐƠN"})
	if is := h.fieldOf(third, 0, "form"); is.Value != "ĐƠN" || is.Corrected.Reading.Value != readAs {
		t.Errorf("corrected once more: %+v", is)
	}
	for _, e := range []dossier.Event{first, second, third} {
		schema, err := jsonschema.NewCompiler().Compile("../docs/metadata.schema.json")
		must(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(h.object(e.Data.Objects["metadata"].Key)))
		must(t, err)
		if err := schema.Validate(value); err != nil {
			t.Error(err)
		}
	}
}

func TestAFieldThatWasNeverReadIsAddedWhereAPersonShowsIt(t *testing.T) {
	h := office(t)
	h.take("scan 1 form\n1 form\n")
	first := h.published()
	code := first.Data.Dossier.Code
	if was := h.fieldOf(first, 0, "dossier_code"); was != nil {
		t.Fatalf("it was read: %+v", was)
	}
	page := h.metadata(first).Pages[0]
	width, height := float64(page.Width)/page.DPI*72, float64(page.Height)/page.DPI*72
	for _, box := range [][]float64{{-9, 1, 9, 9}, {1, 1, width + 9, 9}, {1, 1, 9, height + 9}, {9, 1, 9, 9}, {1, 9, 9, 1}, {math.NaN(), 1, 9, 9}} {
		var misfit *catalog.Misfit
		_, err := h.catalog.Decide(t.Context(), code, 1, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "dossier_code", Value: "H42.16-240112-0003", Box: box}, by("anna"))
		if !errors.As(err, &misfit) {
			t.Errorf("%v: %v", box, err)
		}
	}
	second := h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "dossier_code", Value: "H42.16-240112-0003", Box: []float64{1, 2, 30, 40}})
	is := h.fieldOf(second, 0, "dossier_code")
	if is == nil || is.Value != "H42.16-240112-0003" || is.Box != [4]float64{1, 2, 30, 40} || is.Page != 1 || is.Corrected.Reading != nil || is.Confidence != 1 {
		t.Fatalf("%+v", is)
	}
	if told := second.Data.Dossier.Documents[0].Fields["dossier_code"]; told.Value != is.Value || told.Corrected == nil || told.Corrected.Reading != nil {
		t.Errorf("the event tells %+v", told)
	}
	third := h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "dossier_code", Absent: true})
	if is := h.fieldOf(third, 0, "dossier_code"); !is.Corrected.Absent || is.Value != "" || is.Corrected.Reading != nil {
		t.Errorf("said to be absent after all: %+v", is)
	}
}

func TestAPersonalCorrectionIsMaskedAndFound(t *testing.T) {
	h := office(t)
	h.take("scan 1 form\n1 form\n")
	code := h.published().Data.Dossier.Code
	const number = "036094001234"
	e := h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "citizen_number", Value: "036 094 001 234", Reason: "of " + number})
	is := h.fieldOf(e, 0, "citizen_number")
	if is == nil || is.Value != "036*****1234" || !is.Personal || is.Type != "citizen_number" || is.Corrected.Reading != nil {
		t.Errorf("%+v", is)
	}
	var private Private
	must(t, json.Unmarshal(h.object(e.Data.Objects["private"].Key), &private))
	if !slices.ContainsFunc(private.Documents[0].Fields, func(f dossier.Field) bool { return f.Value == number && f.Corrected.By == "anna" }) {
		t.Errorf("%+v", private)
	}
	if codes, err := h.catalog.Lookup(t.Context(), h.cfg.Identity.Hash(number), catalog.Everything()); err != nil || !slices.Equal(codes, []string{code}) {
		t.Errorf("found in %q, %v", codes, err)
	}
	record, err := h.catalog.Record(t.Context(), code, catalog.Everything())
	must(t, err)
	said, err := json.Marshal(record)
	must(t, err)
	feed, _, err := h.catalog.Events(t.Context(), "", 100, catalog.Everything())
	must(t, err)
	for _, e := range feed {
		said = append(said, e.Body...)
	}
	said = append(said, h.log.String()...)
	said = append(said, h.object(e.Data.Objects["metadata"].Key)...)
	if bytes.Contains(said, []byte(number)) || bytes.Contains(said, []byte("036 094")) {
		t.Error("it is told")
	}
	if d := record.Decisions[0]; !strings.Contains(string(d.Decision), `"value":"036*****1234"`) || d.Who != "anna" {
		t.Errorf("%+v", d)
	}
}

func TestACorrectionThatDoesNotFitMakesNoVersion(t *testing.T) {
	h := office(t)
	h.take("scan 2 form\n1 form\n")
	code := h.published().Data.Dossier.Code
	for _, tt := range []struct {
		decision catalog.Decision
		says     string
	}{
		{catalog.Decision{Page: 1, Field: "born_on", Value: "30/02/1990"}, "That can't be the born_on, which is of the type date"},
		{catalog.Decision{Page: 1, Field: "born_on", Value: "30/02/1990", Force: true}, "why it stands"},
		{catalog.Decision{Page: 1, Field: "born_on"}, "absent"},
		{catalog.Decision{Page: 1, Field: "born_on", Value: "....", Force: true, Reason: "it is so"}, "absent"},
		{catalog.Decision{Page: 1, Field: "form", Value: "ĐƠN", Absent: true}, "no value"},
		{catalog.Decision{Page: 3, Field: "form", Value: "ĐƠN"}, "no page 3"},
		{catalog.Decision{Field: "form", Value: "ĐƠN"}, "no page 0"},
		{catalog.Decision{Page: 1, Field: "Form!", Value: "ĐƠN"}, "field"},
	} {
		tt.decision.Do = catalog.DoCorrect
		_, err := h.catalog.Decide(t.Context(), code, 1, tt.decision, by("anna"))
		if misfit := (*catalog.Misfit)(nil); !errors.As(err, &misfit) || !strings.Contains(misfit.Error(), tt.says) {
			t.Errorf("%+v: %v", tt.decision, err)
		}
	}
	if d, err := h.catalog.Dossier(t.Context(), code); err != nil || d.Version != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := h.catalog.Decide(t.Context(), code, 2, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "form", Value: "ĐƠN"}, by("anna")); !errors.Is(err, catalog.ErrStale) {
		t.Errorf("about another version: %v", err)
	}
}

func TestAPersonMayInsistAndSayThatSomethingIsNotThere(t *testing.T) {
	h := office(t)
	h.take("scan 1 form\n1 form\n")
	code := h.published().Data.Dossier.Code
	e := h.decide(code, catalog.Decision{
		Do: catalog.DoCorrect, Page: 1, Field: "dossier_code", Value: "số 7", Force: true, Reason: "so it is printed", Box: []float64{1, 2, 3, 4},
	})
	is := h.fieldOf(e, 0, "dossier_code")
	if is == nil || is.Value != "số 7" || !slices.Equal(is.Warnings, []string{dossier.WarnForced}) || is.Corrected.Forced != "so it is printed" || is.Box != [4]float64{1, 2, 3, 4} {
		t.Errorf("%+v", is)
	}
	e = h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "form", Absent: true})
	is = h.fieldOf(e, 0, "form")
	if is == nil || is.Value != "" || is.Raw != "" || !is.Corrected.Absent || is.Corrected.Reading.Value != readAs {
		t.Errorf("%+v", is)
	}
	e = h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 1, Field: "shelf_mark", Value: "A 7"})
	if is = h.fieldOf(e, 0, "shelf_mark"); is == nil || is.Value != "***" || is.Type != "text" {
		t.Errorf("a field that the kind does not have: %+v", is)
	}
	if h.fieldOf(e, 0, "dossier_code").Value != "số 7" {
		t.Error("a former correction is gone")
	}
}

func TestACorrectionStaysWithItsPage(t *testing.T) {
	h := office(t)
	id := h.take("scan 3 form\n2 form\n")
	code := h.published().Data.Dossier.Code
	value := func(e dossier.Event, document int) string {
		f := h.fieldOf(e, document, "form")
		if f == nil {
			return ""
		}
		return f.Value
	}
	h.decide(code, catalog.Decision{Do: catalog.DoCorrect, Page: 3, Field: "form", Value: isCalled}) // stands on page 2, where it was read
	if e := h.decide(code, catalog.Decision{Do: catalog.DoCut, Page: 3}); value(e, 1) != isCalled || value(e, 2) != "" {
		t.Errorf("cut behind it: %+v", h.metadata(e).Documents)
	}
	if e := h.decide(code, catalog.Decision{Do: catalog.DoJoin, Page: 3}); value(e, 1) != isCalled {
		t.Errorf("joined: %+v", h.metadata(e).Documents)
	}
	if e := h.decide(code, catalog.Decision{Do: catalog.DoArrange, Documents: [][]int{{2, 3}, {1}}}); value(e, 0) != isCalled || h.fieldOf(e, 0, "form").Page != 1 {
		t.Errorf("arranged: %+v", h.metadata(e).Documents)
	}
	h.take("scan 2 again\n1 " + slip(id, 3) + "\n")
	if e := h.published(); value(e, 0) != isCalled {
		t.Errorf("another page was scanned again: %+v", h.metadata(e).Documents)
	}
	h.take("scan 2 anew\n1 " + slip(id, 2) + "\n2 form\n")
	if e := h.published(); value(e, 0) != readAs {
		t.Errorf("its page was scanned again: %+v", h.metadata(e).Documents)
	}
	e := h.decide(code, catalog.Decision{Do: catalog.DoRestore, LeftOut: id + "-2"})
	if value(e, 0) != isCalled {
		t.Errorf("its page was put back: %+v", h.metadata(e).Documents)
	}
}
