package iiif

// The parts of a manifest that are used here, as https://iiif.io/api/presentation/3.0/ has them.

type manifest struct {
	Context           []string    `json:"@context"`
	ID                string      `json:"id"`
	Type              string      `json:"type"`
	Label             text        `json:"label"`
	Metadata          []pair      `json:"metadata"`
	RequiredStatement *pair       `json:"requiredStatement"`
	NavDate           string      `json:"navDate"`
	ViewingDirection  string      `json:"viewingDirection"`
	Thumbnail         []picture   `json:"thumbnail,omitempty"`
	Rendering         []reference `json:"rendering,omitempty"`
	SeeAlso           []reference `json:"seeAlso,omitempty"`
	Service           []service   `json:"service,omitempty"`
	Items             []canvas    `json:"items"`
	Structures        []rangeOf   `json:"structures,omitempty"`
}

type canvas struct {
	ID        string           `json:"id"`
	Type      string           `json:"type"`
	Label     text             `json:"label"`
	Summary   text             `json:"summary,omitempty"`
	Width     int              `json:"width"`
	Height    int              `json:"height"`
	Thumbnail []picture        `json:"thumbnail,omitempty"`
	SeeAlso   []reference      `json:"seeAlso,omitempty"`
	Items     []annotationPage `json:"items"`
}

type annotationPage struct {
	Context     []string         `json:"@context,omitempty"`
	ID          string           `json:"id"`
	Type        string           `json:"type"`
	Summary     text             `json:"summary,omitempty"`
	Ignored     []string         `json:"ignored,omitempty"`
	PartOf      *collection      `json:"partOf,omitempty"`
	Next        *reference       `json:"next,omitempty"`
	Items       []annotation     `json:"items"`
	Annotations []annotationPage `json:"annotations,omitempty"`
}

// collection is all pages of the answers to a search.
type collection struct {
	ID    string     `json:"id"`
	Type  string     `json:"type"`
	Total int        `json:"total"`
	First *reference `json:"first"`
}

type annotation struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Motivation string `json:"motivation"`
	Body       any    `json:"body,omitempty"`
	Target     any    `json:"target"`
}

type picture struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"`
	Format  string    `json:"format"`
	Width   int       `json:"width"`
	Height  int       `json:"height"`
	Service []service `json:"service,omitempty"`
}

type service struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"`
	Profile string    `json:"profile,omitempty"`
	Service []service `json:"service,omitempty"`
}

type rangeOf struct {
	ID    string      `json:"id"`
	Type  string      `json:"type"`
	Label text        `json:"label"`
	Items []reference `json:"items"`
}

type reference struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Label   text   `json:"label,omitempty"`
	Format  string `json:"format,omitempty"`
	Profile string `json:"profile,omitempty"`
}
