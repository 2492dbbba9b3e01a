package main_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// searched is a daemon that has read pages of the corpus at two stations of two departments.
func searched(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "")
	other := filepath.Join(h.dir, "quay-2")
	if err := os.Mkdir(other, 0o755); err != nil {
		t.Fatal(err)
	}
	h.configure("    languages: [vie, fra]\n  - {name: quay-2, folder: " + other + ", department: so-xay-dung, quiet: 300ms}")
	h.start("")
	var pages []string
	for _, some := range []string{"vi/*.jpg", "vi/*.tif", "fr/tapus-0[0-5].jpg"} {
		found, err := filepath.Glob(filepath.Join(corpusDir(t), some))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s of the corpus: %v", some, err)
		}
		pages = append(pages, found...)
	}
	for i, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 2 {
			if err := os.WriteFile(filepath.Join(other, filepath.Base(page)), data, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		h.drop(filepath.Base(page), data)
	}
	h.settled(len(pages), time.Minute)
	return h
}

func TestAnArchivistFindsAPageWithoutToneMarks(t *testing.T) {
	t.Parallel()
	h := searched(t)
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "lan", Role: dossier.RoleArchivist, All: true})
	b.until(`location.pathname === "/search"`)
	b.survey("search-start", "/search")

	b.goTo("/search")
	b.do(chromedp.SendKeys("#find", "thong bao"+kb.Enter))
	b.until(`document.querySelector(".hit mark.folded")`)
	if lit := eval[string](b, `document.querySelector(".hit mark").textContent.toLowerCase()`); lit != "thông" && lit != "thông báo" {
		t.Errorf("%q is lit", lit)
	}
	b.survey("search", "/search?q=thong+bao")
	b.until(`[...document.querySelectorAll(".hit-thumb img")].slice(0, 3).every(i => i.complete && i.naturalWidth > 0 && i.currentSrc.endsWith(".jpg"))`)

	// The keyboard alone: away from the box, back to it, down to the second result and into it.
	b.do(chromedp.KeyEvent("/"))
	b.until(`document.activeElement.id === "find"`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	second := eval[string](b, `document.querySelectorAll(".hit-link")[1].getAttribute("href")`)
	if at := eval[string](b, `document.activeElement.getAttribute("href")`); at != second {
		t.Errorf("the arrows lead to %s, not to %s", at, second)
	}
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("?"))
	b.until(`document.getElementById("keys").open`)
	b.picture("keys")
	b.accessible("the list of keys")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`!document.getElementById("keys").open`)
	b.do(chromedp.Focus(`.hit-link`), chromedp.KeyEvent(kb.Enter))
	b.until(`location.pathname.startsWith("/dossiers/")`)
	if at := b.path(); !strings.Contains(at, "page=") || !strings.Contains(at, "q=thong+bao") {
		t.Errorf("Enter leads to %s", at)
	}
}

func TestResultsAreNarrowedKeptAndTakenAway(t *testing.T) {
	t.Parallel()
	h := searched(t)
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "lan", Role: dossier.RoleArchivist, All: true})
	b.goTo("/search?q=ngay")
	b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".facet a")].find(a => a.textContent.includes("quay-2")).click()`))
	b.until(`document.querySelector(".chip")`)
	if asked := eval[string](b, `document.getElementById("find").value`); asked != "ngay station:quay-2" {
		t.Errorf("asks for %q", asked)
	}
	if there := eval[bool](b, `[...document.querySelectorAll(".hit-where")].every(w => w.textContent.includes("quay-2"))`); !there {
		t.Error("results of another station")
	}
	b.survey("search-narrowed", "/search?q="+url.QueryEscape("ngay station:quay-2"))
	b.do(chromedp.Click(".found-head .menu summary"), chromedp.SetValue("#save-name", "Ngày ở quầy 2"), chromedp.Submit("#save-name"))
	b.until(`location.search.includes("kept=1")`)
	b.goTo("/search")
	if kept := b.text(".saved a"); kept != "Ngày ở quầy 2" {
		t.Errorf("kept %q", kept)
	}
	b.survey("search-saved", "/search")

	csv := eval[string](b, `fetch("/search.csv?q=ngay").then(r => r.text())`)
	lines := strings.Split(strings.TrimRight(csv, "\r\n"), "\r\n")
	if len(lines) < 4 || !strings.HasPrefix(lines[0], "Dossier,Version,Page,") || !strings.HasPrefix(lines[len(lines)-1], "End of the list: ") {
		t.Errorf("%q", csv)
	}

	for name, query := range map[string]string{"search-fault": "a*", "search-none": `"không có ở đâu cả" station:quay-2`} {
		b.survey(name, "/search?q="+url.QueryEscape(query))
	}
	b.goTo("/search?q=a*")
	if said := b.text(`[role="alert"]`); !strings.Contains(said, "two letters") {
		t.Errorf("a faulty question hears %q", said)
	}

	b.as(catalog.User{Name: "mai", Role: dossier.RoleArchivist, Departments: []string{"so-xay-dung"}})
	b.goTo("/search?q=ngay")
	if there := eval[bool](b, `[...document.querySelectorAll(".hit-where")].every(w => w.textContent.includes("so-xay-dung"))`); !there {
		t.Error("results of another department")
	}
}
