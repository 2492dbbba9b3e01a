package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// page reads one page and stores what was read. Page 1 also finds out what else is in the deposit.
func (p *Pipeline) page(ctx context.Context, key catalog.PageKey) error {
	st := p.station(key.Deposit.Station)
	profile := st.Profile
	profile.Limits, profile.Level, profile.Preview = p.cfg.Limits, p.cfg.Level, true
	profile.Plain = key.Deposit.Retry != nil && key.Deposit.Retry.Plain
	profileKey := p.profileKey(profile)
	if key.Number == 1 && key.Deposit.State == dossier.StateReceived {
		if reused, err := p.reuse(ctx, key, profileKey); reused || err != nil {
			return err
		}
	}
	file, release, err := p.originals.acquire(ctx, key.Deposit.SHA256)
	if err != nil {
		return err
	}
	defer release()
	contents, err := p.open(ctx, file, key, profile)
	if rejection := (*dossier.Reason)(nil); errors.As(err, &rejection) {
		return p.reject(ctx, key.Deposit, rejection)
	} else if err != nil {
		return fmt.Errorf("open %s: %w", key.Deposit.ID, err)
	}
	split, err := p.split(ctx, key, contents)
	if err != nil {
		return err
	}
	done := p.metrics.step("read")
	reading, err := p.workers.Read(ctx, originalOf(key.Deposit, file), key.Number, contents.Pages[key.Number-1], profile)
	done()
	if err != nil {
		return fmt.Errorf("read page %d of %s: %w", key.Number, key.Deposit.ID, err)
	}
	if reading.Look != nil {
		reading.Look.Pages = len(contents.Pages)
		p.addStreaks(key.Deposit.Station, reading.Look)
	}
	return p.pageRead(ctx, key, split, profileKey, reading)
}

// open asks a worker what is in an original, once for all its pages. The error is a *dossier.Reason where the page is not
// among them: there is none, or another version of the worker sees fewer than the one that found this page.
func (p *Pipeline) open(ctx context.Context, file *original, key catalog.PageKey, profile dossier.Profile) (*ocr.Contents, error) {
	file.mu.Lock()
	defer file.mu.Unlock()
	if file.contents == nil {
		contents, err := p.workers.Open(ctx, originalOf(key.Deposit, file), profile)
		if err != nil {
			return nil, err
		}
		file.contents = contents
	}
	switch pages := len(file.contents.Pages); {
	case pages == 0:
		return nil, dossier.Reject(dossier.CodeNoPages, "no page was found")
	case key.Number > pages:
		return nil, &dossier.Reason{Code: dossier.CodeDamaged, Page: key.Number, Detail: fmt.Sprintf("%d pages are left", pages)}
	}
	return file.contents, nil
}

// originalOf names the deposit by its id: the name of its file may tell of a person, and ends up in errors and logs.
func originalOf(d dossier.Deposit, file *original) ocr.Original {
	return ocr.Original{ID: d.SHA256, Path: file.path, Name: d.ID}
}

// split records the pages after the first. Those of a deposit of several pages commit at once, so that other workers
// can begin; a single page commits together with its reading, and is returned.
func (p *Pipeline) split(ctx context.Context, key catalog.PageKey, c *ocr.Contents) (*catalog.Split, error) {
	if key.Number != 1 {
		return nil, nil
	}
	s := catalog.Split{DepositID: key.Deposit.ID, Pages: len(c.Pages), Signature: c.Signed, Warnings: c.Warnings}
	if s.Pages == 1 {
		return &s, nil
	}
	if err := p.catalog.Split(ctx, s); err != nil {
		return nil, fmt.Errorf("record the pages of %s: %w", key.Deposit.ID, err)
	}
	fault("page.split")
	return nil, nil
}

// pageRead stores a page's artifacts, then records the page.
func (p *Pipeline) pageRead(ctx context.Context, key catalog.PageKey, split *catalog.Split, profileKey string, r *ocr.Reading) error {
	says, personal := p.meaningOf(&r.Page), p.isIdentity(&r.Page)
	if personal {
		r.Preview, r.Thumb = nil, nil
	}
	if err := p.keepArtifacts(ctx, key.ID, r); err != nil {
		return fmt.Errorf("store page %s: %w", key.ID, err)
	}
	fault("page.stored")
	words, confidence := r.Page.Layout.Words()
	done := catalog.PageDone{
		PageID: key.ID, Split: split, ArtifactID: key.ID, ProfileKey: profileKey, Language: r.Page.Language,
		Words: words, Confidence: confidence, Blank: r.Page.Blank, Rotation: r.Page.Rotation, Personal: personal, Warnings: r.Page.Warnings, Seconds: r.CPU.Seconds(),
		Sheet: says.sheet(), Look: r.Look, Thumb: len(r.Thumb) > 0,
	}
	if r.Look != nil {
		done.Advised = p.advised(key.Deposit.Station, r.Look)
	}
	if err := p.catalog.PageDone(ctx, done); err != nil {
		return fmt.Errorf("record page %s: %w", key.ID, err)
	}
	fault("page.recorded")
	p.metrics.page(r)
	return nil
}

func (p *Pipeline) keepArtifacts(ctx context.Context, id string, r *ocr.Reading) error {
	layout, err := EncodePage(&r.Page)
	if err != nil {
		return err
	}
	if len(r.Image) > 0 {
		if err := p.putArtifact(ctx, storage.PageKey(id, "image."+r.Page.Image.Format.Ext()), r.Image); err != nil {
			return err
		}
	}
	for file, picture := range map[string][]byte{"preview.jpg": r.Preview, "thumb.jpg": r.Thumb} {
		if len(picture) > 0 {
			if err := p.putArtifact(ctx, storage.PageKey(id, file), picture); err != nil {
				return err
			}
		}
	}
	return p.putArtifact(ctx, storage.PageKey(id, "layout.json.gz"), layout)
}

// putArtifact stores one artifact of a page that is not recorded yet. What an earlier try left under the key belongs
// to nobody, and gives way where it differs.
func (p *Pipeline) putArtifact(ctx context.Context, key string, data []byte) error {
	sum := sha256.Sum256(data)
	digest := storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	err := p.store.Put(ctx, key, bytes.NewReader(data), digest)
	if !errors.Is(err, storage.ErrConflict) {
		return err
	}
	if err := p.store.Delete(ctx, key); err != nil {
		return err
	}
	return p.store.Put(ctx, key, bytes.NewReader(data), digest)
}

// reuse gives a deposit the pages of an earlier one with the same bytes, read with the same profile.
func (p *Pipeline) reuse(ctx context.Context, key catalog.PageKey, profileKey string) (bool, error) {
	pages, split, err := p.catalog.Reusable(ctx, key.Deposit.SHA256, profileKey)
	if err != nil {
		return false, fmt.Errorf("look for pages to reuse: %w", err)
	}
	if split == nil || len(pages) == 0 || len(pages) != split.Pages || slices.ContainsFunc(pages, workerDied) {
		return false, nil
	}
	if kept, err := p.kept(ctx, pages); !kept || err != nil {
		return false, err
	}
	from := split.DepositID
	split.DepositID = key.Deposit.ID
	done := make([]catalog.PageDone, 0, len(pages))
	for _, page := range pages {
		done = append(done, catalog.PageDone{
			PageID: fmt.Sprintf("%s-%d", key.Deposit.ID, page.Number), ArtifactID: page.ArtifactID, ProfileKey: profileKey,
			Language: page.Language, Words: page.Words, Confidence: page.Confidence, Blank: page.Blank, Rotation: page.Rotation, Personal: page.Personal, Sheet: page.Sheet,
			Warnings: page.Warnings,
		})
	}
	if err := p.catalog.Reuse(ctx, from, *split, done); err != nil {
		return false, fmt.Errorf("record the pages of %s: %w", key.Deposit.ID, err)
	}
	p.metrics.pages.WithLabelValues("reused").Add(float64(len(pages)))
	return true, nil
}

// kept reports whether the artifacts of pages are still stored: an archive may drop them once the rendition is made.
func (p *Pipeline) kept(ctx context.Context, pages []catalog.ReusablePage) (bool, error) {
	for _, page := range pages {
		_, err := p.store.Stat(ctx, storage.PageKey(page.ArtifactID, "layout.json.gz"))
		if errors.Is(err, storage.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("look for page %s: %w", page.ArtifactID, err)
		}
	}
	return true, nil
}

// workerDied says that a page was not read for want of luck rather than for what it is: it deserves another try.
func workerDied(page catalog.ReusablePage) bool {
	return slices.ContainsFunc(page.Warnings, func(w string) bool { return strings.HasPrefix(w, "worker_") })
}

func (p *Pipeline) reject(ctx context.Context, d dossier.Deposit, r *dossier.Reason) error {
	message := dossier.Message(p.station(d.Station).Language, r, d.Name)
	if err := p.catalog.Reject(ctx, d.ID, r, message); err != nil {
		return fmt.Errorf("reject %s: %w", d.ID, err)
	}
	fault("deposit.rejected")
	p.metrics.deposits.WithLabelValues(d.Station, string(dossier.StateRejected)).Inc()
	p.log.Warn("deposit rejected", "deposit", d.ID, "station", d.Station, "code", r.Code, "detail", r.Detail)
	return nil
}

// profileKey hashes what a reading depends on beside the bytes: pages are reused only where it is equal.
func (p *Pipeline) profileKey(profile dossier.Profile) string {
	var b strings.Builder
	data, err := json.Marshal(profile)
	if err != nil {
		panic(err) // a Profile is strings and numbers
	}
	b.Write(data)
	for _, tool := range slices.Sorted(maps.Keys(p.cfg.Tools)) {
		fmt.Fprintf(&b, "\n%s %s", tool, p.cfg.Tools[tool])
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}
