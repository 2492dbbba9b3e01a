package payload

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
)

// parsePaper reads the QR code that Circular 01/2023/TT-VPCP puts on papers: dossier code, procedure code, id of the
// person or organisation, name of the document. It fixes no syntax, so the fields are known by what they look like. The
// dossier code makes it one; two different ones make it none.
func parsePaper(text string) (slip Slip, ok bool) {
	var names []string
	for _, f := range fieldsOf(text) {
		codes := codesIn(f.value)
		for _, code := range codes {
			if slip.Code != "" && slip.Code != code {
				return Slip{}, false
			}
			slip.Code = code
		}
		switch {
		case len(codes) > 0:
		case nationalProcedure.MatchString(f.value):
			setFirst(&slip.Procedure, f.value)
		case isPersonID(f.value):
			setFirst(&slip.Person, f.value)
		case namesDocument(f.key) && isText(f.value):
			setFirst(&slip.Document, f.value)
		case f.key == "" && isText(f.value) && strings.ContainsFunc(f.value, unicode.IsLetter):
			names = append(names, f.value)
		}
	}
	// A lone text beside the numbers is the document's name; of two, one is a person's.
	if slip.Document == "" && len(names) == 1 {
		slip.Document = names[0]
	}
	return slip, slip.Code != ""
}

func setFirst(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// field is one part of a text; key is "" where it has none.
type field struct{ key, value string }

// fieldsOf takes a text apart: a JSON object, a URL's query, key=value or key: value, values alone; parted by |, ; or
// line ends.
func fieldsOf(text string) []field {
	var object map[string]any
	if strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &object) == nil {
		return jsonFields(object)
	}
	var fields []field
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == ';' || r == '\n' || r == '\r' }) {
		part = strings.TrimSpace(part)
		if u, err := url.Parse(part); err == nil && u.Scheme != "" && u.Host != "" {
			fields = append(fields, urlFields(u)...)
			continue
		}
		fields = append(fields, keyed(part))
	}
	if len(fields) == 1 && strings.Contains(text, "&") {
		if query, err := url.ParseQuery(text); err == nil {
			return queryFields(query)
		}
	}
	return fields
}

func keyed(part string) field {
	if i := strings.IndexAny(part, "=:"); i > 0 {
		return field{strings.TrimSpace(part[:i]), strings.TrimSpace(part[i+1:])}
	}
	return field{"", part}
}

func jsonFields(object map[string]any) []field {
	var fields []field
	for key, v := range object {
		switch v := v.(type) {
		case string:
			fields = append(fields, field{key, strings.TrimSpace(v)})
		case map[string]any:
			fields = append(fields, jsonFields(v)...)
		}
	}
	return inOrder(fields)
}

func urlFields(u *url.URL) []field {
	// Of a path only a whole step is a value; it has no name that could be a document's.
	var fields []field
	for _, step := range strings.Split(u.Path, "/") {
		fields = append(fields, field{"path", step})
	}
	return append(fields, queryFields(u.Query())...)
}

func queryFields(query url.Values) []field {
	var fields []field
	for key, values := range query {
		for _, v := range values {
			fields = append(fields, field{key, strings.TrimSpace(v)})
		}
	}
	return inOrder(fields)
}

// inOrder makes what comes out of a map the same each time.
func inOrder(fields []field) []field {
	slices.SortFunc(fields, func(a, b field) int {
		return strings.Compare(a.key+"\x00"+a.value, b.key+"\x00"+b.value)
	})
	return fields
}

// nationalCodes finds what may be a national dossier code within a value: "Mã hồ sơ 000.00.16.H42-240112-0003".
var nationalCodes = regexp.MustCompile(`(?i)[\p{L}\d.-]+-\d{6}-\d{4}[\p{L}\d.-]*`)

// codesIn returns the dossier codes of a value. One of ours counts where it is the whole value only: a part of a
// courier's number may look like it.
func codesIn(value string) []string {
	if code, ok := ParseCode(value); ok {
		return []string{string(code)}
	}
	var codes []string
	for _, found := range nationalCodes.FindAllString(value, -1) {
		code, ok := ParseCode(strings.TrimRight(found, "."))
		if ok && code.Station() == "" {
			codes = append(codes, string(code))
		}
	}
	return codes
}

// documentKeys are what is called the name of a document, without spaces and marks between words.
var documentKeys = []string{
	"tengiayto", "têngiấytờ", "giayto", "giấytờ", "loaigiayto", "loạigiấytờ", "tentailieu", "têntàiliệu", "tenvanban", "tênvănbản",
	"document", "documentname", "documenttitle", "title",
}

func namesDocument(key string) bool {
	letters := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, dossier.DisplayName(key))
	return slices.Contains(documentKeys, letters)
}

var (
	citizenNumber = regexp.MustCompile(`^\d{3}[0-3]\d{8}$`)
	oldNumber     = regexp.MustCompile(`^\d{9}$`)
	taxCode       = regexp.MustCompile(`^\d{10}(?:-\d{3})?$`)
)

// isPersonID reports whether a value is an identity number or a tax code; telephone numbers have no check digit.
func isPersonID(value string) bool {
	return citizenNumber.MatchString(value) || oldNumber.MatchString(value) || taxCode.MatchString(value) && taxCheck(value)
}

// taxCheck proves the tenth digit of a tax code (Circular 105/2020/TT-BTC).
func taxCheck(code string) bool {
	sum := 0
	for i, weight := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += weight * int(code[i]-'0')
	}
	return int(code[9]-'0') == 10-sum%11
}
