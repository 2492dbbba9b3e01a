package procedure

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
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
	read := []rune(fold(title))
	for _, p := range s.Procedures {
		for _, own := range p.Titles {
			want := []rune(fold(own))
			distance := editDistance(read, want, len(want)/12)
			if distance < 0 || (least >= 0 && distance > least) {
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

// fold leaves of a title what reading gets right most often: letters without case and marks, digits, single spaces.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ' || r == 'ð':
			b.WriteByte('d')
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// editDistance is how many letters must change to make b of a; -1 for more than most.
func editDistance(a, b []rune, most int) int {
	if max(len(a)-len(b), len(b)-len(a)) > most {
		return -1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if r == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
		if slices.Min(row) > most {
			return -1
		}
	}
	if row[len(b)] > most {
		return -1
	}
	return row[len(b)]
}
