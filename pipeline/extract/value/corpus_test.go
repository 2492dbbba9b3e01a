package value_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// byHand is what the truth marks as handwriting or stamp.
var byHand = regexp.MustCompile(`\{\{(.*?)\}\}`)

// head is the first lines of a page's truth, its two columns in one row, up to the body.
func head(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	above, _, _ := strings.Cut(string(text), "\nCăn cứ")
	return above
}

// one is the value found, and "" where there is none or more than one.
func one(typ, text string) string {
	if found := value.Find(typ, text, value.Options{Language: "vie"}); len(found) == 1 {
		return found[0].Value
	}
	return ""
}

func TestTheHeadsOfRealNoticesAreRead(t *testing.T) {
	corpus := accuracy.Need(t)
	for name, want := range map[string]struct{ number, date, abstract string }{
		"d0001-p01": {"2164", "2025-09-04", "Về việc chương trình nhập học trực tiếp và lịch học đối với sinh viên hệ đại học chính quy khóa D20"},
		"d0005":     {"275", "2022-02-28", "Về kế hoạch giảng dạy từ ngày 01/3/2022"},
		"d0006-p1":  {"899", "2021-06-15", "Về việc tổ chức đăng ký môn học học kỳ I năm học 2021-2022"},
	} {
		page := head(t, filepath.Join(corpus, "vi", name+".rows"))
		read, blank := byHand.ReplaceAllString(page, "$1"), byHand.ReplaceAllString(page, "")
		for text, values := range map[string][2]string{
			read:  {want.number + "/TB-ĐHĐL", "Hà Nội, " + want.date},
			blank: {"/TB-ĐHĐL", "Hà Nội"},
		} {
			if got := one("symbol", text); got != values[0] {
				t.Errorf("%s: symbol %q", name, got)
			}
			if got := one("place_date", text); got != values[1] {
				t.Errorf("%s: place and date %q", name, got)
			}
			if got := one("document_type", text); got != "Thông báo" {
				t.Errorf("%s: type %q", name, got)
			}
			if got := one("agency", text); got != "BỘ CÔNG THƯƠNG TRƯỜNG ĐẠI HỌC ĐIỆN LỰC" {
				t.Errorf("%s: agency %q", name, got)
			}
		}
		_, abstract, _ := strings.Cut(page, "THÔNG BÁO\n")
		if got, err := value.Parse("abstract", abstract, value.Options{Language: "vie"}); err != nil || got.Value != want.abstract {
			t.Errorf("%s: abstract %q, %v", name, got.Value, err)
		}
	}
}

// What Tesseract made of the same heads: the number and date are written by hand.
func TestHeadsAsTheyAreReadKeepWhatIsPrinted(t *testing.T) {
	for _, row := range []string{
		"Số: Ø4 /TB-ĐHĐL Hà Nội, ngày|4 tháng 9 năm 2025", "Số: 2#5/TB-ĐHĐL, Hà Nội, ngà¿2háng0„ năm 2022", "Số: $34/TB-ĐHĐL Hà Nội, ngày|5 tháng 6 năm 2021",
	} {
		text := "BỘ CÔNG THƯƠNG CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nTRƯỜNG ĐẠI HỌC ĐIỆN LỰC Độc lập — Tự do - Hạnh phúc\n" + row + "\nTHÔNG BẢO\n"
		if got := one("symbol", text); got != "/TB-ĐHĐL" {
			t.Errorf("%s: symbol %q", row, got)
		}
		if got := one("place", text); got != "Hà Nội" {
			t.Errorf("%s: place %q", row, got)
		}
		if got := one("date", text); got != "" {
			t.Errorf("%s: a date nobody can read: %q", row, got)
		}
		if got := one("document_type", text); got != "Thông báo" {
			t.Errorf("%s: type %q", row, got)
		}
		if got := one("agency", text); got != "BỘ CÔNG THƯƠNG TRƯỜNG ĐẠI HỌC ĐIỆN LỰC" {
			t.Errorf("%s: agency %q", row, got)
		}
	}
}
