package cover

import (
	"bytes"
	"fmt"
	_ "image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
)

// samples has a sheet of each sort, and the longest slip there is.
func samples() []Sheet {
	return []Sheet{
		{
			Says: payload.Slip{
				Sheet: true, Code: "000.00.16.H42-240112-0003", Procedure: "1.001234.000.00.00.H42", Station: "quay-1", Place: "Kệ 3, ngăn B",
			},
			Name: "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
		},
		{Says: payload.Slip{Sheet: true, Code: "quay-1-20260105-0001", Procedure: "1.001234", Station: "quay-1"}},
		{Says: payload.Separator(dossier.CutDossier)},
		{Says: payload.Separator(dossier.CutDocument)},
		{Says: payload.Slip{Sheet: true, Rescan: payload.Rescan{Batch: "01hq3zv8kd7y2m4n5p6q7r8s9t", Page: 12}}},
		{Says: payload.Slip{
			Sheet: true, Code: strings.Repeat("q", 32) + "-20260105-0001", Procedure: strings.Repeat("P", 64), Station: strings.Repeat("q", 32),
			Place: strings.Repeat("Kệ 3", 8),
		}},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write writes sheets into a file and returns its path.
func write(t *testing.T, language string, sheets []Sheet) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sheets.pdf")
	f, err := os.Create(path)
	must(t, err)
	must(t, Write(f, language, sheets))
	must(t, f.Close())
	return path
}

// run returns what a program prints. Where it is missing the test skips; in CI it fails, unless -short.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && (os.Getenv("CI") != "true" || testing.Short()) {
		t.Skipf("%s is missing", name)
	}
	must(t, err)
	var diag bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stderr = &diag
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, diag.String())
	}
	return out
}

func TestTheFontsHaveEveryLetterOfVietnamese(t *testing.T) {
	for name, data := range map[string][]byte{"regular": liberationsansregular.TTF, "bold": liberationsansbold.TTF} {
		font, err := sfnt.Parse(data)
		must(t, err)
		letters := []rune("ĂăÂâĐđÊêÔôƠơƯư…")
		for r := rune(0x1ea0); r <= 0x1ef9; r++ {
			letters = append(letters, r)
		}
		for r := rune(0xc0); r <= 0xff; r++ {
			letters = append(letters, r)
		}
		for _, r := range letters {
			if glyph, err := font.GlyphIndex(new(sfnt.Buffer), r); err != nil || glyph == 0 {
				t.Errorf("%s has no %c (%U), %v", name, r, r, err)
			}
		}
	}
}

func TestTheSameSheetsGiveTheSameBytes(t *testing.T) {
	var first bytes.Buffer
	must(t, Write(&first, "vi", samples()))
	for range 10 {
		var again bytes.Buffer
		must(t, Write(&again, "vi", samples()))
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Fatal("other bytes")
		}
	}
}

func TestTheFileIsSoundAndHasAPageForEachSheet(t *testing.T) {
	for language := range languages {
		file := write(t, language, samples())
		run(t, "qpdf", "--check", "--no-warn", file)
		if n := strings.TrimSpace(string(run(t, "qpdf", "--show-npages", file))); n != strconv.Itoa(len(samples())) {
			t.Errorf("%s: %s pages", language, n)
		}
		if out := run(t, "pdffonts", file); len(regexp.MustCompile(`(?m) yes \w+ +yes `).FindAll(out, -1)) != 2 {
			t.Errorf("%s: not each font is embedded and says what its letters are:\n%s", language, out)
		}
	}
}

func TestASlipSaysInLettersWhatItsCodeSays(t *testing.T) {
	for language, want := range map[string][]string{
		"vi": {"PHIẾU", "TIẾP NHẬN", "HỒ SƠ", "Mã hồ sơ", "000.00.16.H42-240112-0003", "Đăng ký khai sinh kết hợp đăng ký", "1.001234.000.00.00.H42", "quay-1", "12/01/2024", "Kệ 3, ngăn B"},
		"fr": {"BORDEREAU", "Code du dossier", "000.00.16.H42-240112-0003", "1.001234.000.00.00.H42", "quay-1", "12/01/2024", "Kệ 3, ngăn B"},
		"en": {"COVER SLIP", "Dossier code", "000.00.16.H42-240112-0003", "1.001234.000.00.00.H42", "quay-1", "12 January 2024", "Kệ 3, ngăn B"},
	} {
		text := string(run(t, "pdftotext", "-layout", write(t, language, samples()[:1]), "-"))
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in\n%s", language, w, text)
			}
		}
	}
}

// Whatever a list holds, the margin stays free and nothing is printed over the codes.
func TestNoTextLeavesItsPlace(t *testing.T) {
	sheets := samples()
	for i := range sheets {
		sheets[i].Name = "De\u0302\u0301n \x00\u200b\U0001F600\xff\n" + strings.Repeat("KHÔNGCÓKHOẢNGTRẮNG", 20) + strings.Repeat(" từ", 200)
	}
	for language := range languages {
		file := write(t, language, sheets)
		boxes := string(run(t, "pdftotext", "-bbox", file, "-"))
		for _, m := range regexp.MustCompile(`xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>`).FindAllStringSubmatch(boxes, -1) {
			var box [4]float64
			for i := range box {
				v, err := strconv.ParseFloat(m[i+1], 64)
				must(t, err)
				box[i] = v / pointsPerMM
			}
			const slack = 1 // poppler's boxes are those of lines
			over := func(x, y float64) bool {
				return box[0] < x+qrSize && box[2] > x && box[1] < y+qrSize-slack && box[3] > y+slack
			}
			if box[0] < margin-slack || box[2] > right+slack || box[3] > bottom+slack || over(margin, margin) || over(right-qrSize, bottom-qrSize) {
				t.Errorf("%s: %q lies at %.0f mm", language, m[5], box)
			}
		}
	}
}

func TestWhatIsNoSheetIsAnError(t *testing.T) {
	for name, s := range map[string]Sheet{
		"a paper":         {Says: payload.Slip{Code: "H42.16-240112-0003"}},
		"a code":          {Says: payload.Code("H42.16-240112-0003")},
		"an invalid code": {Says: payload.Slip{Sheet: true, Code: "H42.16-241312-0003"}},
		"nothing":         {},
	} {
		if err := Write(io.Discard, "vi", []Sheet{s}); err == nil {
			t.Errorf("%s was printed", name)
		}
	}
	if err := Write(io.Discard, "de", samples()); err == nil {
		t.Error("a language without words was printed")
	}
}

func TestEverySheetHasItsWordsInEachLanguage(t *testing.T) {
	for language, w := range languages {
		v := reflect.ValueOf(w)
		for i := range v.NumField() {
			if text := fmt.Sprint(v.Field(i)); v.Field(i).IsZero() || !norm.NFC.IsNormalString(text) {
				t.Errorf("%s: %s is %q", language, v.Type().Field(i).Name, text)
			}
		}
	}
}
