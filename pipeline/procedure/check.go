package procedure

import (
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Result is what of its procedure's papers a dossier has and has not. It stands by itself: Sentences needs no procedure.
type Result struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Complete is that nothing is missing and nothing undecided. A dossier with unexpected papers can be complete.
	Complete     bool         `json:"complete"`
	Missing      []Missing    `json:"missing,omitempty"`      // in the procedure's order
	Undecided    []Missing    `json:"undecided,omitempty"`    // not there, and whether they are needed can't be told
	ByEye        []Missing    `json:"by_eye,omitempty"`       // for a person to look for: no kind would recognise them
	Unexpected   []Unexpected `json:"unexpected,omitempty"`   // in the dossier's order
	Unrecognised []Pages      `json:"unrecognised,omitempty"` // documents of no known kind, any of which may be what is missing
	Asked        []Asked      `json:"asked,omitempty"`        // all that it asks for, in its order, with what may be brought and was
}

// Asked is a paper that is asked for, and how it stands.
type Asked struct {
	Kinds []string `json:"kinds"`
	Name  Text     `json:"name"`
	State Standing `json:"state"`
	Pages []Pages  `json:"pages,omitempty"` // of the documents that count for it
}

// Standing is how it stands with a paper.
type Standing string

// The standings.
const (
	There     Standing = "there"
	Lacking   Standing = "missing"   // there are not enough
	Undecided Standing = "undecided" // not there, and whether it is needed can't be told
	ByEye     Standing = "by_eye"    // for a person to look for
)

// Missing is a paper of which there are not enough.
type Missing struct {
	Kinds []string `json:"kinds"`
	Name  Text     `json:"name"`
	As    Form     `json:"as,omitempty"`
	Count int      `json:"count"`          // how many are missing
	Words Text     `json:"words,omitzero"` // the clause under which it is needed
}

// Unexpected is a document that the procedure does not ask for.
type Unexpected struct {
	Pages
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	TooMany bool   `json:"too_many"` // of a kind that it asks for, but of which there are enough
}

// Pages are the pages of a document.
type Pages struct {
	First int `json:"first_page"`
	Last  int `json:"last_page"`
}

// Check counts the documents against the papers that are asked for. A document counts once, and where it could be one of
// several papers, so that as few as possible are missing; one of no known kind never counts. Conditions are tested against
// fields, those of the dossier (from its slip or ticket; their confidence is 1) before those read on its documents; a
// field whose confidence is under 0.5, or whose readings differ, decides nothing. The same input gives the same result.
func (p *Procedure) Check(documents []dossier.Document, fields []dossier.Field) Result {
	r := Result{Code: p.Code, Name: p.Name}
	known := newFacts(documents, fields)
	answers := make([]answer, len(p.Papers))
	room := make([]int, len(p.Papers))
	for i := range p.Papers {
		if answers[i] = p.Papers[i].When.in(known); answers[i] == yes {
			room[i] = p.Papers[i].Min
		}
	}
	// What is needed is served first; the room for more opens when that is done.
	m := newMatching(p.Papers, documents)
	m.fill(room)
	for i := range room {
		switch most := p.Papers[i].Max; {
		case answers[i] == no:
		case most == 0:
			room[i] = len(documents)
		default:
			room[i] = most
		}
	}
	m.fill(room)
	for i := range p.Papers {
		missing, asked := p.Papers[i].missing(len(m.held[i])), p.Papers[i].asked(documents, m.held[i])
		switch {
		case missing.Count <= 0 || answers[i] == no:
		case answers[i] == yes:
			r.Missing, asked.State = append(r.Missing, missing), Lacking
		default:
			r.Undecided, asked.State = append(r.Undecided, missing), Undecided
		}
		if asked.State != There || len(asked.Pages) > 0 {
			r.Asked = append(r.Asked, asked)
		}
	}
	r.rest(p, documents, m, answers)
	r.Complete = len(r.Missing)+len(r.Undecided) == 0
	return r
}

// LeaveToEyes sets apart the papers that can't have been recognised, whether they are there or not, because no kind is known
// by a name that the procedure gives them.
func (r *Result) LeaveToEyes(known func(kind string) bool) {
	apart := func(list []Missing) []Missing {
		var rest []Missing
		for _, m := range list {
			if slices.ContainsFunc(m.Kinds, known) {
				rest = append(rest, m)
			} else {
				r.ByEye = append(r.ByEye, m)
			}
		}
		return rest
	}
	r.Missing, r.Undecided = apart(r.Missing), apart(r.Undecided)
	for i := range r.Asked {
		if a := &r.Asked[i]; a.State != There && !slices.ContainsFunc(a.Kinds, known) {
			a.State = ByEye
		}
	}
}

// asked is a paper for which there are enough documents.
func (p *Paper) asked(documents []dossier.Document, held []int) Asked {
	a := Asked{Kinds: p.Kinds, Name: p.Name, State: There}
	for _, i := range slices.Sorted(slices.Values(held)) {
		a.Pages = append(a.Pages, Pages{First: documents[i].FirstPage, Last: documents[i].LastPage})
	}
	return a
}

func (p *Paper) missing(there int) Missing {
	return Missing{Kinds: p.Kinds, Name: p.Name, As: p.As, Count: p.Min - there, Words: p.Words}
}

// rest lists the documents that are no paper of the procedure's, without its results.
func (r *Result) rest(p *Procedure, documents []dossier.Document, m *matching, answers []answer) {
	for i, d := range documents {
		pages := Pages{First: d.FirstPage, Last: d.LastPage}
		switch {
		case d.Kind == "":
			r.Unrecognised = append(r.Unrecognised, pages)
		case m.paper[i] < 0 && !slices.Contains(p.Results, d.Kind):
			asked := slices.ContainsFunc(m.papersFor[i], func(paper int) bool { return answers[paper] != no })
			r.Unexpected = append(r.Unexpected, Unexpected{Pages: pages, Kind: d.Kind, Title: d.Title, TooMany: asked})
		}
	}
}

// matching gives each document to at most one paper, by augmenting paths: a document may move another one to a paper
// that has room for it. What a paper holds never becomes less.
type matching struct {
	papersFor [][]int // by document: the papers that its kind will do for
	paper     []int   // by document, -1 for none
	held      [][]int // by paper: documents
}

func newMatching(papers []Paper, documents []dossier.Document) *matching {
	m := &matching{papersFor: make([][]int, len(documents)), paper: make([]int, len(documents)), held: make([][]int, len(papers))}
	for i, d := range documents {
		m.paper[i] = -1
		for j := range papers {
			if d.Kind != "" && slices.Contains(papers[j].Kinds, d.Kind) {
				m.papersFor[i] = append(m.papersFor[i], j)
			}
		}
	}
	return m
}

// fill finds a paper with room for as many more documents as it can.
func (m *matching) fill(room []int) {
	for d := range m.paper {
		if m.paper[d] < 0 {
			m.place(d, room, make([]bool, len(room)))
		}
	}
}

func (m *matching) place(d int, room []int, visited []bool) bool {
	for _, p := range m.papersFor[d] {
		if visited[p] {
			continue
		}
		visited[p] = true
		if len(m.held[p]) < room[p] {
			m.held[p] = append(m.held[p], d)
			m.paper[d] = p
			return true
		}
		for i, other := range m.held[p] {
			if m.place(other, room, visited) {
				m.held[p][i] = d
				m.paper[d] = p
				return true
			}
		}
	}
	return false
}
