package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

// popplersImage has poppler decode the first image of a page to PBM.
func popplersImage(t *testing.T, path string, page string) []byte {
	t.Helper()
	root := filepath.Join(t.TempDir(), "i")
	tool(t, "pdfimages", "-f", page, "-l", page, path, root)
	data, err := os.ReadFile(root + "-000.pbm")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBilevelImagesDecodeAsPopplerDecodesThem(t *testing.T) {
	for _, c := range []struct {
		file, page string
	}{
		{"pages/jbig2.pdf", "1"},
		{"pages/cardinal.pdf", "2"},
		{"pages/ccitt.pdf", "1"},
		{"pages/epson.pdf", "1"},
		{"pages/kcs.pdf", "1"},
		{"vi/d0006.pdf", "2"},
	} {
		t.Run(c.file, func(t *testing.T) {
			path := filepath.Join(accuracy.Need(t), c.file)
			o, err := openPDF(path, dossier.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			p, err := o.Page(int(c.page[0] - '0'))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			pix, warnings, err := p.Raster(false)
			if err != nil || len(warnings) > 0 {
				t.Fatal(warnings, err)
			}
			defer pix.Close()
			got, err := pix.PNM()
			if err != nil {
				t.Fatal(err)
			}
			if want := unpadded(t, popplersImage(t, path, c.page)); !bytes.Equal(got, want) {
				t.Errorf("%d bytes, want %d; first difference at %d", len(got), len(want), difference(got, want))
			}
		})
	}
}

func difference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// unpadded clears the bits beyond the right edge of a PBM's rows, in which decoders differ.
func unpadded(t *testing.T, pbm []byte) []byte {
	t.Helper()
	var w, h int
	if _, err := fmt.Sscanf(string(pbm[:min(len(pbm), 40)]), "P4\n%d %d", &w, &h); err != nil {
		t.Fatal(err)
	}
	stride := (w + 7) / 8
	out := bytes.Clone(pbm)
	if rest := w % 8; rest != 0 {
		for at := len(out) - stride*h + stride - 1; at < len(out); at += stride {
			out[at] &= 0xff << (8 - rest)
		}
	}
	return out
}

// jbig2Sample is a page of 20 by 3 pixels with a generic, a refinement and a text region of noise.
func jbig2Sample() []byte {
	region := "\x00\x00\x00\x14\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	var out []byte
	add := func(kind byte, refers string, data string) {
		head := []byte{0, 0, 0, byte(len(out)), kind, byte(len(refers)) << 5}
		head = append(append(head, refers...), 1)
		out = append(binary.BigEndian.AppendUint32(append(out, head...), uint32(len(data))), data...)
	}
	add(jbig2PageInfo, "", "\x00\x00\x00\x14\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	add(jbig2Generic, "", region+"\x00\x03\xff\xfd\xff\x02\xfe\xfe\xfe\x84\xc7\x3b\xfc\xe1\xa1\x43\x04\x02\x20")
	add(jbig2Refinement, "", region+"\x00\xff\xff\xff\xff\x84\xc7\x3b\xfc\xe1\xa1\x43\x04")
	number := byte(len(out))
	add(jbig2Symbols, "", "\x04\x00\x03\xff\x00\x00\x00\x01\x00\x00\x00\x01\x84\xc7\x3b\xfc\xe1\xa1")
	add(jbig2Text, string(number), region+"\x00\x12\x00\x00\x00\x02\x84\xc7\x3b\xfc\xe1")
	return out
}
