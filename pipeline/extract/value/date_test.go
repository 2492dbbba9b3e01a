package value_test

import (
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"ngày 05 tháng 01 năm 2024":     "2024-01-05",
		"Ngày 5 tháng 1 năm 2024.":      "2024-01-05",
		"ngày...04....tháng 9 năm 2025": "2025-09-04",
		"ngày05tháng01năm2024":          "2024-01-05",
		"05/01/2024":                    "2024-01-05",
		"5 / 1 / 2024":                  "2024-01-05",
		"05-01-2024":                    "2024-01-05",
		"05.01.2024":                    "2024-01-05",
		"2024-01-05":                    "2024-01-05",
		"le 5 janvier 2024":             "2024-01-05",
		"le 1er mars 1998":              "1998-03-01",
		"lundi 5 février 2024":          "2024-02-05",
		"12 AOÛT 1987":                  "1987-08-12",
		"5 January 2024":                "2024-01-05",
		"5th of January, 2024":          "2024-01-05",
		"January 5, 2024":               "2024-01-05",
		"MAR 03 1999":                   "1999-03-03",
		"29/02/2024":                    "2024-02-29",
		"ngày 28 tháng 02 năm 2022 ,.":  "2022-02-28",

		// With its marks behind the letters:
		"nga\u0300y 05 tha\u0301ng 01 na\u0306m 2024": "2024-01-05",
	} {
		got, err := value.Parse("date", text, value.Options{})
		if err != nil || got.Value != want || got.Repaired {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if got.Raw != text[got.Start:got.End] {
			t.Errorf("%q: raw %q is not at %d-%d", text, got.Raw, got.Start, got.End)
		}
	}
}

func TestADateThatIsNoneIsRefusedWithASentence(t *testing.T) {
	for text, want := range map[string]string{
		"30/02/2024":                  "30/02 is no date",
		"29/02/2023":                  "29/02 is no date",
		"ngày 31 tháng 4 năm 2024":    "31/04 is no date",
		"01/25/2024":                  "01/25 is no date",
		"05/01/24":                    "the year has two digits only",
		"05/01/0224":                  "no paper is of the year 224",
		"05/01/2024 và 06/01/2024":    "there are 2 dates, not one",
		"hạn cuối 05/01/2024":         "there is more than a date",
		"ngày|5 tháng 6 năm 2021":     "it is not written like a date",
		"ngày 2#5 tháng 6 năm 2021":   "it is not written like a date",
		"ngày 1 5 tháng 6 năm 2021":   "it is not written like a date",
		"il mai 2000":                 "it is not written like a date",
		"1.2.2024.5":                  "it is not written like a date",
		"ngày ... tháng ... năm 2024": "the date is not filled in: no value is given",
		"ngày      tháng 9 năm 2025":  "the date is not filled in: no value is given",
		"ngày tháng năm":              "the date is not filled in: no value is given",
		" ... ":                       "the date is not filled in: no value is given",
	} {
		if got, err := value.Parse("date", text, value.Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestALetterReadForADigitIsMendedWhereTheDateExists(t *testing.T) {
	for text, want := range map[string]value.Parsed{
		"ngày l5 tháng O1 năm 2024": {Value: "2024-01-15", OtherRaw: "ngày 15 tháng 01 năm 2024"},
		"O5/l2/2024":                {Value: "2024-12-05", OtherRaw: "05/12/2024"},
		"ngày 1ó tháng Ó năm 202ó":  {Value: "2026-06-16", OtherRaw: "ngày 16 tháng 6 năm 2026"},
		"le ler mars 1998":          {Value: "1998-03-01", OtherRaw: "1er mars 1998"},
	} {
		got, err := value.Parse("date", text, value.Options{})
		if err != nil || got.Value != want.Value || !got.Repaired || got.OtherRaw != want.OtherRaw {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := value.Parse("date", "3O/O2/2024", value.Options{}); err == nil {
		t.Errorf("a date that does not exist proves nothing: %+v", got)
	}
}

func TestSlashesThatWereLostOrReadAsDigitsArePutBack(t *testing.T) {
	for text, want := range map[string]string{
		"2111011983": "1983-10-21", "24I05/2024": "2024-05-24", "0408/2022": "2022-08-04", "04/082022": "2022-08-04", "15|02|1992": "1992-02-15",
	} {
		got, err := value.Parse("date", text, value.Options{})
		if err != nil || got.Value != want || !got.Repaired || len(got.OtherRaw) != len("dd/mm/yyyy") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := value.Parse("date", "21101983", value.Options{}); err != nil || got.Value != "1983-10-21" || got.Repaired {
		t.Errorf("as a card's symbol says it: %+v, %v", got, err)
	}
	for _, text := range []string{"3111311983", "211101983", "20240105", "0912345678", "2110198"} {
		if got, err := value.Parse("date", text, value.Options{}); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if found := value.Find("date", "mã 21101983", value.Options{}); found != nil {
		t.Errorf("a number in a text: %+v", found)
	}
}
