package payload

import (
	"reflect"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func ourStation(name string) bool { return name == "quay-1" }

func TestTheSymbolsOfAPageAreTakenTogether(t *testing.T) {
	const slip = "DOSSIERD:1:SLIP:H42.16-240112-0003:1.001234:QUAY-1"
	want := Slip{Sheet: true, Code: "H42.16-240112-0003", Procedure: "1.001234", Station: "quay-1"}
	for name, tt := range map[string]struct {
		texts []string
		want  Page
	}{
		"nothing":            {nil, Page{}},
		"nothing of meaning": {[]string{"https://q.me-qr.com/JE3JAoA0", "4012345678901"}, Page{}},
		"a cover slip":       {[]string{slip, slip}, Page{Slip: want}},
		"a slip and a paper": {[]string{"H42.16-240112-0009", slip}, Page{Slip: want}},
		"two slips":          {[]string{slip, "DOSSIERD:1:SLIP:H42.16-240112-0004"}, Page{Disagree: true}},
		"a separator":        {[]string{"DOSSIERD:1:SEPARATOR:DOSSIER", "dossierd:1:separator:dossier"}, Page{Separator: Separator(dossier.CutDossier)}},
		"two separators":     {[]string{"DOSSIERD:1:SEPARATOR:DOSSIER", "DOSSIERD:1:SEPARATOR:DOCUMENT"}, Page{Disagree: true}},
		"a code, twice":      {[]string{"H42.16-240112-0003", "h42.16-240112-0003"}, Page{Slip: Slip{Code: "H42.16-240112-0003"}}},
		"a code and a paper": {[]string{"H42.16-240112-0003", "H42.16-240112-0003|1.001234|Đơn"}, Page{Slip: Slip{Code: "H42.16-240112-0003", Procedure: "1.001234", Document: "Đơn"}}},
		"two codes":          {[]string{"H42.16-240112-0003", "H42.16-240112-0004", "H42.16-240112-0003"}, Page{Disagree: true}},
		"a code of ours":     {[]string{"QUAY-1-20240112-0003"}, Page{Slip: Slip{Code: "quay-1-20240112-0003"}}},
		"somebody's number":  {[]string{"INV-20240112-0003", "https://x.example/?n=inv-20240112-0003"}, Page{}},
		"a card, twice":      {[]string{card, card}, Page{Cards: []Card{Parse(card).(Card)}, Personal: true}},
		"a card at odds":     {[]string{"036094001234||NGUYỄN VĂN AN|1994|Nam|Ninh Bình|20042021"}, Page{Personal: true}},
		"numbers only":       {[]string{"036094001234|163212345", "401234567890"}, Page{}},
		"two cards":          {[]string{card, newCard, "x"}, Page{Cards: []Card{Parse(card).(Card), Parse(newCard).(Card)}, Personal: true}},
	} {
		var symbols []dossier.Barcode
		for _, text := range tt.texts {
			symbols = append(symbols, dossier.Barcode{Symbology: dossier.SymbologyQR, Text: text})
		}
		if got := OfPage(symbols, ourStation); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
