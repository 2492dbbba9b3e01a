// Command stacks makes the papers that the tests of package separate are made of: each is written as HTML, printed by
// Chromium, drawn at 200 dpi, degraded as a scanner does, and read once by the real page worker. What was read is kept
// in papers.json.gz beside this file, so that the tests need no browser and no Tesseract.
//
//	make build                                     # bin/dossierd-page
//	apt-get install chromium poppler-utils fonts-liberation fonts-dejavu fonts-crosextra-carlito fonts-noto-core
//	go run ./pipeline/separate/testdata/stacks     # from the repository's root; with -set late and -set last, the other files
//
// All names, numbers and addresses are made up.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // pdftoppm's
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sort"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// Paper is one document as it was read; package separate's tests decode the same form.
type Paper struct {
	Template string          `json:"template"`
	Seed     uint64          `json:"seed"`
	Held     bool            `json:"held"` // kept aside while weights are tuned
	Head     string          `json:"head"` // what its first page begins with: national, agency, letter, title or none
	Pages    []*dossier.Page `json:"pages"`
}

const (
	dpi           = 200
	width, height = 1654, 2339 // A4
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	folder := flag.String("o", "pipeline/separate/testdata/stacks", "folder to write to")
	set := flag.String("set", "papers", "papers, late or last: which templates; the file has its name")
	worker := flag.String("worker", "bin/dossierd-page", "the page worker")
	keep := flag.String("keep", "", "folder to keep the made scans in")
	only := flag.String("only", "", "make papers of this template only")
	flag.Parse()
	scratch, err := os.MkdirTemp("", "stacks")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	pool, err := ocr.NewPool(ocr.PoolConfig{Workers: 2, Command: *worker, Scratch: scratch, Cache: scratch, Nice: 5}, slog.Default())
	if err != nil {
		return err
	}
	defer pool.Close()
	var papers []Paper
	chosen, wear := templates(), 1.0
	switch *set {
	case "late":
		chosen, wear = lateTemplates(), 1.6
	case "last":
		chosen, wear = lastTemplates(), 1.3
	}
	for _, t := range chosen {
		if *only != "" && t.name != *only {
			continue
		}
		for n := range t.copies {
			seed := uint64(1000*len(t.name) + n)
			paper := Paper{Template: t.name, Seed: seed, Held: t.held, Head: t.head}
			scans, err := scan(t, newDice(seed), wear, scratch)
			if err != nil {
				return fmt.Errorf("make %s %d: %w", t.name, n, err)
			}
			for i, data := range scans {
				name := fmt.Sprintf("%s-%d-p%d.jpg", t.name, n, i+1)
				if *keep != "" {
					if err := os.WriteFile(filepath.Join(*keep, name), data, 0o600); err != nil {
						return err
					}
				}
				page, err := read(pool, filepath.Join(scratch, name), data, t.language())
				if err != nil {
					return fmt.Errorf("read %s: %w", name, err)
				}
				page.Number = i + 1
				paper.Pages = append(paper.Pages, page)
			}
			fmt.Printf("%-24s %d  %d pages\n", t.name, n, len(paper.Pages))
			papers = append(papers, paper)
		}
	}
	return write(filepath.Join(*folder, *set+".json.gz"), papers)
}

// scan makes the pages of one paper as the scanner would deliver them; wear is how bad a scanner it is, from 1.
func scan(t template, d dice, wear float64, scratch string) ([][]byte, error) {
	skew := (d.Float64() - 0.5) * 2 * wear
	var scans [][]byte
	for _, html := range t.make(d) {
		sides, err := draw(html, scratch)
		if err != nil {
			return nil, err
		}
		for _, side := range sides {
			data, err := degrade(side, d, wear, skew+(d.Float64()-0.5)*0.4)
			if err != nil {
				return nil, err
			}
			scans = append(scans, data)
		}
	}
	return scans, nil
}

// draw prints HTML with Chromium and gives its pages as images.
func draw(html, scratch string) ([]image.Image, error) {
	dir, err := os.MkdirTemp(scratch, "part")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	source, pdf := filepath.Join(dir, "part.html"), filepath.Join(dir, "part.pdf")
	if err := os.WriteFile(source, []byte(html), 0o600); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=" + pdf, source},
		{"pdftoppm", "-r", fmt.Sprint(dpi), "-png", pdf, filepath.Join(dir, "page")},
	} {
		if text, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", args[0], err, text)
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var sides []image.Image
	for _, name := range names {
		side, err := imaging.Open(name)
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	if len(sides) == 0 {
		return nil, errors.New("chromium printed nothing")
	}
	return sides, nil
}

// degrade does to a drawn page what a scanner does: a slight turn and blur, uneven light, grain, JPEG. All pages come out
// alike in size, resolution and colours.
func degrade(side image.Image, d dice, wear, skew float64) ([]byte, error) {
	img := imaging.Rotate(imaging.Resize(side, width, height, imaging.Lanczos), skew, color.White)
	img = imaging.Blur(imaging.CropCenter(img, width, height), wear*(0.4+0.5*d.Float64()))
	paper, fall, grain := 236+14*d.Float64(), 10*d.Float64(), wear*(2+4*d.Float64())
	for y := range height {
		light := (paper - fall*float64(y)/height) / 255
		row := img.Pix[y*img.Stride:]
		for x := 0; x < 4*width; x += 4 {
			noise := d.NormFloat64() * grain
			for c := range 3 {
				row[x+c] = uint8(math.Max(0, math.Min(255, (30+float64(row[x+c])*225/255)*light+noise)))
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: d.between(55, 80)}); err != nil {
		return nil, err
	}
	jfif := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0, dpi, 0, dpi, 0, 0}
	return append(jfif, b.Bytes()[2:]...), nil
}

func read(pool *ocr.Pool, path string, data []byte, language string) (*dossier.Page, error) {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(path)
	original := ocr.Original{ID: path, Path: path, Name: filepath.Base(path)}
	profile := dossier.Profile{Languages: []string{language}, Level: dossier.Level2u}
	contents, err := pool.Open(context.Background(), original, profile)
	if err != nil {
		return nil, err
	}
	reading, err := pool.Read(context.Background(), original, 1, contents.Pages[0], profile)
	if err != nil {
		return nil, err
	}
	page := reading.Page
	slim(&page)
	return &page, nil
}

// slim rounds what was read, so that it takes little room.
func slim(p *dossier.Page) {
	p.Image = dossier.PageImage{}
	round := func(b dossier.Box) dossier.Box {
		return dossier.Box{X0: math.Round(b.X0), Y0: math.Round(b.Y0), X1: math.Round(b.X1), Y1: math.Round(b.Y1)}
	}
	for b := range p.Layout.Blocks {
		block := &p.Layout.Blocks[b]
		block.Box = round(block.Box)
		for i := range block.Paragraphs {
			block.Paragraphs[i].Box = round(block.Paragraphs[i].Box)
		}
	}
	for line := range p.Layout.Lines {
		line.Box, line.Baseline, line.Slope, line.Size = round(line.Box), math.Round(line.Baseline), 0, math.Round(line.Size)
		for i := range line.Words {
			w := &line.Words[i]
			w.Box, w.Confidence = round(w.Box), math.Round(w.Confidence*100)/100
		}
	}
}

func write(path string, papers []Paper) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(z).Encode(papers); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
