package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/hex"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// The page that shows the API's description to people: of one piece, without a script.
var (
	//go:embed docs/page.html
	docsPage string
	//go:embed docs/style.css
	docsStyle []byte
)

// docsPolicy lets the page have its style and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docs is the page, made once.
func docs(description *huma.OpenAPI) (http.HandlerFunc, error) {
	t, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newDocs(description)); err != nil {
		return nil, err
	}
	return static("text/html; charset=utf-8", b.Bytes()), nil
}

// static gives what never changes while the process lives.
func static(contentType string, data []byte) http.HandlerFunc {
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Security-Policy", docsPolicy)
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

// What the page shows.
type (
	docsData struct {
		Title, About string
		Parts        []docsPart
		Schemas      []docsSchema
	}
	docsPart struct {
		Name, About string
		Operations  []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, About, Right string
		Takes                                   []docsValue
		Answers                                 []docsAnswer
	}
	docsAnswer struct {
		Status, About string
		Schema        docsType
	}
	docsSchema struct {
		Name   string
		Values []docsValue
	}
	docsValue struct {
		Name, In, About string
		Required        bool
		Type            docsType
	}
	// docsType is how a type reads; Of is the schema that it links to, "" for none.
	docsType struct{ Text, Of string }
)

func newDocs(d *huma.OpenAPI) docsData {
	data := docsData{Title: d.Info.Title, About: d.Info.Description}
	for _, tag := range d.Tags {
		part := docsPart{Name: tag.Name, About: tag.Description}
		for _, at := range slices.Sorted(maps.Keys(d.Paths)) {
			item := d.Paths[at]
			for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
				if op != nil && slices.Contains(op.Tags, tag.Name) {
					part.Operations = append(part.Operations, newDocsOperation(op))
				}
			}
		}
		data.Parts = append(data.Parts, part)
	}
	schemas := d.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		data.Schemas = append(data.Schemas, docsSchema{name, valuesOf(schemas[name], "")})
	}
	return data
}

func newDocsOperation(op *huma.Operation) docsOperation {
	o := docsOperation{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, About: op.Description,
		Right: fmt.Sprint(op.Extensions[rightKey]),
	}
	for _, p := range op.Parameters {
		o.Takes = append(o.Takes, docsValue{p.Name, p.In, cmp.Or(p.Description, p.Schema.Description), p.Required, typeOf(p.Schema)})
	}
	if op.RequestBody != nil {
		for contentType, media := range op.RequestBody.Content {
			if of := typeOf(media.Schema); of.Of != "" {
				o.Takes = append(o.Takes, docsValue{"body", contentType, op.RequestBody.Description, op.RequestBody.Required, of})
			} else {
				o.Takes = append(o.Takes, valuesOf(media.Schema, contentType)...)
			}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		a := docsAnswer{Status: status, About: r.Description}
		for contentType, media := range r.Content {
			if a.Schema = typeOf(media.Schema); a.Schema.Of == "" {
				a.Schema.Text = contentType
			}
		}
		o.Answers = append(o.Answers, a)
	}
	return o
}

// valuesOf are the properties of an object, by name.
func valuesOf(s *huma.Schema, in string) []docsValue {
	var all []docsValue
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, docsValue{name, in, p.Description, slices.Contains(s.Required, name), typeOf(p)})
	}
	return all
}

func typeOf(s *huma.Schema) docsType {
	switch {
	case s == nil:
		return docsType{}
	case s.Ref != "":
		return docsType{path.Base(s.Ref), path.Base(s.Ref)}
	case s.Type == huma.TypeArray:
		of := typeOf(s.Items)
		return docsType{"list of " + of.Text, of.Of}
	case len(s.Enum) > 0:
		values := make([]string, 0, len(s.Enum))
		for _, v := range s.Enum {
			values = append(values, fmt.Sprint(v))
		}
		return docsType{Text: strings.Join(values, " | ")}
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		of := typeOf(values)
		return docsType{"map of " + of.Text, of.Of}
	}
	return docsType{Text: strings.TrimSpace(cmp.Or(s.Type, "any") + " " + s.Format)}
}
