package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// iiifTool is a program of the virtual environment that install-deps.sh makes for the judges of IIIF.
func iiifTool(t testing.TB, name string) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("IIIF_TOOLS"), filepath.Join("..", "..", ".cache", "iiif", "bin")} {
		if path, err := filepath.Abs(filepath.Join(dir, name)); dir != "" && err == nil {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	lacking(t, "the judges of IIIF, see scripts/install-deps.sh")
	return ""
}

// open lets the daemon be asked without a token, under the address that it names itself by: judges know no tokens.
func (h *house) open() string {
	h.t.Helper()
	target := &url.URL{Scheme: "http", Host: h.address}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header.Set("Authorization", "Bearer "+token)
	}})
	h.t.Cleanup(proxy.Close)
	settings, err := os.ReadFile(h.config)
	if err != nil {
		h.t.Fatal(err)
	}
	settings = bytes.Replace(settings, []byte("public_url: http://"+h.address), []byte("public_url: "+proxy.URL), 1)
	if err := os.WriteFile(h.config, settings, 0o600); err != nil {
		h.t.Fatal(err)
	}
	return proxy.URL
}

// get asks for an address and checks the answer's status.
func get(t testing.TB, address string, status int) (http.Header, []byte) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Fatalf("%s: %s, want %d\n%s", address, resp.Status, status, body[:min(len(body), 500)])
	}
	return resp.Header, body
}

// shownPages lists the ids of the pages that the manifest of the only dossier shows, and its address.
func (h *house) shownPages(base string) (manifest string, pages []string) {
	h.t.Helper()
	code := ""
	for _, path := range files(h.t, filepath.Join(h.data, "objects", "dossiers")) {
		if filepath.Base(path) == "metadata.json" {
			code, _ = url.PathUnescape(filepath.Base(filepath.Dir(filepath.Dir(path))))
		}
	}
	manifest = base + "/iiif/dossiers/" + url.PathEscape(code) + "/manifest.json"
	_, body := get(h.t, manifest, http.StatusOK)
	var m struct {
		Items []struct{ ID string }
	}
	if err := json.Unmarshal(body, &m); err != nil {
		h.t.Fatal(err)
	}
	for _, c := range m.Items {
		pages = append(pages, c.ID[strings.LastIndexByte(c.ID, '/')+1:])
	}
	return manifest, pages
}

// squares is the picture that the validator knows: its table of colours as a PNG.
func squares(t testing.TB) []byte {
	t.Helper()
	const script = `
import sys
from PIL import Image
from iiif_validator.validator import ValidationInfo
table = ValidationInfo().colorInfo
img = Image.new("RGB", (1000, 1000))
for x in range(10):
    for y in range(10):
        img.paste(table[x][y], (100 * x, 100 * y, 100 * x + 100, 100 * y + 100))
img.save(sys.argv[1], "PNG")
`
	file := filepath.Join(t.TempDir(), "squares.png")
	if out, err := exec.Command(iiifTool(t, "python3"), "-c", script, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheIIIFValidatorPassesWhatTheDaemonShows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	validate := iiifTool(t, "iiif-validate.py")
	picture := squares(t)
	base := h.open()
	h.start("")
	h.drop("squares.png", picture)
	h.settled(1, time.Minute)
	_, pages := h.shownPages(base)
	server := strings.TrimPrefix(base, "http://")
	for _, level := range []string{"1", "2"} {
		cmd := exec.Command(iiifTool(t, "python3"), validate, "-s", server, "-p", "iiif/image", "-i", pages[0], "--version=3.0", "--level="+level, "-v")
		out, err := cmd.CombinedOutput()
		t.Logf("level %s\n%s", level, out)
		if err != nil {
			t.Errorf("level %s: %v", level, err)
		}
	}
}

// decoded is the picture at an address.
func decoded(t testing.TB, address string) image.Image {
	t.Helper()
	_, body := get(t, address, http.StatusOK)
	img, _, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func near(a, b color.Color, most int) bool {
	r, g, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r>>8) - int(r2>>8), int(g>>8) - int(g2>>8), int(b1>>8) - int(b2>>8)} {
		if max(d, -d) > most {
			return false
		}
	}
	return true
}

func TestTilesTogetherAreThePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	base := h.open()
	h.start("")
	h.drop("page.jpg", sample(t))
	h.settled(1, time.Minute)
	_, pages := h.shownPages(base)
	page := base + "/iiif/image/" + pages[0]
	whole := decoded(t, page+"/full/max/0/default.png")
	const side = 512
	w, ht := whole.Bounds().Dx(), whole.Bounds().Dy()
	for y := 0; y < ht; y += side {
		for x := 0; x < w; x += side {
			tw, th := min(side, w-x), min(side, ht-y)
			tile := decoded(t, fmt.Sprintf("%s/%d,%d,%d,%d/%d,%d/0/default.png", page, x, y, side, side, tw, th))
			for dy := 0; dy < th; dy += 7 {
				for dx := 0; dx < tw; dx += 7 {
					if !near(tile.At(dx, dy), whole.At(x+dx, y+dy), 0) {
						t.Fatalf("tile at %d,%d: pixel %d,%d is another", x, y, dx, dy)
					}
				}
			}
		}
	}
}
