package value_test

import (
	"maps"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestNumbersWithCheckDigits(t *testing.T) {
	for _, c := range []struct {
		typ, text, want string
		parts           map[string]string
	}{
		{"tax_code", "0100109106", "0100109106", nil},
		{"tax_code", "0100109106-001", "0100109106-001", parts("branch", "001")},
		{"tax_code", "0 1 0 0 1 0 9 1 0 6", "0100109106", nil},
		{"tax_code", "0100109106 - 001.", "0100109106-001", parts("branch", "001")},
		{"siren", "732 829 320", "732829320", nil},
		{"siret", "732 829 320 00074", "73282932000074", parts("siren", "732829320", "nic", "00074")},
		{"siret", "356 000 000 00048", "35600000000048", parts("siren", "356000000", "nic", "00048")},
		{"siret", "35600000009075", "35600000009075", parts("siren", "356000000", "nic", "09075")},
		{"nir", "2 55 08 14 168 025 38", "255081416802538", parts("sex", "F", "birth_year", "55", "birth_month", "08", "department", "14")},
		{"nir", "255081416802538", "255081416802538", parts("sex", "F", "birth_year", "55", "birth_month", "08", "department", "14")},
		{"iban", "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", parts("country", "FR", "bban", "30006000011234567890189")},
		{"iban", "IBAN : GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", parts("country", "GB", "bban", "WEST12345698765432")},
		{"iban", "DE89370400440532013000", "DE89370400440532013000", parts("country", "DE", "bban", "370400440532013000")},
	} {
		got, err := value.Parse(c.typ, c.text, value.Options{})
		if err != nil || got.Value != c.want || !got.Checked || got.Repaired || !maps.Equal(got.Parts, c.parts) {
			t.Errorf("%s %q: %+v, %v", c.typ, c.text, got, err)
		}
	}
}

func TestACorsicanNIRHasALetter(t *testing.T) {
	for text, want := range map[string]string{
		"1 85 05 2A 004 123 56": "185052A00412356", "185052B00412383": "185052B00412383",
	} {
		got, err := value.Parse("nir", text, value.Options{})
		if err != nil || got.Value != want || got.Parts["department"] != want[5:7] || got.Repaired {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestASlipInANumberIsMendedWhereItsCheckDigitProvesIt(t *testing.T) {
	for _, c := range []struct{ typ, text, want, other string }{
		{"tax_code", "O1OO1O91O6", "0100109106", "0100109106"},
		{"tax_code", "0l00l09I06", "0100109106", "0100109106"},
		{"tax_code", "O1001O91Oó", "0100109106", "0100109106"},
		{"siren", "732 B29 32O", "732829320", "732 829 320"},
		{"siret", "732 829 320 OO074", "73282932000074", "732 829 320 00074"},
		{"nir", "2 S5 O8 14 168 025 38", "255081416802538", "255081416802538"},
		{"nir", "185052800412383", "185052B00412383", "185052B00412383"},
		{"iban", "FR76 3OOO 6000 0112 3456 7B90 189", "", ""},
		{"iban", "FR76 3OOO 6000 0112 3456 7890 1B9", "FR7630006000011234567890189", "FR7630006000011234567890189"},
		{"iban", "GB82 WE5T 1234 5698 7654 32", "GB82WEST12345698765432", "GB82WEST12345698765432"},
	} {
		got, err := value.Parse(c.typ, c.text, value.Options{})
		if c.want == "" {
			if err == nil {
				t.Errorf("%s %q: %+v", c.typ, c.text, got)
			}
			continue
		}
		if err != nil || got.Value != c.want || !got.Repaired || got.OtherRaw != c.other || got.Raw != c.text {
			t.Errorf("%s %q: %+v, %v", c.typ, c.text, got, err)
		}
	}
}

func TestANumberThatIsNoneIsRefusedWithASentence(t *testing.T) {
	for _, c := range []struct{ typ, text, want string }{
		{"tax_code", "0100109107", "the check digit of the tax code is wrong"},
		{"tax_code", "0100109106-000", "no branch has the number 000"},
		{"tax_code", "010010910", "a tax code has 10 or 13 digits, or the 12 of a citizen number, not 9"},
		{"siren", "732829321", "the check digit of the SIREN is wrong"},
		{"siren", "000000000", "the check digit of the SIREN is wrong"},
		{"siret", "73282932000075", "the check digit of the SIRET is wrong"},
		{"siret", "35600000009076", "the check digit of the SIRET is wrong"},
		{"nir", "255081416802539", "the key of the NIR is wrong"},
		{"nir", "2550814168025", "the key of the NIR is missing"},
		{"nir", "255131416802538", "13 is no month of a NIR"},
		{"iban", "FR7630006000011234567890188", "the check digits of the IBAN are wrong"},
		{"iban", "FR763000600001123456789018", "an IBAN of FR has 27 characters, not 26"},
		{"iban", "VN7630006000011234567890189", `no country with IBANs has the code "VN"`},
		{"citizen_number", "003090001234", "003 is no province's code"},
		{"citizen_number", "037490001234", "nobody was born in 2190 yet"},
		{"citizen_number", "03709000123", "a citizen number has 12 digits, or 9 on old cards, not 11"},
		{"citizen_number", "O37090001234", "there is a letter among the digits, and no check proves which digit it was"},
		{"citizen_number", "99 345 6789", "no identity number of nine digits began with 99"},
		{"citizen_number", "Nguyễn Văn A", "something else than digits stands there"},
		{"citizen_number", "....", "the citizen number is not given: no value is given"},
		{"dossier_code", "H42.16-240230-0003", "the six digits of the code are no date: 30/02 is no date"},
		{"dossier_code", "H42.16-240112", "a dossier code is written 000.00.16.H42-240112-0003 or H42.16-240112-0003"},
		{"procedure_code", "1.04227", "a procedure code is written 1.004227"},
	} {
		if got, err := value.Parse(c.typ, c.text, value.Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%s %q: %+v, %v", c.typ, c.text, got, err)
		}
	}
}

func TestACitizenNumberSaysProvinceSexAndYear(t *testing.T) {
	want := parts("province", "Ninh Bình", "sex", "M", "birth_year", "1990")
	if got, err := value.Parse("citizen_number", "037 090 001 234", value.Options{}); err != nil || got.Value != "037090001234" || !maps.Equal(got.Parts, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := value.Parse("citizen_number", "164 123 456", value.Options{}); err != nil || got.Value != "164123456" || len(got.Parts) > 0 {
		t.Errorf("nine digits: %+v, %v", got, err)
	}
	if got, err := value.Parse("citizen_number", "O3709O001234", value.Options{}); err == nil {
		t.Errorf("a letter among the digits: %+v", got)
	}
}

func TestCodesOfDossiersAndProcedures(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"000.00.16.H42-240112-0003":       parts("agency", "000.00.16.H42", "date", "2024-01-12", "serial", "0003"),
		"H42.16-240112-0003":              parts("agency", "H42.16", "date", "2024-01-12", "serial", "0003"),
		"H42-240112-0003":                 parts("agency", "H42", "date", "2024-01-12", "serial", "0003"),
		"000.00.16. H42 - 240112 - 0003.": parts("agency", "000.00.16.H42", "date", "2024-01-12", "serial", "0003"),
		"OOO.00.l6.H42-2401l2-OOO3":       parts("agency", "000.00.16.H42", "date", "2024-01-12", "serial", "0003"),
	} {
		got, err := value.Parse("dossier_code", text, value.Options{})
		if err != nil || !maps.Equal(got.Parts, want) || got.Value != want["agency"]+"-240112-0003" || got.Repaired != (text[:1] == "O") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"1.004227": "1.004227", "2.000908.000.00.00.H42": "2.000908.000.00.00.H42"} {
		if got, err := value.Parse("procedure_code", text, value.Options{}); err != nil || got.Value != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := value.Parse("dossier_code", "H42.16-24011ó-óóó3", value.Options{}); err != nil || got.Value != "H42.16-240116-6663" || !got.Repaired {
		t.Errorf("sixes read as ó: %+v, %v", got, err)
	}
	known := value.Options{Allowed: []string{"1.004227"}}
	if got, err := value.Parse("procedure_code", "1.OO4227", known); err != nil || got.Value != "1.004227" || !got.Repaired {
		t.Errorf("mended by the list: %+v, %v", got, err)
	}
	if _, err := value.Parse("procedure_code", "1.004228", known); err == nil {
		t.Error("a procedure that is not in the list")
	}
}

func TestNumbersAreFoundInAText(t *testing.T) {
	page := `CÔNG TY CỔ PHẦN ABC, mã số thuế: 0100109106-001, ĐT: 0912 345 678
Ông Nguyễn Văn An, CCCD số 037090001234 cấp ngày 01/02/2021, hồ sơ 000.00.16.H42-240112-0003, thủ tục 1.004227
SIRET : 732 829 320 00074 - SIREN 732 829 320 - 75001 PARIS
N° de sécurité sociale 2 55 08 14 168 025 38, IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP
Tổng cộng: 1.234.567 đồng, soit 1 234,56 € TTC`
	for typ, want := range map[string]string{
		"tax_code": "0100109106-001", "citizen_number": "037090001234", "dossier_code": "000.00.16.H42-240112-0003",
		"procedure_code": "1.004227", "siret": "73282932000074", "nir": "255081416802538", "iban": "FR7630006000011234567890189",
		"postal_town": "75001 PARIS", "date": "2021-02-01", "phone": "+84912345678",
	} {
		found := value.Find(typ, page, value.Options{Language: "vie"})
		ok := false
		for _, p := range found {
			ok = ok || p.Value == want
			if p.Raw != page[p.Start:p.End] {
				t.Errorf("%s: raw %q is not at %d-%d", typ, p.Raw, p.Start, p.End)
			}
		}
		if !ok {
			t.Errorf("%s: %+v", typ, found)
		}
	}
	if found := value.Find("money", page, value.Options{}); len(found) != 2 || found[0].Value != "1234567 VND" || found[1].Value != "1234.56 EUR" {
		t.Errorf("money: %+v", found)
	}
}
