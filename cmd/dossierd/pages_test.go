package main_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestTheWayInIsGoodToLookAtAndToHear(t *testing.T) {
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.survey("login", "/login")
	b.survey("nothing", "/nothing")
}

func TestSomebodySignsInAndIsRefusedElsewhere(t *testing.T) {
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
