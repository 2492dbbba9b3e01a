package pdfa_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
	"github.com/dossierd/dossierd/pipeline/pdfa/strict"
)

// papers are three documents of five pages.
func papers() []dossier.Document {
	return []dossier.Document{
		{FirstPage: 1, LastPage: 2, Kind: "to-khai-dang-ky-ket-hon", Title: norm.NFD.String("Tờ khai đăng ký kết hôn"), Fields: []dossier.Field{
			{Name: "holder", Value: "001089012345", Personal: true},
		}},
		{FirstPage: 3, LastPage: 3, Kind: "cccd", Title: "Căn cước công dân (001*****2345) <&>"},
		{FirstPage: 4, LastPage: 5},
	}
}

// papersInfo is info with documents.
func papersInfo(level dossier.Level, documents ...dossier.Document) pdfa.Info {
	in := info(level)
	in.Properties.Procedure = "2.000806"
	in.Documents = documents
	return in
}

// fivePages are of different sizes, one of them turned by 3 degrees, the last a placeholder.
func fivePages(t testing.TB) []pdfa.Page {
	m := picture(300, 420)
	pages := []pdfa.Page{
		jpegPage(t, m, 150), jpegPage(t, m, 100), jpegPage(t, m, 75), jpegPage(t, m, 150), {Page: &dossier.Page{Number: 5}},
	}
	p := pages[2].Page
	p.ToImage = turned(p.Width, p.Height, p.Width, p.Height, 3, false, 1, 1)
	pages[0].Label, pages[1].Label = "i", "ii"
	return pages
}

// bookmark is an item of the outline as qpdf reads it.
type bookmark struct {
	Title string     `json:"title"`
	Dest  []any      `json:"dest"`
	Page  int        `json:"destpageposfrom1"`
	Kids  []bookmark `json:"kids"`
}

func bookmarks(t testing.TB, file string) []bookmark {
	t.Helper()
	var out struct {
		Outlines []bookmark `json:"outlines"`
	}
	if err := json.Unmarshal([]byte(run(t, "qpdf", "--json=1", "--json-key=outlines", file)), &out); err != nil {
		t.Fatal(err)
	}
	return out.Outlines
}

func TestEachDocumentIsABookmarkToItsFirstPage(t *testing.T) {
	if testing.Short() {
		t.Skip("runs qpdf")
	}
	file := save(t, "a.pdf", write(t, papersInfo(dossier.Level2u, papers()...), fivePages(t)))
	want := []bookmark{
		{Title: "Tờ khai đăng ký kết hôn", Page: 1}, {Title: "Căn cước công dân (001*****2345) <&>", Page: 3}, {Title: "4–5", Page: 4},
	}
	got := bookmarks(t, file)
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, b := range got {
		if b.Title != want[i].Title || b.Page != want[i].Page || len(b.Kids) > 0 {
			t.Errorf("%+v, want %+v", b, want[i])
		}
	}
}

func TestABookmarkLeadsToTheTopLeftOfTheUprightPage(t *testing.T) {
	if testing.Short() {
		t.Skip("runs qpdf and pdfinfo")
	}
	file := save(t, "a.pdf", write(t, papersInfo(dossier.Level2u, papers()...), fivePages(t)))
	var left, bottom, right, top float64
	for line := range strings.Lines(run(t, "pdfinfo", "-box", "-f", "3", "-l", "3", file)) {
		if values, ok := strings.CutPrefix(line, "Page    3 CropBox:"); ok {
			if _, err := fmt.Sscan(values, &left, &bottom, &right, &top); err != nil {
				t.Fatal(err)
			}
		}
	}
	dest := bookmarks(t, file)[1].Dest
	if len(dest) != 5 || dest[1] != "/XYZ" || dest[4] != nil {
		t.Fatalf("%v", dest)
	}
	x, _ := dest[2].(float64)
	y, _ := dest[3].(float64)
	if left < 5 || max(x-left, left-x, y-top, top-y) > 0.01 {
		t.Errorf("leads to %v, %v; the crop box has %v, %v", x, y, left, top)
	}
}

func TestBookmarksOpenWhereThereIsMoreThanOne(t *testing.T) {
	for n, want := range []bool{false, false, true, true} {
		got := strings.Contains(string(write(t, papersInfo(dossier.Level2u, papers()[:n]...), fivePages(t))), "/PageMode /UseOutlines")
		if got != want {
			t.Errorf("%d documents: %v", n, got)
		}
	}
}

func TestDocumentsPassTheJudgesAtEveryLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Java")
	}
	for _, level := range levels() {
		var attachments []pdfa.Attachment
		if level == dossier.Level3u {
			attachments = someFiles()
		}
		var files []string
		for n := range len(papers()) + 1 {
			data := write(t, papersInfo(level, papers()[:n]...), fivePages(t), attachments...)
			file := save(t, fmt.Sprintf("%s-%d.pdf", level, n), data)
			files = append(files, file)
			qpdf(t, file)
			if err := strict.Validate(file); err != nil {
				t.Errorf("%s, %d documents: %v", level, n, err)
			}
			if got, err := check(data); err != nil || got.Bookmarks != n {
				t.Errorf("%s, %d documents: %+v, %v", level, n, got, err)
			}
			if labels := run(t, "mutool", "show", file, "trailer/Root/PageLabels"); !strings.Contains(labels, "(ii)") {
				t.Errorf("page labels are gone:\n%s", labels)
			}
		}
		veraPDF(t, string(level), files...)
	}
}

func TestTheMetadataListTheDocumentsAndNoFields(t *testing.T) {
	if testing.Short() {
		t.Skip("runs pdfinfo")
	}
	data := write(t, papersInfo(dossier.Level2u, papers()...), fivePages(t))
	packet := run(t, "pdfinfo", "-meta", save(t, "a.pdf", data))
	for _, want := range []string{
		"<dossierd:procedure>2.000806</dossierd:procedure>", "<dossierdDocument:title>Tờ khai đăng ký kết hôn</dossierdDocument:title>",
		"<dossierdDocument:kind>cccd</dossierdDocument:kind>\n<dossierdDocument:firstPage>3</dossierdDocument:firstPage>\n" +
			"<dossierdDocument:lastPage>3</dossierdDocument:lastPage>", "001*****2345) &lt;&amp;&gt;",
	} {
		if !strings.Contains(packet, want) {
			t.Errorf("%q is not in\n%s", want, packet)
		}
	}
	if strings.Contains(string(data), "001089012345") {
		t.Error("a field's value is in the file")
	}
}

func TestATitleOfAnyLengthIsABookmark(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Java")
	}
	long := dossier.Document{FirstPage: 1, LastPage: 5, Title: strings.Repeat("Quyết định 𠮷\n", 5000)}
	file := save(t, "a.pdf", write(t, papersInfo(dossier.Level1b, long), fivePages(t)))
	veraPDF(t, "1b", file)
	if got := bookmarks(t, file)[0].Title; len([]rune(got)) != 200 || !strings.HasSuffix(got, "…") || !strings.Contains(got, "𠮷 Quyết") {
		t.Errorf("%d letters: %s", len([]rune(got)), got)
	}
}

func TestDocumentsOutOfOrderAreRefused(t *testing.T) {
	for name, documents := range map[string][]dossier.Document{
		"before the first page": {{FirstPage: 0, LastPage: 1}},
		"backwards":             {{FirstPage: 3, LastPage: 2}},
		"one in another":        {{FirstPage: 1, LastPage: 3}, {FirstPage: 3, LastPage: 4}},
		"past the last page":    {{FirstPage: 1, LastPage: 6}},
	} {
		if err := pdfa.Write(context.Background(), io.Discard, papersInfo(dossier.Level2u, documents...), sequence(fivePages(t)), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestBookmarksThatAreWrongAreFaulty(t *testing.T) {
	whole := string(write(t, papersInfo(dossier.Level2u, papers()...), fivePages(t)))
	for _, change := range []struct{ from, to string }{
		{"/Outlines /Count 3", "/Outlines /Count 4"},
		{"/Dest [", "/Desk ["},
		{"/Dest [", "/Dest [9"},
		{"<dossierdDocument:firstPage>", "<dossierdDocument:firstPagf>"},
		{"<< /Title <", "<< /Titlx <"},
		{"/First ", "/Fiist "},
	} {
		changed := strings.Replace(whole, change.from, change.to, 1)
		if changed == whole {
			t.Errorf("%q is not in the sample", change.from)
			continue
		}
		if _, err := check([]byte(changed)); err == nil {
			t.Errorf("%q for %q: no error", change.to, change.from)
		}
	}
}

func TestAThousandDocumentsTakeTheMemoryOfTen(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a thousand pages")
	}
	documents := func(n int) []dossier.Document {
		d := slices.Repeat([]dossier.Document{papers()[0]}, n)
		for i := range d {
			d[i].FirstPage, d[i].LastPage = i+1, i+1
		}
		return d
	}
	ten, thousand := heapWhile(t, 10, documents(10)), heapWhile(t, 1000, documents(1000))
	t.Logf("heap with 10 documents %d KB, with 1,000 %d KB", ten>>10, thousand>>10)
	if thousand > ten+512<<10 {
		t.Errorf("heap with 10 documents %d KB, with 1,000 %d KB", ten>>10, thousand>>10)
	}
}
