package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// ours takes the codes of one station for our own.
func ours(word string) (string, bool) {
	code := strings.ToLower(word)
	return code, strings.HasPrefix(code, "quay-1-2026")
}

func TestADossiersCodeIsReadBehindItsLabelOrAlone(t *testing.T) {
	for line, want := range map[string]string{
		"Mã hồ sơ: H42.16-240112-0003":                              "H42.16-240112-0003",
		"Ma ho so H42.16-240112-0003.":                              "H42.16-240112-0003",
		"Mả hồ sơ : H42.16 - 240112 - 0003 Độc lập":                 "H42.16-240112-0003",
		"Số hồ sơ: 000.00.16.H42-240112-0003, ngày 12/01":           "000.00.16.H42-240112-0003",
		"H42.16-240112-0003":                                        "H42.16-240112-0003",
		"H42.16-24O112-OOO3":                                        "H42.16-240112-0003",
		"Dossier n° quay-1-20260105-0001":                           "quay-1-20260105-0001",
		"(QUAY-1-20260105-0001)":                                    "quay-1-20260105-0001",
		"Căn cứ kết quả của hồ sơ H42.16-240112-0003 đã trả":        "",
		"thay thế quyết định của H42.16-240112-0003":                "",
		"H42.16-240112-0003 đã được giải quyết":                     "",
		"Mã hồ sơ: H42.16-240230-0003":                              "",
		"Mã hồ sơ: quay-2-20260105-0001":                            "",
		"Mã thủ tục: quay-1-20260105-0001":                          "",
		"Mã hồ sơ: H42.16-240112-00031":                             "",
		"Mã hồ sơ: ................":                                "",
		"Mã hồ sơ: H42.16-240112-0003 Mã hồ sơ: H42.16-240112-0004": "H42.16-240112-0003 H42.16-240112-0004",
	} {
		if got := strings.Join(extract.DossierCodes(sheet("80 50 "+line), ours), " "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestACodeOfWhichAWordWasReadWeaklyIsNone(t *testing.T) {
	page := sheet("80 50 Mã hồ sơ: H42.16-240112-0003", "80 70 Mã hồ sơ: H42.16-240112-0004~")
	if got := extract.DossierCodes(page, ours); !slices.Equal(got, []string{"H42.16-240112-0003"}) {
		t.Errorf("%q", got)
	}
}

// On the made pages, read by the page worker, no other code is found than the one that is printed as the dossier's.
func TestPrintedDossierCodesAreRightOrNone(t *testing.T) {
	printed, found := 0, 0
	for _, p := range papers(t) {
		var want []string
		if text := p.Printed["dossier_code"]; text != "" {
			code, err := value.Parse("dossier_code", text, value.Options{})
			if err != nil {
				t.Fatal(err)
			}
			printed++
			want = []string{code.Value}
		}
		got := extract.DossierCodes(&p.Page, func(string) (string, bool) { return "", false })
		switch {
		case slices.Equal(got, want):
			found += len(got)
		case len(got) > 0:
			t.Errorf("%s-%d: found %q, printed %q", p.Template, p.Copy, got, want)
		default:
			t.Logf("%s-%d: %q was not found", p.Template, p.Copy, want)
		}
	}
	t.Logf("%d of %d printed codes found, no wrong one", found, printed)
	if printed < 10 || float64(found) < 0.9*float64(printed) {
		t.Errorf("%d of %d", found, printed)
	}
}
