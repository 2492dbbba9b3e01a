package main_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// bomb is a small file that promises much, and the code it is to be refused with.
type bomb struct {
	data []byte
	code dossier.Code
}

func bombs() map[string]bomb {
	jpeg := "\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"
	pdf := "%PDF-1.4\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>endobj\n" +
		"4 0 obj<</Length 26>>stream\n612 0 0 792 0 0 cm /I Do  \nendstream endobj\n" +
		"5 0 obj<</Subtype/Image/Width 90000/Height 90000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode" +
		"/DecodeParms<</K -1/Columns 90000/Rows 90000>>/Length 1>>stream\n0\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
	return map[string]bomb{
		"pages.tif":  {tiff(20_000, 8, 8, [][]byte{{0xff}}), dossier.CodeTooManyPages},
		"pixels.tif": {tiff(1, 1<<20, 1<<20, [][]byte{{0xff}}), dossier.CodeTooManyPixels},
		"pixels.png": {pngOf(60_000, 60_000), dossier.CodeTooManyPixels},
		"pixels.jpg": {[]byte(jpeg), dossier.CodeTooManyPixels},
		"pixels.pdf": {[]byte(pdf), dossier.CodeTooManyPixels},
	}
}

// tiff is a TIFF of so many pages of one size at 100 dpi, each of one strip in G4; the strips are taken in turn.
func tiff(pages int, width, height uint32, strips [][]byte) []byte {
	b := bytes.NewBufferString("II*\x00")
	put := func(v ...uint32) { _ = binary.Write(b, binary.LittleEndian, v) } // a Buffer takes everything
	for n := range pages {
		strip := strips[n%len(strips)]
		padded := append(slices.Clone(strip), make([]byte, -len(strip)&3)...)
		at := uint32(b.Len())
		put(at + 12 + uint32(len(padded))) // this directory, behind its resolution and its strip
		put(100, 1)
		b.Write(padded)
		const long, rational = 4, 5
		entries := [][3]uint32{
			{256, long, width},
			{257, long, height},
			{258, long, 1},
			{259, long, 4},
			{262, long, 0},
			{273, long, at + 12},
			{277, long, 1},
			{278, long, height},
			{279, long, uint32(len(strip))},
			{282, rational, at + 4},
			{283, rational, at + 4},
		}
		b.Write([]byte{byte(len(entries)), 0})
		for _, e := range entries {
			put(e[0]|e[1]<<16, 1, e[2])
		}
	}
	put(0)
	return b.Bytes()
}

// pngOf is a bilevel PNG that holds less than it promises.
func pngOf(width, height uint32) []byte {
	b := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		body := append([]byte(name), data...)
		_ = binary.Write(b, binary.BigEndian, uint32(len(data)))
		b.Write(body)
		_ = binary.Write(b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(header, 1, 0, 0, 0, 0))
	var rows bytes.Buffer
	z := zlib.NewWriter(&rows)
	_, _ = z.Write(make([]byte, 1<<20))
	_ = z.Close()
	chunk("IDAT", rows.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

func TestBombsAreRefusedInUnderASecondAndAHundredMebibytes(t *testing.T) {
	binary := build(t)
	for name, bomb := range bombs() {
		file := put(t, t.TempDir(), name, bomb.data)
		scan := command(binary, "scan", "--json", "-l", "vie", "-j", "1", "-o", filepath.Join(t.TempDir(), "out"), file)
		out, spent, peak, err := measured(t, scan)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !bytes.Contains(out, fmt.Appendf(nil, `"code":%q`, bomb.code)) {
			t.Errorf("%s: %v, %s", name, err, out)
		}
		t.Logf("%s, %d bytes: %s of CPU, %d MiB", name, len(bomb.data), spent, peak>>20)
		if spent > time.Second || peak > 100<<20 {
			t.Errorf("%s took %s of CPU and %d MiB", name, spent, peak>>20)
		}
	}
}

// measured runs a command and says what it and its children took: CPU time, and the resident bytes of the largest of
// them. GNU time starts it, since a process begins with the peak of the one that forked it, and a test binary's is no
// small one.
func measured(t *testing.T, cmd *exec.Cmd) (out []byte, spent time.Duration, peak int64, err error) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "time")
	timed := exec.Command("/usr/bin/time", append([]string{"-q", "-f", "%U %S %M", "-o", report}, cmd.Args...)...)
	timed.Env = cmd.Env
	out, err = timed.Output()
	var user, system float64
	if n, scanErr := fmt.Sscan(string(content(t, report)), &user, &system, &peak); n != 3 {
		t.Fatalf("time reported nothing: %v", scanErr)
	}
	return out, time.Duration((user + system) * float64(time.Second)), peak << 10, err
}

// resident is the memory that a process occupies, in bytes; 0 once it has ended.
func resident(pid string) int64 {
	statm, _ := os.ReadFile("/proc/" + pid + "/statm")
	if fields := strings.Fields(string(statm)); len(fields) > 1 {
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		return pages * int64(os.Getpagesize())
	}
	return 0
}

// children are the processes that a process started.
func children(pid string) (list []string) {
	tasks, _ := filepath.Glob("/proc/" + pid + "/task/*/children")
	for _, task := range tasks {
		ids, _ := os.ReadFile(task)
		list = append(list, strings.Fields(string(ids))...)
	}
	return list
}

// reading is what dossierd and the largest of its workers occupied at a time.
type reading struct{ daemon, worker int64 }

func watch(cmd *exec.Cmd, ended <-chan error) (readings []reading, err error) {
	pid := strconv.Itoa(cmd.Process.Pid)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return readings, err
		case <-tick.C:
			r := reading{daemon: resident(pid)}
			for _, child := range children(pid) {
				r.worker = max(r.worker, resident(child))
			}
			readings = append(readings, r)
		}
	}
}

// most is the largest of readings.
func most(readings []reading) (m reading) {
	for _, r := range readings {
		m = reading{max(m.daemon, r.daemon), max(m.worker, r.worker)}
	}
	return m
}

// g4Page is a page of 640 by 900 pixels with a line of text, in G4.
func g4Page(t *testing.T, text string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.tif")
	output(t, "convert", "-size", "640x900", "xc:white", "-pointsize", "22", "-fill", "black", "-draw", "text 80,120 '"+text+"'",
		"-monochrome", "-endian", "LSB", "-define", "tiff:rows-per-strip=900", "-compress", "group4", file)
	strip := g4Strip(content(t, file))
	if strip == nil {
		t.Fatal("ImageMagick made no single strip of G4")
	}
	return strip
}

// TestMemoryIsFlatOverAThousandPages has a line to read on every fourth page; the others are blank.
func TestMemoryIsFlatOverAThousandPages(t *testing.T) {
	binary := build(t)
	words, blank := g4Page(t, "Giay khai sinh"), g4Page(t, "")
	file := put(t, t.TempDir(), "thousand.tif", tiff(1000, 640, 900, [][]byte{words, blank, blank, blank}))
	cmd := command(binary, "scan", "--json", "-l", "vie", "-j", "2", "--text", "-o", filepath.Join(t.TempDir(), "out"), file)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	readings, err := watch(cmd, ended)
	if err != nil || !strings.Contains(out.String(), `"pages":1000,`) {
		t.Fatalf("%v: %s", err, out.String())
	}
	third := len(readings) / 3
	first, last := most(readings[:third]), most(readings[2*third:])
	t.Logf("MiB: dossierd %d, then %d; a worker %d, then %d; %s", first.daemon>>20, last.daemon>>20, first.worker>>20, last.worker>>20, out.String())
	if last.daemon > first.daemon*6/5 || last.worker > first.worker*6/5 {
		t.Error("memory grows with the pages")
	}
	if peak := most(readings); peak.daemon > 150<<20 || peak.worker > 400<<20 {
		t.Errorf("dossierd takes up to %d MiB, a worker %d MiB", peak.daemon>>20, peak.worker>>20)
	}
}
