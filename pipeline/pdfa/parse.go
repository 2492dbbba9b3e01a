package pdfa

import (
	"errors"
	"fmt"
	"strconv"
)

// maxDepth bounds how deep arrays and dictionaries nest; the writer's go five deep.
const maxDepth = 16

// The values of PDF objects as the check reads them. Numbers are float64, strings and the words true, false and null
// are rawValue.
type (
	dict      map[string]any
	pdfName   string
	reference int
	rawValue  string
)

var errSyntax = errors.New("not a PDF value")

// parser reads values in the forms in which the writer writes them.
type parser struct {
	b  []byte
	at int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '/', '%':
		return true
	}
	return isSpace(c)
}

// peek skips space and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	for p.at < len(p.b) && isSpace(p.b[p.at]) {
		p.at++
	}
	if p.at == len(p.b) {
		return 0
	}
	return p.b[p.at]
}

func (p *parser) has(s string) bool {
	return p.at+len(s) <= len(p.b) && string(p.b[p.at:p.at+len(s)]) == s
}

// word reads to the next delimiter.
func (p *parser) word() string {
	start := p.at
	for p.at < len(p.b) && !isDelimiter(p.b[p.at]) {
		p.at++
	}
	return string(p.b[start:p.at])
}

func (p *parser) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nested deeper than %d", maxDepth)
	}
	switch c := p.peek(); {
	case p.has("<<"):
		return p.dict(depth)
	case c == '[':
		return p.array(depth)
	case c == '/':
		p.at++
		return pdfName(p.word()), nil
	case c == '<':
		return p.until('>')
	case c == '(':
		return p.literal()
	default:
		return p.number()
	}
}

func (p *parser) dict(depth int) (any, error) {
	d := dict{}
	p.at += 2
	for {
		c := p.peek()
		if p.has(">>") {
			p.at += 2
			return d, nil
		}
		if c != '/' {
			return nil, errSyntax
		}
		p.at++
		key := p.word()
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, twice := d[key]; twice {
			return nil, fmt.Errorf("key %s twice", key)
		}
		d[key] = v
	}
}

func (p *parser) array(depth int) (any, error) {
	list := []any{}
	p.at++
	for {
		switch p.peek() {
		case ']':
			p.at++
			return list, nil
		case 0:
			return nil, errSyntax
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

func (p *parser) until(end byte) (any, error) {
	for start := p.at; p.at < len(p.b); p.at++ {
		if p.b[p.at] == end {
			p.at++
			return rawValue(p.b[start:p.at]), nil
		}
	}
	return nil, errSyntax
}

// literal reads a string in parentheses; the writer escapes those inside.
func (p *parser) literal() (any, error) {
	for start := p.at; p.at < len(p.b); p.at++ {
		switch p.b[p.at] {
		case '\\':
			p.at++
		case ')':
			p.at++
			return rawValue(p.b[start:p.at]), nil
		}
	}
	return nil, errSyntax
}

// number reads a number, a reference, or a word.
func (p *parser) number() (any, error) {
	w := p.word()
	if w == "true" || w == "false" || w == "null" {
		return rawValue(w), nil
	}
	v, err := strconv.ParseFloat(w, 64)
	if err != nil {
		return nil, errSyntax
	}
	if p.has(" 0 R") {
		p.at += len(" 0 R")
		n, err := strconv.Atoi(w)
		if err != nil || n <= 0 {
			return nil, errSyntax
		}
		return reference(n), nil
	}
	return v, nil
}
