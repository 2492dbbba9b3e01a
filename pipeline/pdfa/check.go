package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
)

// Summary is what Check found.
type Summary struct {
	Level     dossier.Level
	Pages     int
	Bookmarks int // documents
	Objects   int
}

// maxObject bounds the bytes of an object without its stream: a page tree's root of 5,000 pages has 1 KB, page labels
// that do not count up have 50 KB.
const maxObject = 4 << 20

// Check reads back a file that Write wrote and returns an error that names the first fault: a file cut off, a length or
// an offset that is not so, a reference to nothing, a required entry or the level missing. It reads every object and
// every stream that is compressed by the writer, and skips over images and attachments. Memory grows by nine bytes an
// object. It knows the writer's own form only; other sound PDFs may be faulty to it.
func Check(r io.ReaderAt, size int64) (Summary, error) {
	c := &checker{r: r, size: size}
	if err := c.tail(); err != nil {
		return Summary{}, err
	}
	if err := c.table(); err != nil {
		return Summary{}, err
	}
	if err := c.objects(); err != nil {
		return Summary{}, err
	}
	if err := c.whole(); err != nil {
		return Summary{}, err
	}
	return Summary{Level: c.level, Pages: c.pages, Bookmarks: c.bookmarks, Objects: len(c.offsets) - 1}, nil
}

// checker goes through a file from its trailer's table to each object in the order of the file.
type checker struct {
	r    io.ReaderAt
	size int64

	xref    int64 // where the table starts
	trailer dict
	offsets []int64
	kinds   []kind // by object number

	level  dossier.Level
	pages  int
	counts int // what the root of the page tree says
	kids   int // leaves that the nodes name

	bookmarks int
	items     int // bookmarks that the outline counts
	listed    int // documents that the metadata list

	window []byte // of the file, from at
	at     int64
}

// kind is what an object turned out to be.
type kind byte

const (
	kindOther kind = 1 + iota
	kindCatalog
	kindPages
	kindPage
	kindMetadata
	kindStream
	kindInteger
)

// tail reads the end of the file: where the table starts.
func (c *checker) tail() error {
	const last = 64
	b := make([]byte, min(last, c.size))
	if err := c.readAt(b, c.size-int64(len(b))); err != nil {
		return err
	}
	at := bytes.LastIndex(b, []byte("\nstartxref\n"))
	if at < 0 || !bytes.HasSuffix(b, []byte("\n%%EOF\n")) {
		return errors.New("the file's end is missing")
	}
	digits := bytes.TrimSuffix(b[at+len("\nstartxref\n"):], []byte("\n%%EOF\n"))
	start, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil || start <= 0 || start >= c.size {
		return fmt.Errorf("startxref %q", digits)
	}
	c.xref = start
	return nil
}

const tableEntry = 20 // bytes

// table reads the cross-reference table and the trailer after it.
func (c *checker) table() error {
	b := make([]byte, min(32, c.size-c.xref))
	if err := c.readAt(b, c.xref); err != nil {
		return err
	}
	rest, ok := bytes.CutPrefix(b, []byte("xref\n0 "))
	digits, _, found := bytes.Cut(rest, []byte("\n"))
	count, err := strconv.ParseInt(string(digits), 10, 64)
	first := c.xref + int64(len("xref\n0 ")+len(digits)+1)
	if !ok || !found || err != nil || count < 2 || count > (c.size-first)/tableEntry {
		return errors.New("no cross-reference table at startxref")
	}
	c.offsets, c.kinds = make([]int64, count), make([]kind, count)
	var entry [tableEntry]byte
	for n := range c.offsets {
		line, err := c.read(first+int64(n)*tableEntry, tableEntry)
		if err != nil {
			return err
		}
		copy(entry[:], line)
		if n == 0 {
			continue
		}
		c.offsets[n], err = strconv.ParseInt(string(entry[:10]), 10, 64)
		if err != nil || string(entry[10:]) != " 00000 n \n" {
			return fmt.Errorf("cross-reference entry %d is %q", n, entry)
		}
	}
	return c.readTrailer(first + count*tableEntry)
}

func (c *checker) readTrailer(at int64) error {
	b := make([]byte, min(1024, c.size-at))
	if err := c.readAt(b, at); err != nil {
		return err
	}
	b, ok := bytes.CutPrefix(b, []byte("trailer\n"))
	v, err := (&parser{b: b}).value(0)
	d, isDict := v.(dict)
	if !ok || err != nil || !isDict {
		return errors.New("no trailer after the cross-reference table")
	}
	if d["Size"] != float64(len(c.offsets)) {
		return fmt.Errorf("the trailer's Size is %v, the table has %d entries", d["Size"], len(c.offsets))
	}
	if id, _ := d["ID"].([]any); len(id) != 2 {
		return errors.New("the trailer has no ID")
	}
	c.trailer = d
	return nil
}

// readAt fills b or fails.
func (c *checker) readAt(b []byte, at int64) error {
	n, err := c.r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at %d: %w", len(b), at, err)
}

// read returns up to n bytes at an offset, at least one. They are good until the next read.
func (c *checker) read(at, n int64) ([]byte, error) {
	n = min(n, c.size-at)
	if at < 0 || n <= 0 {
		return nil, fmt.Errorf("read at %d: %w", at, io.ErrUnexpectedEOF)
	}
	if at < c.at || at+n > c.at+int64(len(c.window)) {
		want := min(max(n, 1<<15), c.size-at)
		if int64(cap(c.window)) < want {
			c.window = make([]byte, want)
		}
		c.window, c.at = c.window[:want], at
		if err := c.readAt(c.window, at); err != nil {
			c.window = c.window[:0]
			return nil, err
		}
	}
	return c.window[at-c.at:][:n], nil
}

// whole checks what only the sum of the objects shows.
func (c *checker) whole() error {
	switch {
	case c.pages == 0 || c.pages != c.counts || c.pages != c.kids:
		return fmt.Errorf("%d pages, where the page tree counts %d and names %d", c.pages, c.counts, c.kids)
	case c.bookmarks != c.items || c.bookmarks != c.listed:
		return fmt.Errorf("%d bookmarks, where the outline counts %d and the metadata list %d documents", c.bookmarks, c.items, c.listed)
	case c.level == "":
		return errors.New("the metadata name no PDF/A level")
	}
	root, _ := c.trailer["Root"].(reference)
	if int(root) <= 0 || int(root) >= len(c.kinds) || c.kinds[root] != kindCatalog {
		return errors.New("the trailer's Root is no catalog")
	}
	info, _ := c.trailer["Info"].(reference)
	if int(info) <= 0 || int(info) >= len(c.kinds) || c.kinds[info] != kindOther {
		return errors.New("the trailer's Info is no dictionary")
	}
	return nil
}

// number is an integer that a dictionary holds.
func number(v any) (int64, bool) {
	f, ok := v.(float64)
	return int64(f), ok && f == math.Trunc(f) && math.Abs(f) < 1<<53
}
