package source

import (
	"errors"
	"strings"
)

// faxDecoder decodes CCITT G3 and G4 row by row, as PDF and JBIG2 carry them. A row is the list of the columns where
// the colour changes, white first.
type faxDecoder struct {
	data      []byte
	bit       int
	width     int
	k         int // below 0 G4, 0 G3 in one dimension, above 0 mixed
	byteAlign bool
	codes     [2][]faxCode // of white and black runs, by the next 13 bits
	above     []int
	row       []int
}

// faxCode is a run whose code has so many bits; no code has 0.
type faxCode struct{ run, bits int16 }

const faxLongest = 13

// The modes of a row coded by the one above.
const (
	faxPass = iota
	faxHorizontal
	faxVertical
)

var (
	errFaxEnd  = errors.New("the end of the fax")
	errFaxCode = errors.New("no fax code")
)

func newFaxDecoder(data []byte, width, k int, byteAlign bool) *faxDecoder {
	return &faxDecoder{
		data: data, width: width, k: k, byteAlign: byteAlign,
		codes: [2][]faxCode{faxTable(faxWhite), faxTable(faxBlack)},
	}
}

// The codes of T.4: runs of 0 to 63, then those of 64, 128 ... 1728, then of both colours 1792 ... 2560.
const (
	faxWhite = `00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010
		101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011
		00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011
		00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101
		01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100
		11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010
		011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001
		010011010 011000 010011011` + faxBoth
	faxBlack = `0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111
		000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000
		00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001
		000001101010 000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111
		000001101100 000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111
		000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111
		000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111
		0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100
		0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100
		0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010
		0000001011011 0000001100100 0000001100101` + faxBoth
	faxBoth = ` 00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110
		000000010111 000000011100 000000011101 000000011110 000000011111`
)

func faxTable(codes string) []faxCode {
	const terminating = 64
	table := make([]faxCode, 1<<faxLongest)
	for i, code := range strings.Fields(codes) {
		run := i
		if i >= terminating {
			run = terminating * (i - terminating + 1)
		}
		v := 0
		for _, c := range code {
			v = v<<1 | int(c-'0')
		}
		free := faxLongest - len(code)
		for j := range 1 << free {
			table[v<<free|j] = faxCode{int16(run), int16(len(code))}
		}
	}
	return table
}

// peek returns the next n bits, at most 16, zeros beyond the end.
func (d *faxDecoder) peek(n int) int {
	v, at := 0, d.bit/8
	for i := range 3 {
		v <<= 8
		if at+i < len(d.data) {
			v |= int(d.data[at+i])
		}
	}
	return v >> (24 - n - d.bit%8) & (1<<n - 1)
}

func (d *faxDecoder) ended() bool { return d.bit >= 8*len(d.data) }

// next decodes a row. A row that is lost is errFaxCode where the next one can be found, else errFaxEnd.
func (d *faxDecoder) next() ([]int, error) {
	if d.byteAlign {
		d.bit = (d.bit + 7) &^ 7
	}
	twoDimensional := d.k < 0
	if d.k >= 0 {
		if ends := d.endsOfLine(); ends > 1 {
			return nil, errFaxEnd
		}
		if d.k > 0 {
			twoDimensional = d.peek(1) == 0
			d.bit++
		}
	}
	if d.ended() {
		return nil, errFaxEnd
	}
	d.above, d.row = d.row, d.above[:0]
	var err error
	if twoDimensional {
		err = d.byAbove()
	} else {
		err = d.byRuns()
	}
	if err != nil && d.k >= 0 && d.seekEndOfLine() {
		return nil, errFaxCode
	}
	return d.row, err
}

// endsOfLine skips ends of line and fill before a row, with their tag bits where there is more than one.
func (d *faxDecoder) endsOfLine() int {
	const endBits = 12
	for found := 0; ; found++ {
		zeros := 0
		for d.bit+zeros < 8*len(d.data) && d.zero(d.bit+zeros) {
			zeros++
		}
		if zeros < endBits-1 || d.bit+zeros >= 8*len(d.data) {
			return found
		}
		if found > 0 {
			return found + 1
		}
		d.bit += zeros + 1
		if d.k > 0 && d.peek(endBits+1) == 1<<endBits|1 {
			return found + 2
		}
	}
}

func (d *faxDecoder) zero(bit int) bool { return d.data[bit/8]>>(7-bit%8)&1 == 0 }

// seekEndOfLine goes to the next end of line.
func (d *faxDecoder) seekEndOfLine() bool {
	const endBits = 12
	for ; d.bit+endBits <= 8*len(d.data); d.bit++ {
		if d.peek(endBits) == 1 {
			return true
		}
	}
	return false
}

func (d *faxDecoder) byRuns() error {
	for x, colour := 0, 0; x < d.width; colour ^= 1 {
		run, err := d.run(colour)
		if err != nil {
			return err
		}
		if x += run; x > d.width {
			return errFaxCode
		}
		d.row = append(d.row, x)
	}
	return nil
}

// run reads one run with its make-up codes.
func (d *faxDecoder) run(colour int) (int, error) {
	const terminating = 64
	for total := 0; ; {
		c := d.codes[colour][d.peek(faxLongest)]
		if c.bits == 0 || d.ended() {
			return 0, errFaxCode
		}
		d.bit += int(c.bits)
		if total += int(c.run); total > d.width {
			return 0, errFaxCode
		}
		if c.run < terminating {
			return total, nil
		}
	}
}

func (d *faxDecoder) byAbove() error {
	x, colour, i := -1, 0, 0
	for x < d.width {
		mode, delta, err := d.mode()
		if err != nil {
			return err
		}
		for i > 0 && d.change(i-1) > x {
			i--
		}
		for d.change(i) <= x && d.change(i) < d.width || i%2 != colour {
			i++
		}
		switch mode {
		case faxPass:
			x = d.change(i + 1)
			continue
		case faxVertical:
			next := d.change(i) + delta
			if next < max(x, 0) || next > d.width {
				return errFaxCode
			}
			d.row = append(d.row, next)
			x, colour = next, colour^1
		case faxHorizontal:
			if x, err = d.twoRuns(max(x, 0), colour); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *faxDecoder) twoRuns(x, colour int) (int, error) {
	for _, c := range [2]int{colour, colour ^ 1} {
		run, err := d.run(c)
		if err != nil {
			return 0, err
		}
		if x += run; x > d.width {
			return 0, errFaxCode
		}
		d.row = append(d.row, x)
	}
	return x, nil
}

// change is a column of the row above where its colour changes; the width behind the last one.
func (d *faxDecoder) change(i int) int {
	if i < len(d.above) {
		return d.above[i]
	}
	return d.width
}

// mode reads how the row goes on.
func (d *faxDecoder) mode() (mode, delta int, err error) {
	if d.ended() {
		return 0, 0, errFaxEnd
	}
	v := d.peek(7)
	var bits int
	switch {
	case v >= 64:
		mode, bits = faxVertical, 1
	case v >= 48:
		mode, delta, bits = faxVertical, 1, 3
	case v >= 32:
		mode, delta, bits = faxVertical, -1, 3
	case v >= 16:
		mode, bits = faxHorizontal, 3
	case v >= 8:
		mode, bits = faxPass, 4
	case v >= 6:
		mode, delta, bits = faxVertical, 2, 6
	case v >= 4:
		mode, delta, bits = faxVertical, -2, 6
	case v == 3:
		mode, delta, bits = faxVertical, 3, 7
	case v == 2:
		mode, delta, bits = faxVertical, -3, 7
	case d.peek(12) == 1:
		return 0, 0, errFaxEnd
	default:
		return 0, 0, errFaxCode
	}
	d.bit += bits
	return mode, delta, nil
}

// blacken sets the bits of a row's black runs.
func blacken(row []byte, changes []int, width int) {
	clear(row)
	for i := 0; i < len(changes); i += 2 {
		end := width
		if i+1 < len(changes) {
			end = changes[i+1]
		}
		setBits(row, changes[i], end)
	}
}

// setBits sets the bits from start to before end.
func setBits(row []byte, start, end int) {
	for start < end && start%8 != 0 {
		row[start/8] |= 0x80 >> (start % 8)
		start++
	}
	for ; start+8 <= end; start += 8 {
		row[start/8] = 0xff
	}
	for ; start < end; start++ {
		row[start/8] |= 0x80 >> (start % 8)
	}
}
