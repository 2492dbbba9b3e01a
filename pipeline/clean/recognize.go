package clean

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// recognize reads the page, once. Where the model of its language is missing, another one of the station's is tried,
// English last.
func (r *Reader) recognize(p *page, languages []string) error {
	tried := append([]string{p.language}, slices.DeleteFunc(append(slices.Clone(languages), english), func(l string) bool {
		return l == p.language
	})...)
	for i, language := range tried {
		layout, err := r.engine.recognize(p.work.pix, p.workDPI(), language, ocr.ModePage)
		if errors.Is(err, ocr.ErrNoModel) && i+1 < len(tried) {
			p.warn(dossier.WarnLanguageModelMissing)
			continue
		}
		if err != nil {
			return fmt.Errorf("read page: %w", err)
		}
		p.language, p.layout = language, layout
		break
	}
	p.isUpright = readsUpright(&p.layout)
	fillTables(&p.layout, p.tables)
	dropGuesses(&p.layout)
	if p.language == vietnamese {
		mendStrokes(&p.layout)
		unmixColumns(&p.layout, p.work.width, p.work.height)
	}
	space, _ := pageSpace(p.width, p.height, p.res, p.lie)
	place(&p.layout, p.work.frame, space)
	return nil
}

// mendStrokes puts the Vietnamese letter for the Icelandic eth, which looks the same and is what Tesseract often gives.
func mendStrokes(l *dossier.Layout) {
	for line := range l.Lines {
		for i := range line.Words {
			line.Words[i].Text = strings.ReplaceAll(line.Words[i].Text, "\u00d0", "\u0110")
		}
	}
}

// dropGuesses leaves out what is no print: signatures, stamps, QR codes and pictures come out of the engine as lines of
// letters in which it hardly believes itself.
func dropGuesses(l *dossier.Layout) {
	const least = 0.15 // mean confidence of the letters
	for b := range l.Blocks {
		block := &l.Blocks[b]
		for i := range block.Paragraphs {
			par := &block.Paragraphs[i]
			par.Lines = slices.DeleteFunc(par.Lines, func(line dossier.Line) bool {
				return hasLetters(line) && confidence(line) < least
			})
		}
		block.Paragraphs = slices.DeleteFunc(block.Paragraphs, func(p dossier.Paragraph) bool { return len(p.Lines) == 0 })
	}
	l.Blocks = slices.DeleteFunc(l.Blocks, func(b dossier.Block) bool { return len(b.Paragraphs) == 0 })
}

func confidence(line dossier.Line) float64 {
	l := dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}}}
	_, sure := l.Words()
	return sure
}

// hasLetters tells a line of writing from one of dashes or digits, of which the engine is often unsure.
func hasLetters(line dossier.Line) bool {
	return slices.ContainsFunc(line.Words, func(w dossier.Word) bool { return strings.ContainsFunc(w.Text, unicode.IsLetter) })
}
