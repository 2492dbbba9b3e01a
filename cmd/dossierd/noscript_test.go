package main_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// scripts switches the pages' scripts on or off. What the test asks of a page is run all the same.
func scripts(on bool) step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// seen keeps pictures of a page in three languages and two widths, dark ones too, where axe, which is a script, can't judge it.
func (b *browser) seen(name, path string) {
	b.t.Helper()
	for _, language := range []string{"vi", "fr", "en"} {
		b.inLanguage(language)
		for _, width := range []int64{360, 1440} {
			b.do(b.wide(width), b.dark(language == "fr"))
			b.goTo(path)
			b.picture(fmt.Sprintf("%s-%s-%d", name, language, width))
			if wide, window := eval[int](b, `document.documentElement.scrollWidth`), eval[int](b, `document.documentElement.clientWidth`); wide > window {
				b.t.Errorf("%s in %s: the page is %d wide in a window of %d", path, language, wide, window)
			}
		}
	}
	b.do(b.wide(1440), b.dark(false))
	b.inLanguage("en")
}

func TestAClerkWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	h := paperHouse(t)
	b := newBrowser(t, h)
	b.as(clerk())
	b.do(scripts(false), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
	b.inLanguage("en")

	b.goTo("/search")
	b.until(`location.pathname === "/login"`)
	if eval[bool](b, `typeof htmx !== "undefined"`) {
		t.Fatal("scripts run")
	}
	b.seen("noscript-login", "/login")
	b.goTo("/search")
	b.do(chromedp.SendKeys("#name", "lan"), chromedp.SendKeys("#password", password+kb.Enter))
	b.until(`location.pathname === "/search"`)

	b.do(chromedp.SendKeys("#find", "cong thuong"+kb.Enter))
	b.until(`document.querySelector(".hit mark") && location.search.includes("cong")`)
	b.until(`(i => i.complete && i.naturalWidth > 0)(document.querySelector(".hit-thumb img"))`)
	b.seen("noscript-search", "/search?q=cong+thuong")
	b.goTo("/search?q=cong+thuong")
	b.do(chromedp.Click(".hit-link"))
	b.until(`location.pathname === "/dossiers/` + dossierCode + `"`)
	b.until(`(i => i.complete && i.naturalWidth > 500 && i.getBoundingClientRect().width > 300)(document.querySelector(".still img"))`)
	if lit := eval[int](b, `[...document.querySelectorAll(".still .layer-hits rect")].filter(r => r.getBoundingClientRect().width > 5).length`); lit < 2 {
		t.Errorf("%d boxes are lit", lit)
	}
	b.seen("noscript-dossier", "/dossiers/"+dossierCode+"?q=cong+thuong")

	b.goTo("/dossiers/" + dossierCode)
	row := `[data-field]:has(input[name="field"][value="place"])`
	b.do(chromedp.Click(row+" .correct > summary"), chromedp.SetValue(row+` [name="value"]`, "Đà Lạt"), chromedp.Click(row+" .button.primary"))
	b.until(`document.querySelector(".notice.info a, .notice.good")`)
	b.picture("noscript-corrected")
	b.until(`document.querySelector(".notice.good")`) // the page looks by itself
	if said := b.text(row); !strings.Contains(said, "Đà Lạt") || !strings.Contains(said, "Corrected by lan") {
		t.Errorf("the field says %q", said)
	}

	b.do(chromedp.Click(".me .menu:last-child > summary"), chromedp.Click(`form[action="/logout"] button`))
	b.until(`location.pathname === "/login"`)
	b.goTo("/dossiers/" + dossierCode)
	b.until(`location.pathname === "/login"`)
}

func TestEnterTriesNoFileAgainWithoutScripts(t *testing.T) {
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleOperator, All: true})
	h.drop("hong.jpg", []byte("no picture at all"))
	h.settled(1, time.Minute)
	b.do(scripts(false))
	b.goTo("/waiting")
	b.do(chromedp.Click(`.refused-file input[name="id"]`), chromedp.SendKeys("#reason", "a page of the technician"+kb.Enter))
	b.do(chromedp.Click(`button[formaction="/waiting/dismiss"]`))
	b.until(`document.querySelector(".notice.good")?.textContent.includes("dismissed")`)
	if at := b.path(); strings.Contains(at, "did=retry") {
		t.Errorf("Enter led to %s", at)
	}
}
