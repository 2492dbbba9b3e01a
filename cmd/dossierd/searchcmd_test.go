package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestHitsAreATableWithWhatWasFoundInBracketsOrLinesOfJSON(t *testing.T) {
	found := catalog.Found{Total: catalog.Count{N: 12000}, Hits: []catalog.Hit{{
		Code: "quay-1-20260105-0001", Version: 2, ReceivedAt: time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC), Page: 3, Words: []int{4},
		Snippet: []search.Fragment{{Text: "của bà "}, {Text: "Hoà\x1b", Mark: search.Folded}},
	}}}
	for asJSON, want := range map[bool][2]string{
		false: {"DOSSIER               PAGE  KIND  DAY         EXCERPT\nquay-1-20260105-0001  3     -     2026-01-05  của bà [Hoà?]\n", "1 of ~12000 pages\n"},
		true:  {`{"code":"quay-1-20260105-0001","version":2,`, ""},
	} {
		var out, errs bytes.Buffer
		a := &app{stdout: &out, stderr: &errs, words: wordsFor("en")}
		if err := a.printFound(asJSON, &found); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), want[0]) || errs.String() != want[1] {
			t.Errorf("%q, %q", out.String(), errs.String())
		}
	}
}

func TestWhatWasCutShortIsSaidBesideTheHits(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		for cut, want := range map[string]string{"all": "may be other pages", "phrase": "all are there", "prefix": "Type one more letter"} {
			var out, errs bytes.Buffer
			a := &app{stdout: &out, stderr: &errs, words: wordsFor("en")}
			if err := a.printFound(asJSON, &catalog.Found{Cut: []string{cut}}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(errs.String(), want) || strings.Contains(out.String(), want) {
				t.Errorf("%q, %q", out.String(), errs.String())
			}
		}
	}
}

func TestAQuestionThatCantBeReadIsExitCodeTwoAndSaysWhere(t *testing.T) {
	a := &app{words: wordsFor("fr")}
	_, err := search.Parse("hoa n*")
	if err == nil {
		t.Fatal("it was read")
	}
	if err := a.queryFault(err); !strings.HasPrefix(err.Error(), "Caractère 5 :") {
		t.Error(err)
	}
}
