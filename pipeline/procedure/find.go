package procedure

import (
	"strings"

	"github.com/dossierd/dossierd/fold"
)

// Source is where a dossier's procedure was named.
type Source string

// The sources, the one that is believed first.
const (
	FromSlip   Source = "slip"
	FromTicket Source = "ticket"
	FromFolder Source = "folder"
	FromTitle  Source = "title"
)

// Hints are what is known of a dossier's procedure; what is not known is empty.
type Hints struct {
	Slip   string   // code on the slip, or in the symbol on a paper
	Ticket string   // code in the scanner's ticket
	Folder string   // code in the folder's name, or set for the station
	Titles []string // of the dossier's documents, as they were read
}

// Found is a dossier's procedure and how it was found.
type Found struct {
	Procedure *Procedure // nil: none, or one that is not among those of the office
	Code      string     // as it was named; "" for none
	By        Source     // "" for none
	Against   []Source   // that name another procedure: a person should look
}

// Find finds the procedure that a dossier belongs to. A code that is named counts before any title, and the slip's before
// the ticket's before the folder's. A code that the office does not have is an answer, too: no title is asked then. Titles
// decide where they are those of one procedure's form, slips of the reading allowed.
func (s *Set) Find(h Hints) Found {
	var f Found
	for _, hint := range []struct {
		by   Source
		code string
	}{{FromSlip, h.Slip}, {FromTicket, h.Ticket}, {FromFolder, h.Folder}} {
		code := strings.TrimSpace(hint.code)
		switch {
		case code == "":
		case f.By == "":
			f = Found{Procedure: s.ByCode(code), Code: code, By: hint.by}
		case !f.same(s.ByCode(code), code):
			f.Against = append(f.Against, hint.by)
		}
	}
	p := s.byTitle(h.Titles)
	switch {
	case p == nil:
	case f.By == "":
		f = Found{Procedure: p, Code: p.Code, By: FromTitle}
	case f.Procedure != p:
		f.Against = append(f.Against, FromTitle)
	}
	return f
}

func (f *Found) same(p *Procedure, code string) bool {
	if p == nil {
		return f.Procedure == nil && strings.EqualFold(short(f.Code), short(code))
	}
	return p == f.Procedure
}

// byTitle is the procedure of whose form the titles are; nil where none is, or they are of several procedures.
func (s *Set) byTitle(titles []string) *Procedure {
	var found *Procedure
	for _, title := range titles {
		for _, p := range s.nearest(title) {
			if found != nil && found != p {
				return nil
			}
			found = p
		}
	}
	return found
}

// nearest are the procedures whose form is called as a title was read, give or take a letter of twelve.
func (s *Set) nearest(title string) []*Procedure {
	var found []*Procedure
	least := -1
	read := fold.Words(title)
	for _, p := range s.Procedures {
		for _, own := range p.Titles {
			want := fold.Words(own)
			distance := fold.Distance(read, want)
			if distance > len(want)/12 || (least >= 0 && distance > least) {
				continue
			}
			if distance != least {
				found, least = nil, distance
			}
			found = append(found, p)
		}
	}
	return found
}
