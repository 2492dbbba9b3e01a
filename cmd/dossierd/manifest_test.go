package main_test

import (
	"bytes"
	"encoding/json"
	"image"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// prezi has iiif-prezi3 judge a manifest; its complaint, or "".
func prezi(t testing.TB, manifest []byte) string {
	t.Helper()
	cmd := exec.Command(iiifTool(t, "python3"), "-c", "import json, sys\nfrom iiif_prezi3 import Manifest\nManifest(**json.load(sys.stdin))")
	cmd.Stdin = bytes.NewReader(manifest)
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out) + err.Error()
	}
	return ""
}

// node is what all parts of a manifest have in common.
type node struct {
	ID, Type, Format  string
	Motivation        string
	Width, Height     int
	Label, Summary    map[string][]string
	RequiredStatement *struct{ Label, Value map[string][]string }
	Metadata          []struct{ Label, Value map[string][]string }
	Thumbnail         []node
	Service           []node
	Rendering         []node
	SeeAlso           []node
	Items             []node
	Structures        []node
	Body              *node
	Target            string
}

// papers is a stack of two papers as a TIFF: a page of a notice, and another that begins a paper of its own.
func (h *house) manifestOf(base string) (raw []byte, m node) {
	h.t.Helper()
	address, _ := h.shownPages(base)
	_, raw = get(h.t, address, http.StatusOK)
	if err := json.Unmarshal(raw, &m); err != nil {
		h.t.Fatal(err)
	}
	return raw, m
}

// inThreeLanguages checks a text for people; names and numbers are in none.
func inThreeLanguages(t testing.TB, what string, said map[string][]string) {
	t.Helper()
	if len(said["none"]) == 1 && len(said) == 1 && said["none"][0] != "" {
		return
	}
	for _, language := range []string{"vi", "fr", "en"} {
		if len(said[language]) != 1 || said[language][0] == "" {
			t.Errorf("%s is not said in %s: %v", what, language, said)
		}
	}
}

func TestAManifestPassesPreziAndOurOwnRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	base := h.open()
	h.start("")
	h.drop("two.tif", twoPages(t))
	h.settled(1, time.Minute)
	raw, m := h.manifestOf(base)
	if complaint := prezi(t, raw); complaint != "" {
		t.Error(complaint)
	}
	if broken := bytes.Replace(raw, []byte(`"type":"Canvas"`), []byte(`"type":"Page"`), 1); prezi(t, broken) == "" {
		t.Error("prezi takes a canvas that is none")
	}
	inThreeLanguages(t, "the label", m.Label)
	inThreeLanguages(t, "the statement", m.RequiredStatement.Value)
	for _, pair := range m.Metadata {
		inThreeLanguages(t, "a label", pair.Label)
		inThreeLanguages(t, "a value", pair.Value)
	}
	if len(m.Items) != 2 {
		t.Fatalf("%d canvases", len(m.Items))
	}
	ids := []string{m.ID}
	canvases := []string{}
	for _, c := range m.Items {
		canvases = append(canvases, c.ID)
		inThreeLanguages(t, "a page", c.Label)
		painting := c.Items[0].Items[0]
		ids = append(ids, c.ID, c.Items[0].ID, painting.ID)
		if c.Width < 1 || c.Height < 1 || painting.Target != c.ID || painting.Motivation != "painting" {
			t.Errorf("canvas %+v", c)
		}
		h.isShown(*painting.Body)
		h.isShown(c.Thumbnail[0])
		if painting.Body.Width != c.Width || painting.Body.Height != c.Height {
			t.Errorf("the picture has %d by %d pixels, the canvas %d by %d", painting.Body.Width, painting.Body.Height, c.Width, c.Height)
		}
		head, alto := get(t, c.SeeAlso[0].ID, http.StatusOK)
		if c.SeeAlso[0].Format != "application/xml" || !strings.HasPrefix(head.Get("Content-Type"), "application/xml") || !bytes.Contains(alto, []byte("<String ")) {
			t.Errorf("ALTO: %v\n%s", head, alto[:min(300, len(alto))])
		}
	}
	seen := []string{}
	for _, r := range m.Structures {
		ids = append(ids, r.ID)
		inThreeLanguages(t, "a paper", r.Label)
		for _, c := range r.Items {
			seen = append(seen, c.ID)
		}
	}
	if !slices.Equal(seen, canvases) {
		t.Errorf("the papers have the pages %v of %v", seen, canvases)
	}
	slices.Sort(ids)
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("an id twice: %v", ids)
	}
	head, pdf := get(t, m.Rendering[0].ID, http.StatusOK)
	if m.Rendering[0].Format != head.Get("Content-Type") || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("the rendition: %v", head)
	}
	if _, meta := get(t, m.SeeAlso[0].ID, http.StatusOK); !json.Valid(meta) {
		t.Errorf("the metadata: %s", meta)
	}
}

// isShown checks that a picture of a manifest is one, of the size that is promised.
func (h *house) isShown(p node) {
	h.t.Helper()
	head, body := get(h.t, p.ID, http.StatusOK)
	size, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || size.Width != p.Width || size.Height != p.Height || head.Get("Content-Type") != p.Format {
		h.t.Errorf("%s: %d by %d of %s, %v; promised are %d by %d of %s", p.ID, size.Width, size.Height, head.Get("Content-Type"), err, p.Width, p.Height, p.Format)
	}
}
