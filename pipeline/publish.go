package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// keepVersion stores rendition and metadata and returns what an event says of them and of the originals.
func (p *Pipeline) keepVersion(ctx context.Context, r *record, made *Rendition) (map[string]dossier.Object, error) {
	d := r.version.Dossier
	key := func(file string) string {
		return storage.DossierKey(d.Department, d.Year, d.Code, r.version.Number, file)
	}
	f, err := os.Open(made.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	objects := map[string]dossier.Object{}
	pdf := dossier.Object{Key: key("dossier.pdf"), SHA256: made.SHA256, Bytes: made.Bytes}
	if err := p.store.Put(ctx, pdf.Key, f, storage.Digest{SHA256: pdf.SHA256, Bytes: pdf.Bytes}); err != nil {
		return nil, err
	}
	objects["pdf"] = p.linked(pdf)
	fault("assemble.pdf")
	r.metadata.Renditions = []MetadataRendition{
		{Key: pdf.Key, Level: p.cfg.Level, SHA256: made.SHA256, Bytes: made.Bytes, Pages: made.Pages},
	}
	if objects["metadata"], err = p.keepJSON(ctx, key("metadata.json"), r.metadata); err != nil {
		return nil, err
	}
	if r.private.any() {
		if objects["private"], err = p.keepJSON(ctx, key("private.json"), &r.private); err != nil {
			return nil, err
		}
	}
	for i, d := range r.version.Deposits {
		name := "original"
		if i > 0 {
			name += "-" + strconv.Itoa(i+1)
		}
		objects[name] = p.linked(dossier.Object{Key: storage.OriginalKey(d.SHA256), SHA256: d.SHA256, Bytes: d.Bytes})
	}
	return objects, nil
}

func (p *Pipeline) keepJSON(ctx context.Context, key string, v any) (dossier.Object, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(v); err != nil {
		return dossier.Object{}, err
	}
	sum := sha256.Sum256(b.Bytes())
	o := dossier.Object{Key: key, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(b.Len())}
	return p.linked(o), p.store.Put(ctx, key, &b, storage.Digest{SHA256: o.SHA256, Bytes: o.Bytes})
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

// published says what the catalogue is to commit of a version that is stored.
func (r *record) published(objects map[string]dossier.Object) catalog.PublishedVersion {
	m, v := r.metadata, r.version
	facts := &dossier.DossierFacts{
		Code: v.Dossier.Code, Version: v.Number, Department: v.Dossier.Department, Station: v.Dossier.Station, Pages: len(m.Pages),
		Warnings: m.Warnings, Fields: map[string]json.RawMessage{}, Documents: r.documentFacts(),
	}
	data := dossier.EventData{Dossier: facts, Objects: objects}
	made := catalog.PublishedVersion{
		Code: v.Dossier.Code, Number: v.Number, Pages: len(m.Pages), Warnings: m.Warnings, Personal: r.personal,
		Complete: catalog.CompleteUnknown, Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: data}},
	}
	return made
}

func (r *record) documentFacts() []dossier.DocumentFacts {
	facts := make([]dossier.DocumentFacts, 0, len(r.metadata.Documents))
	for _, d := range r.metadata.Documents {
		first := r.metadata.Pages[d.FirstPage-1]
		facts = append(facts, dossier.DocumentFacts{
			First: d.FirstPage, Last: d.LastPage, Name: r.metadata.Deposits[first.Deposit].Name, Kind: d.Kind, Title: d.Title,
		})
	}
	return facts
}

// publish commits versions, events, deliveries and the stations' notices together.
func (p *Pipeline) publish(ctx context.Context, made catalog.Published, versions []catalog.Version) error {
	if err := p.catalog.Publish(ctx, made); err != nil {
		return err
	}
	fault("publish.committed")
	deposits := map[string]string{} // to their stations
	for i, v := range versions {
		for _, d := range v.Deposits {
			if d.State == dossier.StateAssembling {
				deposits[d.ID] = d.Station
			}
		}
		for _, page := range made.Versions[i].Personal {
			// The receipts show it no more; that it is left where the store is away now, verify will tell.
			if err := p.store.Delete(ctx, storage.PageKey(page, "thumb.jpg")); err != nil {
				p.log.Warn("the thumbnail of an identity paper is left", "page", page, "error", err)
			}
		}
		p.log.Info("dossier published", "dossier", v.Dossier.Code, "version", v.Number, "pages", made.Versions[i].Pages)
	}
	for _, station := range deposits {
		p.metrics.deposits.WithLabelValues(station, string(dossier.StatePublished)).Inc()
	}
	return nil
}
