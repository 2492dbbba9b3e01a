package payload

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

const (
	card    = "036094001234|163212345|NGUYỄN VĂN AN|05011994|Nam|Thôn 3, Gia Tường, Nho Quan, Ninh Bình|20042021"
	newCard = "036196001234||TRẦN THỊ BÌNH|29021996|Nữ|Tổ 5, Ninh Khánh, Hoa Lư, Ninh Bình|01072024||NGUYỄN VĂN C|LÊ THỊ D"
)

func TestWhatASymbolSays(t *testing.T) {
	for text, want := range map[string]Meaning{
		"H42.16-240112-0003":                 Code("H42.16-240112-0003"),
		" 000.00.16.h42-240112-0003\r\n":     Code("000.00.16.H42-240112-0003"),
		"QUAY-1-20240112-0003":               Code("quay-1-20240112-0003"),
		"H42.16-240230-0003":                 Unknown("H42.16-240230-0003"),
		"quay-1-20240132-0003":               Unknown("quay-1-20240132-0003"),
		"https://q.me-qr.com/JE3JAoA0":       Unknown("https://q.me-qr.com/JE3JAoA0"),
		"4012345678901":                      Unknown("4012345678901"),
		"":                                   Unknown(""),
		"DOSSIERD:1:SEPARATOR:DOSSIER":       Separator(dossier.CutDossier),
		"dossierd:1:separator:document:more": Separator(dossier.CutDocument),
		"DOSSIERD:1:SEPARATOR:PAGE":          Unknown("DOSSIERD:1:SEPARATOR:PAGE"),
		"DOSSIERD:2:SEPARATOR:DOSSIER":       Unknown("DOSSIERD:2:SEPARATOR:DOSSIER"),
		"DOSSIERD:1:SLIP:H42.16-240112-0003:1.001234:QUAY-1:Kệ 3%3A B": Slip{
			Sheet: true, Code: "H42.16-240112-0003", Procedure: "1.001234", Station: "quay-1", Place: "Kệ 3: B",
		},
		"DOSSIERD:1:SLIP:QUAY-1-20240112-0003":         Slip{Sheet: true, Code: "quay-1-20240112-0003"},
		"DOSSIERD:1:SLIP:::::01hq3zv8kd7y:12":          Slip{Sheet: true, Rescan: Rescan{Batch: "01hq3zv8kd7y", Page: 12}},
		"DOSSIERD:1:SLIP::::01hq3zv8kd7y:12":           Unknown("DOSSIERD:1:SLIP::::01hq3zv8kd7y:12"), // a field too few
		"DOSSIERD:1:SLIP:::::":                         Unknown("DOSSIERD:1:SLIP:::::"),
		"DOSSIERD:1:SLIP:H42.16-241312-0003":           Unknown("DOSSIERD:1:SLIP:H42.16-241312-0003"),
		"DOSSIERD:1:SLIP:H42.16-240112-0003:::%zz":     Unknown("DOSSIERD:1:SLIP:H42.16-240112-0003:::%zz"),
		"DOSSIERD:1:SLIP:H42.16-240112-0003:::%0A":     Unknown("DOSSIERD:1:SLIP:H42.16-240112-0003:::%0A"),
		"DOSSIERD:1:SLIP:H42.16-240112-0003::::b:0":    Unknown("DOSSIERD:1:SLIP:H42.16-240112-0003::::b:0"),
		"DOSSIERD:1:SLIP:H42.16-240112-0003::::b:0x1f": Unknown("DOSSIERD:1:SLIP:H42.16-240112-0003::::b:0x1f"),
		card: Card{
			Number: "036094001234", OldNumber: "163212345", Name: "NGUYỄN VĂN AN", Born: day(1994, 1, 5), Sex: Male,
			Address: "Thôn 3, Gia Tường, Nho Quan, Ninh Bình", IssuedOn: day(2021, 4, 20),
		},
		newCard: Card{
			Number: "036196001234", Name: "TRẦN THỊ BÌNH", Born: day(1996, 2, 29), Sex: Female,
			Address: "Tổ 5, Ninh Khánh, Hoa Lư, Ninh Bình", IssuedOn: day(2024, 7, 1),
		},
	} {
		if got := Parse(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, want %#v", text, got, want)
		}
	}
}

func TestACardThatContradictsItselfIsUnknown(t *testing.T) {
	for name, change := range map[string][2]string{
		"the year of birth":       {"05011994", "05011995"},
		"the century":             {"036094", "036294"},
		"the sex":                 {"|Nam|", "|Nữ|"},
		"no sex":                  {"|Nam|", "|X|"},
		"a day that is none":      {"05011994", "31021994"},
		"issued before birth":     {"20042021", "20041990"},
		"a number too short":      {"036094001234", "03609400123"},
		"an old number too short": {"163212345", "16321234"},
		"no name":                 {"NGUYỄN VĂN AN", ""},
		"a control character":     {"VĂN", "V\x00N"},
		"a field too few":         {"|20042021", ""},
	} {
		text := strings.Replace(card, change[0], change[1], 1)
		if got := Parse(text); got != Unknown(text) {
			t.Errorf("%s: %#v", name, got)
		}
	}
}

func TestThePaperOfTheCircularIsReadInAnySensibleSyntax(t *testing.T) {
	full := Slip{Code: "000.00.16.H42-240112-0003", Procedure: "1.001234.000.00.00.H42", Person: "036094001234", Document: "Giấy khai sinh"}
	for _, text := range []string{
		"000.00.16.H42-240112-0003|1.001234.000.00.00.H42|036094001234|Giấy khai sinh",
		"000.00.16.H42-240112-0003 ; 1.001234.000.00.00.H42;036094001234 ;Giấy khai sinh;",
		"Mã hồ sơ: 000.00.16.H42-240112-0003\r\nMã thủ tục: 1.001234.000.00.00.H42\r\nSố định danh: 036094001234\r\nTên giấy tờ: Giấy khai sinh",
		"maHoSo=000.00.16.H42-240112-0003&maThuTuc=1.001234.000.00.00.H42&id=036094001234&tenGiayTo=Gi%E1%BA%A5y+khai+sinh",
		"https://dichvucong.example/tra-cuu?ma_ho_so=000.00.16.H42-240112-0003&tt=1.001234.000.00.00.H42&id=036094001234&ten_giay_to=Giấy%20khai%20sinh",
		`{"maHoSo": "000.00.16.H42-240112-0003", "tthc": {"ma": "1.001234.000.00.00.H42"}, "id": "036094001234", "Tên giấy tờ": "Giấy khai sinh", "n": 1}`,
	} {
		if got := Parse(text); got != full {
			t.Errorf("%q: %#v", text, got)
		}
	}
	for text, want := range map[string]Slip{
		"Hồ sơ số H42.16-240112-0003.":                     {Code: "H42.16-240112-0003"},
		"https://x.example/hs/H42.16-240112-0003":          {Code: "H42.16-240112-0003"},
		"H42.16-240112-0003|0100109106|Đơn":                {Code: "H42.16-240112-0003", Person: "0100109106", Document: "Đơn"},
		"H42.16-240112-0003|0912345678":                    {Code: "H42.16-240112-0003"},
		"H42.16-240112-0003|NGUYỄN VĂN AN|Giấy khai sinh":  {Code: "H42.16-240112-0003"},
		"code: quay-1-20240112-0003 | document: Land deed": {Code: "quay-1-20240112-0003", Document: "Land deed"},
	} {
		if got := Parse(text); got != want {
			t.Errorf("%q: %#v", text, got)
		}
	}
}

func TestAPaperOfTwoDossiersOrOfNoneIsUnknown(t *testing.T) {
	for _, text := range []string{
		"H42.16-240112-0003|H42.16-240112-0004",
		"H42.16-240112-0003 H42.16-240112-0004",
		"1.001234|036094001234|Giấy khai sinh",
		"XH42.16-240112-00034|1.001234",
		"H42.16-241312-0003|1.001234",
		"https://courier.example/track?parcel=PX-quay-1-20240112-0003-9",
		`{"a": ["H42.16-240112-0003"]}`,
	} {
		if got := Parse(text); got != Unknown(text) {
			t.Errorf("%q: %#v", text, got)
		}
	}
}

func TestCodesAreKnownInEachForm(t *testing.T) {
	for s, want := range map[string]bool{
		"000.00.16.H42-240112-0003":  true,
		"H42-240112-0003":            true,
		"H42.16.103.1-240229-0003":   true,
		"quay-1-20240112-0003":       true,
		"q-20240112-12345":           true,
		"q-20240112-01234":           false,
		"h42-240112-0003":            false,
		"H42.16.103.1.2-240112-0003": false,
		"H42-230229-0003":            false,
		"H42-240112-003":             false,
		"00.00.16.H42-240112-0003":   false,
		"-20240112-0003":             false,
		"quay 1-20240112-0003":       false,
		"quay-1-18000112-0003":       false,
		"H42-240112-0003\n":          false,
	} {
		if ValidCode(s) != want {
			t.Errorf("%q is valid: %t", s, !want)
		}
	}
	if c := Code("H42-240229-0003"); c.Day() != day(2024, 2, 29) || c.Station() != "" {
		t.Errorf("%s: %v, %q", c, c.Day(), c.Station())
	}
	if c := Code("quay-1-20260105-0001"); c.Day() != day(2026, 1, 5) || c.Station() != "quay-1" {
		t.Errorf("%s: %v, %q", c, c.Day(), c.Station())
	}
}

// slips draws any cover slip.
func slips(t *rapid.T) Slip {
	maybe := func(pattern string) string {
		return rapid.OneOf(rapid.Just(""), rapid.StringMatching(pattern)).Draw(t, "field")
	}
	date := day(2000, 1, 1).AddDate(0, 0, rapid.IntRange(0, 36000).Draw(t, "day"))
	s := Slip{Sheet: true, Procedure: maybe(`[1-9]\.\d{6}(\.000\.00\.00\.H42)?|[A-Za-z0-9][A-Za-z0-9.-]{0,63}`), Station: maybe(`[a-z0-9-]{1,32}`)}
	s.Code = rapid.OneOf(
		rapid.Just("000.00.16.H42-"+date.Format("060102")+"-0003"), rapid.Just("H42.16-"+date.Format("060102")+"-9999"),
		rapid.Map(rapid.StringMatching(`[a-z0-9-]{1,32}`), func(station string) string { return station + "-" + date.Format("20060102") + "-0010" }),
	).Draw(t, "code")
	s.Place = rapid.OneOf(rapid.Just(""), rapid.Just("Kệ 3%: ngăn B"), rapid.StringN(0, 20, maxPlace)).Filter(printable).Draw(t, "place")
	if rapid.Bool().Draw(t, "rescan") {
		s.Rescan = Rescan{Batch: rapid.StringMatching(`[A-Za-z0-9._-]{1,40}`).Draw(t, "batch"), Page: rapid.IntRange(1, maxRescan).Draw(t, "page")}
		s.Procedure, s.Place = "", ""
		if rapid.Bool().Draw(t, "no code") {
			s.Code = ""
		}
	}
	return s
}

func TestASlipReadsAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := slips(t)
		text, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := Parse(text); got != want {
			t.Fatalf("%q: %#v, want %#v", text, got, want)
		}
	})
}

func TestASeparatorReadsAsItWasWritten(t *testing.T) {
	for _, want := range []Separator{Separator(dossier.CutDocument), Separator(dossier.CutDossier)} {
		if got := Parse(want.Encode()); got != want {
			t.Errorf("%q: %#v", want.Encode(), got)
		}
	}
}

func TestASlipWithoutWordsOfTheOfficeNeedsNoLowerCase(t *testing.T) {
	text, err := Slip{Sheet: true, Code: "quay-1-20260105-0001", Procedure: "1.001234", Station: "quay-1"}.Encode()
	if want := "DOSSIERD:1:SLIP:QUAY-1-20260105-0001:1.001234:QUAY-1"; err != nil || text != want {
		t.Errorf("%q, %v, want %q", text, err, want)
	}
}

func TestWhatASlipCannotCarryIsAnError(t *testing.T) {
	const code = "H42.16-240112-0003"
	for _, s := range []Slip{
		{},
		{Sheet: true},
		{Sheet: true, Code: "H42"},
		{Sheet: true, Code: strings.ToLower(code)},
		{Sheet: true, Code: code, Procedure: "a b"},
		{Sheet: true, Code: code, Station: "Quay 1"},
		{Sheet: true, Code: code, Place: strings.Repeat("x", maxPlace+1)},
		{Sheet: true, Code: code, Place: " x"},
		{Sheet: true, Code: code, Place: "a\nb"},
		{Sheet: true, Code: code, Place: "\xff"},
		{Sheet: true, Code: code, Person: "036094001234"},
		{Sheet: true, Code: code, Document: "Đơn"},
		{Sheet: true, Code: code, Rescan: Rescan{Batch: "b"}},
		{Sheet: true, Code: code, Rescan: Rescan{Page: 1}},
		{Sheet: true, Rescan: Rescan{Batch: "b:c", Page: 1}},
		{Sheet: true, Procedure: "1.001234", Rescan: Rescan{Batch: "b", Page: 1}},
		{Sheet: true, Place: "x", Rescan: Rescan{Batch: "b", Page: 1}},
	} {
		if text, err := s.Encode(); err == nil {
			t.Errorf("%#v became %q", s, text)
		}
	}
}

func TestHostileTextIsUnknown(t *testing.T) {
	noise := make([]byte, 4096)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for _, text := range []string{
		string(noise), strings.Repeat("\x00\x1b|", 1365), strings.Repeat("{\"a\":", 800), strings.Repeat("|", 4096), strings.Repeat("9", 4096),
		strings.Repeat("%", 4096), strings.Repeat("H42-240112-", 300), "DOSSIERD:", "DOSSIERD:1", "DOSSIERD:1:SLIP", "DOSSIERD:1:SLIP:" + strings.Repeat(":", 4000),
		"H42.16-240112-0003\xff", "H42.16-240112-0003|" + strings.Repeat("x", maxText), "https://[::1", "&=;&=",
	} {
		if got := Parse(text); got != Unknown(text) {
			t.Errorf("%.40q: %#v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		card, newCard, "DOSSIERD:1:SLIP:H42.16-240112-0003:1.001234:QUAY-1:K%3A", "DOSSIERD:1:SLIP:H42.16-240112-0003::::b:1", "DOSSIERD:1:SEPARATOR:DOSSIER", "QUAY-1-20240112-0003",
		`{"ma": {"hs": "H42.16-240112-0003"}}`, "https://x.example/H42.16-240112-0003?a=1&b=%zz", "H42-240112-0003;Đơn", "Mã: H42-240112-0003\n1.001234",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		switch m := Parse(text).(type) {
		case Slip:
			if m.Code != "" && !ValidCode(m.Code) {
				t.Errorf("code %q", m.Code)
			}
			if !m.Sheet {
				break
			}
			again, err := m.Encode()
			if err != nil || Parse(again) != m {
				t.Errorf("%#v became %q, %v", m, again, err)
			}
		case Card:
			if masked := m.String(); strings.Contains(masked, m.Number) || strings.Contains(masked, m.Name) {
				t.Errorf("%q is told", masked)
			}
		case Code:
			if !ValidCode(string(m)) || m.Day().IsZero() {
				t.Errorf("code %q", m)
			}
		case Unknown:
			if string(m) != text {
				t.Errorf("%q was kept as %q", text, m)
			}
		}
	})
}

func TestACardPrintsMasked(t *testing.T) {
	if got := fmt.Sprintf("%v %+v", Parse(card), Parse(card)); got != "identity card 036*****1234 identity card 036*****1234" {
		t.Error(got)
	}
}
