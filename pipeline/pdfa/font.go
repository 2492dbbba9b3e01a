package pdfa

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The font's measures in thousandths of its size. Poppler takes a word's box from Ascent and Descent, so that the
// baseline lies at a fifth of it.
const (
	glyphWidth = 500
	ascent     = 800
	descent    = -200
)

// maxCodes is how many different letters the two bytes of a code can tell apart; code 0 is the missing glyph.
const maxCodes = 1<<16 - 1

// spaceCode is the code of the space, which every document's font has.
const spaceCode = "0001"

// font is the one invisible font of a document. Every code shows the same empty glyph; what a code means is in its
// ToUnicode map alone. Codes are given in the order in which letters are first met.
type font struct {
	number int // of the font object; 0 until a page needs it
	codes  map[rune]uint16
	runes  []rune // by code - 1
	full   bool   // a letter found no code
}

func newFont() *font {
	return &font{codes: map[rune]uint16{' ': 1}, runes: []rune{' '}}
}

// encode returns the codes of a word as hexadecimal digits and their count. What no text can carry is left out.
func (t *font) encode(word string) (codes string, letters int) {
	var b strings.Builder
	for _, r := range word {
		if carried(r) {
			fmt.Fprintf(&b, "%04x", t.code(r))
			letters++
		}
	}
	return b.String(), letters
}

func (t *font) code(r rune) uint16 {
	code, known := t.codes[r]
	if known {
		return code
	}
	if len(t.runes) == maxCodes {
		t.full = true
		return 0
	}
	t.runes = append(t.runes, r)
	code = uint16(len(t.runes))
	t.codes[r] = code
	return code
}

// carried reports whether a ToUnicode map may give r (ISO 19005-2, 6.2.11.7.2) and a word may hold it.
func carried(r rune) bool {
	return !unicode.IsControl(r) && !unicode.IsSpace(r) && r != unicode.ReplacementChar &&
		r != 0xfeff && r != 0xfffe && r != 0xffff
}

// write writes the font's objects.
func (t *font) write(f *file) {
	cid, descriptor, program, toUnicode, gids := f.alloc(), f.alloc(), f.alloc(), f.alloc(), f.alloc()
	f.object(t.number, fmt.Sprintf(
		"<< /Type /Font /Subtype /Type0 /BaseFont /DossierdInvisible /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode %s >>",
		ref(cid), ref(toUnicode)))
	f.object(cid, fmt.Sprintf(
		"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DossierdInvisible /FontDescriptor %s /DW %d /CIDToGIDMap %s"+
			" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
		ref(descriptor), glyphWidth, ref(gids)))
	f.object(descriptor, fmt.Sprintf(
		"<< /Type /FontDescriptor /FontName /DossierdInvisible /Flags 4 /FontBBox [0 %d %d %d] /ItalicAngle 0"+
			" /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %s >>",
		descent, glyphWidth, ascent, ascent, descent, ascent, ref(program)))
	ttf := trueType()
	f.flate(program, fmt.Sprintf("/Length1 %d", len(ttf)), ttf)
	f.flate(toUnicode, "/Type /CMap /CMapName /DossierdInvisible-UCS", t.toUnicode())
	f.flate(gids, "", t.gids())
}

// gids maps the missing glyph to itself and every code in use to glyph 1.
func (t *font) gids() []byte {
	b := make([]byte, 2, 2+2*len(t.runes))
	for range t.runes {
		b = append(b, 0, 1)
	}
	return b
}

func (t *font) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /DossierdInvisible-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	const block = 100 // entries that one bfchar section may have
	for first := 0; first < len(t.runes); first += block {
		section := t.runes[first:min(first+block, len(t.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(section))
		for i, r := range section {
			fmt.Fprintf(&b, "<%04x> <", first+i+1)
			for _, unit := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, "%04x", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// trueType makes a font program of two empty glyphs, 1,000 units to the em.
func trueType() []byte {
	tables := []struct {
		tag  string
		data []byte
	}{
		{"glyf", make([]byte, 4)},
		{"head", headTable()},
		{"hhea", words(1, 0, ascent, 1<<16+descent, 0, glyphWidth, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2)},
		{"hmtx", words(glyphWidth, 0, glyphWidth, 0)},
		{"loca", words(0, 0, 0)},
		{"maxp", words(1, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	head := words(1, 0, len(tables), 64, 2, len(tables)*16-64)
	var body []byte
	var adjust int // where the sum of the whole file goes
	for _, t := range tables {
		offset := 12 + 16*len(tables) + len(body)
		if t.tag == "head" {
			adjust = offset + 8
		}
		head = append(head, t.tag...)
		head = binary.BigEndian.AppendUint32(head, sum32(t.data))
		head = binary.BigEndian.AppendUint32(head, uint32(offset))
		head = binary.BigEndian.AppendUint32(head, uint32(len(t.data)))
		body = append(body, t.data...)
		body = append(body, make([]byte, -len(t.data)&3)...)
	}
	file := append(head, body...)
	binary.BigEndian.PutUint32(file[adjust:], 0xb1b0afba-sum32(file))
	return file
}

func headTable() []byte {
	const unitsPerEm = 1000
	b := words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 3, unitsPerEm)
	b = append(b, make([]byte, 16)...) // created and modified: never
	return append(b, words(0, 1<<16+descent, glyphWidth, ascent, 0, 8, 2, 0, 0)...)
}

// words packs 16-bit numbers.
func words(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// sum32 is the check sum of a TrueType table.
func sum32(b []byte) uint32 {
	var sum uint32
	for i, c := range b {
		sum += uint32(c) << (24 - 8*(i%4))
	}
	return sum
}
