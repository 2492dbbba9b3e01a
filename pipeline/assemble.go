package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// assemble makes the rendition and metadata of a batch, stores them under the reserved version, and publishes.
func (p *Pipeline) assemble(ctx context.Context, batchID string) error {
	done := p.metrics.step("assemble")
	defer done()
	a, err := p.catalog.Assembly(ctx, batchID)
	if err != nil {
		return fmt.Errorf("reserve a version for batch %s: %w", batchID, err)
	}
	if a == nil {
		return nil
	}
	if len(a.Documents) == 0 {
		return p.rejectAll(ctx, a, dossier.Reject(dossier.CodeNoPages, "none of the files that it lists is left"))
	}
	fault("assemble.reserved")
	for {
		err := p.version(ctx, a)
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
		// Another run left other bytes under this version: they stay, and the next number is ours.
		if a.Version, err = p.catalog.NextVersion(ctx, batchID); err != nil {
			return fmt.Errorf("reserve the next version of %s: %w", a.Code, err)
		}
	}
}

// version writes, stores and publishes the reserved version.
func (p *Pipeline) version(ctx context.Context, a *catalog.Assembly) error {
	m := p.metadata(a)
	r, err := p.render(ctx, a, m)
	if err != nil {
		return fmt.Errorf("render %s: %w", a.Code, err)
	}
	defer r.Remove()
	if reason := m.Unreadable(); reason != nil {
		return p.rejectAll(ctx, a, reason)
	}
	objects, err := p.keepVersion(ctx, a, m, r)
	if err != nil {
		return fmt.Errorf("store %s version %d: %w", a.Code, a.Version, err)
	}
	fault("assemble.stored")
	return p.publish(ctx, a, m, objects)
}

// rejectAll ends a batch of which nothing can be published: every file that is left of it, and with the last one the batch.
func (p *Pipeline) rejectAll(ctx context.Context, a *catalog.Assembly, reason *dossier.Reason) error {
	for _, doc := range a.Documents {
		if err := p.reject(ctx, doc.Deposit, reason); err != nil {
			return err
		}
	}
	for _, ticket := range a.Tickets {
		if err := p.reject(ctx, ticket, reason); err != nil {
			return err
		}
	}
	return nil
}

// metadata begins the metadata of a version; its pages are added as they are written.
func (p *Pipeline) metadata(a *catalog.Assembly) *Metadata {
	m := NewMetadata(p.cfg.Tools)
	m.Dossier = MetadataDossier{
		Code: a.Code, Version: a.Version, Station: a.Station, Department: a.Documents[0].Deposit.Department, CreatedAt: a.CreatedAt,
	}
	for _, doc := range a.Documents {
		d := doc.Deposit
		m.AddDeposit(MetadataDeposit{
			ID: d.ID, Station: d.Station, Name: d.Name, ReceivedAt: d.ReceivedAt, ModifiedAt: d.ModifiedAt, SHA256: d.SHA256,
			Bytes: d.Bytes, Signature: d.Signature, Warnings: d.Warnings,
		})
	}
	m.Warnings = merge(m.Warnings, a.Warnings)
	return m
}

func (p *Pipeline) render(ctx context.Context, a *catalog.Assembly, m *Metadata) (*Rendition, error) {
	dir := filepath.Join(p.cfg.Scratch, "renditions")
	info := m.Info(p.cfg.Level, a.Code)
	var attachments []pdfa.Attachment
	if p.cfg.Level == dossier.Level3u {
		attachments = Attachments(m, p.layouts(ctx, a), p.signedOriginals(ctx, a))
	}
	return WriteRendition(ctx, dir, info, p.pages(ctx, a, m), attachments, p.validator)
}

// pages yields the pages of a version one at a time, as stored, and describes each in m.
func (p *Pipeline) pages(ctx context.Context, a *catalog.Assembly, m *Metadata) iter.Seq2[pdfa.Page, error] {
	return func(yield func(pdfa.Page, error) bool) {
		for i, ap := range a.InOrder() {
			page, err := loadPage(ctx, p.store, ap.ArtifactID)
			if err != nil {
				yield(pdfa.Page{}, err)
				return
			}
			next := pdfa.Page{Page: page, Label: strconv.Itoa(m.AddPage(i, page, storage.PageKey(ap.ArtifactID, "layout.json.gz")))}
			if format := page.Image.Format; format != "" {
				key := storage.PageKey(ap.ArtifactID, "image."+format.Ext())
				next.Image = func() (io.ReadCloser, error) { return p.store.Get(ctx, key) }
			}
			if !yield(next, nil) {
				return
			}
		}
	}
}

// layouts yields the pages again, for what is made of the layouts alone.
func (p *Pipeline) layouts(ctx context.Context, a *catalog.Assembly) iter.Seq2[*dossier.Page, error] {
	return func(yield func(*dossier.Page, error) bool) {
		for _, ap := range a.InOrder() {
			page, err := loadPage(ctx, p.store, ap.ArtifactID)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func (p *Pipeline) signedOriginals(ctx context.Context, a *catalog.Assembly) []SignedOriginal {
	var signed []SignedOriginal
	for _, doc := range a.Documents {
		if d := doc.Deposit; d.Signature != nil {
			signed = append(signed, SignedOriginal{
				Name: d.Name, ModifiedAt: d.ModifiedAt, Bytes: d.Bytes,
				Open: func() (io.ReadCloser, error) { return p.store.Get(ctx, storage.OriginalKey(d.SHA256)) },
			})
		}
	}
	return signed
}

// keepVersion stores rendition and metadata and returns what an event says of them and of the originals.
func (p *Pipeline) keepVersion(ctx context.Context, a *catalog.Assembly, m *Metadata, r *Rendition) (map[string]dossier.Object, error) {
	key := func(file string) string {
		return storage.DossierKey(m.Dossier.Department, a.Year, a.Code, a.Version, file)
	}
	f, err := os.Open(r.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	objects := map[string]dossier.Object{}
	pdf := dossier.Object{Key: key("dossier.pdf"), SHA256: r.SHA256, Bytes: r.Bytes}
	if err := p.store.Put(ctx, pdf.Key, f, storage.Digest{SHA256: pdf.SHA256, Bytes: pdf.Bytes}); err != nil {
		return nil, err
	}
	fault("assemble.pdf")
	m.Renditions = []MetadataRendition{{Key: pdf.Key, Level: p.cfg.Level, SHA256: r.SHA256, Bytes: r.Bytes, Pages: r.Pages}}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	meta := dossier.Object{Key: key("metadata.json"), SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	if err := p.store.Put(ctx, meta.Key, bytes.NewReader(data), storage.Digest{SHA256: meta.SHA256, Bytes: meta.Bytes}); err != nil {
		return nil, err
	}
	objects["pdf"], objects["metadata"] = p.linked(pdf), p.linked(meta)
	for i, doc := range a.Documents {
		objects[numbered("original", i)] = p.linked(storedOriginal(doc.Deposit))
	}
	for i, ticket := range a.Tickets {
		objects[numbered("ticket", i)] = p.linked(storedOriginal(ticket))
	}
	return objects, nil
}

// numbered tells the i-th of several of a name, from 0, from the first.
func numbered(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i+1)
}

func storedOriginal(d dossier.Deposit) dossier.Object {
	return dossier.Object{Key: storage.OriginalKey(d.SHA256), SHA256: d.SHA256, Bytes: d.Bytes}
}

// linked adds the API's URL of an object, where the configuration says under which address the API is reached.
func (p *Pipeline) linked(o dossier.Object) dossier.Object {
	if p.cfg.PublicURL == "" {
		return o
	}
	segments := strings.Split(o.Key, "/")
	for i := range segments {
		segments[i] = url.PathEscape(segments[i])
	}
	o.URL = p.cfg.PublicURL + "/api/v1/objects/" + strings.Join(segments, "/")
	return o
}

// publish commits version, event, deliveries and the station's notice together.
func (p *Pipeline) publish(ctx context.Context, a *catalog.Assembly, m *Metadata, objects map[string]dossier.Object) error {
	facts := &dossier.DossierFacts{
		Code: a.Code, Version: a.Version, Department: m.Dossier.Department, Station: a.Station, Pages: len(m.Pages),
		Warnings: m.Warnings, Fields: map[string]json.RawMessage{},
	}
	for _, d := range m.Deposits {
		facts.Documents = append(facts.Documents, dossier.DocumentFacts{First: d.FirstPage, Last: d.LastPage, Name: d.Name})
	}
	err := p.catalog.Publish(ctx, catalog.Published{
		BatchID: a.BatchID, Code: a.Code, Version: a.Version, Pages: len(m.Pages), Warnings: m.Warnings,
		Event: dossier.EventData{Dossier: facts, Objects: objects},
	})
	if err != nil {
		return fmt.Errorf("publish %s version %d: %w", a.Code, a.Version, err)
	}
	fault("publish.committed")
	p.metrics.deposits.WithLabelValues(a.Station, string(dossier.StatePublished)).Add(float64(len(a.Documents) + len(a.Tickets)))
	p.log.Info("dossier published", "dossier", a.Code, "version", a.Version, "pages", len(m.Pages), "words", m.Text.Words, "pdf", objects["pdf"].Key)
	return nil
}
