package main_test

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sheet is a page's size and the words on it, in whatever unit its file has.
type sheet struct {
	width, height float64
	words         []boxed
}

// boxed is a word and its box: left, top, right, bottom.
type boxed struct {
	text string
	box  [4]float64
}

// hocrPages reads the words of a page of dossierd's hOCR.
func hocrPages(t *testing.T, file string) []sheet {
	t.Helper()
	type node struct {
		Class string `xml:"class,attr"`
		Title string `xml:"title,attr"`
	}
	var pages []sheet
	d := xml.NewDecoder(strings.NewReader(string(content(t, file))))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if token == nil || err != nil {
			return pages
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		var n node
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "class":
				n.Class = a.Value
			case "title":
				n.Title = a.Value
			}
		}
		switch n.Class {
		case "ocr_page":
			box := hocrBox(t, n.Title)
			pages = append(pages, sheet{width: box[2], height: box[3]})
		case "ocrx_word":
			var text string
			if err := d.DecodeElement(&text, &start); err != nil {
				t.Fatal(err)
			}
			page := &pages[len(pages)-1]
			page.words = append(page.words, boxed{text: text, box: hocrBox(t, n.Title)})
		}
	}
}

var hocrBoxes = regexp.MustCompile(`bbox (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+)`)

func hocrBox(t *testing.T, title string) (box [4]float64) {
	t.Helper()
	found := hocrBoxes.FindStringSubmatch(title)
	if found == nil {
		t.Fatalf("no box in %q", title)
	}
	for i, s := range found[1:] {
		box[i], _ = strconv.ParseFloat(s, 64)
	}
	return box
}

// bboxPages reads the words that pdftotext finds.
func bboxPages(t *testing.T, file string) []sheet {
	t.Helper()
	var doc struct {
		Pages []struct {
			Width  float64 `xml:"width,attr"`
			Height float64 `xml:"height,attr"`
			Words  []struct {
				X0   float64 `xml:"xMin,attr"`
				Y0   float64 `xml:"yMin,attr"`
				X1   float64 `xml:"xMax,attr"`
				Y1   float64 `xml:"yMax,attr"`
				Text string  `xml:",chardata"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	d := xml.NewDecoder(strings.NewReader(output(t, "pdftotext", "-bbox", "-cropbox", file, "-")))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	pages := make([]sheet, len(doc.Pages))
	for i, p := range doc.Pages {
		pages[i] = sheet{width: p.Width, height: p.Height}
		for _, w := range p.Words {
			pages[i].words = append(pages[i].words, boxed{text: w.Text, box: [4]float64{w.X0, w.Y0, w.X1, w.Y1}})
		}
	}
	return pages
}

// matches pairs the words that stand once on a page in both readings: -bbox gives them in another order than they were
// written.
func matches(a, b []boxed) (pairs [][2]int) {
	count := map[string]int{}
	for _, w := range a {
		count[w.text]++
	}
	found := map[string][]int{}
	for j, w := range b {
		found[w.text] = append(found[w.text], j)
	}
	for i, w := range a {
		if js := found[w.text]; len(js) == 1 && count[w.text] == 1 {
			pairs = append(pairs, [2]int{i, js[0]})
		}
	}
	return pairs
}

// distance is how far the edges of a word's two boxes are apart at most, in points; a is in pixels. Up and down it is
// what one box reaches out of the other, since the words of a line share their height in the PDF; a word that was read
// as reaching into the next one ends earlier, and only its other edges count.
func distance(a, b sheet, pair [2]int) float64 {
	sx, sy := b.width/a.width, b.height/a.height
	p, q := a.words[pair[0]].box, b.words[pair[1]].box
	far := math.Abs(p[0]*sx - q[0])
	if !runsInto(a.words, pair[0]) {
		far = max(far, math.Abs(p[2]*sx-q[2]))
	}
	up, down := p[1]*sy-q[1], q[3]-p[3]*sy
	if up*down >= 0 {
		return far
	}
	return max(far, min(math.Abs(up), math.Abs(down)))
}

// runsInto says whether a word's box leaves its successor less than a thin space.
func runsInto(words []boxed, i int) bool {
	if i+1 >= len(words) {
		return false
	}
	p, next := words[i].box, words[i+1].box
	return next[0] > p[0] && next[0] < p[2]+0.2*(p[3]-p[1]) && next[1] < p[3] && next[3] > p[1]
}
