package main

import (
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/source"
)

// What a page takes beside its own pixels: the binary, a language model, Tesseract's layout of an A4 page.
const baseNeed = 120 << 20

// drawnNeed is what a page takes that has to be drawn, of which the header says nothing: an A4 page at 300 dpi, in the
// worker that draws it or in the one that reads it.
const drawnNeed = baseNeed + 160<<20

// contents adds to what is in an original the memory that reading each page takes.
func contents(c source.Contents, profile dossier.Profile) *ocr.Contents {
	out := ocr.Contents{Format: c.Format, Signed: c.Signed, Warnings: c.Warnings}
	for _, p := range c.Pages {
		info := ocr.PageInfo{Width: p.Width, Height: p.Height, Bits: p.Bits, Draw: p.Draw, Need: drawnNeed}
		if !p.Draw {
			info.Need = need(p, c.Format, profile)
		}
		out.Pages = append(out.Pages, info)
	}
	return &out
}

// need estimates from the header the memory that reading a page takes, in bytes a pixel beside what every page takes.
// A JPEG is decoded to what is asked of it; anything else as it is, in colour where a preview is made of it, and then
// coded anew.
func need(p source.Info, format string, profile dossier.Profile) int64 {
	var perPixel int64
	switch {
	case p.Bits == 1:
		perPixel = 1
	case format == "jpeg" || p.Bits <= 8 || !profile.Preview:
		perPixel = 3
	default:
		perPixel = 8
	}
	return baseNeed + perPixel*int64(p.Width)*int64(p.Height)
}
