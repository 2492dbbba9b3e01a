package pdfa

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// maxOffset is the largest offset that the ten digits of a cross-reference entry can say.
const maxOffset = 9_999_999_999

// file writes indirect objects one after another and remembers where each begins. The first error sticks: writing goes
// on as if nothing had happened and finish returns it.
type file struct {
	out     *bufio.Writer
	hash    hash.Hash
	at      int64
	offsets []int64 // by object number; 0 is no object yet
	err     error

	zip    *zlib.Writer
	zipped bytes.Buffer
	copied []byte
}

func newFile(w io.Writer, version string) *file {
	f := &file{hash: sha256.New(), offsets: make([]int64, 1), copied: make([]byte, 1<<16)}
	f.out = bufio.NewWriterSize(io.MultiWriter(w, f.hash), 1<<16)
	f.zip = zlib.NewWriter(&f.zipped)
	f.printf("%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version)
	return f
}

// alloc reserves an object number, which must be written before finish.
func (f *file) alloc() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets) - 1
}

func (f *file) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.out.Write(p)
	f.at += int64(n)
	f.err = err
	return n, err
}

func (f *file) printf(format string, args ...any) { _, _ = fmt.Fprintf(f, format, args...) }

// object writes an object whose value is body.
func (f *file) object(number int, body string) {
	f.offsets[number] = f.at
	f.printf("%d 0 obj\n%s\nendobj\n", number, body)
}

// stream writes data as it is. dict holds the entries beside Length.
func (f *file) stream(number int, dict string, data []byte) {
	f.offsets[number] = f.at
	f.printf("%d 0 obj\n<< %s /Length %d >>\nstream\n", number, dict, len(data))
	_, _ = f.Write(data)
	f.printf("\nendstream\nendobj\n")
}

// flate writes data compressed, or as it is where that is shorter: JBIG2's globals are coded already.
func (f *file) flate(number int, dict string, data []byte) {
	f.zipped.Reset()
	f.zip.Reset(&f.zipped)
	if _, err := f.zip.Write(data); err != nil && f.err == nil {
		f.err = err
	}
	if err := f.zip.Close(); err != nil && f.err == nil {
		f.err = err
	}
	if f.zipped.Len() >= len(data) {
		f.stream(number, dict, data)
		return
	}
	f.stream(number, dict+" /Filter /FlateDecode", f.zipped.Bytes())
}

// copyStream writes n bytes of r as they are. A reader that ends before is io.ErrUnexpectedEOF.
func (f *file) copyStream(number int, dict string, r io.Reader, n int64) error {
	f.offsets[number] = f.at
	f.printf("%d 0 obj\n<< %s /Length %d >>\nstream\n", number, dict, n)
	copied, err := f.copyFrom(io.LimitReader(r, n))
	if err == nil && copied < n {
		err = io.ErrUnexpectedEOF
	}
	f.printf("\nendstream\nendobj\n")
	return err
}

func (f *file) copyFrom(r io.Reader) (int64, error) {
	// Without the wrapper a reader's own WriteTo would bring a buffer of its own for each image.
	return io.CopyBuffer(f, struct{ io.Reader }{r}, f.copied)
}

// finish writes cross-reference table and trailer. The file's ID is taken from all bytes before it.
func (f *file) finish(root, info int) error {
	if f.at > maxOffset {
		return fmt.Errorf("the file is larger than %d bytes", int64(maxOffset))
	}
	start := f.at
	f.printf("xref\n0 %d\n0000000000 65535 f \n", len(f.offsets))
	for number, offset := range f.offsets[1:] {
		if offset == 0 && f.err == nil {
			f.err = fmt.Errorf("object %d was never written", number+1)
		}
		f.printf("%010d 00000 n \n", offset)
	}
	if f.err == nil {
		f.err = f.out.Flush()
	}
	id := hex.EncodeToString(f.hash.Sum(nil)[:16])
	f.printf("trailer\n<< /Size %d /Root %s /Info %s /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets), ref(root), ref(info), id, id, start)
	if f.err == nil {
		f.err = f.out.Flush()
	}
	return f.err
}
