package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/dossierd/dossierd/dossier"
)

// cardNumber is that of the card that scannedCard shows.
const cardNumber = "036094001234"

// scannedCard is a page with the symbol of an identity card, of somebody who does not exist.
func scannedCard(t testing.TB) []byte {
	t.Helper()
	text := cardNumber + "|163212345|NGUYEN VAN AN|05011994|Nam|Gia Tuong, Nho Quan, Ninh Binh|20042021"
	symbol, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 400, 400, nil)
	if err != nil {
		t.Fatal(err)
	}
	page := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(page, image.Rect(800, 300, 1200, 700), symbol, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// answers is what the API answers to a GET.
func (h *house) answers(url string) int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestAnIdentityCardIsReadByWhoMaySeeItOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("CCCD "+cardNumber+".jpg", scannedCard(t))
	h.until("the card is published", func() bool { return len(h.events.events(dossier.EventDossierPublished)) == 1 })
	e := h.events.events(dossier.EventDossierPublished)[0]
	for _, name := range []string{"pdf", "original", "private"} {
		if got := h.answers(e.Data.Objects[name].URL); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	if m := h.get(e.Data.Objects["metadata"].URL); bytes.Contains(m, []byte(cardNumber)) {
		t.Error("metadata.json tells the number")
	}
	h.tellsNot(cardNumber)
	h.kill()
	h.extra = fmt.Sprintf("  - {name: test, url: %q, secret: %s, fields: clear}", h.events.server.URL, secret)
	h.configure("")
	h.start("")
	if private := h.get(e.Data.Objects["private"].URL); !bytes.Contains(private, []byte(cardNumber)) {
		t.Errorf("%s", private)
	}
	status, said := h.post("/api/v1/dossiers/lookup", `{"number": "`+cardNumber+`"}`)
	if status != http.StatusOK || !bytes.Contains(said, []byte(e.Data.Dossier.Code)) {
		t.Errorf("%d %s", status, said)
	}
	if !strings.Contains(h.log.String(), "personal data read") {
		t.Error("the read is not logged")
	}
	h.tellsNot(cardNumber)
}

// tellsNot looks for text in what the daemon logged, sent and put beside the clerk's files, and in what its commands print.
func (h *house) tellsNot(text string) {
	h.t.Helper()
	told := h.log.String()
	for _, command := range []string{
		"deposits list", "deposits list --json", "status", "status --json", "deliveries list", "deliveries list --json", "report", "report --by station --format json",
	} {
		told += h.command(strings.Fields(command)...)
	}
	h.events.mu.Lock()
	for _, body := range h.events.bodies {
		told += string(body)
	}
	h.events.mu.Unlock()
	err := filepath.WalkDir(h.station, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		told += path + string(data)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if i := strings.Index(told, text); i >= 0 {
		h.t.Errorf("%s is told: %s", text, told[max(0, i-200):min(len(told), i+100)])
	}
}
