package clean

import (
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// keep takes the text that came with the page instead of reading it.
func (p *page) keep(layout dossier.Layout, languages []string) error {
	for line := range layout.Lines {
		for i := range line.Words {
			line.Words[i].Text = norm.NFC.String(line.Words[i].Text)
		}
		line.Words = slices.DeleteFunc(line.Words, func(w dossier.Word) bool { return w.Text == "" })
	}
	if len(languages) > 0 {
		p.language = languages[0]
	}
	if spoken := languageOf(&layout, languages); spoken != "" {
		p.language = spoken
	}
	space, _ := pageSpace(p.width, p.height, p.res, p.lie)
	place(&layout, storedFrame(p.width, p.height), space)
	p.layout = layout
	if min(p.width, p.height) < minSide {
		return nil
	}
	return p.lookAt(layout)
}

func (p *page) lookAt(layout dossier.Layout) error {
	t, err := p.thumb()
	if err != nil {
		return err
	}
	defer t.pix.Close()
	if err := p.glance(t); err != nil {
		return err
	}
	if words, _ := layout.Words(); words > 0 {
		p.blank = false
	}
	return p.judgeSharpness()
}
