package extract_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// sheet makes a page of 600 by 800 pt at 72 dpi. Each line is "x y text": words of 6 px a letter, 12 px high.
func sheet(lines ...string) *dossier.Page {
	p := &dossier.Page{Width: 600, Height: 800, DPI: 72, Language: "vie"}
	var block dossier.Block
	for _, l := range lines {
		var x, y float64
		parts := strings.SplitN(l, " ", 3)
		for i, at := range []*float64{&x, &y} {
			for _, c := range parts[i] {
				*at = *at*10 + float64(c-'0')
			}
		}
		line := dossier.Line{Size: 12, Baseline: y + 10}
		for w := range strings.FieldsSeq(parts[2]) {
			weak := strings.HasSuffix(w, "~") // read weakly
			w = strings.TrimSuffix(w, "~")
			width := 6 * float64(len([]rune(w)))
			conf := 0.96
			if weak {
				conf = 0.4
			}
			word := dossier.Word{Text: w, Box: dossier.Box{X0: x, Y0: y, X1: x + width, Y1: y + 12}, Confidence: conf}
			line.Words = append(line.Words, word)
			line.Box = line.Box.Union(word.Box)
			x += width + 4
		}
		block.Paragraphs = append(block.Paragraphs, dossier.Paragraph{Box: line.Box, Lines: []dossier.Line{line}})
	}
	p.Layout = dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{block}}
	return p
}

// letterhead is the head of an official document with what stands below it.
func letterhead(below ...string) *dossier.Page {
	return sheet(append([]string{
		"80 50 UBND TỈNH NINH BÌNH", "320 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"110 66 SỞ XÂY DỰNG", "350 66 Độc lập - Tự do - Hạnh phúc",
		"100 84 Số: 123/QĐ-SXD", "340 84 Ninh Bình, ngày 05 tháng 01 năm 2024",
		"250 130 QUYẾT ĐỊNH", "210 150 Về việc cấp phép xây dựng",
	}, below...)...)
}

func field(t *testing.T, doc dossier.Document, name string) dossier.Field {
	t.Helper()
	i := slices.IndexFunc(doc.Fields, func(f dossier.Field) bool { return f.Name == name })
	if i < 0 {
		return dossier.Field{}
	}
	return doc.Fields[i]
}

func describe(t *testing.T, codes []string, pages ...*dossier.Page) dossier.Document {
	t.Helper()
	return builtIn(t).Document(pages, codes)
}

func TestAnOfficialDocumentGivesItsHead(t *testing.T) {
	doc := describe(t, nil, letterhead("80 200 Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014;"))
	if doc.Kind != "vi-document" || doc.Title != "Quyết định 123/QĐ-SXD" || doc.Confidence < 0.9 {
		t.Fatalf("%q %q %.2f", doc.Kind, doc.Title, doc.Confidence)
	}
	for name, want := range map[string]string{
		"symbol": "123/QĐ-SXD", "number": "123", "agency": "SỞ XÂY DỰNG", "parent_agency": "UBND TỈNH NINH BÌNH",
		"place": "Ninh Bình", "issued_on": "2024-01-05", "type": "Quyết định", "abstract": "Về việc cấp phép xây dựng",
	} {
		if got := field(t, doc, name); got.Value != want || len(got.Warnings) > 0 {
			t.Errorf("%s: %q, want %q %v", name, got.Value, want, got.Warnings)
		}
	}
}

func TestADateOfTheBodyIsNotTheDocuments(t *testing.T) {
	p := sheet("80 50 UBND TỈNH NINH BÌNH", "320 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "110 66 SỞ XÂY DỰNG",
		"350 66 Độc lập - Tự do - Hạnh phúc", "100 84 Số: 123/QĐ-SXD", "250 130 QUYẾT ĐỊNH",
		"80 200 Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014; căn cứ đề nghị của phòng;", "320 300 Ninh Bình, ngày 18 tháng 6 năm 2014")
	if got := field(t, describe(t, nil, p), "issued_on"); got.Value != "" {
		t.Errorf("%+v", got)
	}
}

func TestBothColumnsOfAHeadMayComeInOneLine(t *testing.T) {
	joined := sheet("80 50 UBND TỈNH NINH BÌNH", "110 66 SỞ XÂY DỰNG", "250 130 QUYẾT ĐỊNH", "80 200 Căn cứ Luật Xây dựng;")
	apart := letterhead()
	lines := &joined.Layout.Blocks[0].Paragraphs
	*lines = append(*lines, apart.Layout.Blocks[0].Paragraphs[4:6]...)
	for i, right := range []int{1, 3} { // what stands beside the first two
		line := &(*lines)[i].Lines[0]
		line.Words = append(line.Words, apart.Layout.Blocks[0].Paragraphs[right].Lines[0].Words...)
	}
	doc := describe(t, nil, joined)
	if a, s := field(t, doc, "agency").Value, field(t, doc, "symbol").Value; a != "SỞ XÂY DỰNG" || s != "123/QĐ-SXD" {
		t.Errorf("agency %q, symbol %q", a, s)
	}
}

func TestAFieldIsNeverSurerThanItsWeakestWord(t *testing.T) {
	for _, p := range papers(t) {
		doc := describe(t, nil, &p.Page)
		for _, f := range doc.Fields {
			weakest := 1.0
			for line := range p.Page.Layout.Lines {
				for _, w := range line.Words {
					if box := inPoints(&p.Page, w.Box); within(box, f.Box) && strings.ContainsFunc(w.Text, isWord) {
						weakest = min(weakest, w.Confidence)
					}
				}
			}
			if f.Confidence > weakest+0.0006 {
				t.Errorf("%s-%d: %s has %.3f, a word of it %.3f", p.Template, p.Copy, f.Name, f.Confidence, weakest)
			}
		}
	}
}

func isWord(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

func inPoints(p *dossier.Page, b dossier.Box) [4]float64 {
	s := 72 / p.DPI
	return [4]float64{b.X0 * s, b.Y0 * s, b.X1 * s, b.Y1 * s}
}

// within reports whether a word's middle lies well inside a field's box of one line.
func within(word, field [4]float64) bool {
	x, y := (word[0]+word[2])/2, (word[1]+word[3])/2
	oneLine := field[3]-field[1] < 1.6*(word[3]-word[1])
	return oneLine && x > field[0] && x < field[2] && y > field[1]+2 && y < field[3]-2
}

func TestWhatAHandWroteIsGivenAsSuch(t *testing.T) {
	p := sheet("80 50 UBND TỈNH NINH BÌNH", "320 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "110 66 SỞ XÂY DỰNG",
		"350 66 Độc lập - Tự do - Hạnh phúc", "100 84 Số: 123/QĐ-SXD~", "340 84 Ninh Bình, ngày 05~ tháng 01 năm 2024", "250 130 QUYẾT ĐỊNH")
	doc := describe(t, nil, p)
	for _, name := range []string{"symbol", "issued_on"} {
		f := field(t, doc, name)
		if f.Value != "" && (f.Confidence >= 0.5 || !slices.Contains(f.Warnings, dossier.WarnHandwritten)) {
			t.Errorf("%+v", f)
		}
	}
	if f := field(t, doc, "place"); f.Value != "Ninh Bình" || f.Confidence < 0.9 {
		t.Errorf("%+v", f)
	}
}

const cardCode = "037090001234|164123456|Nguyễn Văn An|15081990|Nam|Số 5, phường Hoa Lư, Ninh Bình|10052021"

func card(name string) *dossier.Page {
	return sheet("200 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "230 90 CĂN CƯỚC CÔNG DÂN", "200 120 Số: 037090001234", "200 140 Họ và tên: "+name,
		"200 160 Ngày sinh: 15/08/1990", "200 180 Giới tính: Nam", "200 220 Có giá trị đến: 15/08/2030")
}

func TestTheSymbolOfACardGoesBeforeItsPrint(t *testing.T) {
	f := field(t, describe(t, []string{cardCode}, card("NGUYỄN VĂN AN")), "holder")
	if f.Value != "Nguyễn Văn An" || f.Rule != "qr" || f.Confidence < 0.95 || len(f.Warnings) > 0 || !f.Personal {
		t.Errorf("%+v", f)
	}
}

func TestACardWhosePrintSaysSomethingElseIsNeverSilent(t *testing.T) {
	f := field(t, describe(t, []string{cardCode}, card("NGUYỄN VĂN ANH")), "holder")
	if f.Value != "Nguyễn Văn An" || f.OtherRaw != "NGUYỄN VĂN ANH" || f.Confidence > 0.6 || !slices.Contains(f.Warnings, dossier.WarnDisagree) {
		t.Errorf("%+v", f)
	}
}

func TestAFieldsBoxAndPageAreWhereItWasRead(t *testing.T) {
	doc := describe(t, nil, letterhead(), sheet("80 50 tiếp theo"), sheet("80 100 quy định này.", "80 400 Nơi nhận:", "80 416 - Như trên;"))
	symbol, recipients := field(t, doc, "symbol"), field(t, doc, "recipients")
	if symbol.Page != 1 || symbol.Box != [4]float64{122, 84, 182, 96} {
		t.Errorf("symbol: page %d, box %v", symbol.Page, symbol.Box)
	}
	if recipients.Value != "Như trên" || recipients.Page != 3 {
		t.Errorf("recipients: %+v", recipients)
	}
}

func TestAPageOfNoKindHasNone(t *testing.T) {
	doc := describe(t, nil, sheet("80 50 Đôi Mắt Người Sơn Tây", "80 80 Em ở thành Sơn chạy giặc về", "80 100 Tôi từ chinh chiến cũng ra đi"))
	if doc.Kind != "" || doc.Fields != nil || doc.LastPage != 1 {
		t.Errorf("%+v", doc)
	}
	if doc := describe(t, nil); doc.Kind != "" {
		t.Errorf("%+v", doc)
	}
}

func TestTheBuiltInKindsNameEverythingInThreeLanguages(t *testing.T) {
	for _, k := range builtIn(t).All() {
		if len(k.Titles) != 3 || len(k.SHA256) != 64 {
			t.Errorf("%s: titles %v, %s", k.Name, k.Titles, k.SHA256)
		}
		trials, _ := k.Try([]*dossier.Page{sheet("10 10 x")}, nil)
		for _, f := range trials {
			if f.Title("vi") == f.Name || f.Title("fr") == f.Name || f.Title("en") == f.Name {
				t.Errorf("%s: %s has no title", k.Name, f.Name)
			}
		}
	}
}

func TestALaterFolderHasTheLastWord(t *testing.T) {
	mine := fstest.MapFS{"x.yaml": {Data: []byte("name: vi-document\ntitles: {en: Mine}\nrecognise: [{words: QUYẾT ĐỊNH, weight: 1}]\n")}}
	known, err := extract.Load(kinds.Files, mine)
	if err != nil {
		t.Fatal(err)
	}
	if doc := known.Document([]*dossier.Page{letterhead()}, nil); doc.Title != "Mine" {
		t.Errorf("%+v", doc)
	}
	if len(known.All()) != len(builtIn(t).All()) {
		t.Error("a kind was added, not replaced")
	}
}

const faulty = `name: My Kind
titles: {en: ""}
treshold: 0.6
recognise:
  - {words: [A, "--"], zone: middle, weight: 2}
  - {words: B, pattern: "(", weight: 0.1}
fields:
  - name: a
    type: dat
    find:
      - {label: A, words: B}
      - {direction: left, zone: {left: 0.5, top: 0, right: 0.2, bottom: 1}}
  - name: a
    type: date
    required: yes
`

func TestEveryFaultOfAKindIsNamedWithItsLineAndRemedy(t *testing.T) {
	_, err := extract.Parse("k.yaml", []byte(faulty))
	var faults *extract.Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	for language, wants := range map[string][]string{
		"en": {
			`k.yaml:1: name: "My Kind" won't do`, "k.yaml:2: titles: give a title", `k.yaml:3: treshold: there is no such key; did you mean "threshold"?`,
			`k.yaml:5: recognise[0].words[1]: "--" has no letter`, "k.yaml:5: recognise[0].zone: must be the name of a zone", "k.yaml:5: recognise[0].weight: must be",
			"k.yaml:6: recognise[1]: a clue is one of", "k.yaml:6: recognise[1].pattern: the pattern is not valid",
			`k.yaml:9: fields[0].type: "dat" is not possible; choose one of: text`, "k.yaml:11: fields[0].find[0]: keep one of label",
			`k.yaml:12: fields[0].find[1].direction: "left" is not possible`, "k.yaml:12: fields[0].find[1].zone: must be",
			`k.yaml:13: fields[1].name: the name "a" is taken by line 8`, "k.yaml:15: fields[1].required: must be true or false",
			"fields[1].find: this key is missing",
		},
		"vi": {"k.yaml:3: treshold: không có khóa này; có phải ý bạn là"},
		"fr": {"k.yaml:3: treshold: clé inconnue ; vouliez-vous dire"},
	} {
		faults.Language = language
		for _, want := range wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q is not in\n%s", want, err)
			}
		}
	}
}

func FuzzKind(f *testing.F) {
	f.Add([]byte(faulty))
	entries, err := kinds.Files.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		data, err := kinds.Files.ReadFile(e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	page := letterhead("80 200 Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014;", "80 600 Nơi nhận:", "80 620 - Như trên;")
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := extract.Parse("k.yaml", data)
		if (k == nil) == (err == nil) {
			t.Fatalf("%v, %v", k, err)
		}
		if err != nil {
			if len(data) < 1<<12 && strings.Count(err.Error(), "\n") > 1<<12 {
				t.Error("a short file has thousands of faults")
			}
			return
		}
		k.Try([]*dossier.Page{page}, []string{cardCode})
	})
}

func BenchmarkDocument(b *testing.B) {
	known := builtIn(b)
	all := papers(b)
	for i := 0; b.Loop(); i++ {
		known.Document([]*dossier.Page{&all[i%len(all)].Page}, nil)
	}
}

func TestTheExampleOfTheManualIsAKind(t *testing.T) {
	text, err := os.ReadFile("../../docs/kinds.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := extract.Parse("fishing-permit.yaml", []byte(example)); err != nil {
		t.Error(err)
	}
	for _, name := range value.Types() {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("the manual does not name the type %s", name)
		}
	}
}
