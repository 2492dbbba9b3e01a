package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"slices"
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
		r.private.Salt = p.cfg.Identity.Salt(key("private.json"))
		if objects["private"], err = p.keepJSON(ctx, key("private.json"), &r.private); err != nil {
			return nil, err
		}
	}
	originals, tickets := 0, 0
	for _, d := range r.version.Deposits {
		o := p.linked(dossier.Object{Key: storage.OriginalKey(d.SHA256), SHA256: d.SHA256, Bytes: d.Bytes})
		if slices.Contains(r.version.Plan.Tickets, d.ID) {
			objects[numbered("ticket", tickets)] = o
			tickets++
		} else {
			objects[numbered("original", originals)] = o
			originals++
		}
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
func (r *record) published(objects map[string]dossier.Object, language string) (catalog.PublishedVersion, error) {
	m, v := r.metadata, r.version
	facts := &dossier.DossierFacts{
		Code: v.Dossier.Code, Version: v.Number, Department: v.Dossier.Department, Station: v.Dossier.Station, Pages: len(m.Pages),
		Warnings: m.Warnings, Fields: map[string]json.RawMessage{}, Documents: r.documentFacts(), Procedure: m.Dossier.Procedure,
		LeftOut: len(m.LeftOut),
	}
	for _, c := range m.Cuts {
		if !c.Made {
			facts.ProposedCuts = append(facts.ProposedCuts, c)
		}
	}
	for _, f := range m.Fields {
		told, err := json.Marshal(factsOf(f))
		if err != nil {
			return catalog.PublishedVersion{}, err
		}
		facts.Fields[f.Name] = told
	}
	if m.Papers != nil {
		var err error
		if facts.Papers, err = json.Marshal(m.Papers); err != nil {
			return catalog.PublishedVersion{}, err
		}
	}
	data := dossier.EventData{Dossier: facts, Objects: objects}
	events := []dossier.Event{{Type: dossier.EventDossierPublished, Data: data}}
	if r.toReview() {
		events = append(events, dossier.Event{Type: dossier.EventDossierReview, Data: data})
	}
	if r.complete() == catalog.Incomplete {
		events = append(events, dossier.Event{Type: dossier.EventDossierIncomplete, Data: data})
	}
	reached, by := r.reached()
	return catalog.PublishedVersion{
		Code: v.Dossier.Code, Number: v.Number, Pages: len(m.Pages), Warnings: m.Warnings, Personal: r.personal, Identities: r.identities,
		Place: v.Plan.Facts.Place, Kinds: r.kinds(), Procedure: m.Dossier.Procedure, Complete: r.complete(), Papers: r.papers(), Notes: r.notes(language),
		Gaps: r.gaps, Reached: reached, ReachedBy: by, Events: events, Search: findable(m, r.readings),
	}, nil
}

// sureOfKind is the confidence from which a paper is believed to be of a kind when it is to be destroyed for it.
const sureOfKind = 0.9

// kinds lists those of the documents, "" for one of no kind or an unsure one.
func (r *record) kinds() []string {
	var kinds []string
	for _, d := range r.metadata.Documents {
		if d.Confidence < sureOfKind {
			d.Kind = ""
		}
		kinds = append(kinds, d.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func (r *record) documentFacts() []dossier.DocumentFacts {
	facts := make([]dossier.DocumentFacts, 0, len(r.metadata.Documents))
	for _, d := range r.metadata.Documents {
		first := r.metadata.Pages[d.FirstPage-1]
		facts = append(facts, dossier.DocumentFacts{
			First: d.FirstPage, Last: d.LastPage, Name: r.metadata.Deposits[first.Deposit].Name, Kind: d.Kind, Title: d.Title, Role: d.Role,
			Fields: fieldFacts(d.Fields),
		})
	}
	return facts
}

func fieldFacts(fields []dossier.Field) map[string]dossier.FieldFacts {
	if len(fields) == 0 {
		return nil
	}
	facts := make(map[string]dossier.FieldFacts, len(fields))
	for _, f := range fields {
		facts[f.Name] = factsOf(f)
	}
	return facts
}

func factsOf(f dossier.Field) dossier.FieldFacts {
	return dossier.FieldFacts{Value: f.Value, Page: f.Page, Confidence: f.Confidence, Warnings: f.Warnings, Corrected: f.Corrected}
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
		p.log.Info("dossier published", "dossier", v.Dossier.Code, "version", v.Number, "pages", made.Versions[i].Pages)
	}
	for _, station := range deposits {
		p.metrics.deposits.WithLabelValues(station, string(dossier.StatePublished)).Inc()
	}
	return nil
}
