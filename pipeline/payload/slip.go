package payload

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

// Slip says to which dossier a paper belongs. It stands on a cover slip, which is no paper of the dossier, or on a
// paper itself by Circular 01/2023/TT-VPCP. What is not said is "".
type Slip struct {
	Sheet     bool   // a cover slip of ours: the sheet parts the stack and is no paper of the dossier
	Code      string // dossier code, valid; "" only on a sheet that asks for a page to be scanned again
	Procedure string // its code; "" beside a Rescan

	Station string // cover slips only: whose counter it is
	Place   string // cover slips only: where the paper lies, in the office's words; "" beside a Rescan
	Rescan  Rescan // cover slips only: the page that follows replaces this one

	Person   string // papers only: id of the person or organisation; personal
	Document string // papers only: name of the document
}

// Rescan names a page that is scanned again. The zero value is none.
type Rescan struct {
	Batch string // [A-Za-z0-9._-]{1,40}
	Page  int    // of the batch, from 1
}

// Valid reports whether r names a page.
func (r Rescan) Valid() bool {
	return batchName.MatchString(r.Batch) && r.Page >= 1 && r.Page <= maxRescan
}

const (
	ourPrefix  = "DOSSIERD:"
	ourVersion = "1"
)

// maxPlace bounds Slip.Place, in bytes: a slip must stay coarse enough to outlive a photocopy.
const maxPlace = 48

// ValidPlace reports whether a slip can carry s as the place of the paper: at most 48 bytes of UTF-8 that can be printed on
// one line, no space at either end.
func ValidPlace(s string) bool { return s != "" && len(s) <= maxPlace && printable(s) }

// maxRescan is more pages than any batch has.
const maxRescan = 1_000_000

var batchName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,40}$`)

// Encode writes what the symbol of a cover slip says; docs/slips.md has the syntax. It is in upper case as far as that
// loses nothing, which a QR code writes in two thirds of the bits. An error names the field that a slip can't carry.
func (s Slip) Encode() (string, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	fields := []string{
		"DOSSIERD", ourVersion, "SLIP", strings.ToUpper(s.Code), s.Procedure, strings.ToUpper(s.Station), escape(s.Place), "", "",
	}
	if s.Rescan.Page > 0 {
		fields[7], fields[8] = s.Rescan.Batch, strconv.Itoa(s.Rescan.Page)
	}
	for fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	return strings.Join(fields, ":"), nil
}

func (s Slip) check() error {
	rescan := s.Rescan != Rescan{}
	switch {
	case !s.Sheet || s.Person != "" || s.Document != "":
		return errors.New("a cover slip has neither person nor document")
	case !ValidCode(s.Code) && (s.Code != "" || !rescan):
		return fmt.Errorf("dossier code %q is not valid", s.Code)
	case s.Procedure != "" && !ValidProcedure(s.Procedure):
		return fmt.Errorf("procedure %q is not valid", s.Procedure)
	case s.Station != "" && !stationName.MatchString(s.Station):
		return fmt.Errorf("station %q is not valid", s.Station)
	case s.Place != "" && !ValidPlace(s.Place):
		return fmt.Errorf("place %q is not valid", s.Place)
	case rescan && (s.Procedure != "" || s.Place != ""):
		return errors.New("a page to be scanned again has its dossier's procedure and place")
	case rescan && !s.Rescan.Valid():
		return fmt.Errorf("page %d of batch %q can't be scanned again", s.Rescan.Page, s.Rescan.Batch)
	}
	return nil
}

// Encode writes what the symbol of a separator sheet says.
func (s Separator) Encode() string {
	return ourPrefix + ourVersion + ":SEPARATOR:" + strings.ToUpper(string(s))
}

// cutPrefix takes off what each symbol of ours begins with.
func cutPrefix(text string) (rest string, ok bool) {
	if len(text) < len(ourPrefix) || !strings.EqualFold(text[:len(ourPrefix)], ourPrefix) {
		return text, false
	}
	return text[len(ourPrefix):], true
}

// parseOurs reads what follows the prefix; nil where this version has no meaning for it. Fields beyond those it knows
// are left to later versions.
func parseOurs(text string) Meaning {
	fields := strings.Split(text, ":")
	if len(fields) < 3 || fields[0] != ourVersion {
		return nil
	}
	switch strings.ToUpper(fields[1]) {
	case "SLIP":
		if slip, ok := parseSlip(fields[2:]); ok {
			return slip
		}
	case "SEPARATOR":
		switch level := dossier.CutLevel(strings.ToLower(fields[2])); level {
		case dossier.CutDossier, dossier.CutDocument:
			return Separator(level)
		}
	}
	return nil
}

func parseSlip(fields []string) (Slip, bool) {
	field := func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	}
	slip := Slip{Sheet: true, Procedure: field(1), Station: strings.ToLower(field(2))}
	if field(0) != "" {
		code, ok := ParseCode(field(0))
		if !ok {
			return slip, false
		}
		slip.Code = string(code)
	}
	var err error
	if slip.Place, err = unescape(field(3)); err != nil {
		return slip, false
	}
	if field(4) != "" || field(5) != "" {
		slip.Rescan.Batch = field(4)
		if slip.Rescan.Page, err = strconv.Atoi(field(5)); err != nil {
			return slip, false
		}
	}
	return slip, slip.check() == nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// escape keeps what parts fields out of a field.
func escape(s string) string { return strings.NewReplacer("%", "%25", ":", "%3A").Replace(s) }

var errEscape = errors.New("a % without two hexadecimal digits")

func unescape(s string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "%")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if len(after) < 2 {
			return "", errEscape
		}
		c, err := strconv.ParseUint(after[:2], 16, 8)
		if err != nil {
			return "", errEscape
		}
		b.WriteByte(byte(c))
		s = after[2:]
	}
}
