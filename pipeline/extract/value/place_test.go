package value_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestPlaceAndDateAreParted(t *testing.T) {
	for text, want := range map[string]string{
		"Ninh Bình, ngày 05 tháng 01 năm 2024":          "Ninh Bình, 2024-01-05",
		"Ninh Bình,\nngày 05 tháng 01 năm 2024":         "Ninh Bình, 2024-01-05",
		"TP. Hồ Chí Minh, ngày 5 tháng 1 năm 2024":      "TP. Hồ Chí Minh, 2024-01-05",
		"Bà Rịa - Vũng Tàu, ngày 05 tháng 01 năm 2024.": "Bà Rịa - Vũng Tàu, 2024-01-05",
		"Paris, le 5 janvier 2024":                      "Paris, 2024-01-05",
		"Paris le 5 janvier 2024":                       "Paris, 2024-01-05",
		"Fait à Lyon, le 1er mars 1998":                 "Lyon, 1998-03-01",
		"À Aix-en-Provence, le 12/03/2021":              "Aix-en-Provence, 2021-03-12",
		"London, 5 January 2024":                        "London, 2024-01-05",
		"London, January 5, 2024":                       "London, 2024-01-05",
	} {
		got, err := value.Parse("place_date", text, value.Options{})
		if err != nil || got.Value != want || got.Partial {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if got.Raw != text[got.Start:got.End] {
			t.Errorf("%q: raw %q is not at %d-%d", text, got.Raw, got.Start, got.End)
		}
	}
}

func TestAPlaceStaysWhereTheDateIsNotReadable(t *testing.T) {
	for _, text := range []string{
		"Hà Nội, ngày       tháng 9 năm 2025", "Hà Nội, ngày ... tháng ... năm 20...", "Hà Nội, ngà¿2háng0„ năm 2022",
		"Hà Nội, ngày|5 tháng 6 năm 2021", "Hà Nội",
	} {
		got, err := value.Parse("place_date", text, value.Options{})
		if err != nil || got.Value != "Hà Nội" || !got.Partial || !maps.Equal(got.Parts, parts("place", "Hà Nội")) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if got, err := value.Parse("place", text, value.Options{}); err != nil || got.Value != "Hà Nội" || got.Partial {
			t.Errorf("place of %q: %+v, %v", text, got, err)
		}
	}
}

func TestWhatIsNoPlaceIsRefused(t *testing.T) {
	for _, text := range []string{
		"căn cứ, ngày 05 tháng 01 năm 2024", "H4 N0i, ngày 05 tháng 01 năm 2024", "Hà Nội, ngày 31 tháng 02 năm 2024",
		"Sinh ngày: 05/01/1994", "Cấp ngày 05 tháng 01 năm 2016", "Née le 5 janvier 1994",
	} {
		if got, err := value.Parse("place_date", text, value.Options{}); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if _, err := value.Parse("place_date", ", ngày 05 tháng 01 năm 2024", value.Options{}); !errors.Is(err, value.ErrAbsent) {
		t.Errorf("no place: %v", err)
	}
}

func TestThePlaceIsFoundBesideAnotherColumn(t *testing.T) {
	for text, want := range map[string]string{
		"Số: Ø4 /TB-ĐHĐL Hà Nội, ngày 04 tháng 9 năm 2025\nTHÔNG BÁO":       "Hà Nội, 2025-09-04",
		"Số: 2#5/TB-ĐHĐL, Hà Nội, ngà¿2háng0„ năm 2022":                     "Hà Nội",
		"UBND TỈNH\nTP. Hồ Chí Minh, ngày 5 tháng 1 năm 2024":               "TP. Hồ Chí Minh, 2024-01-05",
		"69003 LYON Monsieur Perrin\n.Lyon, le 27 décembre 2022\nMonsieur,": "Lyon, 2022-12-27",
		"Faità:Lyon le : 25/08/2022":                                        "Lyon, 2022-08-25",
		"Pièces jointes : 3\nFait à Le Havre, le 3 mai 2021\nLe Directeur":  "Le Havre, 2021-05-03",
	} {
		got := value.Find("place_date", text, value.Options{})
		if len(got) != 1 || got[0].Value != want || got[0].Raw != text[got[0].Start:got[0].End] {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got := value.Find("place_date", "Né(e) le : 05/09/1959 à : Lyon", value.Options{}); got != nil {
		t.Errorf("a birth: %+v", got)
	}
	if got := value.Find("place_date", "Căn cứ Kế hoạch số 2033/KH-ĐHĐL ngày 21/8/2025 của Trường", value.Options{}); got != nil {
		t.Errorf("a date in the body: %+v", got)
	}
}
