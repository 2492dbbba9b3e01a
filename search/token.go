package search

// Token is one word of a text as it is indexed.
//
// The tokens that are not Aside are the text's sequence: their positions count 0, 1, 2, ... without a gap, and phrases are made
// of them. A compound, 12/QĐ-UBND, is in the sequence by its parts, 12 qđ ubnd; its whole, 12-qđ-ubnd, stands aside, at the
// position of its first part. A word that the end of a line cut is in the sequence in one piece; its pieces, and both with the
// hyphen between them, stand aside.
type Token struct {
	// Exact is in lower case and NFC, with ligatures as letters and tones where hòa and thúy have them.
	Exact string
	// Folded is Exact without marks. Both are letters and digits, in the whole of a compound with hyphens between them. That of
	// 1.234.567 is 1234567, that of 5/1/2024 and of ngày 5 tháng 1 năm 2024 is 05-01-2024. They have 80 letters at most.
	Folded string

	Word       int  // of the layout, from 0: the one in which the token begins
	Position   int  // in the sequence, from 0
	Part       bool // a part of a compound, or a piece of a word that the end of a line cut
	Aside      bool // beside the sequence
	Start, End int  // the bytes of the text that the token lies on
}

// longestAtom is the number of letters at which a run without a break is cut: what is longer is no word, and is indexed in
// pieces. Of a compound that is longer than longestWhole only the parts are indexed.
const (
	longestAtom  = 40
	longestWhole = 64
)

// Tokens are the words of a text in the order of their positions. language is the tessdata name of the page's language, "" where
// it is not known: in Vietnamese the ends of lines cut no words.
//
// The work, and the number of tokens, grow with the length of the text and with nothing else.
func Tokens(text, language string) []Token {
	atoms := joinAtLineEnds(text, scan(text), language)
	tokens := make([]Token, 0, len(atoms)+len(atoms)/4)
	for first := 0; first < len(atoms); {
		end := first + 1
		for atoms[end-1].linked {
			end++
		}
		tokens = appendCompound(tokens, text, atoms[first:end], first)
		if number, ok := spacedNumber(text, atoms, first); ok {
			number.Position = first
			tokens = append(tokens, number)
		}
		if date, ok := writtenDate(atoms, first); ok {
			tokens = append(tokens, date)
		}
		first = end
	}
	return tokens
}

// appendCompound adds atoms that are linked to each other, the first of them at the given position, and what stands beside them.
func appendCompound(tokens []Token, text string, atoms []atom, position int) []Token {
	for i := range atoms {
		a := &atoms[i]
		tokens = append(tokens, Token{
			Exact: a.exact, Folded: a.folded, Word: a.word, Position: position + i, Part: len(atoms) > 1, Start: a.start, End: a.end,
		})
		if i == 0 {
			tokens = appendWhole(tokens, text, atoms, position)
		}
		if a.pieces != nil {
			tokens = appendPieces(tokens, text, a.pieces, position+i)
		}
	}
	return tokens
}

func appendWhole(tokens []Token, text string, atoms []atom, position int) []Token {
	whole, ok := wholeOf(text, atoms)
	if !ok {
		return tokens
	}
	whole.Position = position
	return append(tokens, whole)
}

// appendPieces adds the pieces of a word that the end of a line cut, and both with their hyphen.
func appendPieces(tokens []Token, text string, pieces []atom, position int) []Token {
	tokens = appendWhole(tokens, text, pieces, position)
	for i := range pieces {
		p := &pieces[i]
		tokens = append(tokens, Token{
			Exact: p.exact, Folded: p.folded, Word: p.word, Position: position, Part: true, Aside: true, Start: p.start, End: p.end,
		})
	}
	return tokens
}
