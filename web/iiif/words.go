package iiif

import (
	"bytes"
	"math"
	"net/http"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// pageWords is the answer of words.json: what a viewer lays over the page as text that can be selected.
type pageWords struct {
	Width    int        `json:"width"` // of page space, px
	Height   int        `json:"height"`
	Language string     `json:"language,omitempty"`
	Lines    []wordLine `json:"lines"` // in reading order
}

// wordLine is one line of print; its words are counted on from those before it.
type wordLine struct {
	Box   [4]int     `json:"box"` // left, top, width, height
	Words []pageWord `json:"words"`
}

type pageWord struct {
	Text       string  `json:"text"`
	Box        [4]int  `json:"box"`
	Confidence float64 `json:"confidence"` // 0..1
}

// words lists the words of a page with their boxes. Word i of all lines together is word i of a search's answer.
func (s *server) words(w http.ResponseWriter, r *http.Request) {
	shown, ok := s.page(w, r, whole)
	if !ok {
		return
	}
	page, err := s.pages.ReadPage(r.Context(), shown.ArtifactID)
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	out := pageWords{Width: page.Width, Height: page.Height, Language: page.Language, Lines: []wordLine{}}
	for line := range page.Layout.Lines {
		l := wordLine{Box: around(line.Box), Words: []pageWord{}}
		for _, word := range line.Words {
			const thousandth = 1000
			l.Words = append(l.Words, pageWord{word.Text, around(word.Box), math.Round(word.Confidence*thousandth) / thousandth})
		}
		out.Lines = append(out.Lines, l)
	}
	writeJSON(w, r, "", false, out)
}

// around is the box of whole pixels around another: left, top, width, height.
func around(b dossier.Box) [4]int {
	x, y := math.Floor(b.X0), math.Floor(b.Y0)
	return [4]int{int(x), int(y), int(math.Ceil(b.X1) - x), int(math.Ceil(b.Y1) - y)}
}

// alto gives the layout of a page as ALTO 4.
func (s *server) alto(w http.ResponseWriter, r *http.Request) {
	shown, ok := s.page(w, r, whole)
	if !ok {
		return
	}
	page, err := s.pages.ReadPage(r.Context(), shown.ArtifactID)
	var b bytes.Buffer
	if err == nil {
		err = ocr.WriteALTO(&b, ocr.Single(page))
	}
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // a client gone is its own affair
}
