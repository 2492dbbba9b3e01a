package pipeline

import (
	"encoding/json"
	"io"
	"iter"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// SignedOriginal is an original whose digital signature the rendition can't carry: at PDF/A-3u it is attached whole.
type SignedOriginal struct {
	Name       string
	ModifiedAt time.Time
	Bytes      int64
	Open       func() (io.ReadCloser, error)
}

// Info is what the rendition says of itself.
func (m *Metadata) Info(level dossier.Level, title string) pdfa.Info {
	originals := make([]string, 0, len(m.Deposits))
	for _, d := range m.Deposits {
		originals = append(originals, d.SHA256)
	}
	return pdfa.Info{
		Level: level, Title: title, CreatedAt: m.Dossier.CreatedAt, ModifiedAt: m.modified(),
		Documents:   m.Documents,
		CreatorTool: "Tesseract " + m.Tools["tesseract"], Producer: "dossierd " + m.Tools["dossierd"],
		Properties: pdfa.Properties{
			Dossier: m.Dossier.Code, Version: m.Dossier.Version, Procedure: m.Dossier.Procedure, Department: m.Dossier.Department, Station: m.Dossier.Station,
			Originals: originals,
		},
	}
}

// Attachments are what a PDF/A-3u carries: the metadata, the layouts as ALTO, and signed originals. They are made when
// the last page is written; only then m is complete.
func Attachments(m *Metadata, pages iter.Seq2[*dossier.Page, error], signed []SignedOriginal) []pdfa.Attachment {
	stream := func(write func(io.Writer) error) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) {
			r, w := io.Pipe()
			go func() { w.CloseWithError(write(w)) }()
			return r, nil
		}
	}
	attachments := []pdfa.Attachment{{
		Name: "metadata.json", MIME: "application/json", Description: "What dossierd knows of these pages",
		Relationship: "Data", ModifiedAt: m.modified(),
		Open: stream(func(w io.Writer) error {
			out := json.NewEncoder(w)
			out.SetIndent("", "  ")
			return out.Encode(m)
		}),
	}, {
		Name: "layout.alto.xml", MIME: "application/xml", Description: "Words and their places, ALTO 4",
		Relationship: "Supplement", ModifiedAt: m.modified(),
		Open: stream(func(w io.Writer) error { return ocr.WriteALTO(w, pages) }),
	}}
	for _, s := range signed {
		attachments = append(attachments, pdfa.Attachment{
			Name: s.Name, MIME: "application/pdf", Description: "The signed original", Relationship: "Source",
			ModifiedAt: s.ModifiedAt, Bytes: s.Bytes, Open: s.Open,
		})
	}
	return attachments
}
