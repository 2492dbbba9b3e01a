package pdfa

import (
	"fmt"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// maxTitle bounds a document's title in letters: a text string of PDF/A holds 32,767 bytes (ISO 19005-2, 6.1.13), and
// no viewer shows more of a bookmark.
const maxTitle = 200

// outline is a bookmark a document, and PDF/A's list of them in the metadata. It keeps a destination a document until
// the last page is written.
type outline struct {
	documents    []dossier.Document
	destinations []string // of the documents whose first page was written
}

// checkDocuments wants documents in the order of their pages, none in another.
func checkDocuments(documents []dossier.Document) error {
	last := 0
	for i, d := range documents {
		if d.FirstPage <= last || d.LastPage < d.FirstPage {
			return fmt.Errorf("document %d goes from page %d to %d, the one before it to %d", i+1, d.FirstPage, d.LastPage, last)
		}
		last = d.LastPage
	}
	return nil
}

// page notes where a document begins: at the upright page's top left, in the zoom that the reader has chosen.
func (o *outline) page(number, object int, crop [4]float64) {
	if next := len(o.destinations); next < len(o.documents) && o.documents[next].FirstPage == number {
		o.destinations = append(o.destinations, fmt.Sprintf("[%s /XYZ %s null]", ref(object), nums(crop[0], crop[3])))
	}
}

// write writes the bookmarks and returns the catalog's entries for them.
func (o *outline) write(f *file, pages int) (string, error) {
	count := len(o.documents)
	if count == 0 {
		return "", nil
	}
	if last := o.documents[count-1].LastPage; last > pages {
		return "", fmt.Errorf("a document ends on page %d of %d", last, pages)
	}
	root := f.alloc()
	first := root + 1
	for range count {
		f.alloc()
	}
	f.object(root, fmt.Sprintf("<< /Type /Outlines /Count %d /First %s /Last %s >>", count, ref(first), ref(root+count)))
	for i := range o.documents {
		item := fmt.Sprintf("<< /Title %s /Parent %s /Dest %s", text(documentTitle(&o.documents[i])), ref(root), o.destinations[i])
		if i > 0 {
			item += " /Prev " + ref(first+i-1)
		}
		if i < count-1 {
			item += " /Next " + ref(first+i+1)
		}
		f.object(first+i, item+" >>")
	}
	entries := " /Outlines " + ref(root)
	if count > 1 {
		entries += " /PageMode /UseOutlines"
	}
	return entries, nil
}

// documentTitle is what people call a document: its title, else its pages.
func documentTitle(d *dossier.Document) string {
	title := []rune(plain(norm.NFC.String(d.Title)))
	switch {
	case len(title) > maxTitle:
		return string(title[:maxTitle-1]) + "…"
	case len(title) > 0:
		return string(title)
	case d.FirstPage == d.LastPage:
		return strconv.Itoa(d.FirstPage)
	}
	return fmt.Sprintf("%d–%d", d.FirstPage, d.LastPage)
}
