package office

import (
	"errors"

	"github.com/dossierd/dossierd/dossier"
)

// Errors of what is done at somebody's request.
var (
	ErrBusy   = errors.New("somebody else is having it done")
	ErrBounds = errors.New("it takes more time or memory than it may have")
)

// TrialRequest asks what a kind makes of a paper.
type TrialRequest struct {
	File     string          `json:"file"`   // named in faults and rules
	Source   string          `json:"source"` // of the kind: YAML, of which nothing is believed
	Pages    []*dossier.Page `json:"pages"`  // of the paper, at least one
	Language string          `json:"language"`
}

// Trial is what a kind makes of a paper.
type Trial struct {
	Faults     []RuleFault `json:"faults,omitempty"` // of the kind; where there are any, there is nothing else
	Kind       string      `json:"kind"`
	Score      float64     `json:"score"` // of the first page, 0..1
	Threshold  float64     `json:"threshold"`
	Other      string      `json:"other,omitempty"` // a kind that fits better: in earnest the paper would be of that one
	OtherScore float64     `json:"other_score,omitempty"`
	Clues      []Clue      `json:"clues"` // of the first page
	Fields     []Tried     `json:"fields"`
}

// Recognised reports whether the paper would be of the kind.
func (t *Trial) Recognised() bool { return t.Score >= t.Threshold && t.Other == "" }

// RuleFault is one thing that is wrong with a kind, with its remedy.
type RuleFault struct {
	Line int    `json:"line"` // 0 where no line is to blame
	Key  string `json:"key"`
	Text string `json:"text"`
}

// Clue is one thing by which a kind is recognised, and whether the page shows it.
type Clue struct {
	Says   string  `json:"says"`
	Weight float64 `json:"weight"`
	Shown  bool    `json:"shown"`
}

// Tried is what came of looking for a field.
type Tried struct {
	Name     string         `json:"name"`
	Title    string         `json:"title"`
	Required bool           `json:"required"`
	Field    *dossier.Field `json:"field"`            // nil where there is no value; its page is one of the request's, from 1
	Code     string         `json:"code,omitempty"`   // why there is none, for machines
	Why      string         `json:"why,omitempty"`    // the same as a sentence
	Label    *[4]float64    `json:"label,omitempty"`  // where its label stands, pt: left, top, right, bottom
	Page     int            `json:"page,omitempty"`   // of the label
	Detail   string         `json:"detail,omitempty"` // what is wrong with the value that is there
}

// Finding is one thing that was looked at on the machine, as `dossierd doctor` tells it.
type Finding struct {
	What   string `json:"what"`
	State  string `json:"state"` // good, warning, missing
	Detail string `json:"detail,omitempty"`
	Remedy string `json:"remedy,omitempty"` // a command
	Name   string `json:"-"`                // of what was looked at, in the language that was asked for
}
