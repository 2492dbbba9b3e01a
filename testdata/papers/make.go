// Command papers makes the pages that kinds of papers are measured on: forms, letters and certificates with made-up
// values, printed by a browser, degraded as a scanner does, and read by the page worker.
//
// It owns the templates, the values and the degradation. What it keeps is what the tests need: the layout of every page
// and the values that were printed on it, never an image. Everything follows from the template's name and the number
// of the copy, so that a run repeats. Needs chromium, pdftoppm and dossierd-page; make.sh calls it.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"html"
	"image"
	"image/jpeg"
	"image/png"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"text/template"

	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// Paper is one made page: what was printed on it, and how it was read.
type Paper struct {
	Template string            `json:"template"`
	Copy     int               `json:"copy"`
	Kind     string            `json:"kind"`
	Printed  map[string]string `json:"printed"`         // field: the text as the browser printed it
	ByHand   map[string]string `json:"by_hand"`         // the same of those in a handwritten face
	Codes    []string          `json:"codes,omitempty"` // texts of symbols that the caller gives
	Page     dossier.Page      `json:"page"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	folder := flag.String("papers", "testdata/papers", "folder of templates/ and layouts/")
	worker := flag.String("worker", "bin/dossierd-page", "the page worker")
	copies := flag.Int("copies", 3, "pages of each template")
	only := flag.String("only", "", "templates whose name begins so")
	images := flag.String("images", "", "folder to keep the degraded images in, to look at")
	flag.Parse()

	scratch, err := os.MkdirTemp("", "papers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	pool, err := ocr.NewPool(ocr.PoolConfig{
		Workers: 2, Command: *worker, Scratch: scratch, Cache: filepath.Join(scratch, "cache"),
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer pool.Close()
	templates, err := filepath.Glob(filepath.Join(*folder, "templates", *only+"*.html"))
	if err != nil {
		return err
	}
	m := maker{pool: pool, scratch: scratch, images: *images, layouts: filepath.Join(*folder, "layouts")}
	var g errgroup.Group
	g.SetLimit(2)
	for _, path := range templates {
		for n := range *copies {
			g.Go(func() error {
				if err := m.make(path, n+1); err != nil {
					return fmt.Errorf("%s, copy %d: %w", filepath.Base(path), n+1, err)
				}
				return nil
			})
		}
	}
	return g.Wait()
}

type maker struct {
	pool                     *ocr.Pool
	scratch, images, layouts string
}

// make prints, degrades, reads and keeps one page.
func (m *maker) make(path string, n int) error {
	name := strings.TrimSuffix(filepath.Base(path), ".html")
	stem := fmt.Sprintf("%s-%d", name, n)
	hash := fnv.New64a()
	hash.Write([]byte(stem))
	rng := rand.New(rand.NewPCG(hash.Sum64(), 4)) //nolint:gosec // made-up values that must repeat
	p := Paper{Template: name, Copy: n, Printed: map[string]string{}, ByHand: map[string]string{}}
	page, err := fill(path, rng, &p)
	if err != nil {
		return err
	}
	printed, err := m.print(stem, page)
	if err != nil {
		return err
	}
	var scan bytes.Buffer
	if err := jpeg.Encode(&scan, degrade(printed, rng), &jpeg.Options{Quality: 60 + rng.IntN(30)}); err != nil {
		return err
	}
	if m.images != "" {
		if err := os.WriteFile(filepath.Join(m.images, stem+".jpg"), scan.Bytes(), 0o600); err != nil {
			return err
		}
	}
	if err := m.read(stem, scan.Bytes(), &p); err != nil {
		return err
	}
	return m.keep(stem, &p)
}

// fill makes the HTML of a copy and notes what it says.
func fill(path string, rng *rand.Rand, p *Paper) (string, error) {
	values := &values{Rand: rng}
	funcs := values.funcs()
	funcs["kind"] = func(name string) string { p.Kind = name; return "" }
	funcs["code"] = func(text string) string { p.Codes = append(p.Codes, text); return "" }
	funcs["v"] = func(field, text string) string { p.Printed[field] = text; return html.EscapeString(text) }
	// note tells of a value that is printed in pieces.
	funcs["note"] = func(field, text string) string { p.Printed[field] = text; return "" }
	funcs["hand"] = func(field, text string) string {
		p.ByHand[field] = text
		return `<span class=hand>` + html.EscapeString(text) + `</span>`
	}
	t, err := template.New(filepath.Base(path)).Funcs(funcs).ParseFiles(path)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

const style = `<meta charset=utf-8><style>@page{size:A4;margin:0}html{margin:0}body{margin:15mm 15mm 15mm 25mm;` +
	`font:13pt/1.35 "Liberation Serif"}table{border-collapse:collapse;width:100%}.head td{vertical-align:top;` +
	`text-align:center}.c{text-align:center}.b{font-weight:bold}.r{text-align:right}.i{font-style:italic}` +
	`.hand{font:18pt "Dancing Script";color:#22449a}.mrz{font:13pt/1.4 "OCR B";white-space:pre}` +
	`.dots{border-bottom:1px dotted #444}</style>`

// print renders the page as the browser prints it, at 200 dpi.
func (m *maker) print(stem, page string) (image.Image, error) {
	source, pdf := filepath.Join(m.scratch, stem+".html"), filepath.Join(m.scratch, stem+".pdf")
	if err := os.WriteFile(source, []byte(style+page), 0o600); err != nil {
		return nil, err
	}
	steps := [][]string{
		{
			"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + filepath.Join(m.scratch, stem+".profile"),
			"--no-pdf-header-footer", "--print-to-pdf=" + pdf, source,
		},
		{"pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", "-singlefile", pdf, filepath.Join(m.scratch, stem)},
	}
	for _, args := range steps {
		if out, err := exec.CommandContext(context.Background(), args[0], args[1:]...).CombinedOutput(); err != nil { //nolint:gosec // our own words
			return nil, fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
	}
	data, err := os.ReadFile(filepath.Join(m.scratch, stem+".png"))
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

var reading sync.Mutex // one page at a time: two workers and a browser are enough for two cores

func (m *maker) read(stem string, scan []byte, p *Paper) error {
	reading.Lock()
	defer reading.Unlock()
	path := filepath.Join(m.scratch, stem+".jpg")
	if err := os.WriteFile(path, scan, 0o600); err != nil {
		return err
	}
	original := ocr.Original{ID: stem, Path: path, Name: stem + ".jpg"}
	language := "vie"
	if strings.HasPrefix(p.Kind, "fr-") || p.Kind == "identity-mrz" {
		language = "fra"
	}
	profile := dossier.Profile{Languages: []string{language}, Level: dossier.Level2u}
	contents, err := m.pool.Open(context.Background(), original, profile)
	if err != nil {
		return err
	}
	r, err := m.pool.Read(context.Background(), original, 1, contents.Pages[0], profile)
	if err != nil {
		return err
	}
	if r.Page.Reason != nil {
		return errors.New(string(r.Page.Reason.Code))
	}
	p.Page = r.Page
	return nil
}

func (m *maker) keep(stem string, p *Paper) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(z).Encode(p); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(m.layouts, stem+".json.gz"), b.Bytes(), 0o644) //nolint:gosec // made-up values
}
