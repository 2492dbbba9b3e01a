package main_test

import (
	"image/png"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/extract"
)

// notices are the heads of the corpus' notices, as their .txt files tell them. Number and date are written by hand.
var notices = []struct {
	file                   string
	abstract, number, date string
}{
	{
		"d0001-p01.jpg", "Về việc chương trình nhập học trực tiếp và lịch học đối với sinh viên hệ đại học chính quy khóa D20",
		"2164", "2025-09-04",
	},
	{"d0005.jpg", "Về kế hoạch giảng dạy từ ngày 01/3/2022", "275", "2022-02-28"},
	{"d0006-p1.tif", "Về việc tổ chức đăng ký môn học học kỳ I năm học 2021-2022", "899", "2021-06-15"},
	{"d0006.pdf", "Về việc tổ chức đăng ký môn học học kỳ I năm học 2021-2022", "899", "2021-06-15"},
}

func TestRealNoticesGiveWhatIsPrintedInTheirHeads(t *testing.T) {
	t.Parallel()
	folder, page := corpusDir(t), filepath.Join(filepath.Dir(build(t)), "dossierd-page")
	scratch := t.TempDir()
	pool, err := ocr.NewPool(ocr.PoolConfig{
		Workers: 2, Command: page, Scratch: scratch, Cache: filepath.Join(os.TempDir(), "dossierd-test-cache"),
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	known, err := extract.Load(kinds.Files)
	if err != nil {
		t.Fatal(err)
	}
	right, wanted := 0, 0
	for _, n := range notices {
		doc := known.Document([]*dossier.Page{firstPage(t, pool, scratch, filepath.Join(folder, "vi", n.file))}, nil)
		if doc.Kind != "vi-document" {
			t.Errorf("%s is a %q", n.file, doc.Kind)
		}
		for name, want := range map[string]string{
			"symbol": "/TB-ĐHĐL", "agency": "TRƯỜNG ĐẠI HỌC ĐIỆN LỰC", "place": "Hà Nội", "type": "Thông báo", "abstract": n.abstract,
		} {
			wanted++
			if got := fieldOf(&doc, name).Value; got == want {
				right++
			} else {
				t.Logf("%s: %s %q, got %q", n.file, name, want, got)
			}
		}
		for name, want := range map[string]string{"number": n.number, "issued_on": n.date} {
			f := fieldOf(&doc, name)
			t.Logf("%s: by hand %s %q, got %q %.2f", n.file, name, want, f.Value, f.Confidence)
			if f.Value != "" && (f.Confidence >= 0.5 || !slices.Contains(f.Warnings, dossier.WarnHandwritten)) {
				t.Errorf("%s: %s %q is given with %.2f %v", n.file, name, f.Value, f.Confidence, f.Warnings)
			}
		}
	}
	t.Logf("%d of %d printed values exact", right, wanted)
	if right*10 < wanted*9 {
		t.Errorf("only %d of %d", right, wanted)
	}
}

func fieldOf(doc *dossier.Document, name string) dossier.Field {
	for _, f := range doc.Fields {
		if f.Name == name {
			return f
		}
	}
	return dossier.Field{}
}

func firstPage(t *testing.T, pool *ocr.Pool, scratch, path string) *dossier.Page {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	local := filepath.Join(scratch, filepath.Base(path))
	if err := os.WriteFile(local, data, 0o600); err != nil {
		t.Fatal(err)
	}
	original := ocr.Original{ID: local, Path: local, Name: filepath.Base(path)}
	profile := dossier.Profile{Languages: []string{"vie"}, Level: dossier.Level2u}
	contents, err := pool.Open(t.Context(), original, profile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := pool.Read(t.Context(), original, 1, contents.Pages[0], profile)
	if err != nil {
		t.Fatal(err)
	}
	return &r.Page
}

func TestAKindIsTriedOnAScanAndDrawnOnIt(t *testing.T) {
	t.Parallel()
	folder, binary := corpusDir(t), build(t)
	kind, err := filepath.Abs("../../kinds/vi-document.yaml")
	if err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(t.TempDir(), "preview.png")
	cmd := exec.Command(binary, "kinds", "check", kind, filepath.Join(folder, "vi", "d0005.jpg"), "-o", picture)
	cmd.Env = append(os.Environ(), "LC_ALL=vi_VN.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"vi-document: nhận dạng được", "TRƯỜNG ĐẠI HỌC ĐIỆN LỰC", "handwritten", "không thấy nhãn: Kính gửi", picture} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() < 1000 || b.Dy() < 1000 {
		t.Errorf("the picture is %v", b)
	}
}
