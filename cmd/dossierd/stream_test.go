package main_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// TestTheStreamsThatPassThroughAreTheInputsBytes looks for the coded image of each input in its PDF, and holds the size
// of the PDF against it.
func TestTheStreamsThatPassThroughAreTheInputsBytes(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	for _, l := range swept(t).done() {
		if slices.Contains(l.Warnings, dossier.WarnDamaged) {
			continue
		}
		pdf := content(t, l.PDF)
		for kind, streams := range codedImages(t, l) {
			kinds[kind]++
			size := 0
			for i, stream := range streams {
				size += len(stream)
				if !bytes.Contains(pdf, stream) {
					t.Errorf("%s: image %d, %s of %d bytes, does not stand in the PDF", l.File, i+1, kind, len(stream))
				}
			}
			if most := size*103/100 + l.Pages*15<<10 + denseText(l); len(pdf) > most {
				t.Errorf("%s: %d bytes of %s make a PDF of %d bytes, where at most %d should come out", l.File, size, kind, len(pdf), most)
			}
		}
	}
	for _, kind := range []string{"jpeg", "g4", "pdf jpeg", "pdf ccitt", "pdf jbig2"} {
		if kinds[kind] == 0 {
			t.Errorf("no input with %s was looked at", kind)
		}
	}
	t.Logf("%v", kinds)
}

// denseText is what the text layer may take on pages that have more than 600 words, 15 bytes a word.
func denseText(l scanLine) int { return max(0, l.Words-600*l.Pages) * 15 }

// codedImages are the coded images of an input of a kind that PDF can carry as it is; none for others.
func codedImages(t *testing.T, l scanLine) map[string][][]byte {
	t.Helper()
	switch filepath.Ext(l.File) {
	case ".jpg":
		return map[string][][]byte{"jpeg": {content(t, l.File)}}
	case ".tif", ".tiff":
		if strip := g4Strip(content(t, l.File)); strip != nil {
			return map[string][][]byte{"g4": {strip}}
		}
	case ".pdf":
		if kind, streams := liftable(t, l); streams != nil {
			return map[string][][]byte{kind: streams}
		}
	}
	return nil
}

// g4Strip is the only strip of a little-endian TIFF of one directory in G4 with the usual bit order, or nil.
func g4Strip(tiff []byte) []byte {
	if !bytes.HasPrefix(tiff, []byte("II*\x00")) {
		return nil
	}
	at := int(binary.LittleEndian.Uint32(tiff[4:]))
	tags := map[uint16]uint32{}
	for i := range int(binary.LittleEndian.Uint16(tiff[at:])) {
		entry := tiff[at+2+12*i:]
		value := binary.LittleEndian.Uint32(entry[8:])
		if binary.LittleEndian.Uint16(entry[2:]) == 3 {
			value &= 0xffff
		}
		tags[binary.LittleEndian.Uint16(entry)] = value
		if count := binary.LittleEndian.Uint32(entry[4:]); count != 1 && binary.LittleEndian.Uint16(entry) == 273 {
			return nil
		}
	}
	const compression, fillOrder, offset, length = 259, 266, 273, 279
	if tags[compression] != 4 || tags[fillOrder] > 1 {
		return nil
	}
	return tiff[tags[offset] : tags[offset]+tags[length]]
}

// imagesAskew are PDFs whose images lie on their pages neither level nor upright, or beside something else: they are
// drawn.
var imagesAskew = map[string]bool{"pages/skew.pdf": true, "pages/rotated_skew.pdf": true, "pages/acroform.pdf": true}

// liftable are the streams of a PDF with one coded image a page, as poppler finds them; none for other PDFs.
func liftable(t *testing.T, l scanLine) (kind string, streams [][]byte) {
	t.Helper()
	list := strings.Split(strings.TrimSpace(output(t, "pdfimages", "-list", l.File)), "\n")[2:]
	if len(list) != l.Pages || imagesAskew[short(t, l.File)] {
		return "", nil
	}
	for _, line := range list {
		coding := strings.Fields(line)[8]
		if coding == "image" || kind != "" && kind != "pdf "+coding {
			return "", nil
		}
		kind = "pdf " + coding
	}
	dir := t.TempDir()
	if out, err := exec.Command(tool(t, "pdfimages"), "-all", l.File, filepath.Join(dir, "i")).CombinedOutput(); err != nil {
		t.Fatalf("pdfimages %s: %v\n%s", l.File, err, out)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".params" {
			streams = append(streams, content(t, filepath.Join(dir, e.Name())))
		}
	}
	return kind, streams
}

// TestJPEG2000PassesThroughAndIsDecodedFor1b has its page made: no scan of the corpus is coded so.
func TestJPEG2000PassesThroughAndIsDecodedFor1b(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.jp2")
	output(t, "convert", samplePage, "-resize", "50%", "-units", "PixelsPerInch", "-density", "100", file)
	for _, level := range []string{"2u", "1b", "3u"} {
		s := scan(t, "-l", "vie", "--pdfa", level, file)
		if s.exit != 0 {
			t.Fatalf("%s: %s", level, s.stderr)
		}
		verify(t, level, s)
		l := s.lines[0]
		if whole := bytes.Contains(content(t, l.PDF), content(t, file)); whole != (level != "1b") {
			t.Errorf("%s: the file stands in the PDF: %t", level, whole)
		}
		if slices.Contains(l.Warnings, dossier.WarnReducedFor1b) != (level == "1b") {
			t.Errorf("%s: warnings %q", level, l.Warnings)
		}
		looksLike(t, l)
	}
}
