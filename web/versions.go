package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// metadata is what the API tells of a version's metadata.json. docs/metadata.schema.json describes the file.
type metadata struct {
	Documents []dossier.Document `json:"documents"`
	Fields    []dossier.Field    `json:"fields"` // of the dossier as a whole
	Papers    json.RawMessage    `json:"papers"`
	Cuts      []dossier.Cut      `json:"cuts"`
	LeftOut   []omittedPage      `json:"left_out"`
	Pages     []versionPage      `json:"pages"`
}

// private is what the API tells of a version's private.json.
type private struct {
	Documents []struct {
		FirstPage int             `json:"first_page"`
		Fields    []dossier.Field `json:"fields"`
	} `json:"documents"`
	Fields []dossier.Field `json:"fields"`
}

type omittedPage struct {
	Page   string `json:"page" doc:"Its id, by which it is put back."`
	Reason string `json:"reason" enum:"blank,slip,separator,removed,replaced"`
	Before int    `json:"before" doc:"Page of the rendition that follows it."`
}

type versionPage struct {
	ID         string   `json:"id,omitempty"`
	Number     int      `json:"number" doc:"In the rendition, from 1."`
	Width      int      `json:"width" doc:"Of page space, in pixels."`
	Height     int      `json:"height"`
	DPI        float64  `json:"dpi"`
	Paper      string   `json:"paper,omitempty"`
	Rotation   int      `json:"rotation" doc:"Degrees clockwise that the image was turned to be upright."`
	Blank      bool     `json:"blank"`
	Language   string   `json:"language,omitempty"`
	Words      int      `json:"words"`
	Confidence float64  `json:"confidence"`
	Warnings   []string `json:"warnings,omitempty"`
}

// versionAnswer is a published version.
type versionAnswer struct {
	Code        string                    `json:"code"`
	Version     int                       `json:"version"`
	PublishedAt time.Time                 `json:"published_at"`
	Revision    string                    `json:"revision" doc:"The batch or decision that made it."`
	Procedure   string                    `json:"procedure,omitempty" doc:"Code of the procedure."`
	Warnings    []string                  `json:"warnings" nullable:"false"`
	Objects     map[string]dossier.Object `json:"objects" doc:"pdf, metadata, private, and original, original-2, ... and ticket."`
	Documents   []documentAnswer          `json:"documents" nullable:"false"`
	Pages       []versionPage             `json:"pages" nullable:"false"`
	LeftOut     []omittedPage             `json:"left_out" nullable:"false" doc:"Pages that are in the originals only."`
	Cuts        []dossier.Cut             `json:"cuts" nullable:"false" doc:"Where the stack was cut into documents, and where it might be."`
	Papers      any                       `json:"papers,omitempty" doc:"What the procedure asks for and what of it is missing, as metadata.json has it."`
}

// documentAnswer is a paper of a version, without its fields.
type documentAnswer struct {
	FirstPage  int          `json:"first_page" doc:"Of the rendition, from 1."`
	LastPage   int          `json:"last_page"`
	Kind       string       `json:"kind,omitempty"`
	Title      string       `json:"title,omitempty" doc:"For people."`
	Role       dossier.Role `json:"role,omitempty" enum:"result,receipt" doc:"None for what the citizen brought."`
	Confidence float64      `json:"confidence" minimum:"0" maximum:"1" doc:"Of the kind."`
}

// fieldAnswer is a value and where it stands.
type fieldAnswer struct {
	Document int `json:"document" doc:"Index into the version's documents; -1 for what a ticket says of the dossier as a whole."`
	dossier.Field
}

// VersionInput names a version of a dossier.
type VersionInput struct {
	Code        string `path:"code" maxLength:"64" doc:"Dossier code"`
	Version     int    `path:"version" minimum:"1" maximum:"1000000"`
	IfNoneMatch string `header:"If-None-Match" doc:"ETag of an earlier answer."`
}

func versionOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-version", Method: http.MethodGet,
		Path: "/api/v1/dossiers/{code}/versions/{version}", Summary: "A published version: its files, papers and pages",
		Description: "A published version never changes: with If-None-Match it is asked for once.",
		Errors:      []int{http.StatusNotFound, http.StatusGone}, Responses: notChanged(),
	}
}

func notChanged() map[string]*huma.Response {
	return map[string]*huma.Response{"304": {Description: "Not changed"}}
}

type versionOutput struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         versionAnswer
}

func (s *server) version(ctx context.Context, in *VersionInput) (*versionOutput, error) {
	facts, meta, err := s.readVersion(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &versionOutput{ETag: tagOf(facts), CacheControl: "private, no-cache", Body: versionAnswer{
		Code: facts.Dossier.Code, Version: facts.Number, PublishedAt: facts.PublishedAt, Revision: facts.Revision,
		Procedure: facts.Facts.Procedure, Warnings: facts.Warnings, Objects: facts.Objects, Documents: documentsOf(meta),
		Pages: append([]versionPage{}, meta.Pages...), LeftOut: append([]omittedPage{}, meta.LeftOut...), Cuts: append([]dossier.Cut{}, meta.Cuts...),
	}}
	if meta.Papers != nil {
		out.Body.Papers = meta.Papers
	}
	return out, nil
}

type documentsOutput struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Documents []documentAnswer `json:"documents" nullable:"false"`
	}
}

func documentsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-documents", Method: http.MethodGet,
		Path: "/api/v1/dossiers/{code}/versions/{version}/documents", Summary: "The papers of a version",
		Errors: []int{http.StatusNotFound, http.StatusGone}, Responses: notChanged(),
	}
}

func (s *server) documents(ctx context.Context, in *VersionInput) (*documentsOutput, error) {
	facts, meta, err := s.readVersion(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{ETag: tagOf(facts), CacheControl: "private, no-cache"}
	out.Body.Documents = documentsOf(meta)
	return out, nil
}

func documentsOf(m *metadata) []documentAnswer {
	all := make([]documentAnswer, 0, len(m.Documents))
	for _, d := range m.Documents {
		all = append(all, documentAnswer{d.FirstPage, d.LastPage, d.Kind, d.Title, d.Role, d.Confidence})
	}
	return all
}

type fieldsInput struct {
	VersionInput
	Clear bool `query:"clear" doc:"Personal values in clear, for who may read them; each such read is kept."`
}

type fieldsOutput struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Fields []fieldAnswer `json:"fields" nullable:"false" doc:"In the order of the documents; personal values are masked."`
	}
}

func fieldsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-fields", Method: http.MethodGet,
		Path: "/api/v1/dossiers/{code}/versions/{version}/fields", Summary: "The fields of a version's papers, and where each stands on its page",
		Errors: []int{http.StatusNotFound, http.StatusGone}, Responses: notChanged(),
	}
}

func (s *server) fields(ctx context.Context, in *fieldsInput) (*fieldsOutput, error) {
	who := access.Of(ctx)
	if in.Clear {
		if in.IfNoneMatch = ""; !access.May(who, access.Personal) {
			return nil, refused("not_personal")
		}
	}
	facts, meta, err := s.readVersion(ctx, &in.VersionInput)
	if err != nil {
		return nil, err
	}
	out := &fieldsOutput{ETag: tagOf(facts), CacheControl: "private, no-cache"}
	if key := facts.Objects["private"].Key; in.Clear && key != "" {
		if err := s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionPersonal, Subject: key}); err != nil {
			return nil, s.catalogError(ctx, err)
		}
		if err := s.unmask(ctx, key, meta); err != nil {
			return nil, s.storedError(ctx, err)
		}
		out.ETag, out.CacheControl = "", "no-store"
	}
	out.Body.Fields = []fieldAnswer{}
	for i, d := range meta.Documents {
		for _, f := range d.Fields {
			out.Body.Fields = append(out.Body.Fields, fieldAnswer{i, f})
		}
	}
	for _, f := range meta.Fields {
		out.Body.Fields = append(out.Body.Fields, fieldAnswer{-1, f})
	}
	return out, nil
}

// unmask puts the clear values of private.json in the place of masked ones.
func (s *server) unmask(ctx context.Context, key string, m *metadata) error {
	var p private
	if err := s.readJSON(ctx, key, &p); err != nil {
		return err
	}
	for _, d := range p.Documents {
		for i := range m.Documents {
			if m.Documents[i].FirstPage == d.FirstPage {
				dossier.Unmask(m.Documents[i].Fields, d.Fields)
			}
		}
	}
	dossier.Unmask(m.Fields, p.Fields)
	return nil
}

// readVersion reads a published version that the caller sees. Its error is for the client.
func (s *server) readVersion(ctx context.Context, in *VersionInput) (*catalog.VersionFacts, *metadata, error) {
	who := access.Of(ctx)
	facts, err := s.catalog.VersionFacts(ctx, who.Scope, in.Code, in.Version)
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionView, Subject: in.Code, Details: map[string]int{"version": in.Version}})
	}
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, nil, refused("unknown_version")
	}
	if err != nil {
		return nil, nil, s.dossierError(ctx, err)
	}
	if strings.Contains(in.IfNoneMatch, tagOf(&facts)) {
		return nil, nil, huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {tagOf(&facts)}})
	}
	m := new(metadata)
	if err := s.readJSON(ctx, facts.Objects["metadata"].Key, m); err != nil {
		return nil, nil, s.storedError(ctx, err)
	}
	return &facts, m, nil
}

// tagOf is the ETag of what is told of a version. The object's URL is part of it.
func tagOf(facts *catalog.VersionFacts) string { return `"` + facts.Objects["metadata"].SHA256 + `"` }

func (s *server) readJSON(ctx context.Context, key string, v any) error {
	object, err := s.store.Get(ctx, key)
	if err != nil {
		return err
	}
	defer object.Close()
	if err := json.NewDecoder(object).Decode(v); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}
