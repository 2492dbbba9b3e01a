package value_test

import (
	"errors"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestNamesGetTheirCapitals(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{"NGUYỄN VĂN AN", "vie", "Nguyễn Văn An"},
		{"Nguyễn Văn A", "vie", "Nguyễn Văn A"},
		{"Ông Trần Đình Hòa;", "vie", "Trần Đình Hòa"},
		{"PGS.TS. Trương Nam Hưng", "vie", "Trương Nam Hưng"},
		{"H'HEN NIÊ", "vie", "H'Hen Niê"},
		{"DUPONT Jean-Pierre", "fra", "Dupont Jean-Pierre"},
		{"Mme LEFÈVRE Anne-Marie", "fra", "Lefèvre Anne-Marie"},
		{"M. Charles DE GAULLE", "fra", "Charles de Gaulle"},
		{"D’ARTAGNAN Marc", "fra", "D'Artagnan Marc"},
		{"DUPONT", "fra", "Dupont"},
		{"NGUYÊ\u0303N VA\u0306N AN", "", "Nguyễn Văn An"},
	} {
		got, err := value.Parse("person_name", c.text, value.Options{Language: c.language})
		if err != nil || got.Value != c.want || got.Raw != c.text[got.Start:got.End] {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
}

func TestWhatIsNoNameIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"Nguyễn V4n An":            "a name has letters only",
		"nguyễn văn an":            "each word of a name begins with a capital",
		"NgUyễn Văn An":            "a name has no capitals inside its words",
		"Nguyễn Vn An":             "a word of the name has no vowel",
		"Nguyễn":                   "a Vietnamese name has two words or more",
		"Nguyễn Văn An\nNam":       "a name stands on one line",
		"Công A B C D E F G H I K": "it is too long for a name",
		"…………":                     "the name is not given: no value is given",
	} {
		if got, err := value.Parse("person_name", text, value.Options{Language: "vie"}); err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestTheSignerStandsUnderTheOffice(t *testing.T) {
	for text, want := range map[string][2]string{
		"KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG\nTrương Nam Hưng":                        {"Trương Nam Hưng", "KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG"},
		"TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n(đã ký)\nPhạm Quang Ngọc":                {"Phạm Quang Ngọc", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"},
		"GIÁM ĐỐC\nNguyễn Thị Thu Hà":                                              {"Nguyễn Thị Thu Hà", "GIÁM ĐỐC"},
		"Le Maire,\nJean DUPONT":                                                   {"Jean Dupont", "Le Maire"},
		"Pour le préfet et par délégation,\nla directrice,\nMarie-Claire LEFEBVRE": {"Marie-Claire Lefebvre", "Pour le préfet et par délégation la directrice"},
		"Trương Nam Hưng": {"Trương Nam Hưng", ""},
	} {
		got, err := value.Parse("signer", text, value.Options{})
		if err != nil || got.Value != want[0] || got.Parts["position"] != want[1] || got.Raw != text[got.Start:got.End] {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG\n%#@ ~", "CHỦ TỊCH", ""} {
		if got, err := value.Parse("signer", text, value.Options{}); !errors.Is(err, value.ErrAbsent) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestSexIsReadInThreeLanguages(t *testing.T) {
	for text, want := range map[string]string{
		"Nam": "M", "Nữ.": "F", "NỮ": "F", "Nu": "F", "Masculin": "M", "Féminin": "F", "F": "F", "Female": "F", "Homme": "M",
	} {
		if got, err := value.Parse("sex", text, value.Options{}); err != nil || got.Value != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if found := value.Find("sex", "Giới tính: Nam  Quốc tịch: Việt Nam", value.Options{}); len(found) != 1 || found[0].Value != "M" {
		t.Errorf("%+v", found)
	}
}
