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
