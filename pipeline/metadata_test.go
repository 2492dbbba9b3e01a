package pipeline

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dossierd/dossierd/dossier"
)

func TestMetadataTellsWhereASymbolIsAndNotWhatItSays(t *testing.T) {
	const secret = "001203004567"
	m := NewMetadata(map[string]string{})
	m.AddDeposit(MetadataDeposit{Name: "a.jpg", SHA256: strings.Repeat("0", 64)})
	m.AddPage(0, &dossier.Page{
		Number: 1, Width: 100, Height: 100, DPI: 200, Layout: dossier.Layout{Source: dossier.TextNone},
		Barcodes: []dossier.Barcode{{Symbology: dossier.SymbologyQR, Text: secret + "||Nguyễn Văn An", Box: dossier.Box{X0: 1, Y0: 2, X1: 3, Y1: 4.5}}},
	}, "", "")
	text, err := json.Marshal(m)
	must(t, err)
	if strings.Contains(string(text), secret) || !strings.Contains(string(text), `"barcodes":[{"symbology":"qr","box":[1,2,3,4.5]}]`) {
		t.Errorf("%s", text)
	}
	schema, err := jsonschema.NewCompiler().Compile("../docs/metadata.schema.json")
	must(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	must(t, err)
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
}
