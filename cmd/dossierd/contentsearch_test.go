package main_test

import (
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// found is an answer of the Content Search API.
type found struct {
	ID, Type string
	Ignored  []string
	PartOf   struct{ Total int }
	Items    []struct {
		ID, Motivation, Target string
		Body                   struct{ Value, Language string }
	}
	Annotations []struct {
		Items []struct {
			Motivation string
			Target     struct {
				Source   string
				Selector []struct{ Prefix, Exact, Suffix string }
			}
		}
	}
}

// lookFor asks the search service that a manifest names.
func (h *house) lookFor(m node, q, more string) (f found) {
	h.t.Helper()
	if len(m.Service) != 1 || m.Service[0].Type != "SearchService2" {
		h.t.Fatalf("the manifest names no search: %+v", m.Service)
	}
	_, body := get(h.t, m.Service[0].ID+"?q="+url.QueryEscape(q)+more, http.StatusOK)
	if err := json.Unmarshal(body, &f); err != nil {
		h.t.Fatal(err)
	}
	return f
}

func TestWordsAreFoundWhereTheyStandInADossier(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	base := h.open()
	h.start("")
	h.drop("two.tif", twoPages(t))
	h.settled(1, time.Minute)
	_, m := h.manifestOf(base)
	f := h.lookFor(m, `"nguyen thi hoa"`, "&motivation=painting")
	if len(f.Items) != 2 || f.PartOf.Total != 2 || len(f.Ignored) != 1 || f.Type != "AnnotationPage" {
		t.Fatalf("%+v", f)
	}
	for i, hit := range f.Items {
		canvas, at, _ := strings.Cut(hit.Target, "#xywh=")
		var x, y, w, ht int
		if n, err := fmt.Sscanf(at, "%d,%d,%d,%d", &x, &y, &w, &ht); n != 4 || err != nil || canvas != m.Items[i].ID {
			t.Fatalf("%s: %v", hit.Target, err)
		}
		if hit.Body.Value != "Nguyễn Thị Hòa," && hit.Body.Value != "Nguyễn Thị Hòa" || hit.Body.Language != "vi" || hit.Motivation != "highlighting" {
			t.Errorf("%+v", hit)
		}
		// The box lies on the words: there is ink in it, and none beside its line's end.
		image := m.Items[i].Items[0].Items[0].Body.Service[0].ID
		part := decoded(t, fmt.Sprintf("%s/%d,%d,%d,%d/max/0/default.png", image, x, y, w, ht))
		if dark := darkPart(part); dark < 0.05 || dark > 0.6 {
			t.Errorf("%.3f of the box is dark", dark)
		}
		quote := f.Annotations[0].Items[i].Target
		if quote.Source != hit.ID || quote.Selector[0].Exact != hit.Body.Value || !strings.HasSuffix(quote.Selector[0].Prefix, "bà") {
			t.Errorf("%+v", quote)
		}
	}
	if f := h.lookFor(m, "không có chữ nào như thế zzz", ""); len(f.Items) != 0 || f.PartOf.Total != 0 {
		t.Errorf("%+v", f)
	}
	if f := h.lookFor(m, "", ""); len(f.Items) != 0 {
		t.Errorf("%+v", f)
	}
	for _, bad := range []string{"a*", strings.Repeat("x ", 10_000)} {
		if _, body := get(t, m.Service[0].ID+"?q="+url.QueryEscape(bad), http.StatusBadRequest); !strings.Contains(string(body), "detail") {
			t.Errorf("%s", body)
		}
	}
	get(t, m.Service[0].ID+"?q=hoa&cursor=none", http.StatusBadRequest)
	completes := m.Service[0].Service
	if len(completes) != 1 || completes[0].Type != "AutoCompleteService2" {
		t.Fatalf("the search service names no autocomplete: %+v", m.Service)
	}
	if _, body := get(t, completes[0].ID+"?q=nguyen+thi", http.StatusOK); !strings.Contains(string(body), `{"type":"Term","value":"nguyễn thị","total":2}`) {
		t.Errorf("%s", body)
	}
}

// darkPart is the share of dark pixels.
func darkPart(img image.Image) float64 {
	b := img.Bounds()
	n := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 3*0x8000 {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}
