package main_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// The tools of the tests that look at pages as people do: Debian's Chromium before the real daemon.

const (
	axeFile      = "../../.cache/npm/node_modules/axe-core/axe.min.js" // scripts/install-deps.sh test brings it
	pictureShelf = "../../bin/pictures"
)

// browser is a Chromium with one tab. What its pages say on the console is a fault of the test.
type browser struct {
	t     testing.TB
	house *house
	ctx   context.Context
	heard *lockedBuffer // errors of scripts and of the policy (CSP)
}

// newBrowser starts a Chromium before a house.
func newBrowser(t testing.TB, h *house) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		lacking(t, "Chromium: scripts/install-deps.sh test")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of its first run
		t.Fatalf("start Chromium: %v", err)
	}
	b := &browser{t: t, house: h, ctx: ctx, heard: &lockedBuffer{}}
	said := chromedp.Console(ctx)
	go b.listen(said)
	if err := chromedp.Listen(ctx, b.agree); err != nil {
		t.Fatal(err)
	}
	b.do(b.wide(1440), b.dark(false))
	t.Cleanup(func() {
		if said := b.heard.String(); said != "" {
			t.Errorf("the pages said on the console:\n%s", said)
		}
	})
	return b
}

// listen keeps what is wrong in the pages' own words: errors of scripts, refusals of the policy. That a page answered with an error
// is not.
func (b *browser) listen(said iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range said {
		if err != nil {
			return
		}
		bad := m.Type == chromedp.ConsoleWarning || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException
		if bad && !strings.HasPrefix(m.Text, "Failed to load resource: the server responded with a status of") {
			fmt.Fprintf(b.heard, "%s: %s (%s:%d)\n", m.Type, m.Text, m.URL, m.Line)
		}
	}
}

// agree says yes to what a page asks in a window of its own.
func (b *browser) agree(event any) {
	if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
		go func() { // an event's handler must not wait for the browser
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

type step = chromedp.Action[chromedp.Void]

// do runs steps, a minute at most.
func (b *browser) do(steps ...step) {
	b.t.Helper()
	_ = ask(b, chromedp.Steps(steps...))
}

// ask runs an action for its value, a minute at most. A test ends where it fails, with a picture of the page.
func ask[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.picture("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
		where, _ := chromedp.Run(b.ctx, chromedp.Location())
		text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
		b.t.Fatalf("%v\nat %s:\n%s", err, where, text)
	}
	return value
}

// eval is the value of an expression, or of its promise.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// password is that of all users of the tests.
const password = "mua xuan den roi"

// as signs a user in by a link to set the password, as an administrator would send it. Who was signed in is so no more.
func (b *browser) as(user catalog.User) {
	b.t.Helper()
	cat, err := catalog.Open(b.ctx, catalog.Config{Type: "sqlite", Path: filepath.Join(b.house.data, "catalogue.db")}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.t.Fatal(err)
	}
	defer cat.Close()
	admin := dossier.Principal{Kind: dossier.KindCommand, Name: "test"}
	if err := cat.AddUser(b.ctx, user, admin); err != nil && !errors.Is(err, catalog.ErrTaken) {
		b.t.Fatal(err)
	}
	link, err := access.NewLink(b.ctx, cat, user.Name, admin)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
	b.inLanguage("en")
	b.goTo(link)
	b.do(chromedp.SendKeys("#password", password), chromedp.SendKeys("#again", password), chromedp.Submit("#again"))
	b.until(`!location.pathname.startsWith("/link/")`)
}

// goTo opens a page by its path.
func (b *browser) goTo(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate("http://" + b.house.address + path))
}

// text is what stands in the first element that a selector finds, once it is there.
func (b *browser) text(selector string) string {
	b.t.Helper()
	return ask(b, chromedp.Text(selector, chromedp.NodeReady))
}

// until waits until an expression is true, on whatever page that is.
func (b *browser) until(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`)); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.picture("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
			b.t.Fatalf("never: %s\nat %s:\n%s", expression, b.path(), eval[string](b, `document.body.innerText`))
		}
		time.Sleep(50 * time.Millisecond) // an expression gives no sign of becoming true
	}
}

// scanRests is true once the scan of a page lies where it was told to, and its sharpest tiles are drawn.
const scanRests = `(scan => scan && scan.isOpen() && scan.world.getItemAt(0).getFullyLoaded() && !scan.world.needsDraw())(
	OpenSeadragon.getViewer(document.querySelector('[data-stage] > .moving')))`

// picturesThere is true once every picture in the window is.
const picturesThere = `[...document.images].every(i => i.complete || !i.checkVisibility() || i.getBoundingClientRect().top > innerHeight)`

// once is a step that waits until an expression is true, for two frames at least: what was told to move begins to in the next one.
func once(expression string) step {
	return chromedp.Evaluate[chromedp.Void](`(async () => {
		const frame = () => new Promise(requestAnimationFrame);
		do { await frame(); await frame(); } while (!(`+expression+`));
	})()`, chromedp.EvalAwaitPromise)
}

// path is where the tab is, with what follows the path.
func (b *browser) path() string {
	b.t.Helper()
	u, err := url.Parse(ask(b, chromedp.Location()))
	if err != nil {
		b.t.Fatal(err)
	}
	return u.RequestURI()
}

// wide is a window of a width; one of less than 600 is a telephone's.
func (b *browser) wide(pixels int64) step {
	if pixels < 600 {
		return chromedp.EmulateViewport(pixels, 740, chromedp.EmulateMobile)
	}
	return chromedp.EmulateViewport(pixels, 900)
}

func (b *browser) dark(on bool) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: map[bool]string{true: "dark", false: "light"}[on]},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	})
}

// inLanguage has the pages in a language from the next one on.
func (b *browser) inLanguage(language string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{
			Name: "dossierd_language", Value: language, URL: "http://" + b.house.address,
		})
		return err
	}))
}

// picture keeps what the tab shows, from top to bottom.
func (b *browser) picture(name string) {
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(pictureShelf, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictureShelf, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// survey opens a page in three languages and two widths, in the first of them dark too, keeps a picture of each, lets axe judge it in each
// language, width and darkness, and fails where it is wider than its window. then is done after the page is there, before it is looked at: a menu that is opened, a word that is hovered.
func (b *browser) survey(name, path string, then ...step) {
	b.t.Helper()
	for _, language := range []string{"vi", "fr", "en"} {
		b.inLanguage(language)
		for _, width := range []int64{360, 1440} {
			for _, dark := range []bool{false, true} {
				if dark && language != "vi" {
					continue // colours are the same in every language
				}
				b.do(b.wide(width), b.dark(dark))
				b.goTo(path)
				b.do(then...)
				looks := map[bool]string{true: "dark", false: "light"}[dark]
				b.picture(fmt.Sprintf("%s-%s-%d-%s", name, language, width, looks))
				where := fmt.Sprintf("%s in %s, %d wide, %s", path, language, width, looks)
				if language == "vi" || width == 360 { // what is wrong with a language is so in either width
					b.accessible(where)
				} else {
					b.fits(where)
				}
			}
		}
	}
	b.do(b.wide(1440), b.dark(false))
	b.inLanguage("en")
}

// accessible fails for what axe finds against WCAG 2.2 AA and good practice, and for a page that scrolls sideways.
func (b *browser) accessible(where string) {
	b.t.Helper()
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		lacking(b.t, "axe-core: scripts/install-deps.sh test")
	}
	found := eval[string](b, string(axe)+`;axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v =>
		({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + ' ' + n.failureSummary)}))))`)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("%s: %s: %s\n%s", where, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
	}
	b.fits(where)
}

// fits fails for a page that scrolls sideways.
func (b *browser) fits(where string) {
	b.t.Helper()
	wide, window := eval[int](b, `document.documentElement.scrollWidth`), eval[int](b, `document.documentElement.clientWidth`)
	if wide > window {
		b.t.Errorf("%s: the page is %d wide in a window of %d", where, wide, window)
	}
}
