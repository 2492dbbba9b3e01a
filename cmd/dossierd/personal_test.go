package main_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/dossierd/dossierd/dossier"
)

// typed is an A4 page at 200 dpi with these lines and, where code is given, its QR symbol.
func typed(t testing.TB, code string, lines ...string) []byte {
	t.Helper()
	page := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	letters, err := opentype.Parse(gomono.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: 12, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	pen := font.Drawer{Dst: page, Src: image.Black, Face: face}
	for i, line := range lines {
		pen.Dot = fixed.P(140, 200+i*70)
		pen.DrawString(line)
	}
	if code != "" {
		symbol, err := qrcode.NewQRCodeWriter().Encode(code, gozxing.BarcodeFormat_QR_CODE, 400, 400, nil)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(page, image.Rect(1100, 1700, 1500, 2100), symbol, image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// personalPapers are papers that tell of people who do not exist, by the files' names, and the numbers on each.
func personalPapers(t testing.TB) map[string]struct {
	scan              []byte
	numbers           []string
	identity, private bool
} {
	t.Helper()
	form := func(more ...string) []string {
		return append([]string{
			"CONG HOA XA HOI CHU NGHIA VIET NAM", "", "DON DE NGHI CAP LAI GIAY PHEP", "", "Kinh gui: Uy ban nhan dan xa Gia Tuong", "",
			"Ho va ten: NGUYEN VAN AN", "Ngay sinh: 05/01/1994",
		}, more...)
	}
	return map[string]struct {
		scan              []byte
		numbers           []string
		identity, private bool // the latter: the first number is a field
	}{
		"form 001089012345.jpg": {
			typed(t, "", form("So CCCD: 001089012345", "So CMND cu 163 212 345, nay da huy", "", "NGUOI LAM DON")...),
			[]string{"001089012345", "163212345", "163 212 345"},
			false, true,
		},
		"form with a card.jpg": {
			typed(t, cardNumber+"|163212346|NGUYEN VAN AN|05011994|Nam|Gia Tuong, Nho Quan, Ninh Binh|20042021", form("", "NGUOI LAM DON")...),
			[]string{cardNumber, "163212346"},
			true, false,
		},
		"paper 1.jpg": {
			typed(t, "000.00.16.H42-240112-0003|1.001234.000.00.00.H42|001189012346|Giay khai sinh", form("", "NGUOI LAM DON")...),
			[]string{"001189012346"},
			false, false,
		},
		"letter.jpg": {
			typed(
				t, "", "UBND TINH NINH BINH           CONG HOA XA HOI CHU NGHIA VIET NAM", "SO TU PHAP                    Doc lap - Tu do - Hanh phuc", "",
				"So: 12/STP-HCTP               Ninh Binh, ngay 05 thang 01 nam 2024", "V/v cap the cho 001089012347", "", "Kinh gui: Ong NGUYEN VAN AN", "",
				"Ong la nguoi mang so 001089012347 va so cu 163212347.",
			),
			[]string{"001089012347", "163212347"},
			false, false,
		},
		"pass.jpg": {
			typed(
				t, "", "PASSPORT", "Surname", "MARCHAND", "Given names", "ANNE CLAUDE", "", "",
				"P<FRAMARCHAND<<ANNE<CLAUDE<<<<<<<<<<<<<<<<<<", "23HA456788FRA7408122F3204153<<<<<<<<<<<<<<<0",
			),
			[]string{"23HA45678", "MARCHAND"},
			true, true,
		},
	}
}

func TestPersonalDataOfAnyPaperAreToldNowhereInTheClearButInPrivateJSON(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "pdfa: 3u")
	h.start("")
	papers := personalPapers(t)
	for name, paper := range papers {
		h.drop(name, paper.scan)
	}
	h.settled(len(papers), 2*time.Minute)
	byOriginal := map[string]dossier.Event{}
	for _, e := range h.events.events(dossier.EventDossierPublished) {
		byOriginal[e.Data.Objects["original"].SHA256] = e
	}
	for name, paper := range papers {
		e := byOriginal[sha256Hex(string(paper.scan))]
		shown := h.metadata(e).Pages[0]
		for _, url := range []string{e.Data.Objects["pdf"].URL, e.Data.Objects["original"].URL, h.objectURL(shown.Layout)} {
			h.isGiven(url, !paper.identity)
		}
		if _, err := os.Stat(filepath.Join(h.data, "objects", path.Dir(shown.Layout), "thumb.jpg")); paper.identity != os.IsNotExist(err) {
			t.Errorf("%s: its thumbnail: %v", name, err)
		}
		receipt := strings.ReplaceAll(dossier.MaskText(strings.TrimSuffix(name, ".jpg")), "*", "x")
		h.until("the receipt of "+name+" has a thumbnail, or none", func() bool {
			for _, file := range files(t, filepath.Join(h.station, "_receipts")) {
				if data, err := os.ReadFile(filepath.Join(h.station, "_receipts", file)); err == nil && strings.HasSuffix(file, ".html") && strings.Contains(file, receipt) {
					return bytes.Contains(data, []byte("data:image")) != paper.identity
				}
			}
			return false
		})
		if paper.private {
			h.isGiven(e.Data.Objects["private"].URL, false)
			kept, err := os.ReadFile(filepath.Join(h.data, "objects", e.Data.Objects["private"].Key))
			if err != nil || !bytes.Contains(kept, []byte(paper.numbers[0])) {
				t.Errorf("%s: private.json is %s, %v", name, kept, err)
			}
		}
		for _, number := range paper.numbers {
			h.tellsNot(number)
			h.storesNot(number)
		}
	}
}

func (h *house) objectURL(key string) string { return "http://" + h.address + "/api/v1/objects/" + key }

// isGiven checks whether a token without the right to read in clear gets an object.
func (h *house) isGiven(url string, want bool) {
	h.t.Helper()
	status := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[want]
	if got := h.answers(url); got != status {
		h.t.Errorf("%s: %d, want %d", url, got, status)
	}
}

// storesNot looks for text in the names of all objects and in what versions say of themselves: metadata, those that are attached
// to a PDF, and its XMP.
func (h *house) storesNot(text string) {
	h.t.Helper()
	root := filepath.Join(h.data, "objects")
	for _, key := range files(h.t, root) {
		told := key
		switch file := filepath.Join(root, key); path.Base(key) {
		case "metadata.json":
			data, err := os.ReadFile(file)
			if err != nil {
				h.t.Fatal(err)
			}
			told += string(data)
		case "dossier.pdf":
			attached := filepath.Join(h.t.TempDir(), "metadata.json")
			for _, args := range [][]string{{"pdfdetach", "-savefile", "metadata.json", "-o", attached, file}, {"pdfinfo", "-meta", file}, {"pdfinfo", file}, {"cat", attached}} {
				out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
				if err != nil {
					h.t.Fatalf("%s: %v %s", args, err, out)
				}
				told += string(out)
			}
		}
		if strings.Contains(told, text) {
			h.t.Errorf("%s tells %s", key, text)
		}
	}
}
