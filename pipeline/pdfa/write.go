// Package pdfa writes pages as PDF/A and reads the result back.
//
// It owns the PDF: objects, page geometry, the invisible text layer, metadata and attachments. It never looks inside an
// image: dossier.PageImage says how its bytes are coded. Where pages come from and where the file goes is for pipeline.
// Neither writing nor checking holds more than a page's text, some bytes a page and some hundred a document in memory. veraPDF, qpdf and poppler
// judge the output in the tests.
package pdfa

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Info is what a document says of itself. The same Info, pages and attachments give the same bytes. Its languages are
// those of its pages, the one with the most pages first.
type Info struct {
	Level       dossier.Level
	Title       string
	CreatedAt   time.Time // to the second, in its own zone
	ModifiedAt  time.Time
	CreatorTool string // what read the pages, with its version
	Producer    string // what wrote the file, with its version
	Properties  Properties
	// Documents are the papers in the order of their pages, each a bookmark and an entry of the metadata: kind, title and
	// pages of it, never its fields. Whoever opens the file reads the titles: the caller masks personal data in them.
	Documents []dossier.Document
}

// Properties are dossierd's own XMP properties. What is empty is left out.
type Properties struct {
	Dossier    string   // code
	Version    int      // from 1
	Procedure  string   // code
	Department string   //
	Station    string   //
	Originals  []string // SHA-256 in lower-case hexadecimal
}

// Page is one page to write.
type Page struct {
	Page *dossier.Page
	// Image opens the blob that Page.Image.Parts point into. nil, or a Page.Image without Format, makes a placeholder:
	// a page that says in Vietnamese, French and English that it could not be read.
	Image func() (io.ReadCloser, error)
	// Label is what viewers call the page; "" stands for its number.
	Label string
}

// Attachment is a file within a PDF/A-3.
type Attachment struct {
	Name         string // unique
	MIME         string
	Description  string
	Relationship string // Source, Data, Alternative, Supplement or Unspecified
	ModifiedAt   time.Time
	// Open is called once, after the last page was written.
	Open func() (io.ReadCloser, error)
	// Bytes is what Open's reader must yield; 0 where that is not known beforehand.
	Bytes int64
}

// document is a PDF/A in the making.
type document struct {
	f       *file
	info    *Info
	tree    pageTree
	labels  pageLabels
	outline outline
	spoken  languages
	font    *font
	cmyk    []byte
	shared  map[[32]byte]int
	pending []sharedStream
}

// Write writes the pages as one PDF/A to w, each as it comes. An error leaves a useless beginning of a file in w.
// Errors of pages and readers are wrapped; what the level does not allow is an error, never a lesser file.
func Write(ctx context.Context, w io.Writer, info Info, pages iter.Seq2[Page, error], attachments []Attachment) error {
	if err := checkInfo(&info, attachments); err != nil {
		return err
	}
	version := "1.7"
	if info.Level == dossier.Level1b {
		version = "1.4"
	}
	d := &document{
		f: newFile(w, version), info: &info, outline: outline{documents: info.Documents}, font: newFont(), shared: map[[32]byte]int{},
	}
	for page, err := range pages {
		if err == nil {
			err = errors.Join(ctx.Err(), d.f.err)
		}
		if err != nil {
			return err
		}
		if err := d.page(page); err != nil {
			return fmt.Errorf("write page %d: %w", d.labels.pages+1, err)
		}
		d.labels.add(page.Label)
		d.spoken.add(page.Page.Language)
	}
	if d.tree.count == 0 {
		return errors.New("a document without pages")
	}
	if d.font.full {
		return fmt.Errorf("a document with more than %d different letters", maxCodes)
	}
	return d.finish(ctx, attachments)
}

func checkInfo(info *Info, attachments []Attachment) error {
	if !info.Level.Valid() {
		return fmt.Errorf("unknown PDF/A level %q", info.Level)
	}
	if info.Level != dossier.Level3u && len(attachments) > 0 {
		return fmt.Errorf("PDF/A-%s has no attachments", info.Level)
	}
	return checkDocuments(info.Documents)
}

// finish writes what belongs to the document as a whole.
func (d *document) finish(ctx context.Context, attachments []Attachment) error {
	d.tree.write(d.f)
	if d.font.number > 0 {
		d.font.write(d.f)
	}
	bookmarks, err := d.outline.write(d.f, d.tree.count)
	if err != nil {
		return err
	}
	files, err := d.attach(ctx, attachments)
	if err != nil {
		return err
	}
	root, info := d.f.alloc(), d.f.alloc()
	d.catalog(root, bookmarks+files)
	d.information(info)
	return d.f.finish(root, info)
}

func (d *document) catalog(root int, entries string) {
	metadata, intent := d.f.alloc(), d.f.alloc()
	var b strings.Builder
	fmt.Fprintf(&b, "<< /Type /Catalog /Pages %s /Metadata %s %s", ref(d.tree.root), ref(metadata), d.labels.entry())
	fmt.Fprintf(&b, " /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"+
		" /Info (sRGB IEC61966-2.1) /DestOutputProfile %s >>]", ref(intent))
	spoken := d.spoken.tags()
	if len(spoken) > 0 {
		b.WriteString(" /Lang " + text(spoken[0]))
	}
	if plain(d.info.Title) != "" {
		b.WriteString(" /ViewerPreferences << /DisplayDocTitle true >>")
	}
	d.f.object(root, b.String()+entries+" >>")
	d.f.stream(metadata, "/Type /Metadata /Subtype /XML", xmp(d.info, spoken))
	d.f.flate(intent, "/N 3", sRGB())
}

func (d *document) information(number int) {
	var b strings.Builder
	for _, entry := range []struct{ key, value string }{
		{"Title", d.info.Title}, {"Creator", d.info.CreatorTool}, {"Producer", d.info.Producer},
	} {
		if value := plain(entry.value); value != "" {
			fmt.Fprintf(&b, "/%s %s ", entry.key, text(value))
		}
	}
	d.f.object(number, fmt.Sprintf("<< %s/CreationDate %s /ModDate %s >>", b.String(), date(d.info.CreatedAt), date(d.info.ModifiedAt)))
}
