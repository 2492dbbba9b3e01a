package source

import (
	"errors"
	"math"
	"strconv"
)

// What a PDF is made of: nil, bool, int, float64, string, name, reference, array, dictionary, *stream, and operator for
// the words that are none of these.
type (
	name      string
	operator  string
	array     []any
	dict      map[name]any
	reference struct{ number, generation int }
)

// stream is a dictionary with bytes. Raw is as it stands in the file, but for encryption.
type stream struct {
	dict dict
	raw  []byte
}

// pdfNesting is how deep arrays and dictionaries lie in one another at most.
const pdfNesting = 64

var (
	errPDFEnd    = errors.New("the data ends")
	errPDFSyntax = errors.New("no PDF syntax")
)

// lexer reads objects and operators one after the other.
type lexer struct {
	data []byte
	at   int
	refs bool // whether "1 0 R" is a reference, as it is everywhere but in content streams
}

// next returns the next object or operator; errPDFEnd where there is none.
func (l *lexer) next() (any, error) { return l.object(0) }

func (l *lexer) object(depth int) (any, error) {
	l.skipSpace()
	if l.at >= len(l.data) {
		return nil, errPDFEnd
	}
	if depth > pdfNesting {
		return nil, errPDFSyntax
	}
	switch c := l.data[l.at]; {
	case c == '/':
		l.at++
		return l.name(), nil
	case c == '(':
		return l.literal()
	case c == '<' && l.peek(1) == '<':
		l.at += 2
		return l.dict(depth)
	case c == '<':
		return l.hex()
	case c == '[':
		l.at++
		return l.array(depth)
	case c == ']' || c == '{' || c == '}' || c == ')':
		l.at++
		return operator(c), nil
	case c == '>':
		l.at++
		if l.at < len(l.data) && l.data[l.at] == '>' {
			l.at++
		}
		return operator(">>"), nil
	default:
		return l.word(), nil
	}
}

func (l *lexer) peek(n int) byte {
	if l.at+n < len(l.data) {
		return l.data[l.at+n]
	}
	return 0
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skipSpace goes over white space and comments.
func (l *lexer) skipSpace() {
	for l.at < len(l.data) {
		c := l.data[l.at]
		if c == '%' {
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
			continue
		}
		if !isSpace(c) {
			return
		}
		l.at++
	}
}

// regular returns the run of ordinary characters that begins here.
func (l *lexer) regular() []byte {
	start := l.at
	for l.at < len(l.data) && !isSpace(l.data[l.at]) && !isDelimiter(l.data[l.at]) {
		l.at++
	}
	return l.data[start:l.at]
}

func (l *lexer) name() name {
	raw := l.regular()
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && hexValue(raw[i+1]) >= 0 && hexValue(raw[i+2]) >= 0 {
			out = append(out, byte(hexValue(raw[i+1])<<4|hexValue(raw[i+2])))
			i += 2
			continue
		}
		out = append(out, raw[i])
	}
	return name(out)
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// word reads a number, a keyword, a reference or an operator.
func (l *lexer) word() any {
	raw := l.regular()
	switch string(raw) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	v, ok := number(raw)
	if !ok {
		return operator(raw)
	}
	if n, isInt := v.(int); isInt && l.refs && n >= 0 {
		if r, ok := l.reference(n); ok {
			return r
		}
	}
	return v
}

// reference looks whether "generation R" follows.
func (l *lexer) reference(n int) (reference, bool) {
	back := l.at
	l.skipSpace()
	g, ok := number(l.regular())
	generation, isInt := g.(int)
	if ok && isInt && generation >= 0 {
		l.skipSpace()
		if string(l.regular()) == "R" {
			return reference{n, generation}, true
		}
	}
	l.at = back
	return reference{}, false
}

// number reads what viewers take for a number: "-.5", "4.", "--3" and "0.0-1" are out there.
func number(raw []byte) (any, bool) {
	if len(raw) == 0 || raw[0] != '+' && raw[0] != '-' && raw[0] != '.' && (raw[0] < '0' || raw[0] > '9') {
		return nil, false
	}
	if n, err := strconv.Atoi(string(raw)); err == nil {
		return n, true
	}
	negative := raw[0] == '-'
	for len(raw) > 0 && (raw[0] == '-' || raw[0] == '+') {
		raw = raw[1:]
	}
	end := 0
	for end < len(raw) && (raw[end] >= '0' && raw[end] <= '9' || raw[end] == '.') {
		end++
	}
	if end == 0 || end < len(raw) && raw[end] != '-' {
		return nil, false
	}
	f, err := strconv.ParseFloat(string(raw[:end]), 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, string(raw[:end]) == "."
	}
	if negative {
		f = -f
	}
	return f, true
}

func (l *lexer) literal() (any, error) {
	l.at++
	var out []byte
	for depth := 1; l.at < len(l.data); l.at++ {
		switch c := l.data[l.at]; c {
		case '(':
			depth++
			out = append(out, c)
		case ')':
			if depth--; depth == 0 {
				l.at++
				return string(out), nil
			}
			out = append(out, c)
		case '\\':
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	return nil, errPDFEnd
}

// escape reads what follows a backslash, and stops at its last byte.
func (l *lexer) escape(out []byte) []byte {
	l.at++
	switch c := l.peek(0); c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.peek(1) == '\n' {
			l.at++
		}
		return out
	default:
		if c < '0' || c > '7' {
			return append(out, c)
		}
		v := int(c - '0')
		for range 2 {
			if d := l.peek(1); d >= '0' && d <= '7' {
				v = v<<3 | int(d-'0')
				l.at++
			}
		}
		return append(out, byte(v))
	}
}

func (l *lexer) hex() (any, error) {
	l.at++
	var out []byte
	high := -1
	for ; l.at < len(l.data); l.at++ {
		c := l.data[l.at]
		if c == '>' {
			l.at++
			if high >= 0 {
				out = append(out, byte(high<<4))
			}
			return string(out), nil
		}
		v := hexValue(c)
		switch {
		case v < 0:
		case high < 0:
			high = v
		default:
			out = append(out, byte(high<<4|v))
			high = -1
		}
	}
	return nil, errPDFEnd
}

func (l *lexer) array(depth int) (any, error) {
	out := array{}
	for {
		v, err := l.object(depth + 1)
		if err != nil {
			return nil, err
		}
		if op, ok := v.(operator); ok {
			if op == "]" {
				return out, nil
			}
			if op == "endobj" || op == ">>" {
				return nil, errPDFSyntax
			}
			continue
		}
		out = append(out, v)
	}
}

func (l *lexer) dict(depth int) (any, error) {
	out := dict{}
	for {
		key, err := l.object(depth + 1)
		if err != nil {
			return nil, err
		}
		k, ok := key.(name)
		if !ok {
			if op, isOp := key.(operator); isOp && op == ">>" {
				return out, nil
			} else if isOp && (op == "endobj" || op == "stream") {
				return nil, errPDFSyntax
			}
			continue
		}
		value, err := l.object(depth + 1)
		if err != nil {
			return nil, err
		}
		if op, isOp := value.(operator); isOp {
			if op == ">>" {
				return out, nil
			}
			continue
		}
		if _, twice := out[k]; !twice {
			out[k] = value
		}
	}
}
