package value_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// samples are texts of every type, and what stands around them on paper.
var samples = []string{
	"ngày 05 tháng 01 năm 2024", "Ninh Bình, ngày 05 tháng 01 năm 2024", "Hà Nội, ngà¿2háng0„ năm 2022", "Fait à Lyon, le 1er mars 1998",
	"London, January 5, 2024", "05/01/24", "Số: 123/QĐ-UBND", "Số:l2/T8-ÐHĐT,", "Số:   /TTr-STP", "66-QĐ/TW", "45/2019/QH14", "12/UBND-VX",
	"THÔNG BẢO", "NGHỊ LỊNH", "V/v đăng ký môn học\nhọc kỳ I", "BỘ CÔNG THƯƠNG CỘNG HOÀ XÃ HỘI\nTRƯỜNG ĐẠI HỌC ĐIỆN LỰC",
	"KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG\nTrương Nam Hưng", "Le Maire,\nJean DUPONT", "Nơi nhận:\n- Như trên;\n- Lưu: VT, ĐT.", "HOẢ TỐC",
	"TỐI MẬT", "NGUYỄN VĂN AN", "Mme D’ARC Anne-Marie", "Thôn 3, xã Gia Trấn,\nhuyện Gia Viễn", "12 rue de la Paix\n75002 PARIS",
	"000.00.16.H42-240112-0003", "H42.16-2401l2-OOO3", "1.004227", "037090001234", "164 123 456", "0100109106-001", "O1OO1O9106",
	"0912 345 678", "+33 (0)1 23 45 67 89", "1.234.567 đồng", "-1 234,56 €", "732 829 320", "356 000 000 00048", "2 55 08 14 168 025 38",
	"FR76 3000 6000 0112 3456 7890 189", "GB82 WE5T 1234 5698 7654 32", "33077 Bordeaux Cedex", "02 (hai)", "Nữ", "Masculin",
	"I MẬY\u037e4", card, passport, french, citizen, visa2, strings.ReplaceAll(passport, "0", "O"), strings.ReplaceAll(citizen, "<<<<", "<KC<"), " ...", "|_",
}

// hold checks what every answer promises.
func hold(t interface{ Errorf(string, ...any) }, typ, text string, p value.Parsed, opt value.Options) {
	if p.Start < 0 || p.End > len(text) || p.Start > p.End || p.Raw != text[p.Start:p.End] {
		t.Errorf("%s: %+v is not in %q", typ, p, text)
		return
	}
	if p.Value == "" || utf8.ValidString(text) && !utf8.ValidString(p.Value) || !norm.NFC.IsNormalString(p.Value) {
		t.Errorf("%s of %q: %q is empty or not in NFC", typ, text, p.Value)
	}
	if p.Repaired != (p.OtherRaw != "") {
		t.Errorf("%s of %q: repaired %v, other reading %q", typ, text, p.Repaired, p.OtherRaw)
	}
	again, err := value.Parse(typ, p.Value, opt)
	if err != nil || again.Value != p.Value || again.Partial != p.Partial || again.Repaired {
		t.Errorf("%s of %q: the normal form %q parses to %+v, %v", typ, text, p.Value, again, err)
	}
}

// check parses and searches a text as every type.
func check(t interface{ Errorf(string, ...any) }, text string, opt value.Options) {
	for _, typ := range value.Types() {
		if p, err := value.Parse(typ, text, opt); err == nil {
			hold(t, typ, text, p, opt)
		} else if err.Error() == "" {
			t.Errorf("%s of %q: no reason", typ, text)
		}
		end := 0
		for _, p := range value.Find(typ, text, opt) {
			hold(t, typ, text, p, opt)
			if p.Start < end {
				t.Errorf("%s in %q: found out of order", typ, text)
			}
			end = p.End
		}
	}
}

func TestNormalFormsParseToThemselves(t *testing.T) {
	for _, language := range []string{"", "vie", "fra", "eng"} {
		for _, text := range samples {
			check(t, text, value.Options{Language: language})
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(samples), 1, 4).Draw(t, "texts"), rapid.SampledFrom([]string{"\n", " ", ", "}).Draw(t, "between"))
		runes := []rune(text)
		for range rapid.IntRange(0, 3).Draw(t, "slips") {
			at := rapid.IntRange(0, len(runes)-1).Draw(t, "at")
			runes[at] = rapid.SampledFrom([]rune("O0lI1B8S5|.,-/ \nđÐóK<«(")).Draw(t, "slip")
		}
		check(t, string(runes), value.Options{Language: rapid.SampledFrom([]string{"", "vie", "fra"}).Draw(t, "language")})
	})
}

// Each algorithm promises that no single digit changes unnoticed; La Poste's sum does not, and is left out.
func TestASingleChangedDigitBreaksTheCheck(t *testing.T) {
	for _, c := range []struct{ typ, text string }{
		{"tax_code", "0100109106"},
		{"siren", "732829320"},
		{"siret", "73282932000074"},
		{"nir", "255081416802538"},
		{"iban", "FR7630006000011234567890189"},
		{"iban", "GB82WEST12345698765432"},
		{"mrz", card},
		{"mrz", visa2},
		{"mrz", passport},
		{"mrz", french},
	} {
		for i := range len(c.text) {
			if c.text[i] < '0' || c.text[i] > '9' {
				continue
			}
			for d := byte('0'); d <= '9'; d++ {
				changed := c.text[:i] + string(d) + c.text[i+1:]
				got, err := value.Parse(c.typ, changed, value.Options{})
				if d != c.text[i] && err == nil && !got.Repaired {
					t.Errorf("%s %s: %s is taken for %q", c.typ, c.text, changed, got.Value)
				}
			}
		}
	}
}

func TestAnUnknownTypeIsSaidToBe(t *testing.T) {
	if _, err := value.Parse("colour", "red", value.Options{}); !errors.Is(err, value.ErrUnknownType) || value.Known("colour") {
		t.Error(err)
	}
	if value.Find("colour", "red", value.Options{}) != nil {
		t.Error("an unknown type is found")
	}
	for _, typ := range value.Types() {
		if !value.Known(typ) {
			t.Errorf("%s is not known", typ)
		}
		if _, err := value.Parse(typ, " ... \n", value.Options{}); !errors.Is(err, value.ErrAbsent) {
			t.Errorf("%s of nothing: %v", typ, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range samples {
		f.Add(s, "vie")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		check(t, text, value.Options{Language: language})
		check(t, fmt.Sprint("Số: ", text, "\n", text), value.Options{})
	})
}

func FuzzMRZ(f *testing.F) {
	for _, s := range []string{card, visa2, passport, french, citizen} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range value.Find("mrz", text, value.Options{}) {
			hold(t, "mrz", text, p, value.Options{})
		}
		if p, err := value.Parse("mrz", text, value.Options{}); err == nil {
			hold(t, "mrz", text, p, value.Options{})
		}
	})
}
