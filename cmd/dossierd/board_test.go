package main_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestAFileArrivesOnTheBoardWhileItIsLookedAt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "lan", Role: dossier.RoleClerk, Stations: []string{"quay-1"}})
	b.goTo("/counters")
	b.until(`document.querySelector("#linked.good")`)
	b.picture("board-empty")

	h.drop("don.jpg", sample(t))
	b.until(`document.querySelector("#counter-quay-1 .last .thumb img")?.naturalWidth > 0`)
	b.until(`document.querySelector("#counter-quay-1 .last .badge.good")`)
	code := b.text("#counter-quay-1 .made a")
	if !strings.HasPrefix(code, "quay-1-") {
		t.Errorf("the dossier is %q", code)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#counter-quay-1 .made a").focus()`))

	h.drop("hong.jpg", []byte("no picture at all"))
	b.until(`document.querySelector("#counter-quay-1 .advice.bad")`)
	if said := b.text("#told"); !strings.Contains(said, "hong.jpg") {
		t.Errorf("what is heard is %q", said)
	}
	if at := eval[string](b, `document.activeElement.textContent`); at != code {
		t.Errorf("the focus is on %q", at)
	}
	b.survey("board", "/counters")
	b.survey("board-quay-1", "/counters/quay-1")
}
