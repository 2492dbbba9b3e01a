package whole

import "encoding/binary"

// directories bounds a TIFF's chain: every page is one, and a page seldom has more than two below it.
const directories = 1 << 16

// tiffFile is a TIFF or BigTIFF being followed.
type tiffFile struct {
	w     *window
	order binary.ByteOrder
	big   bool
	seen  map[int64]bool // directories that are or were in the queue
	queue []int64        // directories still to look at
}

// tiff follows every directory, and requires what they point to, strips and tiles above all, to lie within the file. A
// writer that is not done has left the offset of the first directory, or of the next, at zero or beyond the end.
func tiff(w *window) bool {
	t := &tiffFile{w: w, order: binary.LittleEndian, seen: map[int64]bool{}}
	head, ok := w.at(0, 8)
	if !ok {
		return false
	}
	if head[0] == 'M' {
		t.order = binary.BigEndian
	}
	t.big = t.order.Uint16(head[2:]) == 43
	first := int64(4)
	if t.big {
		first = 8
	}
	off, ok := w.number(first, t.offsetSize(), t.order)
	if !ok || off == 0 {
		return false
	}
	t.enqueue(off)
	for len(t.queue) > 0 {
		off, t.queue = t.queue[0], t.queue[1:]
		if !t.directory(off) {
			return false
		}
	}
	return true
}

// enqueue adds a directory, once: a loop ends where it began.
func (t *tiffFile) enqueue(off int64) {
	if off != 0 && !t.seen[off] && len(t.seen) < directories {
		t.seen[off] = true
		t.queue = append(t.queue, off)
	}
}

func (t *tiffFile) offsetSize() int {
	if t.big {
		return 8
	}
	return 4
}

// entry is one field of a directory: count values of size bytes each, at.
type entry struct {
	count int64
	size  int
	at    int64
}

// directory checks one directory and queues those it leads to.
func (t *tiffFile) directory(off int64) bool {
	counter, length := 2, int64(12)
	if t.big {
		counter, length = 8, 20
	}
	n, ok := t.w.number(off, counter, t.order)
	if !ok || n == 0 || n > 1<<16 {
		return false
	}
	fields := map[int64]entry{}
	off += int64(counter)
	for range n {
		tag, e, ok := t.field(off)
		if !ok {
			return false
		}
		fields[tag] = e
		off += length
	}
	next, ok := t.w.number(off, t.offsetSize(), t.order)
	if !ok {
		return false
	}
	t.enqueue(next)
	return t.follow(fields)
}

// field reads the entry at off; ok is false where its values lie beyond the end.
func (t *tiffFile) field(off int64) (tag int64, e entry, ok bool) {
	head, ok := t.w.at(off, 4)
	if !ok {
		return 0, e, false
	}
	tag = int64(t.order.Uint16(head))
	e.size = valueSize(t.order.Uint16(head[2:]))
	if e.count, ok = t.w.number(off+4, t.offsetSize(), t.order); !ok {
		return 0, e, false
	}
	e.at = off + 4 + int64(t.offsetSize())
	if e.size == 0 || e.count > t.w.size {
		return tag, e, e.size == 0 // a type from the future is no fault
	}
	if bytes := e.count * int64(e.size); bytes > int64(t.offsetSize()) {
		if e.at, ok = t.w.number(e.at, t.offsetSize(), t.order); !ok || !t.w.within(e.at, bytes) {
			return 0, e, false
		}
	}
	return tag, e, true
}

// valueSize is the size in bytes of one value of a TIFF type; 0 for a type that is not known.
func valueSize(kind uint16) int {
	switch kind {
	case 1, 2, 6, 7: // BYTE, ASCII, SBYTE, UNDEFINED
		return 1
	case 3, 8: // SHORT, SSHORT
		return 2
	case 4, 9, 11, 13: // LONG, SLONG, FLOAT, IFD
		return 4
	case 5, 10, 12, 16, 17, 18: // RATIONAL, SRATIONAL, DOUBLE, LONG8, SLONG8, IFD8
		return 8
	default:
		return 0
	}
}

// The fields that lead to bytes or to other directories.
const (
	stripOffsets    = 273
	stripByteCounts = 279
	tileOffsets     = 324
	tileByteCounts  = 325
	subDirectories  = 330
	jpegOffset      = 513
	jpegByteCount   = 514
	exifDirectory   = 34665
	gpsDirectory    = 34853
)

func (t *tiffFile) follow(fields map[int64]entry) bool {
	for _, tag := range []int64{subDirectories, exifDirectory, gpsDirectory} {
		e := fields[tag]
		for i := range min(e.count, atOnce) {
			if off, ok := t.value(e, i); ok {
				t.enqueue(off)
			}
		}
	}
	return t.pieces(fields[stripOffsets], fields[stripByteCounts]) &&
		t.pieces(fields[tileOffsets], fields[tileByteCounts]) &&
		t.pieces(fields[jpegOffset], fields[jpegByteCount])
}

// atOnce is how many values of a field are read together, so that offsets and lengths that lie apart don't take turns in
// the window.
const atOnce = 1024

// pieces requires each piece of image data to lie within the file. A missing length is taken for one byte.
func (t *tiffFile) pieces(offsets, lengths entry) bool {
	for from := int64(0); from < offsets.count; from += atOnce {
		at, ok := t.values(offsets, from)
		if !ok {
			return false
		}
		long, ok := t.values(lengths, from)
		if !ok {
			return false
		}
		for i, off := range at {
			length := int64(1)
			if i < len(long) {
				length = long[i]
			}
			if !t.w.within(off, length) || off == 0 && length > 0 {
				return false
			}
		}
	}
	return true
}

// values reads up to atOnce values of an entry of unsigned numbers.
func (t *tiffFile) values(e entry, from int64) ([]int64, bool) {
	all := make([]int64, 0, max(0, min(atOnce, e.count-from)))
	for i := from; i < e.count && i < from+atOnce; i++ {
		v, ok := t.value(e, i)
		if !ok {
			return nil, false
		}
		all = append(all, v)
	}
	return all, true
}

// value reads the i-th value of an entry of unsigned numbers.
func (t *tiffFile) value(e entry, i int64) (int64, bool) {
	if e.size == 0 {
		return 0, false
	}
	return t.w.number(e.at+i*int64(e.size), e.size, t.order)
}
