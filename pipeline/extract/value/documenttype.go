package value

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/fold"
)

// documentType is a type of official document and its abbreviation in a symbol.
type documentType struct{ abbreviation, name string }

// documentTypes: the 27 types and 3 kinds of copies with an abbreviation in Decree 30/2020/ND-CP, annex III, part I; then
// the letter, which has none there but CV in older practice; then what other laws name and counters meet.
var documentTypes = []documentType{
	{"NQ", "Nghị quyết"},
	{"QĐ", "Quyết định"},
	{"CT", "Chỉ thị"},
	{"QC", "Quy chế"},
	{"QyĐ", "Quy định"},
	{"TC", "Thông cáo"},
	{"TB", "Thông báo"},
	{"HD", "Hướng dẫn"},
	{"CTr", "Chương trình"},
	{"KH", "Kế hoạch"},
	{"PA", "Phương án"},
	{"ĐA", "Đề án"},
	{"DA", "Dự án"},
	{"BC", "Báo cáo"},
	{"BB", "Biên bản"},
	{"TTr", "Tờ trình"},
	{"HĐ", "Hợp đồng"},
	{"CĐ", "Công điện"},
	{"BGN", "Bản ghi nhớ"},
	{"BTT", "Bản thỏa thuận"},
	{"GUQ", "Giấy ủy quyền"},
	{"GM", "Giấy mời"},
	{"GGT", "Giấy giới thiệu"},
	{"GNP", "Giấy nghỉ phép"},
	{"PG", "Phiếu gửi"},
	{"PC", "Phiếu chuyển"},
	{"PB", "Phiếu báo"},
	{"SY", "Bản sao y"},
	{"TrS", "Bản trích sao"},
	{"SL", "Bản sao lục"},
	{"CV", "Công văn"},
	// Law 80/2015/QH13 on the promulgation of legal documents, and Ordinance 01/2012/UBTVQH13 on their consolidation.
	{"NĐ", "Nghị định"},
	{"TT", "Thông tư"},
	{"TTLT", "Thông tư liên tịch"},
	{"NQLT", "Nghị quyết liên tịch"},
	{"VBHN", "Văn bản hợp nhất"},
	// Regulation 66-QĐ/TW of the Party's office.
	{"KL", "Kết luận"},
	// In use without one law behind them.
	{"GP", "Giấy phép"},
	{"GPXD", "Giấy phép xây dựng"},
	{"GCN", "Giấy chứng nhận"},
	{"GXN", "Giấy xác nhận"},
}

// letter is the type of a symbol without an abbreviation: agency and unit alone.
const letter = "Công văn"

// typeOfAbbreviation finds a type by its abbreviation as printed.
func typeOfAbbreviation(abbreviation string) (documentType, bool) {
	i := slices.IndexFunc(documentTypes, func(d documentType) bool { return d.abbreviation == abbreviation })
	if i < 0 {
		return documentType{}, false
	}
	return documentTypes[i], true
}

// parseDocumentType reads a type from its printed title, from its abbreviation or from a whole symbol. Tone marks of a title
// may be misread (THÔNG BẢO) and one letter of a long one (NGHỊ LỊNH): the list of types proves the mending. Normal form:
// Thông báo. Part: abbreviation.
func parseDocumentType(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the type of document is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	p := Parsed{Raw: raw, Start: s.start, End: s.end}
	if d, ok := typeOfAbbreviation(norm.NFC.String(strings.ReplaceAll(raw, "Ð", "Đ"))); ok {
		return p.ofType(d), nil
	}
	if d, ok := typeOfTitle(raw); ok {
		return p.ofType(d), nil
	}
	if symbol, err := parseSymbol(text, opt); err == nil {
		return typeOfSymbol(symbol)
	}
	return Parsed{}, errUnknownDocument
}

var errUnknownDocument = fault("it is none of the types of document that are known")

// ofType completes a reading of a title or abbreviation.
func (p Parsed) ofType(d documentType) Parsed {
	p.Value, p.Parts = d.name, map[string]string{"abbreviation": d.abbreviation}
	read := strings.ToLower(plain(strings.ReplaceAll(p.Raw, "Ð", "Đ")))
	if read != strings.ToLower(d.abbreviation) && oldTones(read) != oldTones(strings.ToLower(d.name)) {
		p.Repaired, p.OtherRaw = true, d.name
		if p.Raw == strings.ToUpper(p.Raw) {
			p.OtherRaw = strings.ToUpper(d.name)
		}
	}
	return p
}

// typeOfSymbol takes the type out of a symbol. One without an abbreviation of a type is a letter's and begins with an agency,
// which has three letters or more (UBND, STP): two are a type that is not known.
func typeOfSymbol(symbol Parsed) (Parsed, error) {
	d, ok := typeOfAbbreviation(symbol.Parts["type"])
	switch {
	case !ok && (symbol.Parts["type"] != "" || utf8.RuneCountInString(symbol.Parts["agency"]) < 3 || symbol.Parts["year"] != ""):
		return Parsed{}, errUnknownDocument
	case !ok:
		d = documentType{name: letter, abbreviation: "CV"}
	}
	symbol.Value, symbol.Partial = d.name, false
	symbol.Parts = map[string]string{"abbreviation": d.abbreviation}
	return symbol, nil
}

// typeOfTitle finds the type that a title names: the same letters without tone marks, or else one of seven or more letters
// that differs by one letter and is the only such.
func typeOfTitle(title string) (documentType, bool) {
	folded := foldString(title)
	var near []documentType
	for _, d := range documentTypes {
		name := foldString(d.name)
		if name == folded {
			return d, true
		}
		if len(name) >= 7 && fold.Near(name, folded) {
			near = append(near, d)
		}
	}
	if len(near) == 1 {
		return near[0], true
	}
	return documentType{}, false
}

// oldTones writes both placements of a tone mark alike: hòa and hoà, thủy and thuỷ.
var toneReplacer = strings.NewReplacer(
	"oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa",
	"oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy",
)

func oldTones(lower string) string { return toneReplacer.Replace(lower) }

// titleSpans are the lines in capitals that a type of document may stand on, and the symbols.
func titleSpans(text string) []span {
	return slices.DeleteFunc(lineSpans(text), func(s span) bool {
		line := text[s.start:s.end]
		return len(line) > 200 || strings.IndexFunc(line, unicode.IsLower) >= 0 || utf8.RuneCountInString(line) < 5
	})
}

// lineSpans are the lines of a text that are not blank, without the white space around them.
func lineSpans(text string) []span {
	var spans []span
	start := 0
	for line := range strings.Lines(text) {
		if s := strings.TrimSpace(line); s != "" {
			at := start + strings.Index(line, s)
			spans = append(spans, span{at, at + len(s)})
		}
		start += len(line)
	}
	return spans
}
