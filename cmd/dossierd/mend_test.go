package main_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestARefusedFileIsTriedAgainAndDismissed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleOperator, All: true})
	h.drop("hong.jpg", []byte("no picture at all"))
	h.settled(1, time.Minute)
	b.goTo("/waiting")
	if why := b.text(".refused-file .why"); !strings.Contains(why, "hong.jpg") {
		t.Errorf("why is %q", why)
	}
	b.survey("waiting", "/waiting?station=quay-1")

	b.goTo("/waiting")
	b.do(chromedp.Click(`.refused-file button[name="only"]`))
	b.until(`document.querySelector(".notice.good")`)
	h.settled(1, time.Minute)

	b.goTo("/waiting")
	b.do(chromedp.Click(`.refused-file input[name="id"]`), chromedp.SetValue("#to", "hoa"), chromedp.SendKeys("#to", "\r"))
	b.until(`document.querySelector(".notice.good")?.textContent.includes("assigned")`)
	if text := b.text(".refused-file"); !strings.Contains(text, "Seen to by hoa") {
		t.Errorf("it says %q", text)
	}

	b.goTo("/waiting")
	b.do(chromedp.Click(`.refused-file input[name="id"]`), chromedp.Click(`button[formaction="/waiting/dismiss"]`))
	b.until(`document.activeElement.id === "reason" && document.querySelector("#reason:invalid")`)
	if told := b.text("[data-ticked]"); told != "Chosen: 1" {
		t.Errorf("what was ticked before is told as %q", told)
	}
	b.do(chromedp.SendKeys("#reason", "a page of the technician\r"))
	b.until(`document.querySelector(".notice.good") && !document.querySelector(".refused-file")`)
	b.survey("waiting-empty", "/waiting")
	b.goTo("/waiting?dismissed=1")
	if text := b.text(".refused-file"); !strings.Contains(text, "Dismissed by mai: a page of the technician") {
		t.Errorf("it says %q", text)
	}
}

func TestADeliveryThatFailedIsSentAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.events.mu.Lock()
	h.events.failing = true
	h.events.mu.Unlock()
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleOperator, All: true})
	b.goTo("/deliveries")
	b.do(chromedp.Click(`form[action="/deliveries/test"] button`))
	b.until(`location.pathname.startsWith("/deliveries/")`)
	one := strings.Split(b.path(), "?")[0]
	failed := false
	for range 60 {
		if failed = eval[bool](b, `!!document.querySelector(".attempt .badge.bad")`); failed {
			break
		}
		time.Sleep(500 * time.Millisecond) // an attempt gives the page no sign
		b.goTo(one)
	}
	if !failed {
		t.Fatal("no attempt failed")
	}
	b.survey("delivery", one)
	b.survey("deliveries", "/deliveries")

	h.events.mu.Lock()
	h.events.failing = false
	h.events.mu.Unlock()
	for range 120 {
		if eval[bool](b, `!!document.querySelector('.facts .badge.good')`) {
			break
		}
		time.Sleep(500 * time.Millisecond)
		b.goTo(one)
	}
	b.do(chromedp.Click(`form[action="/deliveries/replay"] button`))
	b.until(`document.querySelector(".notice.good")`)
	times := 0
	for deadline := time.Now().Add(time.Minute); times < 2 && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		h.events.mu.Lock()
		times = len(h.events.order)
		h.events.mu.Unlock()
	}
	if times != 2 {
		t.Errorf("the subscriber acknowledged it %d times", times)
	}
}

func TestAReportIsAskedForAndShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleArchivist, Departments: []string{"so-tu-phap"}})
	h.drop("don.jpg", sample(t))
	h.drop("hong.jpg", []byte("no picture at all"))
	h.settled(2, 3*time.Minute)
	b.goTo("/reports")
	b.do(chromedp.SetValue("#by", "station"), chromedp.Submit("#by"))
	b.until(`location.search.includes("by=station")`)
	if text := b.text(".figures tbody tr"); !strings.HasPrefix(text, "quay-1\t2\t") {
		t.Errorf("the row is %q", text)
	}
	if drawn := eval[int](b, `document.querySelectorAll(".chart .bar-ground ~ .bar").length`); drawn != 4 {
		t.Errorf("%d bars are drawn", drawn)
	}
	b.do(chromedp.SetValue("#station", "quay-1"), chromedp.Submit("#station"))
	b.until(`location.search.includes("station=quay-1")`)
	if lead := b.text(".page-head p"); !strings.Contains(lead, "Counter quay-1 only") {
		t.Errorf("the report says %q", lead)
	}
	b.survey("reports", "/reports?by=station&station=quay-1")
	b.survey("reports-none", "/reports?from=2020-01-01&to=2020-01-31")
}

func TestAnAdministratorAddsAUserWhoSetsAPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleAdministrator, All: true})
	b.goTo("/admin/users")
	b.do(chromedp.SendKeys("#name", "lan"), chromedp.Click(`input[name="station"][value="quay-1"]`), chromedp.Submit("#name"))
	b.until(`document.getElementById("link")`)
	link := eval[string](b, `document.getElementById("link").value`)
	b.accessible("a link to set the password")
	for name, path := range map[string]string{
		"admin": "/admin", "admin-users": "/admin/users", "admin-user": "/admin/users/lan", "admin-rules": "/admin/rules", "admin-audit": "/admin/audit",
	} {
		b.survey(name, path)
	}
	b.goTo("/admin/audit")
	b.do(chromedp.Click(`form[action="/admin/audit/verify"] button`))
	b.until(`document.querySelector(".notice.good")`)

	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action="/logout"]').submit()`))
	b.until(`location.pathname === "/login"`)
	b.do(chromedp.Navigate(link))
	b.do(chromedp.SendKeys("#password", password), chromedp.SendKeys("#again", password), chromedp.Submit("#again"))
	b.until(`location.pathname === "/counters"`)
	b.goTo("/admin")
	if text := b.text("main"); !strings.Contains(text, "not for your account") {
		t.Errorf("a clerk is shown %s", text)
	}
}
