package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexeme is a piece of a question.
type lexeme struct {
	sort   sort
	at     int    // byte of the question at which it begins
	text   string // of a word or phrase; the rest of a filter is in filter
	strict bool   // marked with =
	prefix bool   // marked with *
	filter Filter
}

type sort int

const (
	sortWord sort = iota
	sortPhrase
	sortFilter
	sortAnd
	sortOr
	sortNot
	sortOpen
	sortClose
	sortEnd
)

// opening and closing are the marks that people put around a phrase. Who opens one way may close another.
const (
	opening = "\"“”„«»"
	closing = opening
)

// lexer cuts a question into pieces.
type lexer struct {
	text string
	at   int
}

// next returns the next piece, at the end sortEnd for ever.
func (l *lexer) next() (lexeme, error) {
	l.blanks()
	at := l.at
	if at == len(l.text) {
		return lexeme{sort: sortEnd, at: at}, nil
	}
	r, size := utf8.DecodeRuneInString(l.text[at:])
	switch {
	case r == '(':
		l.at += size
		return lexeme{sort: sortOpen, at: at}, nil
	case r == ')':
		l.at += size
		return lexeme{sort: sortClose, at: at}, nil
	case r == '|':
		l.skip('|')
		return lexeme{sort: sortOr, at: at}, nil
	case r == '&':
		l.skip('&')
		return lexeme{sort: sortAnd, at: at}, nil
	case (r == '-' || r == '!') && l.holds(at+size):
		l.at += size
		return lexeme{sort: sortNot, at: at}, nil
	case r == '=' && l.holds(at+size):
		l.at += size
		piece := l.words()
		piece.at, piece.strict = at, true
		return piece, nil
	default:
		return l.filterOrWords()
	}
}

func (l *lexer) blanks() {
	l.at += len(l.text[l.at:]) - len(strings.TrimLeftFunc(l.text[l.at:], unicode.IsSpace))
}

func (l *lexer) skip(c byte) {
	for l.at < len(l.text) && l.text[l.at] == c {
		l.at++
	}
}

// holds reports whether something that a sign can belong to begins at a byte.
func (l *lexer) holds(at int) bool {
	r, _ := utf8.DecodeRuneInString(l.text[at:])
	return at < len(l.text) && !unicode.IsSpace(r) && r != ')' && r != '|' && r != '&'
}

func (l *lexer) filterOrWords() (lexeme, error) {
	at := l.at
	if field, op, ok := l.field(); ok {
		values, err := l.values(field)
		if err != nil {
			return lexeme{}, err
		}
		filter, err := newFilter(l, field, op, values, at)
		return lexeme{sort: sortFilter, at: at, filter: filter}, err
	}
	piece := l.words()
	piece.at = at
	return piece, nil
}

// words reads a phrase in quotation marks or a word. A phrase that is not closed goes to the end.
func (l *lexer) words() lexeme {
	if r, size := utf8.DecodeRuneInString(l.text[l.at:]); strings.ContainsRune(opening, r) {
		l.at += size
		return lexeme{sort: sortPhrase, text: l.quoted()}.starred()
	}
	rest := l.text[l.at:]
	end := strings.IndexFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("()|"+opening, r)
	})
	if end < 0 {
		end = len(rest)
	}
	l.at += end
	switch text := rest[:end]; text {
	case "OR":
		return lexeme{sort: sortOr}
	case "AND":
		return lexeme{sort: sortAnd}
	case "NOT":
		return lexeme{sort: sortNot}
	default:
		return lexeme{sort: sortWord, text: text}.starred()
	}
}

// quoted reads up to the mark that closes, and past it.
func (l *lexer) quoted() string {
	rest := l.text[l.at:]
	end := strings.IndexAny(rest, closing)
	if end < 0 {
		l.at = len(l.text)
		return rest
	}
	_, size := utf8.DecodeRuneInString(rest[end:])
	l.at += end + size
	return rest[:end]
}

// starred takes the star off the end of a word.
func (x lexeme) starred() lexeme {
	text := strings.TrimRightFunc(x.text, unicode.IsSpace)
	bare := strings.TrimRight(text, "*")
	if r, _ := utf8.DecodeLastRuneInString(bare); len(bare) < len(text) && inWord(r) {
		x.prefix = true
	}
	x.text = bare
	return x
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)
}
