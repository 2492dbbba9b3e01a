package dossier

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// cardText is what the symbol of an identity card says.
const cardText = "036094001234|163212345|NGUYỄN VĂN AN|05011994|Nam|Thôn 3, Gia Tường, Nho Quan, Ninh Bình|20042021"

func TestANumberShowsItsEndsOnly(t *testing.T) {
	for number, want := range map[string]string{
		"001234562345":    "001*****2345",
		"163212345":       "163**2345",
		"001 234 562 345": "001 *** **2 345",
		"C1234567":        "********",
		"12345678":        "********",
		"":                "",
	} {
		if got := Mask(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

func TestEveryIdentityNumberOfATextIsMasked(t *testing.T) {
	for text, want := range map[string]string{
		"Số CCCD: 001234562345, cấp ngày 12/01/2024": "Số CCCD: 001*****2345, cấp ngày 12/01/2024",
		"CMND163212345":                               "CMND163**2345",
		"001234562345 163212345":                      "001*****2345 163**2345",
		"001 234 562 345; 0012 3456 2345":             "001 *** **2 345; 001* **** 2345",
		"001.234.562.345":                             "001.***.**2.345",
		"163\u00a0212\u00a0345.":                      "163\u00a0**2\u00a0345.",
		"001 2 34 562345":                             "001 * ** **2345",
		"ngày 12 01 2024 001234562345":                "ngày 12 01 2024 001*****2345",
		"001234562345.2024":                           "001*****2345.2024",
		"phone 0912345678, 0912 345 678":              "phone 0912345678, 0912 345 678",
		"001-089-012-345, 163_212_345":                "001-***-**2-345, 163_**2_345",
		"scan 240112_093015.pdf, 2024-01-12":          "scan 240112_093015.pdf, 2024-01-12",
		"1.001234.000.00.00.H42":                      "1.001234.000.00.00.H42",
		"000.00.16.H42-240112-0003":                   "000.00.16.H42-240112-0003",
		"quay-1-20240112-0003":                        "quay-1-20240112-0003",
		"1.234.567.890 đồng, 12.345.678":              "1.234.567.890 đồng, 12.345.678",
		"13 digits 0123456789012, 10 digits 01234567": "13 digits 0123456789012, 10 digits 01234567",
		"NIR 1 85 05 78 006 084 91, 285052A006084":    "NIR 1 85 ** ** *** *84 91, 285******6084",
		"185057800608491.pdf, 1764123456789":          "185********8491.pdf, 1764123456789",
		"":                                            "",
	} {
		if got := MaskText(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsMaskedIsNotMaskedFurther(t *testing.T) {
	once := MaskText(cardText)
	if strings.Contains(once, "036094001234") || strings.Contains(once, "163212345") || MaskText(once) != once {
		t.Errorf("%q", once)
	}
}

func FuzzMaskText(f *testing.F) {
	f.Add(cardText)
	f.Add("001 234 562 345.678 \u00a0123456789")
	f.Fuzz(func(t *testing.T, text string) {
		masked := MaskText(text)
		if utf8.ValidString(text) && utf8.RuneCountInString(masked) != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q", text, masked)
		}
	})
}
