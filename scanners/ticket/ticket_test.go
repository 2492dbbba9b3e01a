package ticket

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func jsonMapping() *Mapping {
	return &Mapping{
		Type: JSON, Files: "documents.*.file", Dossier: "dossier.code", Procedure: "procedure",
		Fields: map[string]string{"applicant": "dossier.applicant.0", "sheets": "sheets", "urgent": "urgent"},
	}
}

func xmlMapping() *Mapping {
	return &Mapping{
		Type: XML, Files: "batch/document/@file", Dossier: "batch/code", Fields: map[string]string{"applicant": "batch/applicant"},
	}
}

func csvMapping() *Mapping {
	return &Mapping{Type: CSV, Files: "Fichier", Dossier: "Dossier", Fields: map[string]string{"applicant": "Demandeur"}}
}

const (
	jsonTicket = "\ufeff" + `{"dossier": {"code": "H42.16-240112-0003", "applicant": ["Nguyễn Thị Ánh", "other"]}, "procedure": 1.004873, "sheets": 3,
		"urgent": true, "documents": [{"file": "C:\\scans\\đơn.tif"}, {"kind": "x"}, {"file": "out/2.tif"}, {"file": "2.tif"}]}`
	xmlTicket = `<?xml version="1.0" encoding="UTF-8"?><s:batch xmlns:s="urn:x"><!-- a note --><code> 17 </code>
		<document file="1.tif"/><document file="2.tif">x<y/></document><applicant>Léa &amp; <![CDATA[Zoé]]></applicant></s:batch>`
	csvTicket = "Fichier;Dossier;Demandeur\r\n1.tif;17;\r\n\"2.tif\";17;\"Léa\nMartin\"\r\n"
)

func TestATicketSaysWhichFilesAndWhatOfThem(t *testing.T) {
	tests := map[string]struct {
		mapping *Mapping
		text    string
		want    Ticket
	}{
		"JSON": {jsonMapping(), jsonTicket, Ticket{[]string{"đơn.tif", "2.tif"}, dossier.BatchFacts{
			Reference: "H42.16-240112-0003", Procedure: "1.004873",
			Fields: map[string]string{"applicant": "Nguyễn Thị Ánh", "sheets": "3", "urgent": "true"},
		}}},
		"JSON, a list of names": {&Mapping{Type: JSON, Files: "files"}, `{"files": ["b", "a"]}`, Ticket{Files: []string{"b", "a"}}},
		"XML": {xmlMapping(), xmlTicket, Ticket{[]string{"1.tif", "2.tif"}, dossier.BatchFacts{
			Reference: "17", Fields: map[string]string{"applicant": "Léa & Zoé"},
		}}},
		"CSV": {csvMapping(), csvTicket, Ticket{[]string{"1.tif", "2.tif"}, dossier.BatchFacts{
			Reference: "17", Fields: map[string]string{"applicant": "Léa\nMartin"},
		}}},
		"CSV with commas": {&Mapping{Type: CSV, Files: "file"}, "n,file\n1,a\n2,b", Ticket{Files: []string{"a", "b"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.mapping.Validate(); err != nil {
				t.Error(err)
			}
			got, err := tt.mapping.Parse([]byte(tt.text))
			if err != nil || !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestABadTicketIsRefusedWithoutTellingWhatItHolds(t *testing.T) {
	bomb := `<!DOCTYPE b [<!ENTITY a "Nguyễn">]><batch><code>&a;</code><document file="1"/></batch>`
	tests := map[string]struct {
		mapping *Mapping
		text    string
		want    string
	}{
		"empty":                {jsonMapping(), "", "not JSON"},
		"cut off":              {jsonMapping(), jsonTicket[:80], "not JSON"},
		"two values":           {jsonMapping(), `{} }`, "not JSON"},
		"deep":                 {jsonMapping(), strings.Repeat("[", 100_000), "more than 32 levels"},
		"no file":              {jsonMapping(), `{"documents": [{"file": ""}]}`, "documents.*.file: no file"},
		"a folder":             {jsonMapping(), `{"documents": [{"file": "a/.."}]}`, "documents.*.file: not the name of a file"},
		"a long value":         {jsonMapping(), `{"documents": [{"file": "a"}], "procedure": "` + strings.Repeat("x", 5000) + `"}`, "more than 4096 bytes at procedure"},
		"large":                {jsonMapping(), strings.Repeat(" ", MaxBytes+1), "more than 1048576 bytes"},
		"of another encoding":  {jsonMapping(), "{\"a\": \"\xe9\"}", "not UTF-8"},
		"two dossiers":         {csvMapping(), "Fichier;Dossier\n1;17\n2;18\n", "Dossier: more than one value"},
		"a ragged row":         {csvMapping(), "Fichier;Dossier\n1\n", "not CSV"},
		"a document type":      {xmlMapping(), bomb, "a document type"},
		"an unknown entity":    {xmlMapping(), "<batch><code>&nguyen;</code></batch>", "not XML"},
		"XML cut off":          {xmlMapping(), xmlTicket[:150], "not XML"},
		"deep XML":             {xmlMapping(), strings.Repeat("<a>", 40), "more than 32 levels"},
		"many files":           {&Mapping{Type: CSV, Files: "f"}, "f\n" + manyNames(), "f: more than 10000 files"},
		"XML of another title": {xmlMapping(), "<lot><document file=\"1\"/></lot>", "batch/document/@file: no file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := tt.mapping.Parse([]byte(tt.text)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

func manyNames() string {
	var b strings.Builder
	for i := range maxFiles + 1 {
		b.WriteString(strings.Repeat("a", 1+i%100) + strings.Repeat("b", i/100) + "\n")
	}
	return b.String()
}

func TestAMappingIsToldItsFaults(t *testing.T) {
	for _, m := range []*Mapping{
		{Type: "yaml", Files: "a"},
		{Type: JSON},
		{Type: JSON, Files: "a..b"},
		{Type: XML, Files: "/a/b"},
		{Type: XML, Files: "a/@b/c"},
		{Type: CSV, Files: "a", Fields: map[string]string{"x": " b"}},
	} {
		if m.Validate() == nil {
			t.Errorf("%+v has no fault", *m)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{jsonTicket, xmlTicket, csvTicket, "", "[[", "<a", "\"", "a;b\n\"\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range []*Mapping{jsonMapping(), xmlMapping(), csvMapping()} {
			ticket, err := m.Parse(data)
			if err != nil {
				continue
			}
			if len(ticket.Files) == 0 || len(ticket.Files) > maxFiles {
				t.Errorf("%d files", len(ticket.Files))
			}
			for _, name := range ticket.Files {
				if strings.ContainsAny(name, "/\\\x00") || name == "." || name == ".." || len(name) > maxName {
					t.Errorf("name %q", name)
				}
			}
			if again, err := m.Parse(slices.Clone(data)); err != nil || !reflect.DeepEqual(ticket, again) {
				t.Errorf("read again: %v", err)
			}
		}
	})
}
