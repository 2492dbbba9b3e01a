package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/source"
)

// reader is one way of reading a page.
type reader struct {
	name    string
	missing string // why it cannot be used here
	read    func(accuracy.Page) (reading, error)
}

type reading struct {
	text           string
	layout         dossier.Layout
	cpu, tesseract float64 // seconds
	remark         string
}

// bare gives Tesseract the image as it is, with the resolution that the file names.
func bare(engine *meter) reader {
	return reader{name: "bare", read: func(page accuracy.Page) (reading, error) {
		return timed(engine, func() (dossier.Layout, string, error) {
			original, src, err := firstPage(page.Path)
			if err != nil {
				return dossier.Layout{}, "", err
			}
			defer original.Close()
			pix, _, err := src.Raster(false)
			if err != nil {
				return dossier.Layout{}, "", err
			}
			defer pix.Close()
			image, err := pix.SPIX()
			if err != nil {
				return dossier.Layout{}, "", err
			}
			dpi, _ := src.Resolution()
			layout, err := engine.Recognize(image, int(math.Max(70, dpi)), page.Language, ocr.ModePage)
			return layout, "", err
		})
	}}
}

// whole reads as the page worker does, preview and all.
func whole(engine *meter) reader {
	clean := clean.NewReader(engine)
	return reader{name: "dossierd", read: func(page accuracy.Page) (reading, error) {
		return timed(engine, func() (dossier.Layout, string, error) {
			original, src, err := firstPage(page.Path)
			if err != nil {
				return dossier.Layout{}, "", err
			}
			defer original.Close()
			result, err := clean.Read(src, dossier.Profile{Languages: []string{page.Language}, Preview: true})
			p := result.Page
			return p.Layout, fmt.Sprintf("%.0f dpi %s turned %d skew %.2f ink %.3f sharp %.2f %s",
				p.DPI, p.Paper, p.Rotation, p.Skew, p.Ink, p.Sharpness, strings.Join(p.Warnings, " ")), err
		})
	}}
}

func timed(engine *meter, read func() (dossier.Layout, string, error)) (reading, error) {
	start, before := cpuTime(), *engine
	layout, remark, err := read()
	// What a kept answer took when it was new counts as if it had been taken now.
	in := engine.seconds - before.seconds
	own := (cpuTime() - start).Seconds() - (engine.real - before.real)
	return reading{text: layout.Text(), layout: layout, cpu: own + in, tesseract: in, remark: remark}, err
}

func firstPage(path string) (source.Original, source.Page, error) {
	original, err := source.Open(path, dossier.DefaultLimits())
	if err != nil {
		return nil, nil, err
	}
	page, err := original.Page(1)
	if err != nil {
		return nil, nil, errors.Join(err, original.Close())
	}
	return original, page, nil
}

// peer is OCRmyPDF as its users run it. An image that it refuses it gets again, flattened and with a resolution.
func peer() reader {
	r := reader{name: "ocrmypdf"}
	program, err := exec.LookPath("ocrmypdf")
	if err != nil {
		program, err = exec.LookPath("/opt/peer/bin/ocrmypdf")
	}
	if err != nil {
		r.missing = "it is not installed"
	}
	r.read = func(page accuracy.Page) (reading, error) {
		scratch, err := os.MkdirTemp("", "bench")
		if err != nil {
			return reading{}, err
		}
		defer os.RemoveAll(scratch)
		read, err := ocrmypdf(program, scratch, page.Path, page.Language)
		var refused *exec.ExitError
		if !errors.As(err, &refused) {
			return read, err
		}
		flat := filepath.Join(scratch, "flat.png")
		convert := exec.Command("convert", page.Path+"[0]", "-background", "white", "-alpha", "remove", "-alpha", "off", flat)
		if out, err := convert.CombinedOutput(); err != nil {
			return reading{}, fmt.Errorf("flatten: %w: %s", err, out)
		}
		read, err = ocrmypdf(program, scratch, flat, page.Language, "--image-dpi", "300")
		read.remark = "refused at first"
		return read, err
	}
	return r
}

func ocrmypdf(program, scratch, path, language string, more ...string) (reading, error) {
	text := filepath.Join(scratch, "text.txt")
	args := append([]string{
		"--quiet", "--jobs", "1", "--deskew", "--rotate-pages", "--language", language, "--sidecar", text,
	}, more...)
	cmd := exec.Command(program, append(args, path, filepath.Join(scratch, "out.pdf"))...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return reading{}, fmt.Errorf("run ocrmypdf: %w: %s", err, out)
	}
	data, err := os.ReadFile(text)
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return reading{text: string(data), cpu: used.Seconds()}, err
}
