package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// sixStations is a house of six stations in three departments: two busy ones, one with a refused file, one with a bad scan, one where
// nothing was ever scanned and one whose folder has gone.
func sixStations(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "")
	var more strings.Builder
	more.WriteString("    languages: [vie]\n")
	departments := []string{"so-tu-phap", "so-tu-phap", "so-xay-dung", "so-xay-dung", "so-tai-nguyen-va-moi-truong", "so-tai-nguyen-va-moi-truong"}
	folders := map[string]string{"quay-1": h.station}
	for i, department := range departments[1:] {
		name := fmt.Sprintf("quay-%d", i+2)
		folders[name] = filepath.Join(h.dir, name)
		if err := os.Mkdir(folders[name], 0o755); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&more, "  - {name: %s, folder: %s, department: %s, languages: [vie], quiet: 300ms, incomplete_after: 3s}\n", name, folders[name], department)
	}
	h.configure(more.String())
	h.start("")
	drop := func(station, name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folders[station], name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	total := 0
	for _, of := range []struct{ station, scan string }{
		{"quay-1", "d0001-p01.jpg"}, {"quay-1", "d0001-p10.jpg"}, {"quay-2", "d0005.jpg"}, {"quay-2", "d0006-p1.tif"}, {"quay-3", "d0001-p02.jpg"},
	} {
		data, err := os.ReadFile(filepath.Join(corpusDir(t), "vi", of.scan))
		if err != nil {
			t.Fatal(err)
		}
		drop(of.station, of.scan, data)
		total++
	}
	drop("quay-3", "hong.jpg", []byte("no picture at all"))
	drop("quay-4", "trang.jpg", whiteSheet(t))
	h.settled(total+2, 3*time.Minute)
	if err := os.RemoveAll(folders["quay-6"]); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSixStationsAreGoodToLookAt(t *testing.T) {
	t.Parallel()
	h := sixStations(t)
	b := newBrowser(t, h)
	b.as(catalog.User{Name: "mai", Role: dossier.RoleAdministrator, All: true})
	b.goTo("/counters")
	b.until(`document.querySelectorAll(".counter img").length >= 6`)
	if there := eval[int](b, `document.querySelectorAll("[id^=counter-quay-]").length`); there != 6 {
		t.Errorf("%d counters", there)
	}
	b.survey("six-board", "/counters", once(picturesThere))
	b.survey("six-search", "/search?q=ngay", once(picturesThere))
	b.survey("six-waiting", "/waiting")

	b.goTo("/admin")
	b.do(chromedp.Click(`form[action^="/admin/health"] button`))
	b.until(`document.querySelector(".findings")`)
	if said := b.text(`[data-finding="stations"]`); !strings.Contains(said, "quay-6") || !strings.Contains(said, "missing") {
		t.Errorf("of the stations it says %q", said)
	}
	if said := b.text(`[data-finding="tesseract"]`); !strings.Contains(said, "good") || !strings.Contains(said, "leptonica") {
		t.Errorf("of Tesseract it says %q", said)
	}
	if said := b.text(`[data-finding="catalogue"]`); !strings.Contains(said, "good") {
		t.Errorf("of the catalogue it says %q", said)
	}
	// The header would stand in the middle of a picture of a page that is scrolled.
	top := chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`)
	b.survey("six-admin", "/admin", chromedp.Click(`form[action^="/admin/health"] button`), chromedp.WaitVisible(".findings"), top)
}
