package pdfa_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

func check(b []byte) (pdfa.Summary, error) {
	return pdfa.Check(bytes.NewReader(b), int64(len(b)))
}

func TestCheckFindsWhatWasWritten(t *testing.T) {
	for _, level := range levels() {
		pages := everyKind(t, level)
		var attachments []pdfa.Attachment
		if level == dossier.Level3u {
			attachments = someFiles()
		}
		got, err := check(write(t, info(level), pages, attachments...))
		if err != nil {
			t.Fatalf("%s: %v", level, err)
		}
		if got.Level != level || got.Pages != len(pages) || got.Objects < 2*len(pages) {
			t.Errorf("%s: %+v", level, got)
		}
	}
}

func TestAFileCutOffAnywhereIsFaulty(t *testing.T) {
	whole := write(t, info(dossier.Level2u), everyKind(t, dossier.Level2u))
	for at := 0; at < len(whole); at += 997 {
		if _, err := check(whole[:at]); err == nil {
			t.Errorf("cut at %d of %d: no error", at, len(whole))
		}
	}
	if _, err := check(whole[:len(whole)-1]); err == nil {
		t.Error("without its last byte: no error")
	}
}

func TestAByteTooManyIsFaulty(t *testing.T) {
	whole := write(t, info(dossier.Level2u), everyKind(t, dossier.Level2u))
	at := bytes.Index(whole, []byte("stream\n")) + 100
	if _, err := check(append(append(bytes.Clone(whole[:at]), 'x'), whole[at:]...)); err == nil {
		t.Error("no error")
	}
}

func TestWhatIsWrittenWrongIsFaulty(t *testing.T) {
	whole := string(write(t, info(dossier.Level3u), everyKind(t, dossier.Level3u), someFiles()...))
	if strings.Count(whole, "/Length ") < 10 {
		t.Fatal("few lengths in the sample")
	}
	for _, change := range []struct{ from, to string }{
		{"/Length 1", "/Length 2"},
		{"/Type /Catalog", "/Type /Catalox"},
		{"/MediaBox", "/MediaBux"},
		{"/Contents", "/Contints"},
		{"/OutputIntents", "/OutputIntants"},
		{"<pdfaid:part>3", "<pdfaid:part>7"},
		{"<?xpacket end", "<?xpocket end"},
		{"/Count 11", "/Count 12"},
		{"/Contents ", "/Contents 99"},
		{"/Root ", "/Rood "},
		{"/ID [", "/IE ["},
		{"endstream", "endstraem"},
		{"startxref\n", "startxref\n1"},
		{" 00000 n ", " 00001 n "},
		{"\n2\nendobj", "\n3\nendobj"},
		{"%PDF-1", "%PDF-2"},
	} {
		changed := strings.Replace(whole, change.from, change.to, 1)
		if changed == whole {
			t.Errorf("%q is not in the sample", change.from)
			continue
		}
		if _, err := check([]byte(changed)); err == nil {
			t.Errorf("%q for %q: no error", change.to, change.from)
		}
	}
}

func TestEveryOffsetCounts(t *testing.T) {
	whole := string(write(t, info(dossier.Level2u), everyKind(t, dossier.Level2u)))
	table := strings.Index(whole, "\nxref\n")
	entry := strings.Index(whole[table:], "65535 f \n") + table + len("65535 f \n")
	for n := 1; whole[entry] != 't'; n, entry = n+1, entry+20 {
		digit := (whole[entry+9]-'0'+1)%10 + '0'
		if _, err := check([]byte(whole[:entry+9] + string(rune(digit)) + whole[entry+10:])); err == nil {
			t.Errorf("offset of object %d changed: no error", n)
		}
	}
}

func FuzzCheckNeverPanics(f *testing.F) {
	for _, level := range levels() {
		f.Add(write(f, info(level), []pdfa.Page{{Page: &dossier.Page{}}, withText(jpegPage(f, picture(8, 8), 72))}))
	}
	f.Add(write(f, papersInfo(dossier.Level2u, papers()...), slices.Repeat([]pdfa.Page{{Page: &dossier.Page{}}}, 5)))
	f.Add([]byte(fmt.Sprintf("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\nxref\n0 %d\n", 1<<40)))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = check(data) })
}
