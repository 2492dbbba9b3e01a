package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// field reads the name of a filter and its sign. A name that only extracted fields can have needs its value right behind the
// colon: what people write has colons too.
func (l *lexer) field() (name, op string, ok bool) {
	rest := l.text[l.at:]
	name = strings.ToLower(rest[:nameLength(rest)])
	behind := rest[len(name):]
	if name == "confidence" {
		if op, size := comparison(behind); op != "" {
			l.at += len(name) + size
			return name, op, true
		}
	}
	if len(name) < 2 || len(name) > longestWhole || !strings.HasPrefix(behind, ":") {
		return "", "", false
	}
	at := l.at + len(name) + 1
	if !slices.Contains(fields, name) && (!l.holds(at) || l.text[at] == '/') {
		return "", "", false
	}
	l.at = at
	return name, ":", true
}

// nameLength is the length of the name of a field that a text begins with.
func nameLength(text string) int {
	for i := range len(text) {
		c := text[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || text[i] != '_' && (text[i] < '0' || text[i] > '9')) {
			return i
		}
	}
	return len(text)
}

// comparison reads <, <=, > or >=, with blanks or a colon before it, and the bytes that it takes.
func comparison(text string) (op string, size int) {
	rest := strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(text, " "), ":"), " ")
	for _, op := range []string{"<=", ">=", "<", ">"} {
		if after, ok := strings.CutPrefix(rest, op); ok {
			return op, len(text) - len(after)
		}
	}
	return "", 0
}

// values reads what stands behind a filter's sign: words or phrases with commas between them. A decimal comma is none of those.
func (l *lexer) values(field string) ([]string, error) {
	at := l.at
	l.blanks()
	var values []string
	for {
		value := l.value(field)
		if value = strings.TrimSpace(norm.NFC.String(value)); value != "" {
			values = append(values, value)
		}
		if l.at == len(l.text) || l.text[l.at] != ',' {
			break
		}
		l.at++
	}
	if values == nil {
		return nil, l.fault(at, NeedsValue)
	}
	if len(values) > mostWords {
		return nil, l.fault(at, TooManyWords)
	}
	return values, nil
}

func (l *lexer) value(field string) string {
	rest := l.text[l.at:]
	if strings.HasPrefix(rest, `"`) {
		l.at++
		rest = rest[1:]
		end := strings.IndexByte(rest, '"')
		if end < 0 {
			l.at = len(l.text)
			return rest
		}
		l.at += end + 1
		return rest[:end]
	}
	end := strings.IndexFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`()|"`, r) || r == ',' && field != "confidence"
	})
	if end < 0 {
		end = len(rest)
	}
	l.at += end
	return rest[:end]
}

// newFilter checks what the filters that every page has may be.
func newFilter(l *lexer, field, op string, values []string, at int) (Filter, error) {
	switch field {
	case "from", "to":
		day, ok := dayOf(values[0], field == "to")
		if !ok || len(values) > 1 {
			return Filter{}, l.fault(at, BadDate)
		}
		values = []string{day}
	case "confidence":
		share, ok := shareOf(values[0])
		if !ok || len(values) > 1 || op == ":" {
			return Filter{}, l.fault(at, BadConfidence)
		}
		values = []string{share}
	}
	return Filter{Field: field, Op: op, Values: values}, nil
}

// dayOf reads a day, a month or a year, of which it takes the first day or the last.
func dayOf(text string, last bool) (string, bool) {
	text = strings.NewReplacer("/", "-", ".", "-").Replace(text)
	for layout, next := range map[string][3]int{
		"2006-1-2": {}, "2-1-2006": {}, "2006-1": {0, 1, -1}, "1-2006": {0, 1, -1}, "2006": {1, 0, -1},
	} {
		day, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if last {
			day = day.AddDate(next[0], next[1], next[2])
		}
		return day.Format(time.DateOnly), true
	}
	return "", false
}

// shareOf reads 0.6, 0,6 or 60 %.
func shareOf(text string) (string, bool) {
	number, percent := strings.CutSuffix(strings.ReplaceAll(text, ",", "."), "%")
	share, err := strconv.ParseFloat(number, 64)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return "", false
	}
	return strconv.FormatFloat(share, 'f', -1, 64), true
}
