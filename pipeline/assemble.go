package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// busy is how long a batch waits for a dossier of which another version is being made, or for one to be published of which it has
// new scans.
const busy = 500 * time.Millisecond

// assemble makes dossiers of a batch: it separates the stack, reserves a version of each dossier, and makes those.
func (p *Pipeline) assemble(ctx context.Context, batchID string) error {
	done := p.metrics.step("assemble")
	defer done()
	a, err := p.catalog.Assembly(ctx, batchID)
	if errors.Is(err, catalog.ErrBusy) {
		return catalog.Snooze(err, busy)
	}
	if err != nil {
		return fmt.Errorf("read batch %s: %w", batchID, err)
	}
	if a == nil {
		return nil
	}
	layouts := p.newShelf()
	versions := a.Reserved
	if len(versions) == 0 {
		parts, err := p.separate(ctx, a, layouts)
		if errors.Is(err, catalog.ErrBusy) {
			return catalog.Snooze(err, busy)
		}
		if err != nil || len(parts) == 0 {
			return err
		}
		versions, err = p.catalog.Reserve(ctx, batchID, parts)
		if errors.Is(err, catalog.ErrBusy) {
			return catalog.Snooze(err, busy)
		}
		if err != nil {
			return fmt.Errorf("reserve versions for batch %s: %w", batchID, err)
		}
	}
	fault("assemble.reserved")
	return p.revise(ctx, batchID, versions, layouts)
}

// decided makes the versions of a decision.
func (p *Pipeline) decided(ctx context.Context, revision string) error {
	versions, err := p.catalog.Revision(ctx, revision)
	if err != nil || len(versions) == 0 {
		return err
	}
	return p.revise(ctx, revision, versions, p.newShelf())
}

// revise makes the reserved versions of a revision and publishes them together.
func (p *Pipeline) revise(ctx context.Context, revision string, versions []catalog.Version, layouts *shelf) error {
	published := catalog.Published{Revision: revision}
	for _, v := range versions {
		made, err := p.makeVersion(ctx, &v, layouts)
		if err != nil {
			return fmt.Errorf("make %s version %d: %w", v.Dossier.Code, v.Number, err)
		}
		published.Versions = append(published.Versions, made)
	}
	return p.publish(ctx, published, versions)
}

// makeVersion renders and stores a version under a number that nothing else lies under.
func (p *Pipeline) makeVersion(ctx context.Context, v *catalog.Version, layouts *shelf) (catalog.PublishedVersion, error) {
	for {
		made, err := p.version(ctx, v, layouts)
		if !errors.Is(err, storage.ErrConflict) {
			return made, err
		}
		// Another run left other bytes under this version: they stay, and the next number is ours.
		if v.Number, err = p.catalog.NextVersion(ctx, v.Dossier.Code, v.Number); err != nil {
			return made, err
		}
	}
}

// version renders and stores a version, and says what is to be published of it.
func (p *Pipeline) version(ctx context.Context, v *catalog.Version, layouts *shelf) (catalog.PublishedVersion, error) {
	r := &record{version: v, layouts: layouts, metadata: p.metadata(v)}
	if err := p.describe(ctx, r); err != nil {
		return catalog.PublishedVersion{}, fmt.Errorf("describe: %w", err)
	}
	rendition, err := p.render(ctx, r)
	if err != nil {
		return catalog.PublishedVersion{}, fmt.Errorf("render: %w", err)
	}
	defer rendition.Remove()
	objects, err := p.keepVersion(ctx, r, rendition)
	if err != nil {
		return catalog.PublishedVersion{}, fmt.Errorf("store: %w", err)
	}
	fault("assemble.stored")
	return r.published(objects, p.station(v.Dossier.Station).Language)
}

// record is a version in the making.
type record struct {
	version  *catalog.Version
	layouts  *shelf
	metadata *Metadata
	private  Private
	personal []string  // ids of the pages that are identity papers
	readings []reading // of the pages, in order
	sheets   []bool    // by document: slips and separator sheets, which are no papers

	identities []catalog.Identity
	gaps       []catalog.Gap
}

// metadata begins the metadata of a version; its pages are added as they are written.
func (p *Pipeline) metadata(v *catalog.Version) *Metadata {
	m := NewMetadata(p.cfg.Tools)
	d := v.Dossier
	m.Dossier = MetadataDossier{
		Code: d.Code, Version: v.Number, Station: d.Station, Department: d.Department, CreatedAt: d.ReceivedAt, ModifiedAt: v.At,
	}
	for _, d := range v.Deposits {
		m.AddDeposit(MetadataDeposit{
			ID: d.ID, Station: d.Station, Name: d.Name, ReceivedAt: d.ReceivedAt, ModifiedAt: d.ModifiedAt, SHA256: d.SHA256,
			Bytes: d.Bytes, Signature: maskedSignature(d.Signature), Warnings: d.Warnings,
		})
	}
	m.Warnings = merge(m.Warnings, v.Plan.Warnings)
	return m
}

func (p *Pipeline) render(ctx context.Context, r *record) (*Rendition, error) {
	dir := filepath.Join(p.cfg.Scratch, "renditions")
	info := r.metadata.Info(p.cfg.Level, r.metadata.Dossier.Code)
	var attachments []pdfa.Attachment
	if p.cfg.Level == dossier.Level3u {
		attachments = Attachments(r.metadata, r.pages(ctx), p.signedOriginals(ctx, r.version))
	}
	return WriteRendition(ctx, dir, info, p.pages(ctx, r), attachments, p.validator)
}

// pages yields the pages of a version one at a time, as stored, and describes each in the metadata.
func (p *Pipeline) pages(ctx context.Context, r *record) iter.Seq2[pdfa.Page, error] {
	return func(yield func(pdfa.Page, error) bool) {
		var places []separate.Place
		for id, page := range r.version.InOrder() {
			read, err := r.layouts.page(ctx, page.ArtifactID)
			if err != nil {
				yield(pdfa.Page{}, err)
				return
			}
			places = append(places, separate.PlaceOf(read))
			r.readings = append(r.readings, wordsRead(page.ArtifactID, &read.Layout))
			number := r.metadata.AddPage(page.Deposit, read, id, storage.PageKey(page.ArtifactID, "layout.json.gz"))
			next := pdfa.Page{Page: read, Label: strconv.Itoa(number)}
			if format := read.Image.Format; format != "" {
				key := storage.PageKey(page.ArtifactID, "image."+format.Ext())
				next.Image = func() (io.ReadCloser, error) { return p.store.Get(ctx, key) }
			}
			if !yield(next, nil) {
				return
			}
		}
		station := p.station(r.version.Dossier.Station)
		r.findGaps(places, station.CutAt, station.Language)
	}
}

// pages yields the pages again, for what is made of the layouts alone.
func (r *record) pages(ctx context.Context) iter.Seq2[*dossier.Page, error] {
	return func(yield func(*dossier.Page, error) bool) {
		for _, page := range r.version.InOrder() {
			read, err := r.layouts.page(ctx, page.ArtifactID)
			if !yield(read, err) || err != nil {
				return
			}
		}
	}
}

func (p *Pipeline) signedOriginals(ctx context.Context, v *catalog.Version) []SignedOriginal {
	var signed []SignedOriginal
	for _, d := range v.Deposits {
		if d.Signature != nil {
			signed = append(signed, SignedOriginal{
				Name: dossier.MaskText(d.Name), ModifiedAt: d.ModifiedAt, Bytes: d.Bytes,
				Open: func() (io.ReadCloser, error) { return p.store.Get(ctx, storage.OriginalKey(d.SHA256)) },
			})
		}
	}
	return signed
}
