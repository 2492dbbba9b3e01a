package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
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

const dossierCode = "H42.16-240112-0003"

// paperHouse is a house with a dossier of real Vietnamese scans behind a slip, with a blank page among them.
func paperHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "")
	h.configure("    languages: [vie]\n" + batchSettings("folder"))
	h.start("")
	scan := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(corpusDir(t), "vi", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	h.dropBatch("folder", "b1", h.scannedSlip("--code", dossierCode, "--procedure", "1.009994", "--place", "Kệ 3"),
		scan("d0001-p01.jpg"), scan("d0001-p02.jpg"), whiteSheet(t), scan("d0005.jpg"))
	h.settled(5, 2*time.Minute)
	h.until("the dossier", func() bool { return len(h.events.events(dossier.EventDossierPublished)) == 1 })
	return h
}

// whiteSheet is an A4 page without anything on it.
func whiteSheet(t *testing.T) []byte {
	t.Helper()
	page := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.Gray{Y: 250}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// clerk is somebody at the house's only station.
func clerk() catalog.User {
	return catalog.User{Name: "lan", Role: dossier.RoleClerk, Stations: []string{"quay-1"}}
}

// laid waits until the scan of a page and what lies over it are drawn.
func (b *browser) laid(page int) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(s => s && s.dataset.laid === "%d" && s.dataset.shown === "%[1]d")(document.querySelector('[data-stage]'))`, page))
}

// made waits until the page tells that a version is there.
func (b *browser) made(version int) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector('.notice.good')?.innerText.includes("ersion %d is ready") && document.querySelector('[data-stage]').dataset.shown`, version))
}

// order are the pages of each paper as they lie at left.
func (b *browser) order() string {
	b.t.Helper()
	return eval[string](b, `[...document.querySelectorAll('[data-paper]')].map(p =>
		[...p.querySelectorAll('[data-sheet]')].map(s => s.dataset.sheet).join(' ')).filter(p => p).join(' | ')`)
}

func TestADossierIsLookedAtAndPutInOrder(t *testing.T) {
	t.Parallel()
	h := paperHouse(t)
	b := newBrowser(t, h)
	b.as(clerk())
	at := "/dossiers/" + dossierCode
	for _, part := range []struct {
		name string
		does func(*testing.T, *browser, string)
	}{
		{"a lit box lies on its word", litBoxLiesOnItsWord},
		{"a field is shown where it stands", fieldIsShown},
		{"text is selected on the scan", textIsSelected},
		{"a picture that does not come is asked for again", pictureIsAskedForAgain},
		{"without scripts", withoutScripts},
		{"cut and join", cutAndJoin},
		{"another order by keys and by drag", otherOrder},
		{"a blank page is put back", blankIsPutBack},
		{"a field is corrected", fieldIsCorrected},
		{"a field is corrected with its place", fieldIsCorrectedWithItsPlace},
		{"two versions", twoVersions},
		{"stale", staleIsSaid},
		{"looks", looks},
	} {
		t.Run(part.name, func(t *testing.T) {
			b.t = t
			part.does(t, b, at)
		})
	}
	b.t = t
}

func looks(_ *testing.T, b *browser, at string) {
	b.survey("dossier", at+"?q=sinh+vien+dai+hoc", once(scanRests))
	b.survey("dossier-compare", at+"/compare?from=1", once(picturesThere))
}

func litBoxLiesOnItsWord(t *testing.T, b *browser, at string) {
	b.goTo(at + "?q=cong+thuong")
	b.laid(1)
	b.until(`document.querySelectorAll('[data-run].on').length === 2`)
	b.until(`document.querySelector('[data-hit-here]').innerText === "1 of " + [...document.querySelectorAll('[data-sheet]')].reduce((n, s) => n + Number(s.dataset.hits), 0)`)
	b.do(once(scanRests))
	type box struct{ X, Y, Width, Height float64 }
	boxes := eval[[]box](b, `[...document.querySelectorAll('[data-run].on')].map(r => r.getBoundingClientRect()).map(r => ({X: r.x, Y: r.y, Width: r.width, Height: r.height}))`)
	shot := ask(b, chromedp.CaptureScreenshot())
	b.picture("dossier-lit")
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range boxes {
		in := image.Rect(int(r.X)+3, int(r.Y)+3, int(r.X+r.Width)-3, int(r.Y+r.Height)-3)
		ink := inkIn(picture, in)
		if ink.share < .08 || ink.share > .6 {
			t.Errorf("%.2f of the box %v is dark", ink.share, in)
		}
		if w := float64(ink.bounds.Dx()) / float64(in.Dx()); w < .75 {
			t.Errorf("the word in %v fills %.2f of its breadth: %v", in, w, ink.bounds)
		}
		if h := float64(ink.bounds.Dy()) / float64(in.Dy()); h < .5 {
			t.Errorf("the word in %v fills %.2f of its height: %v", in, h, ink.bounds)
		}
	}
	b.do(chromedp.Focus("[data-stage]"), chromedp.KeyEvent("n"))
	b.until(`document.querySelector('[data-hit-here]').innerText.startsWith("2 of")`)
	b.do(chromedp.KeyEvent("N"))
	b.until(`document.querySelector('[data-hit-here]').innerText.startsWith("1 of")`)
}

// inked is what is dark in a part of a picture.
type inked struct {
	share  float64
	bounds image.Rectangle
}

func inkIn(p image.Image, in image.Rectangle) inked {
	const dark = 0x6000 // of 0xffff
	var found inked
	n := 0
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			r, g, bl, _ := p.At(x, y).RGBA()
			if (r+g+bl)/3 < dark {
				n++
				found.bounds = found.bounds.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	found.share = float64(n) / float64(max(1, in.Dx()*in.Dy()))
	return found
}

func fieldIsShown(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	if n := eval[int](b, `document.querySelectorAll('a[data-show]').length`); n < 4 {
		t.Fatalf("%d fields can be shown", n)
	}
	b.do(chromedp.Click(`[data-field-page="3"] a[data-show]`))
	b.laid(3)
	b.until(`document.querySelectorAll('[data-box].on').length === 1 && document.querySelectorAll('[data-field].on').length === 1`)
	if path := b.path(); !strings.Contains(path, "page=3") {
		t.Errorf("the address is %s", path)
	}
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.laid(2)
	b.goTo(at + "?page=99")
	b.laid(3)
}

func textIsSelected(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	b.do(chromedp.Click(`[data-toggle="select"]`))
	type line struct{ X, Y, Width float64 }
	l := eval[line](b, `(() => { const l = [...document.querySelectorAll('.layer-text text')].find(t => t.textContent.includes('THÔNG BÁO')).getBoundingClientRect();
		return {X: l.x, Y: l.y + l.height / 2, Width: l.width} })()`)
	b.do(chromedp.DragAndDropXY(l.X+1, l.Y, l.X+l.Width-1, l.Y, 8))
	if got := eval[string](b, `getSelection().toString().trim()`); got != "THÔNG BÁO" {
		t.Errorf("selected %q", got)
	}
	b.picture("dossier-selected")
}

func pictureIsAskedForAgain(_ *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	b.do(chromedp.Evaluate[chromedp.Void](`OpenSeadragon.console.error = () => {}; // that a tile failed is what is wanted here
		(s => { s.dataset.was = s.dataset.image; s.dataset.image = "/iiif/image/none" })(document.querySelector('[data-sheet="2"]'))`))
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.until(`!document.querySelector('[data-trouble]').hidden`)
	b.picture("dossier-trouble")
	b.accessible("a picture that did not come")
	b.do(chromedp.Evaluate[chromedp.Void](`(s => { s.dataset.image = s.dataset.was })(document.querySelector('[data-sheet="2"]'))`))
	b.do(chromedp.Click(`[data-trouble] button`))
	b.laid(2)
	b.until(`document.querySelector('[data-trouble]').hidden`)
}

func withoutScripts(t *testing.T, b *browser, at string) {
	b.do(scripts(false))
	defer b.do(scripts(true))
	b.goTo(at + "?q=cong+thuong")
	if n := len(ask(b, chromedp.Nodes(".still .layer-hits rect", chromedp.NodeReady))); n < 2 {
		t.Errorf("%d boxes are lit", n)
	}
	b.picture("dossier-without-scripts")
	b.do(chromedp.Click(`[data-sheet="2"] a.thumb`))
	b.house.until("page 2 is looked at", func() bool { return strings.Contains(b.path(), "page=2") })
}

func cutAndJoin(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	was := b.order()
	first := strings.Fields(strings.Split(was, "|")[0])
	if len(first) < 2 {
		t.Fatalf("the papers are %s", was)
	}
	b.do(chromedp.Click(`[data-sheet="2"] input`), chromedp.Click(`button[value="cut"]`))
	b.made(2)
	if got := b.order(); got == was || !strings.HasPrefix(got, "1 | 2") {
		t.Errorf("after the cut: %s, before it %s", got, was)
	}
	b.picture("dossier-cut")
	b.do(chromedp.Click(`[data-sheet="2"] input`), chromedp.Click(`button[value="join"]`))
	b.made(3)
	if got := b.order(); got != was {
		t.Errorf("joined again: %s, before the cut %s", got, was)
	}
	if said := b.text("#history"); !strings.Contains(said, "Cut at page 2") || !strings.Contains(said, "joined to the one before") || !strings.Contains(said, "lan") {
		t.Errorf("the history says %s", said)
	}
}

func otherOrder(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	was := b.order()
	b.do(chromedp.Focus(`[data-sheet="2"] .thumb`), chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(kb.ModifierAlt)))
	if got := b.order(); !strings.HasPrefix(got, "2 1") {
		t.Fatalf("moved by keys: %s, before %s", got, was)
	}
	if said := b.text("[data-said]"); !strings.Contains(said, "Page 2 now stands at place 1") {
		t.Errorf("said %q", said)
	}
	b.picture("dossier-reordered")
	b.accessible("an order that is not saved")
	b.do(chromedp.Click(`[data-save]`))
	b.made(4)
	if got := b.order(); got != was {
		t.Errorf("numbers of version 4 are %s", got)
	}
	b.do(chromedp.DragAndDrop(`[data-sheet="2"]`, `[data-sheet="1"]`))
	b.until(`!document.querySelector('[data-order]').hidden`)
	b.do(chromedp.Click(`[data-save]`))
	b.made(5)
}

func blankIsPutBack(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	if said := eval[string](b, `[...document.querySelectorAll('.page.out')].map(p => p.innerText).join(' ')`); !strings.Contains(said, "Cover slip, left out") {
		t.Errorf("said %q", said)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('.page.out')].find(p => p.innerText.includes('Blank')).querySelector('button').click()`))
	b.made(6)
	if n := eval[int](b, `document.querySelectorAll('[data-sheet]').length`); n != 4 {
		t.Errorf("%d pages", n)
	}
}

func fieldIsCorrected(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	row := `[...document.querySelectorAll('[data-field]')].find(r => r.querySelector('dt').innerText === 'Place')`
	was := eval[string](b, row+`.querySelector('.read-value').innerText`)
	b.do(chromedp.Evaluate[chromedp.Void](row + `.querySelector('.correct').open = true`))
	b.do(chromedp.Evaluate[chromedp.Void](`(r => { r.querySelector('[name="value"]').value = 'Đà Lạt'; r.querySelector('.primary').click() })(` + row + `)`))
	b.made(7)
	said := eval[string](b, row+`.innerText`)
	if !strings.Contains(said, "Đà Lạt") || !strings.Contains(said, "Corrected by lan") || !strings.Contains(said, "read as “"+was+"”") {
		t.Errorf("the field says %q, and was %q", said, was)
	}
	date := strings.Replace(row, "'Place'", "'Date'", 1)
	b.do(chromedp.Evaluate[chromedp.Void](`(r => { r.querySelector('.correct').open = true; r.querySelector('[name="value"]').value = 'no day'; r.querySelector('.primary').click() })(` + date + `)`))
	b.until(`document.querySelector('.refused [name="force"]')`)
	if said := b.text(".refused"); !strings.Contains(said, "“no day” is no value that this field can have: it is not written like a date") {
		t.Errorf("said %q", said)
	}
	if typed := eval[string](b, date+`.querySelector('[aria-invalid="true"]').value`); typed != "no day" {
		t.Errorf("what was typed is %q", typed)
	}
	b.picture("dossier-refused")
	b.accessible("a value that can't be")
}

// By the keyboard alone: the form is opened, its place is shown, the new one is chosen word by word, and all is saved.
func fieldIsCorrectedWithItsPlace(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	row := `[...document.querySelectorAll('[data-field]')].find(r => r.querySelector('dt').innerText === 'Type of document')`
	b.do(chromedp.Evaluate[chromedp.Void](row+`.querySelector('summary').focus()`), chromedp.KeyEvent(kb.Enter))
	b.until(`document.activeElement.name === "value" && document.querySelector('[data-desk]').dataset.lit === "1"`)
	b.picture("dossier-correct")
	b.accessible("a field that is being corrected")
	b.do(chromedp.KeyEvent(kb.Tab))
	b.until(`document.activeElement.matches('[data-point]')`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`!document.querySelector('[data-point-hint]').hidden && document.activeElement.matches('[data-stage]')`)
	b.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	b.until(`document.activeElement.matches('[type="submit"]') && document.querySelector('[data-point-hint]').hidden`)
	b.picture("dossier-correct-pointed")
	first := b.word(1)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.made(8)
	b.do(chromedp.Evaluate[chromedp.Void](row + `.querySelector('a[data-show]').click()`))
	b.until(`document.querySelector('[data-desk]').dataset.lit === "1"`)
	lit := eval[wordAt](b, `(r => ({X: Number(r.getAttribute('x')), Y: Number(r.getAttribute('y')), Width: Number(r.getAttribute('width'))}))(document.querySelector('[data-box].on'))`)
	if dx, dy := lit.X-first.X, lit.Y-first.Y; dx < -2 || dx > 2 || dy < -2 || dy > 2 {
		t.Errorf("the box is %+v, the word %+v", lit, first)
	}
}

// word is where word i of the page that is shown lies on it, in px of page space.
func (b *browser) word(i int) wordAt {
	b.t.Helper()
	return eval[wordAt](b, fmt.Sprintf(`(r => ({X: Number(r.getAttribute('x')), Y: Number(r.getAttribute('y')), Width: Number(r.getAttribute('width'))}))(
		document.querySelectorAll('.layer-words rect')[%d])`, i))
}

func twoVersions(t *testing.T, b *browser, at string) {
	b.goTo(at + "/compare?from=1&to=8")
	if said := b.text(".compare-sum"); !strings.Contains(said, "1 page came") || !strings.Contains(said, "0 pages went") {
		t.Errorf("said %q", said)
	}
	if said := b.text(".changes"); !strings.Contains(said, "Place") || !strings.Contains(said, "Đà Lạt") {
		t.Errorf("fields that changed: %q", said)
	}
	b.goTo(at + "?version=1")
	b.laid(1)
	if said := b.text("main > .notice"); !strings.Contains(said, "This is version 1; the latest is version 8") {
		t.Errorf("said %q", said)
	}
	if n := eval[int](b, `document.querySelectorAll('.choose').length`); n != 0 {
		t.Error("an old version can be decided about")
	}
}

func staleIsSaid(t *testing.T, b *browser, at string) {
	b.goTo(at)
	b.laid(1)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#rail [name="version"]').value = 1`))
	b.do(chromedp.Click(`[data-sheet="3"] input`), chromedp.Click(`#rail .more > summary`), chromedp.Click(`button[value="move"]`))
	b.until(`document.querySelector('.refused')`)
	if said := b.text(".refused"); !strings.Contains(said, "there is a newer version") || !strings.Contains(said, "Look at the latest") {
		t.Errorf("said %q", said)
	}
	b.picture("dossier-stale")
	b.accessible("a decision that came too late")
}
