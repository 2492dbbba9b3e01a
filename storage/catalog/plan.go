package catalog

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// Plan says which pages a dossier version is made of. Every page of a dossier stands in it once, as part of a document or
// left out.
type Plan struct {
	Documents []PlanDocument `json:"documents"`
	// LeftOut are the pages that the rendition is spared: blank ones, slips, separator sheets, what was scanned again.
	LeftOut []LeftOut `json:"left_out,omitempty"`
	// Cuts are where the stack was cut into these documents, and where it might be (Made is false). Page counts the pages of
	// the rendition.
	Cuts []dossier.Cut `json:"cuts,omitempty"`
	// Tickets are the ids of deposits that belong to the dossier and have no pages.
	Tickets []string `json:"tickets,omitempty"`
	// Facts are what slips, tickets and file names tell of the dossier.
	Facts PlanFacts `json:"facts,omitzero"`
	// Corrections are what people said that fields are.
	Corrections []Correction `json:"corrections,omitempty"`
	// Warnings are Warn... codes of the batch as a whole.
	Warnings []string `json:"warnings,omitempty"`
}

// PlanFacts are what is told of a dossier beside its papers; "" where nothing is. Procedures are codes.
type PlanFacts struct {
	Slip   string            `json:"slip,omitempty"`   // procedure, by a slip or the symbol on a paper
	Ticket string            `json:"ticket,omitempty"` // procedure, by the scanner's ticket
	Folder string            `json:"folder,omitempty"` // procedure, by the name of the batch's folder
	Place  string            `json:"place,omitempty"`  // where the paper lies
	Fields map[string]string `json:"fields,omitempty"` // of the ticket
}

// PlanDocument is one paper.
type PlanDocument struct {
	Pages []string `json:"pages"`          // page ids in order, at least one
	Kind  string   `json:"kind,omitempty"` // what a person said it is; "" leaves it to be recognised
}

// LeftOut is a page that the rendition is spared.
type LeftOut struct {
	Page   string   `json:"page"`         // its id
	Reason string   `json:"reason"`       // blank, slip, separator, removed, replaced
	Before int      `json:"before"`       // page of the rendition, from 1, that follows it; one more than there are at the end
	By     []string `json:"by,omitempty"` // ids of the pages that replaced it
}

// Pages counts the pages of the rendition.
func (p *Plan) Pages() int {
	n := 0
	for _, d := range p.Documents {
		n += len(d.Pages)
	}
	return n
}

// All lists the ids of all pages, those of the rendition in its order and then those left out.
func (p *Plan) All() []string {
	var ids []string
	for _, d := range p.Documents {
		ids = append(ids, d.Pages...)
	}
	for _, l := range p.LeftOut {
		ids = append(ids, l.Page)
	}
	return ids
}

// InOrder yields the pages of the rendition in its order, with their ids.
func (v *Version) InOrder() iter.Seq2[string, VersionPage] {
	return func(yield func(string, VersionPage) bool) {
		for _, d := range v.Plan.Documents {
			for _, id := range d.Pages {
				if !yield(id, v.Pages[id]) {
					return
				}
			}
		}
	}
}

// deposits lists the ids of the deposits that the pages come from, in their order, then tickets.
func (p *Plan) deposits() []string {
	var ids []string
	known := map[string]bool{}
	for _, page := range p.All() {
		if id := depositOfPage(page); !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	return append(ids, p.Tickets...)
}

// depositOfPage reads the deposit's id out of a page's.
func depositOfPage(id string) string {
	return id[:max(0, strings.LastIndexByte(id, '-'))]
}

// Append adds what comes to a dossier later behind what it has.
func (p *Plan) Append(more Plan) {
	shift := p.Pages()
	p.Documents = append(p.Documents, more.Documents...)
	p.Tickets = append(p.Tickets, more.Tickets...)
	p.Warnings = append(p.Warnings, more.Warnings...)
	p.Corrections = append(p.Corrections, more.Corrections...)
	p.Facts.Slip = cmp.Or(more.Facts.Slip, p.Facts.Slip)
	p.Facts.Ticket = cmp.Or(more.Facts.Ticket, p.Facts.Ticket)
	p.Facts.Folder = cmp.Or(more.Facts.Folder, p.Facts.Folder)
	p.Facts.Place = cmp.Or(more.Facts.Place, p.Facts.Place)
	if more.Facts.Fields != nil { // each of several uploads may tell some
		fields := maps.Clone(more.Facts.Fields)
		for name, value := range p.Facts.Fields {
			fields[name] = cmp.Or(fields[name], value)
		}
		p.Facts.Fields = fields
	}
	for _, l := range more.LeftOut {
		l.Before += shift
		p.LeftOut = append(p.LeftOut, l)
	}
	for _, c := range more.Cuts {
		c.Page += shift
		p.Cuts = append(p.Cuts, c)
	}
}

// check finds what no plan may have: a document without pages, a page that stands in it twice, nothing at all.
func (p *Plan) check() error {
	if len(p.Documents) == 0 {
		return errors.New("no document")
	}
	for _, d := range p.Documents {
		if len(d.Pages) == 0 {
			return errors.New("a document without pages")
		}
	}
	ids := p.All()
	slices.Sort(ids)
	for i := 1; i < len(ids); i++ {
		if ids[i] == ids[i-1] {
			return fmt.Errorf("page %s stands in it twice", ids[i])
		}
	}
	return nil
}

func planJSON(p Plan) (string, error) {
	if err := p.check(); err != nil {
		return "", fmt.Errorf("plan: %w", err)
	}
	data, err := json.Marshal(p)
	return string(data), err
}
