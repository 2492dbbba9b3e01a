// Package value knows the types that a field of a paper can have: how a date, a document's number and symbol, a citizen
// number or an IBAN is written, when one is impossible, and what its normal form is. It is pure: a text in, a value or a
// sentence that says why not out. Where on the page the text stood, and whether a field is wanted there, pipeline/extract knows.
//
// Three promises hold for every type, and the tests prove them for each: a normal form parses to itself; a slip of reading
// is mended only where a validator proves the mending, and then both readings are kept; no text makes a parser panic, or
// take longer than its length explains.
package value

import (
	"errors"
	"fmt"
	"slices"
)

// Parsed is what a type made of a text.
type Parsed struct {
	Value string // in the type's normal form, NFC: 2024-01-05, 123/QĐ-UBND, +84912345678
	Raw   string // as it stands in the text: text[Start:End]
	// OtherRaw is Raw with its slips of reading mended, where Repaired.
	OtherRaw string
	Repaired bool // a known slip of reading was mended, and the validator proved the mending
	Checked  bool // a check digit proves the value
	// Partial values lack what a hand writes into the printed form: a symbol's number, the day of a place and date.
	Partial bool
	// Parts are the pieces of a value that has some, in their own normal forms; each type's comment names them.
	Parts map[string]string
	// Start and End are the byte offsets of Raw in the text that was parsed or searched.
	Start, End int
}

// Options say what is known beside the text. The zero value knows nothing.
type Options struct {
	Language string // of the page, as Tesseract names it: vie, fra, eng; "" when unknown
	// Allowed narrows a type to some normal forms: the abbreviations of a symbol, the codes of a procedure_code. Empty allows all.
	Allowed []string
}

// ErrAbsent is wrapped by Parse for a text that has room for a value and holds none: white space, dots, "ngày ... tháng ...
// năm ...". Whoever asked has an empty field before him, not a wrong one.
var ErrAbsent = errors.New("no value is given")

// ErrUnknownType is wrapped by Parse for a type that Types does not list.
var ErrUnknownType = errors.New("no such type of value")

// valueType is one row of the table: how its values are spelled out, and where in a longer text some may stand.
type valueType struct {
	name  string
	parse func(text string, opt Options) (Parsed, error)
	// candidates are the places of a longer text that may hold a value, in order and apart from each other.
	candidates func(text string) []span
}

// span is a range of byte offsets.
type span struct{ start, end int }

// types is the table, in the order in which Types lists it.
func types() []valueType {
	return []valueType{
		{"text", parseText, whole},
		{"integer", parseInteger, integerSpans},
		{"date", parseDate, dateSpans},
		{"place", parsePlace, placeDateSpans},
		{"place_date", parsePlaceDate, placeDateSpans},
		{"money", parseMoney, moneySpans},
		{"phone", parsePhone, phoneSpans},
		{"address", parseAddress, whole},
		{"sex", parseSex, sexSpans},
		{"person_name", parsePersonName, lineSpans},

		{"agency", parseAgency, whole},
		{"symbol", parseSymbol, symbolSpans},
		{"document_type", parseDocumentType, titleSpans},
		{"abstract", parseAbstract, whole},
		{"signer", parseSigner, whole},
		{"recipients", parseRecipients, whole},
		{"urgency", marks("mark of urgency", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"), markSpans},
		{"secrecy", marks("mark of secrecy", "MẬT", "TỐI MẬT", "TUYỆT MẬT"), markSpans},

		{"dossier_code", parseDossierCode, dossierCodeSpans},
		{"procedure_code", parseProcedureCode, procedureCodeSpans},
		{"citizen_number", parseCitizenNumber, numberSpans("", 12, 9)},
		{"tax_code", parseTaxCode, numberSpans("-", 13, 12, 10)},

		{"siren", parseSiren, numberSpans("", 9)},
		{"siret", parseSiret, numberSpans("", 14)},
		{"nir", parseNIR, nirSpans},
		{"postal_town", parsePostalTown, postalTownSpans},
		{"iban", parseIBAN, ibanSpans},
		{"mrz", parseMRZ, mrzSpans},
	}
}

// lookup finds a row of the table.
func lookup(typ string) (valueType, bool) {
	all := types()
	i := slices.IndexFunc(all, func(t valueType) bool { return t.name == typ })
	if i < 0 {
		return valueType{}, false
	}
	return all[i], true
}

// Types lists the names of all types.
func Types() []string {
	var names []string
	for _, t := range types() {
		names = append(names, t.name)
	}
	return names
}

// Known reports whether typ is one of Types.
func Known(typ string) bool {
	_, ok := lookup(typ)
	return ok
}

// Parse reads a text that should be one value of the type and nothing else; white space and stray punctuation around it are
// no harm. The error is a sentence for the person who writes a kind; it quotes a piece of the text where that helps and
// identifies nobody ("30/02 is no date"), never a whole number, name or address.
func Parse(typ, text string, opt Options) (Parsed, error) {
	t, ok := lookup(typ)
	if !ok {
		return Parsed{}, fmt.Errorf("%q: %w", typ, ErrUnknownType)
	}
	return t.read(text, opt)
}

// read parses a text, and its normal form once more: what is then read as something else was never a value of the type but
// rules, specks or letters of another script that happen to look like one.
func (t valueType) read(text string, opt Options) (Parsed, error) {
	p, err := t.parse(text, opt)
	if err != nil {
		return Parsed{}, err
	}
	again, err := t.parse(p.Value, opt)
	if err != nil || again.Value != p.Value || again.Partial != p.Partial || again.Repaired {
		return Parsed{}, fault("it can't be read in one way only")
	}
	return p, nil
}

// Find gives the values of the type inside a longer text, in order; what looks like one and is none is left out. A type
// without a shape of its own (text, address) is found once, as the whole text. An unknown type is found nowhere.
func Find(typ, text string, opt Options) []Parsed {
	t, ok := lookup(typ)
	if !ok {
		return nil
	}
	var found []Parsed
	for _, s := range t.candidates(text) {
		p, err := t.read(text[s.start:s.end], opt)
		if err != nil {
			continue
		}
		p.Start += s.start
		p.End += s.start
		found = append(found, p)
	}
	return found
}
