package extract_test

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

var heldBack = flag.Bool("held", false, "tell of every value of the unseen templates, too")

// paper is a made page as testdata/papers keeps it.
type paper struct {
	Template string            `json:"template"`
	Copy     int               `json:"copy"`
	Kind     string            `json:"kind"`
	Printed  map[string]string `json:"printed"`
	ByHand   map[string]string `json:"by_hand"`
	Codes    []string          `json:"codes"`
	Page     dossier.Page      `json:"page"`
}

// held reports whether the paper's template was kept aside while the kinds were written.
func (p *paper) held() bool { return strings.HasPrefix(p.Template, "unseen-") }

func papers(t testing.TB) []*paper {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/papers/layouts/*.json.gz")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no layouts: %v", err)
	}
	list := make([]*paper, 0, len(paths))
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		p := &paper{}
		if err := json.NewDecoder(z).Decode(p); err != nil {
			t.Fatal(err)
		}
		f.Close()
		list = append(list, p)
	}
	return list
}

func builtIn(t testing.TB) *extract.Kinds {
	t.Helper()
	k, err := extract.Load(kinds.Files)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// tally counts values. Of bands, the confidences from each of bandsFrom on, given and right.
type tally struct {
	pages, kinds, present, given, exact, silent int
	bands                                       [5]struct{ given, right int }
}

var bandsFrom = [5]float64{0, 0.5, 0.8, 0.9, 0.95}

func (a *tally) add(b tally) {
	a.pages, a.kinds, a.present, a.exact = a.pages+b.pages, a.kinds+b.kinds, a.present+b.present, a.exact+b.exact
	a.given, a.silent = a.given+b.given, a.silent+b.silent
	for i := range a.bands {
		a.bands[i].given += b.bands[i].given
		a.bands[i].right += b.bands[i].right
	}
}

func (a *tally) count(f *dossier.Field, right bool) {
	a.given++
	band := 0
	for band+1 < len(bandsFrom) && f.Confidence >= bandsFrom[band+1] {
		band++
	}
	a.bands[band].given++
	if right {
		a.exact++
		a.bands[band].right++
	} else if len(f.Warnings) == 0 {
		a.silent++
	}
}

func (a *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pages, kind right on %d; %d values, given %d, exact %d (%.3f), wrong without warning %d (%.4f); by confidence",
		a.pages, a.kinds, a.present, a.given, a.exact, share(a.exact, a.present), a.silent, share(a.silent, a.present))
	for i, band := range a.bands {
		fmt.Fprintf(&b, " >=%.2f: %d of %d", bandsFrom[i], band.right, band.given)
	}
	return b.String()
}

func share(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

// want is the normal form of what was printed.
func want(p *paper, field, typ, printed string) string {
	if field == "symbol" {
		return p.Printed["number"] + "/" + printed
	}
	opt := value.Options{Language: p.Page.Language}
	if v, err := value.Parse(typ, printed, opt); err == nil {
		switch {
		case typ == "place_date" && field == "place":
			return v.Parts["place"]
		case typ == "place_date":
			return v.Parts["date"]
		case typ == "agency":
			return v.Parts["agency"]
		case typ != "symbol":
			return v.Value
		}
	}
	if v, err := value.Parse("date", printed, opt); err == nil {
		return v.Value
	}
	return printed
}

// apostrophes makes the two signs for one thing alike.
var apostrophes = strings.NewReplacer("’", "'")

// judge compares a document with what was printed. tell hears of every value that is not right.
func judge(p *paper, doc *dossier.Document, tell func(format string, args ...any)) tally {
	c := tally{pages: 1}
	if doc.Kind == p.Kind {
		c.kinds = 1
	} else {
		tell("%s-%d: is a %s, found %q %.2f", p.Template, p.Copy, p.Kind, doc.Kind, doc.Confidence)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Printed)) {
		printed := p.Printed[name]
		c.present++
		i := slices.IndexFunc(doc.Fields, func(f dossier.Field) bool { return f.Name == name })
		if i < 0 {
			tell("%s-%d: %s %q not given", p.Template, p.Copy, name, printed)
			continue
		}
		f := doc.Fields[i]
		wanted := want(p, name, f.Type, printed)
		right := apostrophes.Replace(f.Value) == apostrophes.Replace(wanted)
		if c.count(&f, right); !right {
			tell("%s-%d: %s %q, got %q %.2f %v %s", p.Template, p.Copy, name, wanted, f.Value, f.Confidence, f.Warnings, f.Rule)
		}
	}
	return c
}

func TestMadePapersGiveTheValuesThatWerePrinted(t *testing.T) {
	known := builtIn(t)
	var tuned, held tally
	for _, p := range papers(t) {
		doc := known.Document([]*dossier.Page{&p.Page}, nil)
		tell := t.Logf
		if p.held() && !*heldBack {
			tell = func(string, ...any) {}
		}
		c := judge(p, &doc, tell)
		if p.held() {
			held.add(c)
		} else {
			tuned.add(c)
		}
	}
	all := tuned
	all.add(held)
	t.Logf("templates the kinds were written on: %s", &tuned)
	t.Logf("templates held back:                 %s", &held)
	t.Logf("all:                                 %s", &all)
	if all.pages < 60 || all.present < 600 {
		t.Errorf("only %d pages with %d values", all.pages, all.present)
	}
	if e := share(all.exact, all.present); e < 0.90 {
		t.Errorf("exact %.3f", e)
	}
	if w := share(all.silent, all.present); w > 0.01 {
		t.Errorf("wrong without warning %.4f", w)
	}
	if sure := all.bands[4]; share(sure.right, sure.given) < 0.95 {
		t.Errorf("of %d at 0.95 and more %d are right", sure.given, sure.right)
	}
}
