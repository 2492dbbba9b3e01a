package clean

import (
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// lineAt makes a line of words of 20 px a letter; each text stands at its x.
func lineAt(y float64, words map[float64]string) dossier.Line {
	line := dossier.Line{Baseline: y + 24, Size: 30}
	for x := 0.0; x < 2000; x++ {
		text, ok := words[x]
		if !ok {
			continue
		}
		for _, w := range strings.Fields(text) {
			box := dossier.Box{X0: x, Y0: y, X1: x + 20*float64(len([]rune(w))), Y1: y + 30}
			line.Words = append(line.Words, dossier.Word{Text: w, Box: box, Confidence: 0.9})
			line.Box = line.Box.Union(box)
			x = box.X1 + 12
		}
	}
	return line
}

func layoutOf(lines ...dossier.Line) dossier.Layout {
	return dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: lines}}}}}
}

func read(l *dossier.Layout) string {
	var lines []string
	for line := range l.Lines {
		var words []string
		for _, w := range line.Words {
			words = append(words, w.Text)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

func wantOrder(t *testing.T, l *dossier.Layout, want ...string) {
	t.Helper()
	if got := read(l); got != strings.Join(want, "\n") {
		t.Fatalf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestTheHeadOfAVietnameseDocumentIsReadByColumns(t *testing.T) {
	l := layoutOf(
		lineAt(100, map[float64]string{150: "UBND TINH", 800: "CONG HOA XA HOI"}),
		lineAt(140, map[float64]string{130: "SO TU PHAP", 850: "Doc lap - Tu do"}),
		lineAt(180, map[float64]string{150: "So: 12/QD"}),
		lineAt(200, map[float64]string{900: "Ninh Binh, ngay 05"}),
		lineAt(300, map[float64]string{600: "QUYET DINH VE"}),
		lineAt(350, map[float64]string{150: "Can cu Luat to chuc chinh quyen dia phuong"}),
	)
	unmixColumns(&l, 1654, 2339)
	wantOrder(t, &l, "UBND TINH", "SO TU PHAP", "So: 12/QD", "CONG HOA XA HOI", "Doc lap - Tu do", "Ninh Binh, ngay 05",
		"QUYET DINH VE", "Can cu Luat to chuc chinh quyen dia phuong")
	if len(l.Blocks) != 3 || l.Blocks[1].Box.X0 != 800 {
		t.Fatalf("%d blocks, the second at %+v", len(l.Blocks), l.Blocks[1].Box)
	}
}

func TestTheFootOfAVietnameseDocumentIsReadByColumns(t *testing.T) {
	l := layoutOf(
		lineAt(1500, map[float64]string{150: "Quyet dinh nay co hieu luc ke tu ngay ky ban hanh"}),
		lineAt(1600, map[float64]string{150: "Noi nhan:", 1000: "KT. GIAM DOC"}),
		lineAt(1640, map[float64]string{150: "- Nhu Dieu 3;", 980: "PHO GIAM DOC"}),
		lineAt(1680, map[float64]string{150: "- Luu: VT, phong to chuc hanh chinh."}),
		lineAt(1900, map[float64]string{1020: "Nguyen Van A"}),
	)
	unmixColumns(&l, 1654, 2339)
	wantOrder(t, &l, "Quyet dinh nay co hieu luc ke tu ngay ky ban hanh", "Noi nhan:", "- Nhu Dieu 3;", "- Luu: VT, phong to chuc hanh chinh.",
		"KT. GIAM DOC", "PHO GIAM DOC", "Nguyen Van A")
}

func TestAFootThatComesInPiecesIsReadByColumns(t *testing.T) {
	l := layoutOf(
		lineAt(1500, map[float64]string{150: "Quyet dinh nay co hieu luc ke tu ngay ky ban hanh va thay the quyet dinh"}),
		lineAt(1600, map[float64]string{150: "Noi nhan:"}),
		lineAt(1640, map[float64]string{150: "- Nhu Dieu 3;"}),
		lineAt(1610, map[float64]string{1000: "KT. GIAM DOC"}),
		lineAt(1650, map[float64]string{980: "PHO GIAM DOC"}),
		lineAt(1680, map[float64]string{150: "- Luu: VT, phong to chuc;"}),
		lineAt(1900, map[float64]string{1020: "Nguyen Van A"}),
	)
	unmixColumns(&l, 1654, 2339)
	wantOrder(t, &l, "Quyet dinh nay co hieu luc ke tu ngay ky ban hanh va thay the quyet dinh", "Noi nhan:",
		"- Nhu Dieu 3;", "- Luu: VT, phong to chuc;", "KT. GIAM DOC", "PHO GIAM DOC", "Nguyen Van A")
}

func TestRunningTextKeepsItsOrder(t *testing.T) {
	lines := []dossier.Line{
		lineAt(100, map[float64]string{150: "Nha truong thong bao", 800: "ve ke hoach"}),
		lineAt(140, map[float64]string{150: "giang day tu ngay 01 thang 3 nam 2022 cho cac he dao tao"}),
		lineAt(180, map[float64]string{150: "nhu sau:"}),
	}
	l := layoutOf(lines...)
	before := read(&l)
	unmixColumns(&l, 1654, 2339)
	if got := read(&l); got != before {
		t.Fatalf("now\n%s", got)
	}
}

func TestATableIsReadCellByCell(t *testing.T) {
	l := layoutOf(
		lineAt(50, map[float64]string{100: "Before the table"}),
		lineAt(110, map[float64]string{110: "1", 210: "a certificate", 710: "one copy"}),
		lineAt(150, map[float64]string{210: "of birth"}),
		lineAt(210, map[float64]string{110: "2", 210: "an identity", 710: "two copies"}),
		lineAt(250, map[float64]string{210: "card"}),
		lineAt(400, map[float64]string{100: "After it"}),
	)
	cell := func(x0, y0, x1, y1 float64) dossier.Box { return dossier.Box{X0: x0, Y0: y0, X1: x1, Y1: y1} }
	fillTables(&l, []table{{box: cell(100, 100, 1000, 300), cells: []dossier.Box{
		cell(700, 200, 1000, 300), cell(100, 101, 200, 198), cell(200, 100, 700, 200),
		cell(700, 102, 1000, 199), cell(100, 200, 200, 300), cell(200, 201, 700, 300),
	}}})
	wantOrder(t, &l, "Before the table", "1", "a certificate", "of birth", "one copy", "2", "an identity", "card", "two copies", "After it")
	if len(l.Blocks) != 8 {
		t.Fatalf("%d blocks, want one a cell and one before and after", len(l.Blocks))
	}
}

func TestWhatTheEngineHardlyBelievesInIsLeftOut(t *testing.T) {
	guess := lineAt(200, map[float64]string{100: "ẶNÌ J§ lì"})
	dashes := lineAt(250, map[float64]string{100: "---------- ----------"})
	for _, line := range []dossier.Line{guess, dashes} {
		for i := range line.Words {
			line.Words[i].Confidence = 0.1
		}
	}
	l := layoutOf(lineAt(100, map[float64]string{100: "A line of print that is long enough"}), guess, dashes)
	dropGuesses(&l)
	wantOrder(t, &l, "A line of print that is long enough", "---------- ----------")
}

func TestTheLanguageIsToldFromLettersAndWords(t *testing.T) {
	all := []string{"vie", "fra", "eng"}
	for _, c := range []struct {
		text, want string
		of         []string
	}{
		{"Nhà trường thông báo về chương trình nhập học trực tiếp", "vie", all},
		{"La question de l'indicatif est extrêmement importante dans ce cas et pour nous", "fra", all},
		{"The parties to this agreement shall not be liable for it", "eng", all},
		{"12 345,67 89 001", "", all},
		{"Nhà trường thông báo về chương trình nhập học", "", []string{"fra", "eng"}},
		{"The parties to this agreement shall not be liable for it", "", []string{"vie", "fra"}},
	} {
		l := layoutOf(lineAt(100, map[float64]string{10: c.text}))
		if got := languageOf(&l, c.of); got != c.want {
			t.Errorf("%q of %v is %q, want %q", c.text, c.of, got, c.want)
		}
	}
}

func TestAnEthIsReadAsTheVietnameseLetter(t *testing.T) {
	l := layoutOf(lineAt(100, map[float64]string{10: "\u00d0IEN"}))
	mendStrokes(&l)
	wantOrder(t, &l, "\u0110IEN")
}
