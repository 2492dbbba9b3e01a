package separate

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// checkWhole fails where a page of the stack is in no document and left out by none, or in two, or out of order.
func checkWhole(t *testing.T, pages []Page, plan Plan) {
	t.Helper()
	var all []int
	documents := 0
	for n, d := range plan.Dossiers {
		var own []int
		for _, doc := range d.Documents {
			if len(doc.Pages) == 0 || !slices.IsSorted(doc.Pages) {
				t.Fatalf("document %v", doc)
			}
			documents++
			own = append(own, doc.Pages...)
		}
		if !slices.IsSorted(own) {
			t.Fatalf("documents of dossier %d are out of order: %v", n, d.Documents)
		}
		for _, l := range d.Left {
			own = append(own, l.Page)
		}
		slices.Sort(own)
		all = append(all, own...)
	}
	if len(all) != len(pages) {
		t.Fatalf("%d pages of %d: %+v", len(all), len(pages), plan)
	}
	for i, page := range all {
		if page != i+1 {
			t.Fatalf("page %d stands where %d belongs: %+v", page, i+1, plan)
		}
	}
	dossiers := 1
	for i, c := range plan.Cuts {
		if c.Page < 2 || c.Page > len(pages) || i > 0 && c.Page < plan.Cuts[i-1].Page {
			t.Fatalf("cut %d at page %d of %d", i, c.Page, len(pages))
		}
		if !(c.Confidence > 0 && c.Confidence <= 1) || len(c.Reasons) == 0 {
			t.Fatalf("cut %+v", c)
		}
		if c.Made && c.Level == dossier.CutDossier {
			dossiers++
		}
	}
	if len(pages) > 0 && dossiers != len(plan.Dossiers) {
		t.Fatalf("%d dossiers, and cuts for %d", len(plan.Dossiers), dossiers)
	}
}

// vocabulary of the fuzzed pages: words that this package looks at, and a few that it doesn't.
var vocabulary = []string{
	"CỘNG", "HÒA", "XÃ", "HỘI", "CHỦ", "NGHĨA", "VIỆT", "NAM", "Độc", "lập", "Tự", "do", "Hạnh", "phúc", "QUYẾT", "ĐỊNH", "Số:", "12/QĐ-UBND", "PHỤ", "LỤC",
	"(Kèm", "theo", "Trang", "1/3", "2/3", "2", "-", "/", ":", ".", "", " ", "\x00", "\xff", "e\u0301", "Đơn", "Objet", "lycée", "<<<<<<<<<<<<<<<<<<<<<<", "ngày", "tháng", "năm", "(", ")",
	"Họ", "và", "tên:", "Nguyễn", "99999999999999999999",
}

// pagesFrom makes a stack out of bytes, with boxes that may be anything a float64 can be.
func pagesFrom(data []byte) []Page {
	take := func() byte {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return b
	}
	number := func() float64 {
		switch b := take(); {
		case b < 200:
			return float64(b) * 8
		case b < 203 && len(data) >= 8:
			bits := binary.LittleEndian.Uint64(data)
			data = data[8:]
			return math.Float64frombits(bits)
		default:
			return []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 0, math.MaxFloat64}[b%6]
		}
	}
	var pages []Page
	for len(data) > 0 && len(pages) < 40 {
		kind := take()
		p := Page{Marker: Marker(kind % 5), Code: []string{"", "", "A", "B"}[kind>>3%4], Deposit: string(rune('a' + kind%3)), KindScore: number()}
		if kind&0x80 != 0 {
			p.Kind = "kind"
		}
		if kind == 7 {
			pages = append(pages, p)
			continue
		}
		p.Page = &dossier.Page{Width: int(take()) * 10, Height: int(take()) * 10, DPI: number(), Blank: take()%5 == 0}
		var par dossier.Paragraph
		for range take() % 16 {
			line := dossier.Line{Box: dossier.Box{X0: number(), Y0: number(), X1: number(), Y1: number()}, Size: number()}
			for range take() % 12 {
				line.Words = append(line.Words, dossier.Word{Text: vocabulary[int(take())%len(vocabulary)], Box: dossier.Box{X0: number(), X1: number()}})
			}
			par.Lines = append(par.Lines, line)
		}
		p.Layout.Blocks = []dossier.Block{{Paragraphs: []dossier.Paragraph{par}}}
		pages = append(pages, p)
	}
	return pages
}

func FuzzCuts(f *testing.F) {
	f.Add([]byte(nil), false)
	f.Add([]byte{0, 0, 82, 116, 100, 1, 2, 10, 10, 90, 12, 2, 8, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0}, true)
	f.Add([]byte("\x01\x00\x10\x20\x30\x00\x02\x05\x08\x80\x90\xa0 and so on, for some pages \xc9\xcc\xd1"), true)
	f.Fuzz(func(t *testing.T, data []byte, option bool) {
		pages := pagesFrom(data)
		opt := Options{FilesAreDocuments: option, KeepSheets: option}
		plan := cuts(pages, opt)
		checkWhole(t, pages, plan)
		if again := cuts(pages, opt); !reflect.DeepEqual(plan, again) {
			t.Fatal("the same stack was cut in two ways")
		}
	})
}

func TestNoPagesAreNoDossier(t *testing.T) {
	if plan := cuts(nil, Options{}); plan.Dossiers != nil || plan.Cuts != nil {
		t.Errorf("%+v", plan)
	}
}
