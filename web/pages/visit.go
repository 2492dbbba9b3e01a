package pages

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

// visit is one request for a page. Its exported parts are for the layout's template.
type visit struct {
	site *site
	w    http.ResponseWriter
	r    *http.Request

	Who      dossier.Principal // nobody where no one is signed in
	Language string            // vi, fr, en
	Theme    string            // light, dark; "" as the system has it
}

// T is a message in the visitor's language.
func (v *visit) T(key string, args ...any) string { return say(v.Language, key, args...) }

// May reports whether the visitor has a right: a page shows what may be done, and its route asks again.
func (v *visit) May(right string) bool { return access.May(v.Who, access.Right(right)) }

// htmx reports whether htmx asks, for a piece of the page that it has.
func (v *visit) htmx() bool {
	return v.r.Header.Get("HX-Request") == "true" && v.r.Header.Get("HX-History-Restore-Request") != "true"
}

// goTo sends the browser on with a GET.
func (v *visit) goTo(path string) {
	v.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
}

// page is what the layout is given.
type page struct {
	*visit
	Name string // of the template
	Path string // of the page, as the address has it
	Nav  []link
	Data any // of the page's own template
}

// Asked is what stands in the header's box: the question whose results the page shows.
func (p page) Asked() string {
	if p.r.URL.Path != "/search" {
		return ""
	}
	return p.r.FormValue("q")
}

// link is one entry of the header.
type link struct {
	Path, Text string
	Here       bool
}

// render answers with the page of a template, templates/<name>.html, which defines "title" and "main"; both are given data.
func (v *visit) render(status int, name string, data any) error {
	return v.write(status, name, "layout", page{visit: v, Name: name, Path: v.r.URL.RequestURI(), Nav: v.nav(), Data: data})
}

// fragment answers with one template that templates/<name>.html defines: a piece for htmx.
func (v *visit) fragment(name, part string, data any) error {
	return v.write(http.StatusOK, name, part, data)
}

// write renders before it answers, so that a template that fails is an error page and not half a page.
func (v *visit) write(status int, name, part string, data any) error {
	var b bytes.Buffer
	if err := v.site.templates[v.Language][name].ExecuteTemplate(&b, part, data); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Language)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store") // what is personal stays out of the browser's disk
	}
	h.Set("Vary", "Accept-Encoding, HX-Request")
	if !acceptsGzip(v.r) {
		v.w.WriteHeader(status)
		_, _ = v.w.Write(b.Bytes()) // a client gone is its own affair
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	v.w.WriteHeader(status)
	z, _ := gzip.NewWriterLevel(v.w, gzip.BestSpeed) // the level is one that exists
	_, _ = z.Write(b.Bytes())
	_ = z.Close()
	return nil
}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// nav is where the header leads.
func (v *visit) nav() []link {
	var list []link
	for _, r := range v.site.routes {
		if r.nav == "" || !access.May(v.Who, r.right) {
			continue
		}
		path := strings.TrimPrefix(r.pattern, "GET ")
		here := v.r.URL.Path == path || strings.HasPrefix(v.r.URL.Path, path+"/")
		list = append(list, link{Path: path, Text: v.T(r.nav), Here: here})
	}
	return list
}
