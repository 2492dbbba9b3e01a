package pdfa

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// objects goes through the file from its header to the cross-reference table, which must come just where the last
// object ends.
func (c *checker) objects() error {
	header, err := c.read(0, 15)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(header, []byte("%PDF-1.")) || string(header[8:]) != "\n%\xe2\xe3\xcf\xd3\n" {
		return errors.New("not a PDF that dossierd wrote")
	}
	at := int64(len(header))
	for at < c.xref {
		next, err := c.object(at)
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		at = next
	}
	if at != c.xref {
		return fmt.Errorf("the last object ends at %d, the table starts at %d", at, c.xref)
	}
	for n, k := range c.kinds[1:] {
		if k == 0 {
			return fmt.Errorf("object %d is not in the file", n+1)
		}
	}
	return nil
}

// object reads the object at an offset and returns where the next one begins.
func (c *checker) object(at int64) (next int64, err error) {
	body, head, err := c.body(at)
	if err != nil {
		return 0, err
	}
	var n int
	if _, err := fmt.Sscanf(string(head), "%d 0 obj\n", &n); err != nil || fmt.Sprintf("%d 0 obj\n", n) != string(head) {
		return 0, fmt.Errorf("%q where an object should begin", head)
	}
	if n <= 0 || n >= len(c.offsets) || c.offsets[n] != at || c.kinds[n] != 0 {
		return 0, fmt.Errorf("object %d is not where the table says", n)
	}
	p := &parser{b: body}
	v, err := p.value(0)
	if err != nil {
		return 0, fmt.Errorf("object %d: %w", n, err)
	}
	end := at + int64(len(head)+p.at)
	if p.has("\nendobj\n") {
		c.kinds[n], err = c.value(v)
		return end + int64(len("\nendobj\n")), wrap(n, err)
	}
	d, isDict := v.(dict)
	if !isDict || !p.has("\nstream\n") {
		return 0, fmt.Errorf("object %d has no end", n)
	}
	next, err = c.stream(n, d, end+int64(len("\nstream\n")))
	return next, wrap(n, err)
}

func wrap(n int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("object %d: %w", n, err)
}

// body returns the bytes of an object to its endobj, or to where its stream begins, and its first line.
func (c *checker) body(at int64) (body, head []byte, err error) {
	for n := int64(4096); ; n *= 8 {
		b, err := c.read(at, n)
		if err != nil {
			return nil, nil, err
		}
		line := bytes.IndexByte(b[:min(32, len(b))], '\n')
		if line < 0 {
			return nil, nil, errors.New("no object begins here")
		}
		for _, end := range []string{"\nstream\n", "\nendobj\n"} {
			if i := bytes.Index(b, []byte(end)); i >= 0 {
				return b[line+1 : i+len(end)], b[:line+1], nil
			}
		}
		if int64(len(b)) < n || n > maxObject {
			return nil, nil, errors.New("an object without end")
		}
	}
}

// stream checks a stream's length by what follows it, and its bytes where the writer compressed them.
func (c *checker) stream(n int, d dict, start int64) (next int64, err error) {
	length, err := c.length(d["Length"])
	if err != nil {
		return 0, err
	}
	const tail = "\nendstream\nendobj\n"
	if length < 0 || length > c.xref-start-int64(len(tail)) {
		return 0, fmt.Errorf("a stream of %d bytes at %d", length, start)
	}
	b, err := c.read(start+length, int64(len(tail)))
	if err != nil {
		return 0, err
	}
	if string(b) != tail {
		return 0, fmt.Errorf("its stream of %d bytes does not end there", length)
	}
	c.kinds[n], err = c.streamDict(d, io.NewSectionReader(c.r, start, length))
	return start + length + int64(len(tail)), err
}

// length is a stream's length: a number, or a reference to an object that is one.
func (c *checker) length(v any) (int64, error) {
	if r, ok := v.(reference); ok {
		if int(r) >= len(c.offsets) {
			return 0, fmt.Errorf("its length is in object %d, which is not there", r)
		}
		b, err := c.read(c.offsets[r], 64)
		if err != nil {
			return 0, err
		}
		_, b, _ = bytes.Cut(b, []byte("obj\n"))
		if v, err = (&parser{b: b}).value(0); err != nil {
			return 0, fmt.Errorf("its length: %w", err)
		}
	}
	n, ok := number(v)
	if !ok {
		return 0, fmt.Errorf("its length is %v", v)
	}
	return n, nil
}

func (c *checker) streamDict(d dict, data *io.SectionReader) (kind, error) {
	if err := c.references(d); err != nil {
		return 0, err
	}
	switch {
	case d["Type"] == pdfName("Metadata"):
		return kindMetadata, c.metadata(data)
	case d["Subtype"] == pdfName("Image"):
		if data.Size() == 0 {
			return 0, errors.New("an image without bytes")
		}
		return kindStream, need(d, "Width", "Height", "Filter")
	case d["Filter"] == pdfName("FlateDecode"):
		z, err := zlib.NewReader(data)
		if err != nil {
			return 0, fmt.Errorf("its stream: %w", err)
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			return 0, fmt.Errorf("its stream: %w", err)
		}
	}
	return kindStream, nil
}

// maxMetadata bounds the XMP packet; each original adds 80 bytes to its 5 KB, each document up to 1 KB.
const maxMetadata = 8 << 20

// metadata finds the level and counts the documents in the XMP packet.
func (c *checker) metadata(data *io.SectionReader) error {
	b, err := io.ReadAll(io.LimitReader(data, maxMetadata))
	if err != nil {
		return err
	}
	s := string(b)
	for level, mark := range map[dossier.Level]string{
		dossier.Level1b: pdfaMark("1", "B"), dossier.Level2u: pdfaMark("2", "U"), dossier.Level3u: pdfaMark("3", "U"),
	} {
		if strings.Contains(s, mark) {
			c.level = level
		}
	}
	c.listed = strings.Count(s, documentMark)
	if !strings.HasPrefix(s, "<?xpacket begin=") || !strings.HasSuffix(s, "<?xpacket end=\"r\"?>\n") {
		return errors.New("the XMP packet is not whole")
	}
	return nil
}

// value checks an object that is no stream.
func (c *checker) value(v any) (kind, error) {
	d, isDict := v.(dict)
	if !isDict {
		if _, ok := number(v); !ok {
			return 0, errors.New("neither dictionary nor integer")
		}
		return kindInteger, nil
	}
	if err := c.references(d); err != nil {
		return 0, err
	}
	switch d["Type"] {
	case pdfName("Catalog"):
		return kindCatalog, need(d, "Pages", "Metadata", "OutputIntents", "PageLabels")
	case pdfName("Page"):
		c.pages++
		return kindPage, need(d, "Parent", "MediaBox", "CropBox", "TrimBox", "Resources", "Contents")
	case pdfName("Pages"):
		return kindPages, c.node(d)
	case pdfName("Font"):
		return kindOther, need(d, "Subtype", "BaseFont")
	case pdfName("Outlines"):
		items, _ := number(d["Count"])
		c.items += int(items)
		return kindOther, need(d, "First", "Last")
	}
	if d["Dest"] != nil {
		return kindOther, c.bookmark(d)
	}
	return kindOther, nil
}

// node checks a node of the page tree: the root has no parent and counts all pages, the others name theirs.
func (c *checker) node(d dict) error {
	kids, _ := d["Kids"].([]any)
	count, ok := number(d["Count"])
	if !ok || len(kids) == 0 {
		return errors.New("a page tree node without Kids or Count")
	}
	if d["Parent"] == nil {
		c.counts += int(count)
		return nil
	}
	if int(count) != len(kids) {
		return fmt.Errorf("a page tree node that counts %d and names %d", count, len(kids))
	}
	c.kids += len(kids)
	return nil
}

// bookmark checks an item of the outline: it comes after the page that it leads to.
func (c *checker) bookmark(d dict) error {
	c.bookmarks++
	if dest, _ := d["Dest"].([]any); len(dest) > 0 {
		if page, _ := dest[0].(reference); page > 0 && c.kinds[page] == kindPage {
			return need(d, "Title", "Parent")
		}
	}
	return errors.New("a bookmark that leads to no page")
}

func need(d dict, keys ...string) error {
	for _, key := range keys {
		if d[key] == nil {
			return fmt.Errorf("no %s in %v", key, d["Type"])
		}
	}
	return nil
}

// references fails for a reference to an object that the table does not have.
func (c *checker) references(v any) error {
	switch v := v.(type) {
	case reference:
		if int(v) >= len(c.offsets) {
			return fmt.Errorf("a reference to object %d, which is not there", v)
		}
	case []any:
		for _, item := range v {
			if err := c.references(item); err != nil {
				return err
			}
		}
	case dict:
		for _, item := range v {
			if err := c.references(item); err != nil {
				return err
			}
		}
	}
	return nil
}
