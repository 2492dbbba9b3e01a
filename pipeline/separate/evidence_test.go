package separate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// weighed gives the weight that each code of evidence has where a page follows others, and the confidence.
func weighed(next Page, before ...Page) (weights map[string]float64, confidence float64) {
	c := weigh(seen(before...), see(next.Page), next, false)
	weights = map[string]float64{}
	for _, e := range c.evidence {
		weights[e.Code] += e.Weight
	}
	return weights, c.confidence()
}

func wantProposed(t *testing.T, next Page, before ...Page) {
	t.Helper()
	if weights, got := weighed(next, before...); got < 0.5 || got >= 0.9 {
		t.Errorf("confidence %.3f, want a proposal: %v", got, weights)
	}
}

func TestARunningHeadThatGoesOnSpeaksAgainstACut(t *testing.T) {
	page := func() Page { return body("^Báo cáo thuyết minh dự án") }
	if w, _ := weighed(page(), page()); w["running_head"] != weightSameRunning {
		t.Errorf("after one page: %v", w)
	}
	if w, _ := weighed(page(), page(), page()); w["running_head"] != weightKnownRunning {
		t.Errorf("after two pages: %v", w)
	}
	if w, _ := weighed(body(prose), page(), page()); w["running_head"] != weightLostRunning {
		t.Errorf("without it: %v", w)
	}
}

func TestASentenceThatGoesOnSpeaksAgainstACut(t *testing.T) {
	open := sheetOf("<Người sử dụng đất có nghĩa vụ kê khai và nộp đủ các khoản tài chính trước khi nhận kết quả giải quyết thủ tục")
	if w, _ := weighed(sheetOf("<theo quy định của pháp luật về đất đai hiện hành"), open); w["sentence"] != weightSentence {
		t.Errorf("%v", w)
	}
	if w, _ := weighed(body(), open); w["sentence"] != 0 {
		t.Errorf("a capital begins a sentence: %v", w)
	}
}

func TestACoverAndWhatIsUnderItAreOnePaper(t *testing.T) {
	cover := sheetOf(slices.Concat([]string{"UBND TỈNH NINH BÌNH"}, slices.Repeat([]string{"_"}, 12), []string{"BÁO CÁO THUYẾT MINH"}, slices.Repeat([]string{"_"}, 16), []string{"Tháng 5 năm 2025"})...)
	report := body("<UBND TỈNH NINH BÌNH", ">"+state, ">"+"Độc lập - Tự do - Hạnh phúc", "<Số: 12/BC-BQLDA", "BÁO CÁO THUYẾT MINH")
	if w, got := weighed(report, cover); got >= 0.9 || w["cover"] == 0 {
		t.Errorf("confidence %.3f: %v", got, w)
	}
}

func TestATitleOfAStateOverNoNamedPaperIsProposedOnly(t *testing.T) {
	wantProposed(t, body("<UBND TỈNH NINH BÌNH", ">"+state, ">Độc lập - Tự do - Hạnh phúc", ">Ninh Bình, ngày 05 tháng 01 năm 2024"), decisionPage("12"))
}

func TestAPageThatSaysItIsALaterOneIsNeverCutOff(t *testing.T) {
	head := []string{"<UBND TỈNH NINH BÌNH", ">" + state, ">Độc lập - Tự do - Hạnh phúc", "<Số: 377/QĐ-STP", ">Ninh Bình, ngày 05 tháng 01 năm 2024", "QUYẾT ĐỊNH"}
	for _, number := range []string{"vTrang 2/4", "vTrang 3/7", "^2"} {
		if w, got := weighed(body(append(slices.Clone(head), number)...), body(prose)); got >= 0.9 {
			t.Errorf("%q: confidence %.3f: %v", number, got, w)
		}
	}
}

func TestAPaperThatIsNotAtItsEndIsNotCutOff(t *testing.T) {
	if w, got := weighed(decisionPage("12"), body("vTrang 1/3")); got >= 0.9 {
		t.Errorf("confidence %.3f: %v", got, w)
	}
	if w, got := weighed(decisionPage("12"), body("vTrang 3/3")); got < 0.9 {
		t.Errorf("at its end: confidence %.3f: %v", got, w)
	}
}

func TestTwoPapersOfOneTitleAreTwo(t *testing.T) {
	invoice := func() Page {
		return body("_", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG", "<Đơn vị bán hàng: Công ty Minh Phát")
	}
	wantProposed(t, invoice(), invoice())
}

func TestATitleInTheMarginIsARunningHead(t *testing.T) {
	running := body("^HÓA ĐƠN GIÁ TRỊ GIA TĂNG")
	if w, got := weighed(running, body("_", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG")); got >= 0.5 || w["running_title"] == 0 {
		t.Errorf("confidence %.3f: %v", got, w)
	}
}

func TestFrenchTitlesMayStandAtTheSideAndVietnameseOnesNot(t *testing.T) {
	if w, _ := weighed(body("<Menuiserie Fontaine", "<FACTURE N° 2024-118"), body(prose)); w["title"] != weightAside {
		t.Errorf("%v", w)
	}
	if w, _ := weighed(body("<HỢP ĐỒNG ĐÃ KÝ"), body(prose)); w["title"] != 0 {
		t.Errorf("%v", w)
	}
}

func TestSectionsAndSignaturesAreNoTitles(t *testing.T) {
	for _, text := range []string{
		"QUYẾT ĐỊNH:", "DANH SÁCH HỘ GIA ĐÌNH", "PHẦN THỨ NHẤT", "CHƯƠNG II", "XÁC NHẬN CỦA ỦY BAN NHÂN DÂN XÃ", "LỜI CHỨNG CỦA CÔNG CHỨNG VIÊN",
		"ĐƠN VỊ TƯ VẤN", "GIẤY TỜ KÈM THEO", "BẢN SAO", "SỐ TIỀN", "CỤC TRƯỞNG", state,
	} {
		if h := see(body(text).Page).head; h.rank != titleNone || h.agency {
			t.Errorf("%q: %+v", text, h)
		}
	}
}

func TestPageNumbersAreReadAsEnginesWriteThem(t *testing.T) {
	for text, want := range map[string]pageNumber{
		"v1\u20444": {n: 1, of: 4}, "vTrang l/4": {n: 1, of: 4}, "vTrang 2 / 5": {n: 2, of: 5}, "v_2-": {n: 2}, "v- 12 -": {n: 12},
		"vpage 3 sur 7": {n: 3, of: 7}, "vPage 2 of 3": {n: 2, of: 3}, "vTrang số 4": {n: 4}, "v[2/3]": {n: 2, of: 3},
		"v112": {}, "v5/2": {}, "v0": {}, "v2024": {}, "v24/7/2024": {},
	} {
		got := see(body(text).Page).number
		if got.n != want.n || got.of != want.of {
			t.Errorf("%q is read as %+v, want %+v", text, got, want)
		}
	}
}

func TestSymbolsAreComparedAsEnginesReadThem(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want sameness
	}{
		{"Số: 12/QĐ-UBND", "12/QĐ-UBND", same},
		{"Số: 742/QĐ-STTTT", "742/QĐ-STTTI", same},
		{"Số: 17/TTr-UBND", "17/TIr-UBND", same},
		{"Số: 12/QĐ-UBND", "45/QĐ-UBND", different},
		{"Số: 12/QĐ-UBND", "13/QĐ-UBND", unknown},
		{"Số: 12/QĐ-UBND", "12/HĐMB", unknown},
		{"Số:    /TB-ĐHĐL", "2164/TB-ĐHĐL", unknown},
	} {
		if got := symbolIn(c.a).against(symbolIn(c.b)); got != c.want {
			t.Errorf("%q against %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestANumberInRunningTextIsNotThePapersOwn(t *testing.T) {
	h := see(sheetOf("<số 12/QĐ-UBND ngày 05 tháng 01 năm 2024 của Ủy ban nhân dân tỉnh về việc phê duyệt", prose, prose).Page).head
	if h.numbered || h.dated {
		t.Errorf("%+v", h)
	}
}

func TestAnApplicationPublishedWithADecisionIsProposedWhereItMayHangOnAnother(t *testing.T) {
	form := func(number string) Page {
		return body("(Ban hành kèm theo Quyết định số "+number+"/QĐ-STP ngày 05 tháng 01 năm 2024)", state, "Độc lập - Tự do - Hạnh phúc", "ĐƠN ĐỀ NGHỊ CẤP PHÉP")
	}
	wantProposed(t, form("1872"), decisionPage("45"))
	if w, got := weighed(form("45"), decisionPage("45")); got >= 0.5 {
		t.Errorf("confidence %.3f: %v", got, w)
	}
}

func TestReasonsStandStrongestFirst(t *testing.T) {
	plan := cuts([]Page{decisionPage("1"), decisionPage("45")}, Options{})
	for _, c := range plan.Cuts {
		if !slices.IsSortedFunc(c.Reasons, func(a, b dossier.Evidence) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) }) {
			t.Errorf("%+v", c.Reasons)
		}
	}
}

func TestAKindThatGoesOnIsNoHead(t *testing.T) {
	page := func() Page {
		p := body("II. Thửa đất, nhà ở")
		p.Kind, p.KindScore = "land", 0.9
		return p
	}
	if w, got := weighed(page(), page()); got >= 0.5 || w["kind"] != 0 {
		t.Errorf("confidence %.3f: %v", got, w)
	}
	if w, _ := weighed(page(), body(prose)); w["kind"] == 0 {
		t.Errorf("%v", w)
	}
}

func TestWhatStandsBesideEachOtherInAHeadIsSeenApart(t *testing.T) {
	letter := sheetOf("<Centre communal d'action sociale", "<38200 VIENNE", "<Objet : suite donnée à votre demande d'aide financière exceptionnelle pour le paiement de vos factures", "<Monsieur,", prose, prose)
	lines := letter.Layout.Blocks[0].Paragraphs[0].Lines
	for i, text := range []string{"Vienne, le 23/09/2021", "M. Pierre Moreau habitant 12 bis, chemin du Lac"} {
		x := 480.0
		for _, word := range strings.Fields(text) {
			w := float64(len(word)) * 6
			lines[i].Words = append(lines[i].Words, dossier.Word{Text: word, Box: dossier.Box{X0: x, Y0: lines[i].Box.Y0, X1: x + w, Y1: lines[i].Box.Y1}})
			x += w + 6
		}
		lines[i].Box.X1 = x
	}
	h := see(letter.Page).head
	if !h.agency || !h.dated || !h.address || !h.subject || !h.greeting {
		t.Errorf("%+v", h)
	}
}
