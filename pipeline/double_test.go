package pipeline

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/pdfa/strict"
)

// doubleEnv makes this test binary a page worker that writes into the file it names what it was asked.
const doubleEnv = "PIPELINE_TEST_DOUBLE"

func TestMain(m *testing.M) {
	if asked := os.Getenv(doubleEnv); asked != "" {
		os.Exit(exitCode(ocr.Serve(os.Stdin, os.Stdout, 0, double{asked})))
	}
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "validate":
			os.Exit(exitCode(ServeValidation(os.Stdin, os.Stdout, strict.Validate)))
		case "validate-die":
			bufio.NewReader(os.Stdin).ReadString('\n')
			os.Exit(1)
		}
	}
	goleak.VerifyTestMain(m)
}

func exitCode(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// double reads originals that say of themselves what is to come of them: a first line "scan PAGES TAG", then lines
// "PAGE ACT", page 0 being the opening, and "look PAGE ACT". Pages without a line are read well; an act like 2/5 is the number at
// the page's foot.
type double struct{ asked string }

func (d double) Handle(r ocr.Request, _ []byte) (ocr.Answer, [][]byte) {
	d.note(r)
	pages, acts := plan(r.Path)
	switch acts[r.Page] {
	case "crash":
		os.Exit(3)
	case "bad":
		return ocr.Answer{Rejected: &dossier.Reason{Code: dossier.CodeDamaged, Page: r.Page, Detail: "double"}}, nil
	}
	if r.Op == ocr.OpLook {
		return lookAt(r.Page, pages, acts[-r.Page])
	}
	if r.Op == ocr.OpOpen {
		return ocr.Answer{Contents: &ocr.Contents{Format: "tiff", Pages: make([]ocr.PageInfo, pages)}}, nil
	}
	img := picture(r.Page)
	page := dossier.Page{
		Number: r.Page, Width: 100, Height: 140, DPI: 30, ToImage: dossier.Identity(), Language: "vie", Layout: words(r.Page),
		Image: dossier.PageImage{
			Format: dossier.FormatJPEG, Width: 100, Height: 140, DPIX: 30, DPIY: 30, Bits: 8, ColorSpace: dossier.ColorGray,
			Parts: []dossier.ImagePart{{Bytes: int64(len(img)), Height: 140}}, PassedThrough: true,
		},
	}
	symbol := ""
	switch act := acts[r.Page]; {
	case act == "card":
		symbol = cardSymbol
	case act == "blank":
		page.Blank, page.Layout = true, dossier.Layout{Source: dossier.TextOCR}
	case strings.HasPrefix(act, "DOSSIERD:"):
		symbol = act
	case strings.Contains(act, "/"):
		box := dossier.Box{X0: 45, Y0: 130, X1: 55, Y1: 136}
		line := dossier.Line{Box: box, Baseline: 136, Size: 6, Words: []dossier.Word{{Text: act, Box: box, Confidence: .9}}}
		page.Layout.Blocks = append(page.Layout.Blocks, dossier.Block{Box: box, Paragraphs: []dossier.Paragraph{{Box: box, Lines: []dossier.Line{line}}}})
	}
	if symbol != "" {
		page.Barcodes = []dossier.Barcode{{Symbology: dossier.SymbologyQR, Text: symbol, Box: dossier.Box{X0: 10, Y0: 10, X1: 60, Y1: 60}}}
	}
	switch acts[r.Page] {
	case "form":
		page.Layout = lines("ĐƠN XIN XÁC NHẬN", "Kính gửi: UBND xã", "Họ và tên: An", "cam đoan đúng thật")
	case "copy":
		page.Layout = lines("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card", "Quê quán / Place of origin", "Có giá trị đến / Date of expiry")
	}
	answer, blobs := ocr.Answer{Page: &page}, [][]byte{img, img}
	if acts[r.Page] == "drawn" { // a dark scan, which nobody could look at before
		answer.Look = &dossier.Look{Page: r.Page, Pages: r.Page, Width: 210, Height: 297, Verdicts: []dossier.VerdictCode{dossier.VerdictTooDark}}
		blobs = append(blobs, img)
	}
	return answer, blobs
}

// lookAt finds what the act names; "crash" and "hang" are what they say.
func lookAt(page, pages int, act string) (ocr.Answer, [][]byte) {
	found := dossier.Look{Page: page, Pages: pages, Width: 210, Height: 297}
	switch act {
	case "":
	case "crash":
		os.Exit(3)
	case "hang":
		select {}
	case "streak":
		found.Streaks = []dossier.Span{{From: 70, To: 70.3}}
	case "long":
		found.Height = 400
	case "skipped":
		return ocr.Answer{Look: &dossier.Look{Page: page, Pages: pages, Skipped: "the page has to be drawn"}}, nil
	default:
		found.Verdicts = []dossier.VerdictCode{dossier.VerdictCode(act)}
	}
	return ocr.Answer{Look: &found}, [][]byte{picture(page)}
}

// note appends a line for the request; short appends are atomic.
func (d double) note(r ocr.Request) {
	f, err := os.OpenFile(d.asked, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	plain := ""
	if r.Profile.Plain {
		plain = " plain"
	}
	fmt.Fprintf(f, "%s %d %s%s\n", r.Op, r.Page, r.Name, plain)
}

func plan(path string) (pages int, acts map[int]string) {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	acts = map[int]string{}
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if words[0] == "scan" {
			pages, _ = strconv.Atoi(words[1])
		} else if words[0] == "look" {
			n, _ := strconv.Atoi(words[1])
			acts[-n] = words[2]
		} else if n, err := strconv.Atoi(words[0]); err == nil {
			acts[n] = words[1]
		}
	}
	return pages, acts
}

func picture(page int) []byte {
	img := image.NewGray(image.Rect(0, 0, 100, 140))
	for i := range img.Pix {
		img.Pix[i] = byte(200 + page%50)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func words(page int) dossier.Layout { return lines("trang" + strconv.Itoa(page)) }

// lines is a layout of lines of print.
func lines(texts ...string) dossier.Layout {
	var block dossier.Block
	for i, text := range texts {
		y := 10 + 15*float64(i)
		line := dossier.Line{Box: dossier.Box{X0: 10, Y0: y, X1: 60, Y1: y + 10}, Baseline: y + 8, Size: 10}
		for n, word := range strings.Fields(text) {
			x := 10 + 9*float64(n)
			line.Words = append(line.Words, dossier.Word{Text: word, Box: dossier.Box{X0: x, Y0: y, X1: x + 8, Y1: y + 10}, Confidence: .9})
		}
		block.Box = block.Box.Union(line.Box)
		block.Paragraphs = append(block.Paragraphs, dossier.Paragraph{Box: line.Box, Lines: []dossier.Line{line}})
	}
	return dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{block}}
}

// writeDouble makes the command of the double in dir. A worker's environment is scrubbed, so that it is a script.
func writeDouble(t testing.TB, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\nexport %s='%s'\nexec '%s' \"$@\"\n", doubleEnv, filepath.Join(dir, "asked"), self)
	command := filepath.Join(dir, "worker")
	if err := os.WriteFile(command, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return command
}
