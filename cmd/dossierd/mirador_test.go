package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// miradorPage is a web page of somebody else that shows a manifest in Mirador. It asks by a token, and never by cookies.
const miradorPage = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Mirador</title><body><div id="m"></div><script src="mirador.min.js"></script>
<script>
const bearer = {Authorization: "Bearer %[2]s"};
window.miradorInstance = Mirador.viewer({
  id: "m", windows: [{manifestId: %[1]q, sideBarOpen: true, sideBarPanel: "canvas"}],
  requests: {preprocessors: [(url, options) => ({...options, headers: {...options.headers, ...bearer}})]},
  osdConfig: {loadTilesWithAjax: true, ajaxHeaders: bearer, crossOriginPolicy: "Anonymous"},
});
</script></body></html>`

// elsewhere serves Mirador and a page with it, from another origin than the daemon's.
func elsewhere(t testing.TB, manifest string) string {
	t.Helper()
	scripts, err := filepath.Glob("../../.cache/mirador-*/dist/mirador.min.js")
	if err != nil || len(scripts) == 0 {
		lacking(t, "Mirador, see scripts/install-deps.sh")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mirador.min.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, scripts[0]) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, miradorPage, manifest, token) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// chromium is a tab of Debian's Chromium, for five minutes at most.
func chromium(t testing.TB) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		lacking(t, "Chromium, see scripts/install-deps.sh")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true))...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1400, 900)); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// shows waits until a condition of the page holds, and keeps a picture of it.
func shows(t testing.TB, ctx context.Context, name, condition string) image.Image {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+condition+`)`))
		if err == nil && ok {
			break
		}
		if time.Now().After(deadline) {
			text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
			shot(t, ctx, name+"-failed")
			t.Fatalf("never: %s (%v)\n%s", condition, err, text)
		}
		time.Sleep(100 * time.Millisecond) // a condition gives no sign of becoming true
	}
	return shot(t, ctx, name)
}

func shot(t testing.TB, ctx context.Context, name string) image.Image {
	t.Helper()
	data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	const shelf = "../../bin/pictures"
	if err := os.MkdirAll(shelf, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shelf, name+".png"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestMiradorOpensADossierFromAnotherOrigin(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("two.tif", twoPages(t))
	h.settled(1, time.Minute)
	base := h.open()
	manifest, _ := h.shownPages(base)
	manifest = strings.Replace(manifest, base, "http://"+h.address, 1)
	ctx := chromium(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(elsewhere(t, manifest))); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "mirador-open", `document.body.innerText.includes("Dossier quay-1-") && document.querySelector(".openseadragon-canvas canvas, .openseadragon-canvas drawer")`)
	// Tiles of the page were asked for and drawn: the middle of the viewer is paper with print on it, once they have faded in.
	shows(t, ctx, "mirador-page", `performance.getEntriesByType("resource").filter(e => /\/iiif\/image\/[^/]+\/(full|[0-9,]+)\/[0-9,]+\/0\/default\.jpg/.test(e.name)).length >= 3`)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) { // Mirador gives no sign of its viewer
		page := shot(t, ctx, "mirador-page")
		dark, light := share(page, 0, 110), share(page, 200, 256)
		if dark >= 0.005 && light >= 0.2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%.3f of the picture are dark, %.3f light: see bin/pictures/mirador-page.png", dark, light)
		}
	}
	if err := chromedp.Do(ctx, chromedp.Click(`button[aria-label="Next item"]`, chromedp.NodeVisible)); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "mirador-next", `document.body.innerText.includes("2 of 2") && document.body.innerText.includes("Page 2")`)
	if n := strings.Count(bodyText(t, ctx), "Thông báo 217/TB-PHT"); n != 2 {
		t.Errorf("%d papers are listed:\n%s", n, bodyText(t, ctx))
	}
}

func bodyText(t testing.TB, ctx context.Context) string {
	t.Helper()
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// share of the pixels in the middle of a picture whose grey value lies from least to below most.
func share(img image.Image, least, most int) float64 {
	b := img.Bounds()
	middle := image.Rect(b.Min.X+b.Dx()*45/100, b.Min.Y+b.Dy()/5, b.Min.X+b.Dx()*75/100, b.Min.Y+b.Dy()*4/5)
	n := 0
	for y := middle.Min.Y; y < middle.Max.Y; y++ {
		for x := middle.Min.X; x < middle.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			if v := int((r + g + bl) / 3 >> 8); v >= least && v < most {
				n++
			}
		}
	}
	return float64(n) / float64(middle.Dx()*middle.Dy())
}
