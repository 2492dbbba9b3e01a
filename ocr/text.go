package ocr

import (
	"bufio"
	"io"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// WriteText writes a layout as plain text in NFC: a line for each line, an empty one between paragraphs.
func WriteText(w io.Writer, layout *dossier.Layout) error {
	out := bufio.NewWriter(w)
	written := false // a paragraph stands above
	for b := range layout.Blocks {
		for p := range layout.Blocks[b].Paragraphs {
			paragraph := &layout.Blocks[b].Paragraphs[p]
			between := written
			for _, line := range paragraph.Lines {
				if len(line.Words) == 0 {
					continue
				}
				if between {
					_ = out.WriteByte('\n')
					between = false
				}
				textLine(out, line.Words)
				written = true
			}
		}
	}
	return out.Flush()
}

func textLine(out *bufio.Writer, words []dossier.Word) {
	for i, w := range words {
		if i > 0 {
			_ = out.WriteByte(' ')
		}
		_, _ = out.WriteString(norm.NFC.String(w.Text))
	}
	_ = out.WriteByte('\n')
}
