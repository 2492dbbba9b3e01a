package separate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/fold"
)

// annex is what says that a page belongs to the paper before it.
type annex struct {
	titled   bool     // PHỤ LỤC, Annexe
	attached bool     // (Kèm theo Quyết định số ...)
	symbol   symbol   // of the paper that it hangs on
	cited    []symbol // that its head gives without "Số:"
	// printed: it is a form that a circular or decree was published with; that says where its wording comes from, and
	// not what it hangs on.
	printed bool
}

var (
	publication  = regexp.MustCompile(`\b(kem theo|theo)\b( \w+){0,3}? (thong tu|nghi dinh|luat)\b`)
	frenchAnnex  = regexp.MustCompile(`^(annexes?|annex|appendix|schedule|attachment|piece jointe|pieces jointes)\b`)
	aReference   = regexp.MustCompile(`\bkem theo\b`)
	symbolOf     = regexp.MustCompile(`(\d{1,5}(?:/\d{4})?)?\s*\.?\s*/\s*(\p{Lu}\p{L}{1,9}(?:\s?[-–.]\s?[\p{Lu}&0-9]{1,12}){0,3})`)
	frenchNumber = regexp.MustCompile(`(?i)\bn[°ºo]\s*(\d{2,4}[-/]\d{1,5})`)
)

// attachments are the papers that something is attached to.
var attachments = []string{
	"quyet dinh", "thong bao", "cong van", "to trinh", "ke hoach", "bao cao", "hop dong", "giay phep", "giay chung nhan", "nghi quyet", "bien ban", "van ban",
	"chi thi", "huong dan", "giay moi",
}

// isAttachment reports whether a folded text says to what paper a page is attached, perhaps read badly.
func isAttachment(text string) bool {
	if !contains(text, "kem theo", 2) && !contains(text, "dinh kem", 1) {
		return false
	}
	return slices.ContainsFunc(attachments, func(paper string) bool {
		return contains(text, "theo "+paper, 2) || contains(text, "kem "+paper, 2)
	})
}

// isReference reports whether row i of the zone, or the row before it that runs on, says what the page is attached to.
func isReference(zone []row, i int) bool {
	return aReference.MatchString(zone[i].text) && strings.HasPrefix(strings.TrimSpace(zone[i].raw), "(") ||
		i > 0 && strings.HasPrefix(zone[i-1].raw, "(") && !strings.HasSuffix(strings.TrimSpace(zone[i-1].raw), ")") &&
			aReference.MatchString(zone[i-1].text)
}

// annexOf looks for the marks of an annex in the zone of the head.
func annexOf(zone []row) annex {
	const words = 14 // of a title, at most
	var a annex
	for i, r := range zone {
		if r.isProse() {
			continue
		}
		if r.words <= words && (isAnnexTitle(r.text) || frenchAnnex.MatchString(r.text)) && !mentions(r) {
			a.titled = true
		}
		if cited := symbolIn(r.raw); cited.number != "" && !numberRow.MatchString(r.raw) && !formLabel.MatchString(r.text) {
			a.cited = append(a.cited, cited)
		}
		text, raw := r.text, r.raw
		if !beginsReference(r) {
			continue
		}
		if i+1 < len(zone) {
			text, raw = text+" "+zone[i+1].text, raw+" "+zone[i+1].raw
		}
		switch {
		case publication.MatchString(text):
			a.printed = true
		case isAttachment(text):
			a.attached = true
			a.symbol = symbolIn(raw)
		}
	}
	return a
}

// isAnnexTitle reports whether a row begins with Phụ lục, perhaps with one letter read badly.
func isAnnexTitle(text string) bool {
	const title = "phu luc"
	return len(text) >= len(title) && fold.Distance(text[:len(title)], title) <= 1 || strings.HasPrefix(text, "phu bieu")
}

// mentions reports whether a row speaks of an annex in a sentence: "Phụ lục 1 và Phụ lục 2 được gửi kèm."
func mentions(r row) bool {
	return strings.HasSuffix(r.raw, ";") || strings.HasSuffix(r.raw, ".") && r.width() > 0.4
}

func beginsReference(r row) bool {
	raw := strings.TrimSpace(r.raw)
	_, starts := startsWith(r.text, []string{"kem theo", "ban hanh kem theo", "dinh kem"})
	return starts || strings.HasPrefix(raw, "(") || strings.HasPrefix(raw, "[")
}

// symbol is a paper's number and sign: 12/QĐ-UBND. Written by hand, the number is often not to be read.
type symbol struct{ number, sign string }

// symbolIn finds the first symbol of a text; the zero one where there is none.
func symbolIn(raw string) symbol {
	if m := symbolOf.FindStringSubmatch(raw); m != nil {
		return symbol{m[1], strings.ReplaceAll(fold.Words(m[2]), " ", "")}
	}
	if m := frenchNumber.FindStringSubmatch(raw); m != nil {
		return symbol{m[1], "no"}
	}
	return symbol{}
}

// sameness of two symbols, of which one may be read badly or not at all.
type sameness int

const (
	unknown sameness = iota
	same
	different
)

// against compares two symbols. Engines make too much of a sign (TTr, TIr; STTTT, STTTI) for it to tell papers apart, and
// one digit that differs may be a slip too.
func (s symbol) against(o symbol) sameness {
	const telling = 3 // digits of a number that hardly two papers of a stack have by chance
	switch {
	case s.number == "" || o.number == "":
		return unknown
	case s.number == o.number:
		if len(s.number) >= telling || 4*fold.Distance(s.sign, o.sign) <= max(len(s.sign), len(o.sign)) {
			return same
		}
	case fold.Distance(s.number, o.number) > 1:
		return different
	}
	return unknown
}

// String is for people: 12/QDUBND, without marks, as it was compared.
func (s symbol) String() string {
	if s.sign == "" {
		return ""
	}
	return s.number + "/" + strings.ToUpper(s.sign)
}
