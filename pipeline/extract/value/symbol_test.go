package value_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestSymbolsAreReadWithTheirParts(t *testing.T) {
	for text, want := range map[string]value.Parsed{
		"Số: 123/QĐ-UBND":      {Value: "123/QĐ-UBND", Parts: parts("number", "123", "type", "QĐ", "agency", "UBND")},
		"Số:123/QĐ-UBND":       {Value: "123/QĐ-UBND", Parts: parts("number", "123", "type", "QĐ", "agency", "UBND")},
		"Số:12/TB-ĐHĐT":        {Value: "12/TB-ĐHĐT", Parts: parts("number", "12", "type", "TB", "agency", "ĐHĐT")},
		"Số12/TB-ĐHĐT":         {Value: "12/TB-ĐHĐT", Parts: parts("number", "12", "type", "TB", "agency", "ĐHĐT")},
		"Só: 05 / TB - ÐHÐL,":  {Value: "05/TB-ĐHĐL", Parts: parts("number", "05", "type", "TB", "agency", "ĐHĐL")},
		"SỐ: 45/UBND-VX.":      {Value: "45/UBND-VX", Parts: parts("number", "45", "agency", "UBND", "unit", "VX")},
		"Sô 2033/KH-ĐHĐL":      {Value: "2033/KH-ĐHĐL", Parts: parts("number", "2033", "type", "KH", "agency", "ĐHĐL")},
		"30/2020/NĐ-CP":        {Value: "30/2020/NĐ-CP", Parts: parts("number", "30", "year", "2020", "type", "NĐ", "agency", "CP")},
		"45/2019/QH14":         {Value: "45/2019/QH14", Parts: parts("number", "45", "year", "2019", "agency", "QH14")},
		"Số: 66-QĐ/TW":         {Value: "66-QĐ/TW", Parts: parts("number", "66", "type", "QĐ", "agency", "TW")},
		"Số: 7/GM":             {Value: "7/GM", Parts: parts("number", "7", "type", "GM")},
		"Số: 123/QĐ-TTg":       {Value: "123/QĐ-TTg", Parts: parts("number", "123", "type", "QĐ", "agency", "TTg")},
		"Số: 88/TTr-STP-HCTP":  {Value: "88/TTr-STP-HCTP", Parts: parts("number", "88", "type", "TTr", "agency", "STP-HCTP")},
		"Số: 9/SXD-QLN&HTKT":   {Value: "9/SXD-QLN&HTKT", Parts: parts("number", "9", "agency", "SXD", "unit", "QLN&HTKT")},
		"Số:        /QĐ-UBND":  {Value: "/QĐ-UBND", Partial: true, Parts: parts("type", "QĐ", "agency", "UBND")},
		"Số: ......../QĐ-UBND": {Value: "/QĐ-UBND", Partial: true, Parts: parts("type", "QĐ", "agency", "UBND")},
		"Số: 2#5/TB-ĐHĐL,":     {Value: "/TB-ĐHĐL", Partial: true, Parts: parts("type", "TB", "agency", "ĐHĐL")},
		"Số: Ø4 /TB-ĐHĐL":      {Value: "/TB-ĐHĐL", Partial: true, Parts: parts("type", "TB", "agency", "ĐHĐL")},
		"Số: $34/TB-ĐHĐL Hà":   {}, // more than a symbol
		"Số: 1O5/QD-UBND":      {Value: "105/QĐ-UBND", Repaired: true, OtherRaw: "105/QĐ-UBND", Parts: parts("number", "105", "type", "QĐ", "agency", "UBND")},
		"Số: 15/T8-SYT":        {Value: "15/TB-SYT", Repaired: true, OtherRaw: "15/TB-SYT", Parts: parts("number", "15", "type", "TB", "agency", "SYT")},
		"Số: 15/TTR-SYT":       {Value: "15/TTr-SYT", Repaired: true, OtherRaw: "15/TTr-SYT", Parts: parts("number", "15", "type", "TTr", "agency", "SYT")},
	} {
		got, err := value.Parse("symbol", text, value.Options{})
		if (err != nil) != (want.Value == "") {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want.Value == "" {
			continue
		}
		if got.Value != want.Value || got.Partial != want.Partial || got.Repaired != want.Repaired || got.OtherRaw != want.OtherRaw || !maps.Equal(got.Parts, want.Parts) {
			t.Errorf("%q: %+v", text, got)
		}
		if got.Raw != text[got.Start:got.End] {
			t.Errorf("%q: raw %q is not at %d-%d", text, got.Raw, got.Start, got.End)
		}
	}
}

func TestOnlyAllowedAbbreviationsAreAccepted(t *testing.T) {
	results := value.Options{Allowed: []string{"KQ", "HĐ"}}
	if got, err := value.Parse("symbol", "Số: 592/KQ-TTHC", results); err != nil || got.Parts["type"] != "KQ" || got.Parts["agency"] != "TTHC" {
		t.Errorf("one that is not in the list of types: %+v, %v", got, err)
	}
	if got, err := value.Parse("symbol", "Số: 12/HD-SXD", results); err != nil || got.Value != "12/HĐ-SXD" || !got.Repaired {
		t.Errorf("the only one of its shape: %+v, %v", got, err)
	}
	if got, err := value.Parse("symbol", "Số: 12/TB-SXD", results); err == nil {
		t.Errorf("another: %+v", got)
	}
	letters := value.Options{Allowed: []string{"CV"}}
	if got, err := value.Parse("symbol", "Số: 12/UBND-VX", letters); err != nil || got.Parts["unit"] != "VX" {
		t.Errorf("a letter: %+v, %v", got, err)
	}
}

func TestSymbolsAreFoundInRunningText(t *testing.T) {
	text := "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23/4/2018; Tờ trình số 231/TTr-SNV và/hoặc văn bản A/B-c; tỷ lệ 1/QA"
	var got []string
	for _, p := range value.Find("symbol", text, value.Options{}) {
		got = append(got, p.Value)
	}
	if !slices.Equal(got, []string{"61/2018/NĐ-CP", "231/TTr-SNV"}) {
		t.Errorf("%q", got)
	}
}

// parts makes a map of names and values in turn.
func parts(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}
