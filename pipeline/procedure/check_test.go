package procedure_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/procedure"
)

// papers makes documents of kinds, a page each; "" is one that was not recognised.
func papers(kinds ...string) []dossier.Document {
	documents := make([]dossier.Document, len(kinds))
	for i, kind := range kinds {
		documents[i] = dossier.Document{FirstPage: i + 1, LastPage: i + 1, Kind: kind}
	}
	return documents
}

func field(name, value string) dossier.Field {
	return dossier.Field{Name: name, Value: value, Confidence: 1}
}

func birth(t testing.TB) *procedure.Procedure {
	t.Helper()
	return builtIn(t).ByCode("1.001193")
}

// says compares what a clerk is told.
func says(t *testing.T, r procedure.Result, language string, want ...string) {
	t.Helper()
	if got := r.Sentences(language); !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", language, got, want)
	}
}

func TestADossierWithAllItsPapersIsComplete(t *testing.T) {
	married := []dossier.Field{field("parents_married", "Yes")}
	r := birth(t).Check(papers("vi-application", "birth-notice", "vi-idcard", "vi-marriage"), married)
	if !r.Complete || r.Code != "1.001193" {
		t.Errorf("%+v", r)
	}
	says(t, r, "vi", "Đủ giấy tờ theo thủ tục: Đăng ký khai sinh.")
	says(t, r, "fr", "Dossier complet : Déclaration de naissance.")
	says(t, r, "en", "Complete: Birth registration.")
}

func TestWhatIsMissingIsNamedWithItsNumberAndForm(t *testing.T) {
	r := builtIn(t).ByCode("1.000894").Check(papers("vi-application", "vi-idcard"), []dossier.Field{field("marital_status", "single")})
	says(t, r, "vi", "Còn thiếu: Giấy tờ tùy thân của hai bên (01 bản sao).", "Còn thiếu: Giấy xác nhận tình trạng hôn nhân (01 bản chính).")
	says(t, r, "fr", "Pièce manquante : Pièce d'identité de chacun (1 copie).", "Pièce manquante : Certificat de célibat (1 original).")
	says(t, r, "en", "Missing: Identity papers of both (1 copy).", "Missing: Certificate of marital status (1 original).")
	if r.Complete || r.Missing[0].Count != 1 || len(r.Undecided) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAConditionThatHoldsIsTheReason(t *testing.T) {
	whole := papers("vi-application", "birth-notice", "identity-mrz")
	r := birth(t).Check(whole, []dossier.Field{field("parents_married", "yes")})
	says(t, r, "vi", "Còn thiếu: Giấy chứng nhận kết hôn của cha mẹ (01 bản sao), vì cha mẹ đã đăng ký kết hôn.")
	says(t, r, "fr", "Pièce manquante : Acte de mariage des parents (1 copie), car les parents sont mariés.")
	r = birth(t).Check(whole, []dossier.Field{field("parents_married", "no")})
	if !r.Complete {
		t.Errorf("%+v", r)
	}
}

func TestWhatNobodyKnowsIsUndecided(t *testing.T) {
	whole := papers("vi-application", "birth-notice", "identity-mrz")
	unsure := field("parents_married", "no")
	unsure.Confidence = 0.4
	for name, fields := range map[string][]dossier.Field{
		"no field": nil, "an unsure one": {unsure}, "two that differ": {field("parents_married", "no"), field("parents_married", "yes")},
	} {
		r := birth(t).Check(whole, fields)
		if r.Complete || len(r.Missing) != 0 || len(r.Undecided) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
		says(t, r, "vi", "Cần thêm nếu cha mẹ đã đăng ký kết hôn: Giấy chứng nhận kết hôn của cha mẹ (01 bản sao).")
		says(t, r, "fr", "À fournir si les parents sont mariés : Acte de mariage des parents (1 copie).")
		says(t, r, "en", "Needed if the parents are married: Marriage certificate of the parents (1 copy).")
	}
	if r := birth(t).Check(append(whole, papers("vi-marriage")...), nil); !r.Complete || len(r.Unexpected) != 0 {
		t.Errorf("the paper is there: %+v", r)
	}
}

func TestTheDossiersFieldsGoBeforeThoseOfItsDocuments(t *testing.T) {
	whole := papers("vi-application", "birth-notice", "identity-mrz")
	whole[0].Fields = []dossier.Field{field("parents_married", "yes")}
	if r := birth(t).Check(whole, nil); len(r.Missing) != 1 {
		t.Errorf("read on the form: %+v", r)
	}
	if r := birth(t).Check(whole, []dossier.Field{field("parents_married", "no")}); !r.Complete {
		t.Errorf("the slip says no: %+v", r)
	}
}

func TestADocumentThatWasNotRecognisedIsNoPaperButMayBeTheMissingOne(t *testing.T) {
	documents := papers("vi-application", "", "vi-idcard", "")
	documents[3].LastPage = 6
	r := birth(t).Check(documents, []dossier.Field{field("parents_married", "no")})
	says(t, r, "vi", "Còn thiếu: Giấy chứng sinh (01 bản chính).", "Có thể nằm trong giấy tờ chưa nhận dạng được (trang 2, 4–6).")
	says(t, r, "fr", "Pièce manquante : Certificat d'accouchement (1 original).", "Peut-être parmi les pièces non reconnues (pages 2, 4–6).")
	says(t, r, "en", "Missing: Notice of birth (1 original).", "Maybe among the papers that were not recognised (pages 2, 4–6).")
	r = birth(t).Check(papers("vi-application", "birth-notice", "vi-idcard", ""), []dossier.Field{field("parents_married", "no")})
	says(t, r, "en", "Complete: Birth registration.", "Papers that were not recognised: page 4.")
}

func TestWhatIsNotAskedForIsNamed(t *testing.T) {
	documents := papers("vi-application", "birth-notice", "vi-idcard", "birth-notice", "vi-marriage", "invoice", "vi-birth")
	documents[5].Title = "Hóa đơn số 12"
	r := birth(t).Check(documents, []dossier.Field{field("parents_married", "no")})
	says(t, r, "vi", "Đủ giấy tờ theo thủ tục: Đăng ký khai sinh.", "Thừa: birth-notice (trang 4).",
		"Không có trong thành phần hồ sơ: vi-marriage (trang 5).", "Không có trong thành phần hồ sơ: Hóa đơn số 12 (trang 6).")
	if !r.Complete {
		t.Error("what is too much makes a dossier incomplete")
	}
}

func TestADocumentMovesToThePaperThatNoOtherWouldDoFor(t *testing.T) {
	p := procedure.Procedure{Papers: []procedure.Paper{
		{Kinds: []string{"a", "b"}, Min: 1, Max: 1}, {Kinds: []string{"a"}, Min: 1, Max: 1}, {Kinds: []string{"b", "c"}, Max: 1},
	}}
	if r := p.Check(papers("a", "b"), nil); !r.Complete || len(r.Unexpected) > 0 {
		t.Errorf("%+v", r)
	}
	if r := p.Check(papers("a", "b", "a"), nil); !r.Complete || len(r.Unexpected) > 0 {
		t.Errorf("one moves on to the paper that may be brought: %+v", r)
	}
	if r := p.Check(papers("b", "b"), nil); len(r.Missing) != 1 || len(r.Unexpected) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestNoWordOfAConditionIsEverComparedByItsCase(t *testing.T) {
	p := builtIn(t).ByCode("1.012289")
	for value, want := range map[string]bool{"Việt Nam": false, "  VIỆT  NAM ": false, norm.NFD.String("việt nam"): false, "Lào": true} {
		r := p.Check(nil, []dossier.Field{field("nationality", value)})
		asked := slices.ContainsFunc(r.Missing, func(m procedure.Missing) bool { return slices.Contains(m.Kinds, "language-certificate") })
		if asked != want {
			t.Errorf("%q: %v", value, asked)
		}
	}
}

func TestTheBeingThereOfAFieldIsACondition(t *testing.T) {
	p := builtIn(t).ByCode("2.000488")
	whole := papers("vi-application", "vi-idcard")
	if r := p.Check(whole, nil); !r.Complete {
		t.Errorf("without the field: %+v", r)
	}
	if r := p.Check(whole, []dossier.Field{field("authorised_person", "Nguyễn Văn A")}); len(r.Missing) != 1 {
		t.Errorf("with it: %+v", r)
	}
	if r := p.Check(whole, []dossier.Field{{Name: "authorised_person", Value: "N", Confidence: .2}}); len(r.Undecided) != 1 {
		t.Errorf("with an unsure one: %+v", r)
	}
}

func TestAResultSurvivesItsJSON(t *testing.T) {
	r := birth(t).Check(papers("", "invoice", "vi-idcard"), nil)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back procedure.Result
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(r, back) {
		t.Errorf("%s: %v", data, err)
	}
}

// Whatever is asked for and brought: each document is counted once, and what is missing could not have been found in
// another arrangement of the documents, tried one by one.
func TestAsFewPapersAsPossibleAreMissing(t *testing.T) {
	kinds := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		p := procedure.Procedure{}
		for range rapid.IntRange(0, 3).Draw(t, "papers") {
			paper := procedure.Paper{Kinds: rapid.SliceOfNDistinct(kinds, 1, 2, rapid.ID[string]).Draw(t, "kinds"), Min: rapid.IntRange(0, 2).Draw(t, "min")}
			if room := rapid.IntRange(0, 2).Draw(t, "room"); room < 2 && paper.Min+room > 0 {
				paper.Max = paper.Min + room
			}
			p.Papers = append(p.Papers, paper)
		}
		documents := papers(rapid.SliceOfN(kinds, 0, 5).Draw(t, "documents")...)
		r := p.Check(documents, nil)
		missing, unexpected := best(p.Papers, documents, make([]int, len(p.Papers)), 0)
		got := 0
		for _, m := range r.Missing {
			got += m.Count
		}
		if got != missing || len(r.Unexpected) != unexpected {
			t.Fatalf("%d missing and %d unexpected, where %d and %d are possible: %+v", got, len(r.Unexpected), missing, unexpected, r)
		}
	})
}

// best tries every arrangement: the least that can be missing, and with that the least that is left over.
func best(papers []procedure.Paper, documents []dossier.Document, held []int, left int) (missing, unexpected int) {
	if len(documents) == 0 {
		for i, p := range papers {
			missing += max(0, p.Min-held[i])
		}
		return missing, left
	}
	missing, unexpected = best(papers, documents[1:], held, left+1)
	for i, p := range papers {
		if !slices.Contains(p.Kinds, documents[0].Kind) || (p.Max > 0 && held[i] == p.Max) {
			continue
		}
		held[i]++
		if m, u := best(papers, documents[1:], held, left); m < missing || (m == missing && u < unexpected) {
			missing, unexpected = m, u
		}
		held[i]--
	}
	return missing, unexpected
}

func TestAPaperThatNoKindRecognisesIsLeftToTheClerksEyes(t *testing.T) {
	r := birth(t).Check(papers("vi-application", "vi-idcard"), []dossier.Field{field("parents_married", "no")})
	r.LeaveToEyes(func(kind string) bool { return strings.HasPrefix(kind, "vi-") })
	if r.Complete || len(r.Missing) != 0 || len(r.ByEye) == 0 {
		t.Errorf("%+v", r)
	}
	if said := strings.Join(r.Sentences("vi"), "\n"); !strings.Contains(said, "kiểm tra bằng mắt") || strings.Contains(said, "Còn thiếu") {
		t.Error(said)
	}
}

func TestAllThatIsAskedForIsListedInTheProceduresOrder(t *testing.T) {
	r := birth(t).Check(papers("vi-idcard", "vi-application"), []dossier.Field{field("parents_married", "Yes")})
	r.LeaveToEyes(func(kind string) bool { return strings.HasPrefix(kind, "vi-") })
	var got []string
	for _, a := range r.Asked {
		text := a.Kinds[0] + " " + string(a.State)
		for _, p := range a.Pages {
			text += " " + strconv.Itoa(p.First)
		}
		got = append(got, text)
	}
	want := []string{"vi-application there 2", "birth-notice by_eye", "vi-idcard there 1", "vi-marriage missing"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
