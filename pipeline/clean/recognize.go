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

// dropGuesses leaves out what is no print: signatures, stamps, QR codes and pictures come out of the engine as letters
// in which it hardly believes itself, a line of them or a whole block.
func dropGuesses(l *dossier.Layout) {
	const (
		leastLine  = 0.2 // mean confidence of the letters
		leastBlock = 0.3
	)
	for b := range l.Blocks {
		for i := range l.Blocks[b].Paragraphs {
			par := &l.Blocks[b].Paragraphs[i]
			par.Lines = slices.DeleteFunc(par.Lines, func(line dossier.Line) bool {
				return confidence(dossier.Block{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}) < leastLine &&
					hasLetters(line)
			})
		}
		l.Blocks[b].Paragraphs = slices.DeleteFunc(l.Blocks[b].Paragraphs, func(p dossier.Paragraph) bool {
			return len(p.Lines) == 0
		})
	}
	l.Blocks = slices.DeleteFunc(l.Blocks, func(b dossier.Block) bool {
		return len(b.Paragraphs) == 0 || confidence(b) < leastBlock
	})
}

func confidence(b dossier.Block) float64 {
	l := dossier.Layout{Blocks: []dossier.Block{b}}
	_, sure := l.Words()
	return sure
}

// hasLetters tells a line of writing from one of dashes, which the engine is never sure of.
func hasLetters(line dossier.Line) bool {
	return slices.ContainsFunc(line.Words, func(w dossier.Word) bool {
		return strings.ContainsFunc(w.Text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
	})
}
