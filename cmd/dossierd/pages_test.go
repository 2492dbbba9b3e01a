package main_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestTheWayInIsGoodToLookAtAndToHear(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.survey("login", "/login")
	b.survey("nothing", "/nothing")
}

// How long it takes is logged: on a machine with other work it is no fact about the page.
func TestTheFirstPageIsSmall(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	}))
	bytes, quickest := 0, 1e9
	for range 5 { // the first one has the browser start, and others may share the machine
		b.goTo("/login")
		bytes = eval[int](b, `performance.getEntries().reduce((sum, e) => sum + (e.transferSize || 0), 0)`)
		quickest = min(quickest, eval[float64](b, `performance.getEntriesByType("navigation")[0].loadEventEnd`))
	}
	t.Logf("%d bytes, %.0f ms", bytes, quickest)
	if bytes < 10_000 || bytes >= 100_000 {
		t.Errorf("the first page takes %d bytes", bytes)
	}
}

func TestSomebodySignsInAndIsRefusedElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "lan", Role: dossier.RoleOperator, All: true})
	b.goTo("/search?q=gì")
	if text := b.text("main"); !strings.Contains(text, "not for your account") {
		t.Errorf("an operator searches: %s", text)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action="/logout"]').submit()`))
	b.until(`location.pathname === "/login"`)

	b.goTo("/search?q=gì")
	if at := b.path(); at != "/login?next=%2Fsearch%3Fq%3Dg%25C3%25AC" {
		t.Errorf("nobody is led to %s", at)
	}
	b.do(chromedp.SendKeys("#name", "lan"), chromedp.SendKeys("#password", "wrong, all wrong"), chromedp.Submit("#password"))
	b.until(`document.querySelector('[role="alert"]')`)
	b.picture("login-refused")
	b.accessible("the refused login")
	b.do(chromedp.SendKeys("#password", password), chromedp.Submit("#password"))
	b.until(`location.pathname === "/search"`)
}
