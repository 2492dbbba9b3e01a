package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/office"
)

// try has a child try a kind on a page of made words, ten times over.
func try(t *testing.T, source, language string) (trial office.Trial, took time.Duration, exit error) {
	t.Helper()
	page := &dossier.Page{Width: 1654, Height: 2339, DPI: 200, Language: "vie"}
	var lines []dossier.Line
	for n := range 60 {
		y := float64(30 * n)
		line := dossier.Line{Box: dossier.Box{X0: 10, Y0: y, X1: 1010, Y1: y + 20}, Baseline: y + 20, Size: 20}
		for i := range 10 {
			x, text := float64(10+100*i), fmt.Sprintf("w%dx%d", n, i)
			if i == 1 {
				text += ":"
			}
			line.Words = append(line.Words, dossier.Word{Text: text, Confidence: .9, Box: dossier.Box{X0: x, Y0: y, X1: x + 90, Y1: y + 20}})
		}
		lines = append(lines, line)
	}
	page.Layout = dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: lines}}}}}
	request := office.TrialRequest{File: "own.yaml", Source: source, Language: language}
	for range 10 {
		request.Pages = append(request.Pages, page)
	}
	in, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(build(t), "try-kind")
	cmd.Stdin, cmd.Env = bytes.NewReader(in), []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}
	out, exit := cmd.Output()
	if exit == nil {
		if err := json.Unmarshal(out, &trial); err != nil {
			t.Fatal(err)
		}
	}
	if state := cmd.ProcessState; state != nil {
		took = state.UserTime() + state.SystemTime()
	}
	return trial, took, exit
}

const beginOfKind = "name: own\ntitles: {en: Own}\nrecognise: [{words: [w0x0], weight: 1}]\nfields:\n"

func TestATrialEndsWhateverAKindAsksFor(t *testing.T) {
	for name, source := range map[string]string{
		"patterns": beginOfKind + strings.Repeat("  - {name: a, find: [{zone: anywhere, pattern: '(((a|b|c|.){0,30}){0,30})Q'}]}\n", 800),
		"nesting":  beginOfKind + "  - {name: a, find: " + strings.Repeat("[", 30_000) + "\n",
	} {
		source = numbered(source)
		_, took, exit := try(t, source, "en")
		if exit == nil {
			t.Errorf("%s: it was tried", name)
		}
		if t.Logf("%s: %v CPU, %v", name, took, exit); took > 7*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// numbered gives fields of one name names of their own.
func numbered(source string) string {
	parts := strings.Split(source, "{name: a,")
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			fmt.Fprintf(&b, "{name: a%d,", i)
		}
		b.WriteString(part)
	}
	return b.String()
}

func TestATrialSaysWhatIsWrongWithAKindAndWhatWasFound(t *testing.T) {
	trial, _, exit := try(t, beginOfKind+"  - {name: a, tpye: date, find: [{label: w0x1}]}\n", "fr")
	if exit != nil || len(trial.Faults) != 1 || trial.Faults[0].Line != 5 || !strings.Contains(trial.Faults[0].Text, `vouliez-vous dire "type"`) {
		t.Errorf("%v %+v", exit, trial)
	}
	trial, took, exit := try(t, beginOfKind+"  - {name: a, required: true, find: [{label: \"w0x1:\"}]}\n  - {name: b, find: [{label: nowhere}]}\n", "en")
	if exit != nil || !trial.Recognised() || len(trial.Fields) != 2 {
		t.Fatalf("%v %+v", exit, trial)
	}
	a, b := trial.Fields[0], trial.Fields[1]
	if a.Field == nil || !strings.HasPrefix(a.Field.Value, "w0x2") || !a.Required || b.Field != nil || b.Why != "label not found: nowhere" {
		t.Errorf("%+v %+v", a, b)
	}
	t.Logf("a trial takes %v CPU", took)
}

func TestAKindIsTriedOnAPageAndChangedForTheTrial(t *testing.T) {
	t.Parallel()
	h := paperHouse(t)
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleAdministrator, All: true})
	b.goTo("/admin/rules")
	b.do(chromedp.Click(`a[href="/admin/kinds/vi-document"]`))
	b.until(`document.querySelector('.latest a')`)
	b.survey("kind", "/admin/kinds/vi-document")

	b.goTo("/admin/kinds/vi-document")
	b.do(chromedp.SetValue("#code", dossierCode), chromedp.SetValue("#page", "1"), chromedp.Submit("#page"))
	b.until(`document.querySelector('.verdict.good')`)
	if said := b.text(`[data-tried="type"] .read-value`); said != "Thông báo" {
		t.Errorf("the type is %q", said)
	}
	fieldsLieOnPrint(t, b)
	b.do(chromedp.Click(`[data-tried="agency"] .show`))
	b.until(`document.querySelector(':target rect')`)
	path := "/admin/kinds/vi-document?" + url.Values{"code": {dossierCode}, "page": {"1"}}.Encode()
	b.survey("kind-tried", path)
	b.survey("kind-not-recognised", strings.Replace(path, "vi-document", "fr-invoice", 1))

	source, err := kinds.Files.ReadFile("vi-document.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b.changeKind(path, strings.Replace(string(source), "name: abstract", "name: about", 1))
	b.until(`document.querySelector('[data-tried="about"]')`)
	if said := b.text("#trial .notice"); !strings.Contains(said, "nothing was saved") {
		t.Errorf("said %q", said)
	}
	b.changeKind(path, strings.Replace(string(source), "threshold:", "treshold:", 1))
	b.until(`document.querySelector('.faulty')`)
	if said := b.text(".faulty"); !strings.Contains(said, "Line 6") || !strings.Contains(said, `did you mean "threshold"?`) || !strings.Contains(said, "treshold: 0.6") {
		t.Errorf("said %q", said)
	}
	b.accessible("a kind that is not written as it must be")
	b.picture("kind-faulty")
	b.do(b.wide(360))
	b.picture("kind-faulty-360")
	b.accessible("a kind that is not written as it must be, on a telephone")
	b.do(b.wide(1440))

	b.changeKind(path, numbered(beginOfKind+strings.Repeat("  - {name: a, find: [{zone: anywhere, pattern: '(((a|b|c|.){0,30}){0,30})Q'}]}\n", 700)))
	b.until(`document.querySelector('#trial .notice.bad')`)
	if said := b.text("#trial .notice"); !strings.Contains(said, "took too much time or memory") {
		t.Errorf("said %q", said)
	}
	b.goTo("/admin/kinds/vi-document")
	if kept := eval[string](b, `document.getElementById('source').value`); kept != string(source) {
		t.Errorf("the kind is now\n%s", kept)
	}
}

// changeKind tries a kind as it is written here.
func (b *browser) changeKind(path, source string) {
	b.t.Helper()
	b.goTo(path)
	text, err := json.Marshal(source)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#source').closest('details').open = true;
		document.querySelector('#source').value = ` + string(text) + `; document.querySelector('.try .button').click()`))
}

// fieldsLieOnPrint fails for a box of a sure value that has no print in it.
func fieldsLieOnPrint(t *testing.T, b *browser) {
	t.Helper()
	b.until(`[...document.querySelectorAll('.scan img')].every(i => i.complete && i.naturalWidth > 0)`)
	type box struct {
		Number              int
		X, Y, Width, Height float64
	}
	boxes := eval[[]box](b, `[...document.querySelectorAll('.layer-fields rect.good')].map(r => ({n: Number(r.dataset.box), r: r.getBoundingClientRect()})).map(({n, r}) =>
		({Number: n, X: r.x + scrollX, Y: r.y + scrollY, Width: r.width, Height: r.height}))`)
	shot, err := png.Decode(bytes.NewReader(ask(b, chromedp.FullScreenshot(100))))
	if err != nil {
		t.Fatal(err)
	}
	if len(boxes) < 3 {
		t.Errorf("%d boxes of sure values", len(boxes))
	}
	for _, r := range boxes {
		in := image.Rect(int(r.X)+2, int(r.Y)+2, int(r.X+r.Width)-2, int(r.Y+r.Height)-2)
		if ink := inkIn(shot, in); ink.share < .05 || ink.share > .6 {
			t.Errorf("%.2f of the box %d, %v, is dark", ink.share, r.Number, in)
		}
	}
}
