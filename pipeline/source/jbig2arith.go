package source

// arith is the arithmetic decoder of JBIG2 (T.88, Annex E).
type arith struct {
	data []byte
	at   int
	c, a uint32
	ct   int
	qe   [47]arithState
}

// arithState is a row of the table of probabilities: its estimate, the rows after a likely and an unlikely symbol, and
// whether the likely one changes.
type arithState struct {
	qe           uint32
	likely, less uint8
	turn         uint8
}

// arithContext is the state of one context: the row of the table, and the likely symbol in the lowest bit.
type arithContext uint8

// overrun is how far behind the end of the data the decoder may read: what it needs there are ones.
const overrun = 64

func newArith(data []byte) *arith {
	d := &arith{data: data, qe: arithTable()}
	d.c = uint32(d.byte(0)) << 16
	d.feed()
	d.c <<= 7
	d.ct -= 7
	d.a = 0x8000
	return d
}

func arithTable() [47]arithState {
	return [47]arithState{
		{0x5601, 1, 1, 1},
		{0x3401, 2, 6, 0},
		{0x1801, 3, 9, 0},
		{0x0ac1, 4, 12, 0},
		{0x0521, 5, 29, 0},
		{0x0221, 38, 33, 0},
		{0x5601, 7, 6, 1},
		{0x5401, 8, 14, 0},
		{0x4801, 9, 14, 0},
		{0x3801, 10, 14, 0},
		{0x3001, 11, 17, 0},
		{0x2401, 12, 18, 0},
		{0x1c01, 13, 20, 0},
		{0x1601, 29, 21, 0},
		{0x5601, 15, 14, 1},
		{0x5401, 16, 14, 0},
		{0x5101, 17, 15, 0},
		{0x4801, 18, 16, 0},
		{0x3801, 19, 17, 0},
		{0x3401, 20, 18, 0},
		{0x3001, 21, 19, 0},
		{0x2801, 22, 19, 0},
		{0x2401, 23, 20, 0},
		{0x2201, 24, 21, 0},
		{0x1c01, 25, 22, 0},
		{0x1801, 26, 23, 0},
		{0x1601, 27, 24, 0},
		{0x1401, 28, 25, 0},
		{0x1201, 29, 26, 0},
		{0x1101, 30, 27, 0},
		{0x0ac1, 31, 28, 0},
		{0x09c1, 32, 29, 0},
		{0x08a1, 33, 30, 0},
		{0x0521, 34, 31, 0},
		{0x0441, 35, 32, 0},
		{0x02a1, 36, 33, 0},
		{0x0221, 37, 34, 0},
		{0x0141, 38, 35, 0},
		{0x0111, 39, 36, 0},
		{0x0085, 40, 37, 0},
		{0x0049, 41, 38, 0},
		{0x0025, 42, 39, 0},
		{0x0015, 43, 40, 0},
		{0x0009, 44, 41, 0},
		{0x0005, 45, 42, 0},
		{0x0001, 45, 43, 0},
		{0x5601, 46, 46, 0},
	}
}

func (d *arith) byte(i int) byte {
	if i < len(d.data) {
		return d.data[i]
	}
	return 0xff
}

// ended reports whether the decoder has used up its data long since.
func (d *arith) ended() bool { return d.at > len(d.data)+overrun }

func (d *arith) feed() {
	if d.byte(d.at) == 0xff {
		if next := d.byte(d.at + 1); next > 0x8f {
			d.c += 0xff00
			d.ct = 8
			if d.at >= len(d.data) {
				d.at++
			}
			return
		}
		d.at++
		d.c += uint32(d.byte(d.at)) << 9
		d.ct = 7
		return
	}
	d.at++
	d.c += uint32(d.byte(d.at)) << 8
	d.ct = 8
}

func (d *arith) bit(cx *arithContext) byte {
	s := &d.qe[*cx>>1]
	likely := byte(*cx & 1)
	d.a -= s.qe
	if d.c>>16 >= s.qe {
		d.c -= s.qe << 16
		if d.a&0x8000 != 0 {
			return likely
		}
		return d.adapt(cx, s, likely, d.a < s.qe)
	}
	unlikely := d.a >= s.qe
	d.a = s.qe
	return d.adapt(cx, s, likely, unlikely)
}

// adapt moves the context on and takes in as many bits as were used.
func (d *arith) adapt(cx *arithContext, s *arithState, likely byte, unlikely bool) byte {
	v, row, next := likely, s.likely, likely
	if unlikely {
		v, row, next = likely^1, s.less, likely^s.turn
	}
	*cx = arithContext(row<<1 | next)
	for {
		if d.ct == 0 {
			d.feed()
		}
		d.a <<= 1
		d.c <<= 1
		d.ct--
		if d.a&0x8000 != 0 {
			return v
		}
	}
}

// integers are the contexts of one kind of number.
type integers [512]arithContext

// integer decodes a number; ok is false for the one that means "no more".
func (d *arith) integer(cx *integers) (v int, ok bool) {
	previous := 1
	bit := func() int {
		b := int(d.bit(&cx[previous]))
		if previous < 256 {
			previous = previous<<1 | b
		} else {
			previous = (previous<<1|b)&511 | 256
		}
		return b
	}
	negative := bit() == 1
	widths := [6]int{2, 4, 6, 8, 12, 32}
	offsets := [6]int{0, 4, 20, 84, 340, 4436}
	class := 0
	for class < 5 && bit() == 1 {
		class++
	}
	for range widths[class] {
		v = v<<1 | bit()
	}
	v += offsets[class]
	if negative {
		return -v, v != 0
	}
	return v, true
}

// identity decodes a symbol's number of so many bits.
func (d *arith) identity(cx []arithContext, length int) int {
	previous := 1
	for range length {
		previous = previous<<1 | int(d.bit(&cx[previous]))
	}
	return previous - 1<<length
}
