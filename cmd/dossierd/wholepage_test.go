package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/dossierd/dossierd/dossier"
)

// dropScan drops a scan of the corpus as a dossier of its own, and answers with its code.
func (h *house) dropScan(t *testing.T, name string) (code string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpusDir(t), "vi", name))
	if err != nil {
		t.Fatal(err)
	}
	before := len(h.events.events(dossier.EventDossierPublished))
	h.dropBatch("folder", "b2", data)
	h.until("the dossier of "+name, func() bool { return len(h.events.events(dossier.EventDossierPublished)) > before })
	all := h.events.events(dossier.EventDossierPublished)
	return all[len(all)-1].Data.Dossier.Code
}

func TestFieldsAreAddedAndWholeDossiersDecidedAbout(t *testing.T) {
	t.Parallel()
	h := paperHouse(t)
	other := h.dropScan(t, "d0001-p10.jpg")
	b := newBrowser(t, h)
	who := clerk()
	who.Erase = true
	b.as(who)
	for _, part := range []struct {
		name string
		does func(t *testing.T, b *browser, at, other string)
	}{
		{"a field is added where a word is clicked", fieldIsAddedByClick},
		{"a field is added by keys alone", fieldIsAddedByKeys},
		{"a field is added where a box is drawn", fieldIsAddedByDrag},
		{"two dossiers are joined", dossiersAreJoined},
		{"the dossier gets another code", dossierGetsAnotherCode},
		{"the dossier is erased", dossierIsErased},
	} {
		t.Run(part.name, func(t *testing.T) {
			b.t = t
			part.does(t, b, "/dossiers/"+dossierCode, other)
		})
	}
	b.t = t
}

// openAdd opens the form of the first paper that lacks a field, chooses one, and answers with what that is called.
func (b *browser) openAdd(at, field string) (label string) {
	b.t.Helper()
	b.goTo(at)
	b.laid(1)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.add').open = true`), chromedp.SetValue(`.add [name="field"]`, field))
	return eval[string](b, `document.querySelector('.add [name="field"]').selectedOptions[0].text`)
}

// added waits until a version is there in which a field has a value that nobody read, and looks at where it is shown.
func (b *browser) added(version int, label, value string) {
	b.t.Helper()
	b.made(version)
	row := fmt.Sprintf(`[...document.querySelectorAll('[data-field]')].find(r => r.querySelector('dt').innerText === %q)`, label)
	said := eval[string](b, row+`.innerText`)
	if !strings.Contains(said, "Nothing was read") || !strings.Contains(said, "Corrected by lan") || !strings.Contains(said, value) {
		b.t.Errorf("the field says %q", said)
	}
	b.do(chromedp.Evaluate[chromedp.Void](row + `.querySelector('a[data-show]').click()`))
	b.until(`document.querySelector('[data-desk]').dataset.lit === "1"`)
}

// wordAt is where a word lies in the window.
type wordAt struct{ X, Y, Width, Height float64 }

func (b *browser) wordAt(text string) wordAt {
	b.t.Helper()
	b.do(once(scanRests))
	return eval[wordAt](b, fmt.Sprintf(`(r => ({X: r.x, Y: r.y, Width: r.width, Height: r.height}))(
		[...document.querySelectorAll('.layer-text tspan')].find(t => t.textContent === %q).getBoundingClientRect())`, text))
}

// litBox is where the box that is lit lies in the window.
func (b *browser) litBox() wordAt {
	b.t.Helper()
	b.do(once(scanRests))
	return eval[wordAt](b, `(r => ({X: r.x, Y: r.y, Width: r.width, Height: r.height}))(document.querySelector('[data-box].on').getBoundingClientRect())`)
}

const (
	addValue = `.add [name="value"]`
	addPoint = `.add [data-point]`
	addSave  = `.add [type="submit"]`
)

func fieldIsAddedByClick(t *testing.T, b *browser, at, _ string) {
	b.survey("dossier-add", at, chromedp.Evaluate[chromedp.Void](`document.querySelector('.add').open = true`), once(scanRests))
	label, value := b.openAdd(at, "addressee"), "Toàn thể sinh viên"
	b.do(chromedp.SendKeys(addValue, value), chromedp.Click(addPoint))
	b.until(`!document.querySelector('[data-point-hint]').hidden`)
	b.picture("dossier-point")
	b.accessible("a place is pointed at")
	at1 := b.wordAt("BÁO")
	b.do(chromedp.MouseClickXY(at1.X+at1.Width/2, at1.Y+at1.Height/2))
	b.until(`document.querySelector('.add [data-pointed]').innerText === "Shown on page 1"`)
	b.do(chromedp.Click(addSave))
	b.added(2, label, value)
	lit, word := b.litBox(), b.wordAt("BÁO")
	if lit.X > word.X+4 || lit.X+lit.Width < word.X+word.Width-4 || lit.Width > 1.3*word.Width {
		t.Errorf("the box is %+v, the word %+v", lit, word)
	}
}

func fieldIsAddedByKeys(t *testing.T, b *browser, at, _ string) {
	b.openAdd(at, "number")
	b.do(chromedp.SendKeys(addValue, "2024"), chromedp.Focus(addPoint), chromedp.KeyEvent(kb.Enter))
	b.until(`!document.querySelector('[data-point-hint]').hidden && document.activeElement.matches('[data-stage]')`)
	b.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(kb.ModifierShift)))
	b.picture("dossier-point-keys")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`document.querySelector('[data-point-hint]').hidden && document.activeElement.matches('[data-point]') && !document.querySelector('.point-mark')`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(kb.ModifierShift)), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector('.add [data-pointed]').innerText === "Shown on page 1" && document.activeElement.matches('.add [type="submit"]')`)
	box := eval[string](b, `document.querySelector('.add [name="box"]').value`)
	if n := len(strings.Fields(box)); n != 4 {
		t.Errorf("the box is %q", box)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.add [data-unpoint]').click()`))
	if box := eval[string](b, `document.querySelector('.add [name="box"]').value`); box != "" {
		t.Errorf("cleared, the box is %q", box)
	}
}

func fieldIsAddedByDrag(t *testing.T, b *browser, at, _ string) {
	label, value := b.openAdd(at, "number"), "1632" // of the symbol, which is what a person writes
	b.do(chromedp.SendKeys(addValue, value+"/TB-ĐHĐL"), chromedp.Click(addPoint))
	b.until(`!document.querySelector('[data-point-hint]').hidden`)
	word := b.wordAt("BÁO")
	b.do(chromedp.DragAndDropXY(word.X, word.Y, word.X+word.Width, word.Y+word.Height, 6))
	b.until(`document.querySelector('.add [data-pointed]').innerText === "Shown on page 1"`)
	b.do(chromedp.Click(addSave))
	b.added(3, label, value)
	lit, now := b.litBox(), b.wordAt("BÁO")
	if d := lit.X - now.X; d < -4 || d > 4 {
		t.Errorf("the box is %+v, the word %+v", lit, now)
	}
}

func dossiersAreJoined(t *testing.T, b *browser, at, other string) {
	b.goTo(at)
	pages := eval[int](b, `document.querySelectorAll('[data-sheet]').length`)
	b.do(chromedp.Click(`.whole-links a[href$="do=join"]`))
	b.until(`document.querySelector('#to')`)
	b.do(chromedp.SendKeys("#to", other), chromedp.Submit("#to"))
	b.until(`location.search.includes("to=") && document.querySelector('.points')`)
	if said := b.text(".points"); !strings.Contains(said, fmt.Sprintf("will have %d pages: %d of its own, followed by 1 of %s", pages+1, pages, other)) {
		t.Errorf("it says %q", said)
	}
	b.survey("dossier-whole-join", at+"/whole?do=join&to="+other)
	b.goTo(at + "/whole?do=join&to=nothing")
	b.picture("dossier-whole-none")
	b.accessible("a code that no dossier has")
	b.goTo(at + "/whole?do=join&to=" + other)
	b.do(chromedp.Click(`.whole button.primary`))
	b.made(4)
	if n := eval[int](b, `document.querySelectorAll('[data-sheet]').length`); n != pages+1 {
		t.Errorf("%d pages, of %d and 1", n, pages)
	}
	if said := b.text("#history"); !strings.Contains(said, "Joined with dossier "+other) {
		t.Errorf("the history says %q", said)
	}
	b.goTo("/dossiers/" + other)
	if said := b.text(".ended"); !strings.Contains(said, "withdrawn") {
		t.Errorf("the other one says %q", said)
	}
	b.picture("dossier-ended-withdrawn")
	b.accessible("a dossier that was withdrawn")
}

const newCode = "H42.16-240112-0099"

func dossierGetsAnotherCode(t *testing.T, b *browser, at, _ string) {
	b.goTo(at + "/whole?do=reassign&to=" + newCode)
	b.picture("dossier-whole-reassign")
	b.accessible("another code")
	b.do(chromedp.Click(`.whole button.primary`))
	b.made(1)
	if path := b.path(); !strings.HasPrefix(path, "/dossiers/"+newCode) {
		t.Errorf("it is at %s", path)
	}
	b.survey("dossier-whole-withdraw", "/dossiers/"+newCode+"/whole?do=withdraw")
}

func dossierIsErased(t *testing.T, b *browser, _, _ string) {
	at := "/dossiers/" + newCode
	b.survey("dossier-whole-erase", at+"/whole?do=erase")
	b.goTo(at)
	b.laid(1)
	b.do(chromedp.Click(`.whole-links a[href$="do=erase"]`))
	b.until(`document.querySelector('#confirm')`)
	b.do(chromedp.SendKeys("#reason", "kept long enough"), chromedp.SendKeys("#confirm", "H42"), chromedp.Submit("#confirm"))
	b.until(`document.querySelector('#fault')`)
	if said, reason := b.text("#fault"), eval[string](b, `document.querySelector('#reason').value`); !strings.Contains(said, "the code that was typed is not "+newCode) || reason != "kept long enough" {
		t.Errorf("it says %q, and keeps %q", said, reason)
	}
	b.picture("dossier-whole-refused")
	b.accessible("a code that is not the dossier's")
	b.do(chromedp.SendKeys("#confirm", newCode), chromedp.Submit("#confirm"))
	b.until(`document.querySelector('.stone')`)
	for deadline := time.Now().Add(30 * time.Second); strings.Contains(b.text(".stone .facts"), "under way"); {
		if time.Now().After(deadline) {
			t.Fatal("it is never destroyed")
		}
		time.Sleep(200 * time.Millisecond) // destroyed by a job, of which the page gives no sign
		b.goTo(at)
	}
	said := eval[string](b, `document.querySelector('.stone').textContent`)
	if !strings.Contains(said, "kept long enough") || !strings.Contains(said, "lan") || !strings.Contains(said, "metadata.json") || !strings.Contains(said, "destroyed") {
		t.Errorf("the tombstone says %q", said)
	}
	b.survey("dossier-ended-erased", at, chromedp.Evaluate[chromedp.Void](`document.querySelector('.stone details').open = true`))
}
