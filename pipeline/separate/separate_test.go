package separate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/fold"
)

// sheetOf is an A4 page at 100 dpi of the given lines. A line is set in the middle; one that begins with "<" at the left
// margin, with ">" at the right one; "_" leaves room; "^" stands at the very top and "v" at the very foot.
func sheetOf(lines ...string) Page {
	p := &dossier.Page{Width: 827, Height: 1169, DPI: 100, Language: "vie", Layout: dossier.Layout{Source: dossier.TextOCR}}
	var par dossier.Paragraph
	y := 90.0
	for _, text := range lines {
		at := y
		place := "middle"
		switch text[0] {
		case '<':
			place, text = "left", text[1:]
		case '>':
			place, text = "right", text[1:]
		case '^':
			at, text = 30, text[1:]
		case 'v':
			at, text = 1120, text[1:]
		}
		if at == y {
			y += 24
		}
		if text == "_" {
			continue
		}
		const letter = 7.0
		width := float64(len([]rune(text))) * letter
		x := (827 - width) / 2
		switch place {
		case "left":
			x = 80
		case "right":
			x = 770 - width
		}
		line := dossier.Line{Box: dossier.Box{X0: x, Y0: at, X1: x + width, Y1: at + 16}, Size: 16}
		for _, word := range strings.Fields(text) {
			w := float64(len([]rune(word))) * letter
			line.Words = append(line.Words, dossier.Word{Text: word, Confidence: 0.95, Box: dossier.Box{X0: x, Y0: at, X1: x + w, Y1: at + 16}})
			x += w + letter
		}
		par.Lines = append(par.Lines, line)
	}
	p.Layout.Blocks = []dossier.Block{{Paragraphs: []dossier.Paragraph{par}}}
	return Page{Page: p}
}

const (
	prose = "<Các cơ quan, đơn vị có liên quan chịu trách nhiệm phối hợp chặt chẽ trong quá trình triển khai."
	state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
)

func body(lines ...string) Page { return sheetOf(append(lines, prose, prose, prose)...) }

func decisionPage(number string) Page {
	return body("<UBND TỈNH NINH BÌNH", ">"+state, "<SỞ TƯ PHÁP", ">Độc lập - Tự do - Hạnh phúc", "<Số: "+number+"/QĐ-STP", ">Ninh Bình, ngày 05 tháng 01 năm 2024", "QUYẾT ĐỊNH", "Về việc cấp giấy phép")
}

func formPage(title, name string) Page {
	return body(state, "Độc lập - Tự do - Hạnh phúc", "_", title, "Kính gửi: Ủy ban nhân dân xã Khánh Hòa", "<Họ và tên: "+name)
}

func slip(code string) Page {
	p := sheetOf("PHIẾU BÌA")
	p.Marker, p.Code = MarkerSlip, code
	return p
}

func blankPage() Page {
	return Page{Page: &dossier.Page{Width: 827, Height: 1169, DPI: 100, Blank: true}}
}

func coded(p Page, code string) Page {
	p.Code = code
	return p
}

// madeAt are the pages where cuts of a level were made.
func madeAt(plan Plan, level dossier.CutLevel) []int { return cutsAt(plan, level, true) }

func proposedAt(plan Plan, level dossier.CutLevel) []int { return cutsAt(plan, level, false) }

func cutsAt(plan Plan, level dossier.CutLevel, made bool) []int {
	var at []int
	for _, c := range plan.Cuts {
		if c.Level == level && c.Made == made {
			at = append(at, c.Page)
		}
	}
	return at
}

func wantCuts(t *testing.T, plan Plan, level dossier.CutLevel, want ...int) {
	t.Helper()
	if got := madeAt(plan, level); !slices.Equal(got, want) {
		t.Errorf("%s cuts at %v, want %v: %+v", level, got, want, plan.Cuts)
	}
}

func wantNoCut(t *testing.T, pages ...Page) {
	t.Helper()
	if plan := cuts(pages, Options{}); len(plan.Cuts) > 0 {
		t.Errorf("cuts %+v, want none", plan.Cuts)
	}
}

func TestAHeadBeginsAPaper(t *testing.T) {
	plan := cuts([]Page{decisionPage("12"), body(prose), formPage("ĐƠN ĐỀ NGHỊ", "Trần Văn An"), formPage("GIẤY KHAI SINH", "Trần Văn An")}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 3, 4)
	wantCuts(t, plan, dossier.CutDossier)
	if got := plan.Dossiers[0].Documents; len(got) != 3 || !slices.Equal(got[0].Pages, []int{1, 2}) {
		t.Errorf("documents %v", got)
	}
}

func TestANationalTitleReadBadlyIsOneAllTheSame(t *testing.T) {
	plan := cuts([]Page{decisionPage("12"), body("CỌNG HOA XÃ HỌI CHÚ NGHĨA VIỆT NẠM", "Dộc lâp - Tư do - Hanh phúc", "ĐON XIN XÁC NHẬN")}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 2)
}

func TestAHeadOfAFrenchLetterBeginsAPaper(t *testing.T) {
	letter := body("<Paul Durand", "<8 avenue de la Gare", "<38000 Grenoble", ">Grenoble, le 5 janvier 2024", "<Objet : demande d'acte", "<Madame, Monsieur,")
	plan := cuts([]Page{decisionPage("12"), letter}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 2)
}

func TestAnAnnexIsNoCut(t *testing.T) {
	for name, annex := range map[string]Page{
		"with its reference":          body("PHỤ LỤC I", "DANH SÁCH CÁC HỘ GIA ĐÌNH", "(Kèm theo Quyết định số 12/QĐ-STP ngày 05 tháng 01 năm 2024)"),
		"by its title":                body(">Phụ lục 2", "BẢNG TỔNG HỢP"),
		"French":                      body("ANNEXE 1", "LISTE DES PIÈCES"),
		"with a head of its own":      body("<UBND TỈNH NINH BÌNH", ">"+state, ">Độc lập - Tự do - Hạnh phúc", "QUY ĐỊNH", "(Ban hành kèm theo Quyết định số 12/QĐ-STP ngày 05 tháng 01 năm 2024)"),
		"numbered anew":               body("Phụ lục 1", "LỊCH LÀM VIỆC", "vTrang 1/3"),
		"with a reference over lines": body("DANH MỤC", "(Kèm theo Thông báo", "số 12/TB-STP ngày 05 tháng 01 năm 2024 của Sở)"),
	} {
		t.Run(name, func(t *testing.T) { wantNoCut(t, decisionPage("12"), annex) })
	}
}

func TestAFormThatACircularPublishedIsNoAnnex(t *testing.T) {
	form := body("Phụ lục I-1", "(Ban hành kèm theo Thông tư số 01/2021/TT-BKHĐT ngày 16 tháng 3 năm 2021)", state, "Độc lập - Tự do - Hạnh phúc", "GIẤY ĐỀ NGHỊ ĐĂNG KÝ DOANH NGHIỆP")
	plan := cuts([]Page{decisionPage("12"), form}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 2)
}

func TestAnAnnexMentionedInTheTextIsNone(t *testing.T) {
	p := decisionPage("13")
	notice := body("<SỞ TƯ PHÁP", ">"+state, "THÔNG BÁO", prose, "(Chi tiết xem Phụ lục 1 kèm theo)")
	plan := cuts([]Page{p, notice}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 2)
}

func TestAPageNumberThatGoesOnSpeaksAgainstACut(t *testing.T) {
	for _, numbers := range [][2]string{{"vTrang 1/4", "vTrang 2/4"}, {"v- 1 -", "v- 2 -"}, {"v1/4", "v2/4"}, {"^1", "^2"}, {"vPage 1 sur 4", "vPage 2 sur 4"}, {"vTrang l/4", "vTrang 2 / 4"}} {
		first := body(state, "Độc lập - Tự do - Hạnh phúc", "HỢP ĐỒNG", numbers[0])
		wantNoCut(t, first, body("HỢP ĐỒNG THUÊ NHÀ", numbers[1]))
	}
}

func TestAPageNumberThatBeginsAnewIsNoCutByItself(t *testing.T) {
	wantNoCut(t, decisionPage("12"), body("^2"), body("^3"), body("^1"), body("^2"))
}

func TestTheFirstPageOfSeveralIsOftenNotNumbered(t *testing.T) {
	if s := see(body("^2").Page); s.number.n != 2 {
		t.Fatalf("number %+v", s.number)
	}
	plan := cuts([]Page{decisionPage("12"), body("^2", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")}, Options{})
	wantCuts(t, plan, dossier.CutDocument)
}

func TestNumbersInTheTextAreNoPageNumbers(t *testing.T) {
	for _, p := range []Page{
		body("<3", prose), body("vNinh Bình, ngày 5/1/2024"), body("vTổng cộng 12 hộ"), body("<Điện thoại 24/7"), body("v5/2"),
	} {
		if n := see(p.Page).number; n.n != 0 {
			t.Errorf("read page number %+v in %q", n, rowsOf(p.Page)[0].raw)
		}
	}
}

func TestSizeResolutionAndLanguageNeverReachAProposal(t *testing.T) {
	other := body(prose)
	other.Width, other.Height, other.DPI, other.Language = 1169, 827, 72, "fra"
	c := weigh(seen(decisionPage("12")), see(other.Page), other, false)
	if got := c.confidence(); got >= 0.5 {
		t.Errorf("confidence %.2f: %+v", got, c.evidence)
	}
	codes := map[string]bool{}
	for _, e := range c.evidence {
		codes[e.Code] = true
	}
	for _, code := range []string{"size_changes", "resolution_changes", "language_changes"} {
		if !codes[code] {
			t.Errorf("no evidence %s", code)
		}
	}
}

func seen(pages ...Page) *running {
	var r running
	for _, p := range pages {
		r.add(see(p.Page), p)
	}
	return &r
}

func TestABlankBackIsNoCut(t *testing.T) {
	plan := cuts([]Page{decisionPage("12"), blankPage(), body(prose)}, Options{})
	if len(plan.Cuts) > 0 {
		t.Errorf("cuts %+v", plan.Cuts)
	}
	if got := plan.Dossiers[0].Left; !slices.Equal(got, []Left{{2, LeftBlank}}) {
		t.Errorf("left out %v", got)
	}
}

func TestAStackOfBlankPagesKeepsThem(t *testing.T) {
	plan := cuts([]Page{blankPage(), blankPage()}, Options{})
	if d := plan.Dossiers[0]; len(d.Documents) != 1 || len(d.Left) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestANumberInTheRunningHeadTellsPapersApart(t *testing.T) {
	wantNoCut(t, decisionPage("12"), body("^Quyết định số 12/QĐ-STP", "THUYẾT MINH"))
	plan := cuts([]Page{decisionPage("12"), body("^Quyết định số 12/QĐ-STP"), body("^Hợp đồng số 377/HĐ-MB", "HỢP ĐỒNG MUA BÁN")}, Options{})
	if got := append(madeAt(plan, dossier.CutDocument), proposedAt(plan, dossier.CutDocument)...); !slices.Equal(got, []int{3}) {
		t.Errorf("cuts %+v", plan.Cuts)
	}
}

func TestBothSidesOfACardAreOnePaper(t *testing.T) {
	front := func() Page {
		return sheetOf("_", "_", state, "Độc lập - Tự do - Hạnh phúc", "CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card", "<Họ và tên / Full name: TRẦN VĂN AN")
	}
	back := func() Page {
		return sheetOf("<Đặc điểm nhân dạng / Personal identification:", "<Ngón trỏ trái / Left index finger", "CỤC TRƯỞNG CỤC CẢNH SÁT", "<IDVNM0123456789<<1", "<TRAN<<VAN<AN<<<<<<<<<")
	}
	plan := cuts([]Page{decisionPage("1"), front(), back(), front(), back()}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 2, 4)
	plan = cuts([]Page{back(), front(), decisionPage("1")}, Options{})
	wantCuts(t, plan, dossier.CutDocument, 3)
}

func TestASlipBeginsADossier(t *testing.T) {
	plan := cuts([]Page{slip("A"), formPage("ĐƠN XIN", "An"), slip("B"), blankPage(), decisionPage("1")}, Options{})
	wantCuts(t, plan, dossier.CutDossier, 3)
	wantCuts(t, plan, dossier.CutDocument)
	if len(plan.Dossiers) != 2 || plan.Dossiers[0].Code != "A" || plan.Dossiers[1].Code != "B" {
		t.Fatalf("dossiers %+v", plan.Dossiers)
	}
	if got := plan.Dossiers[1].Left; !slices.Equal(got, []Left{{3, LeftSlip}, {4, LeftBlank}}) {
		t.Errorf("left out %v", got)
	}
	if c := plan.Cuts[0]; c.Confidence != 1 || c.Reasons[0].Code != "slip" {
		t.Errorf("cut %+v", c)
	}
}

func TestASlipOfTheRunningDossierPartsPapersOnly(t *testing.T) {
	plan := cuts([]Page{slip("A"), formPage("ĐƠN XIN", "An"), slip("A"), body(prose)}, Options{})
	wantCuts(t, plan, dossier.CutDossier)
	wantCuts(t, plan, dossier.CutDocument, 3)
}

func TestASeparatorBeginsADossierAndADocumentSeparatorAPaper(t *testing.T) {
	dossiers, papers := sheetOf("X"), sheetOf("X")
	dossiers.Marker, papers.Marker = MarkerSeparator, MarkerDocument
	plan := cuts([]Page{body(prose), dossiers, body(prose), papers, body(prose)}, Options{})
	wantCuts(t, plan, dossier.CutDossier, 2)
	wantCuts(t, plan, dossier.CutDocument, 4)
}

func TestASeparatorBeforeASlipMakesNoEmptyDossier(t *testing.T) {
	separator := sheetOf("X")
	separator.Marker = MarkerSeparator
	for _, pages := range [][]Page{
		{body(prose), separator, slip("A"), body(prose)},
		{body(prose), slip("A"), separator, body(prose)},
		{body(prose), separator, separator, blankPage(), slip("A"), body(prose)},
	} {
		plan := cuts(pages, Options{})
		wantCuts(t, plan, dossier.CutDossier, 2)
		if len(plan.Dossiers) != 2 || plan.Dossiers[1].Code != "A" {
			t.Errorf("dossiers %+v", plan.Dossiers)
		}
	}
}

func TestASlipWithoutPapersIsADossierWithoutAny(t *testing.T) {
	plan := cuts([]Page{slip("A"), slip("B"), body(prose)}, Options{})
	if len(plan.Dossiers) != 2 || plan.Dossiers[0].Code != "A" || len(plan.Dossiers[0].Documents) != 0 {
		t.Errorf("dossiers %+v", plan.Dossiers)
	}
}

func TestKeptSheetsArePapersOfTheirOwn(t *testing.T) {
	plan := cuts([]Page{slip("A"), body(prose), slip("B"), body(prose), body(prose)}, Options{KeepSheets: true})
	if got := plan.Dossiers[1]; len(got.Documents) != 2 || !slices.Equal(got.Documents[1].Pages, []int{4, 5}) || len(got.Left) != 0 {
		t.Errorf("second dossier %+v", got)
	}
	wantCuts(t, plan, dossier.CutDossier, 3)
	wantCuts(t, plan, dossier.CutDocument, 2, 4)
}

func TestAnotherCodeBeginsADossier(t *testing.T) {
	plan := cuts([]Page{slip("A"), formPage("ĐƠN XIN", "An"), coded(formPage("ĐƠN XIN", "An"), "A"), coded(formPage("ĐƠN XIN", "An"), "B")}, Options{})
	wantCuts(t, plan, dossier.CutDossier, 4)
	if got := plan.Dossiers[1].Code; got != "B" {
		t.Errorf("code %q", got)
	}
}

func TestACodeWithinAPaperMovesThePaper(t *testing.T) {
	plan := cuts([]Page{slip("A"), decisionPage("1"), decisionPage("2"), blankPage(), coded(body("^2"), "B")}, Options{})
	wantCuts(t, plan, dossier.CutDossier, 3)
	if d := plan.Dossiers[1]; len(d.Documents) != 1 || !slices.Equal(d.Documents[0].Pages, []int{3, 5}) || len(d.Left) != 1 {
		t.Errorf("second dossier %+v", d)
	}
}

func TestACodeOnALaterPaperIsTakenAndADossierProposed(t *testing.T) {
	plan := cuts([]Page{decisionPage("1"), coded(decisionPage("2"), "B")}, Options{})
	if len(plan.Dossiers) != 1 || plan.Dossiers[0].Code != "B" || !slices.Equal(proposedAt(plan, dossier.CutDossier), []int{2}) {
		t.Errorf("%+v", plan)
	}
}

func TestAnApplicationBySomebodyElseProposesADossier(t *testing.T) {
	plan := cuts([]Page{formPage("TỜ KHAI", "Trần Văn An"), decisionPage("1"), formPage("TỜ KHAI", "Nguyễn Thị Hạnh")}, Options{})
	wantCuts(t, plan, dossier.CutDossier)
	if !slices.Equal(proposedAt(plan, dossier.CutDossier), []int{3}) {
		t.Errorf("cuts %+v", plan.Cuts)
	}
	plan = cuts([]Page{formPage("TỜ KHAI", "Trần Văn An"), formPage("TỜ KHAI", "Trân Văn An")}, Options{})
	if got := proposedAt(plan, dossier.CutDossier); got != nil {
		t.Errorf("proposed at %v", got)
	}
}

func TestReasonsNameNobody(t *testing.T) {
	for _, c := range cuts([]Page{formPage("TỜ KHAI", "Trần Văn An"), formPage("TỜ KHAI NGUYỄN THỊ HẠNH", "Nguyễn Thị Hạnh")}, Options{}).Cuts {
		for _, e := range c.Reasons {
			if strings.Contains(fold.Words(e.Detail), "hanh") && !strings.Contains(fold.Words(e.Detail), "phuc") {
				t.Errorf("reason %+v", e)
			}
		}
	}
}

func TestFilesArePapersByOption(t *testing.T) {
	a, b := body(prose), body(prose)
	a.Deposit, b.Deposit = "a", "b"
	wantCuts(t, cuts([]Page{a, b}, Options{}), dossier.CutDocument)
	wantCuts(t, cuts([]Page{a, b}, Options{FilesAreDocuments: true}), dossier.CutDocument, 2)
	a, b = body("v1/2"), body("v2/2")
	a.Deposit, b.Deposit = "a", "b"
	wantCuts(t, cuts([]Page{a, b}, Options{FilesAreDocuments: true}), dossier.CutDocument)
}

func TestAKindsTitleIsAHead(t *testing.T) {
	p := body("BIỂU TỔNG HỢP")
	p.Kind, p.KindScore = "summary", 0.95
	plan := cuts([]Page{decisionPage("1"), p}, Options{})
	if got := append(proposedAt(plan, dossier.CutDocument), madeAt(plan, dossier.CutDocument)...); !slices.Equal(got, []int{2}) {
		t.Errorf("cuts %+v", plan.Cuts)
	}
}

func TestTheSumOfTheReasonsIsTheConfidence(t *testing.T) {
	unnamed := body("<UBND TỈNH NINH BÌNH", ">"+state, ">Độc lập - Tự do - Hạnh phúc", ">Ninh Bình, ngày 05 tháng 01 năm 2024")
	plan := cuts([]Page{decisionPage("1"), formPage("ĐƠN XIN", "An"), unnamed}, Options{})
	if len(plan.Cuts) != 2 {
		t.Fatalf("cuts %+v", plan.Cuts)
	}
	for _, c := range plan.Cuts {
		sum := weightNothing
		for _, e := range c.Reasons {
			sum += e.Weight
		}
		if want := min(maxConfidence, 1/(1+math.Exp(-sum))); math.Abs(c.Confidence-want) > 0.001 {
			t.Errorf("confidence %v, sum gives %v: %+v", c.Confidence, want, c.Reasons)
		}
	}
}

func TestARenditionCountsOnlyWhatIsInIt(t *testing.T) {
	plan := cuts([]Page{slip("A"), decisionPage("1"), blankPage(), decisionPage("2")}, Options{})
	pages, documents := plan.Dossiers[0].Rendition()
	if !slices.Equal(pages, []int{2, 4}) || len(documents) != 2 || documents[1].FirstPage != 2 || documents[1].LastPage != 2 {
		t.Errorf("pages %v, documents %+v", pages, documents)
	}
}

func cuts(pages []Page, opt Options) Plan { return Cuts(slices.Values(pages), opt) }
