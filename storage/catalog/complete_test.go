package catalog

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// completed are what a word is completed to, with counts.
func completed(t *testing.T, c *Catalog, who dossier.Principal, code, begun string) string {
	t.Helper()
	all, err := c.Complete(t.Context(), who, code, begun)
	must(t, err)
	var said []string
	for _, one := range all {
		said = append(said, fmt.Sprintf("%s %d", one.Text, one.Count))
	}
	return strings.Join(said, ", ")
}

func TestWordsOfADossierAreCompletedAsASearchFindsThem(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "Nguyễn Thị Hòa, nguyên quán", "NGUYỄN thị Hoa; số 12/QĐ-UBND"))
		findable(t, c, given("d2", "quay-1"), paper("don", "nguồn"))
		for begun, want := range map[string]string{
			"ngu": "nguyễn 2, nguyên 1", "NGUYÊ": "nguyên 1, nguyễn 2", "h": "hoa 1, hòa 1", "hò": "hòa 1, hoa 1", "nguyen thi h": "nguyễn thị hoa 1, nguyễn thị hòa 1",
			"12/q": "12 qđ 1", "thi nguyen": "", "x": "", "": "", " ,": "",
		} {
			if got := completed(t, c, everybody, code, begun); got != want {
				t.Errorf("%q: %q, want %q", begun, got, want)
			}
		}
	})
}

func TestNoMoreThanTwentyCompletionsAreGiven(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var words []string
		for n := range 30 {
			words = append(words, fmt.Sprintf("từ%02d", n))
		}
		code := findable(t, c, given("d1", "quay-1"), paper("don", strings.Join(words, " ")+" từ29"))
		if got := strings.Split(completed(t, c, everybody, code, "tu"), ", "); len(got) != 20 || got[0] != "từ29 2" || got[1] != "từ00 1" {
			t.Errorf("%q", got)
		}
	})
}

func TestNoWordIsCompletedOfWhatIsNotSeen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "chung", "chứng"))
		must(t, c.db.write(t.Context(), func(tx tx) error { return hidePage(t.Context(), tx, "d1-2") }))
		must(t, c.db.write(t.Context(), func(tx tx) error { return c.hideFound(t.Context(), tx, "d1-2") }))
		for want, who := range map[string]dossier.Principal{"chung 1": everybody, "chung 1, chứng 1": clear} {
			if got := completed(t, c, who, code, "chu"); got != want {
				t.Errorf("%+v: %q", who, got)
			}
		}
		elsewhere := dossier.Principal{Scope: dossier.Scope{Stations: []string{"quay-2"}}}
		if all, err := c.Complete(t.Context(), elsewhere, code, "chu"); !errors.Is(err, ErrNotFound) || len(all) > 0 {
			t.Errorf("%v, %v", all, err)
		}
		_, err := c.Decide(t.Context(), code, 1, Decision{Do: DoWithdraw, Reason: "twice"}, by("anna"))
		must(t, err)
		if got := completed(t, c, clear, code, "chu"); got != "" {
			t.Errorf("of a withdrawn dossier: %q", got)
		}
	})
}

// A dossier of more pages than are read at once.
func longPaper(last string) SearchDocument {
	texts := make([]string, mostCompleted+60)
	for i := range texts {
		texts[i] = fmt.Sprintf("đơn xin quê số %d", i)
	}
	texts[len(texts)-1] = last
	return paper("don", texts...)
}

func TestAWordOnTheLastPageOfALongDossierIsCompleted(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), longPaper("Quyết định của quý ông, quyết"))
		findable(t, c, given("d2", "quay-1"), paper("don", "quyền"))
		for begun, want := range map[string]string{
			"quy": "quyết 2, quý 1", "quyế": "quyết 2", "dinh c": "định của 1", "qu": "quê 200", "q": "quê 200", "quyen": "",
		} {
			if got := completed(t, c, everybody, code, begun); got != want {
				t.Errorf("%q: %q, want %q", begun, got, want)
			}
		}
	})
}

func TestNoWordOfALongDossierIsCompletedOfAPageThatIsNotSeen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), longPaper("quyết"))
		hidden := fmt.Sprintf("d1-%d", mostCompleted+60)
		must(t, c.db.write(t.Context(), func(tx tx) error { return hidePage(t.Context(), tx, hidden) }))
		must(t, c.db.write(t.Context(), func(tx tx) error { return c.hideFound(t.Context(), tx, hidden) }))
		for want, who := range map[string]dossier.Principal{"": everybody, "quyết 1": clear} {
			if got := completed(t, c, who, code, "quy"); got != want {
				t.Errorf("%+v: %q, want %q", who, got, want)
			}
		}
	})
}
