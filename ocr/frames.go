package ocr

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A frame is a kind byte, the payload's length as four bytes with the highest first, and the payload.
const (
	frameJSON byte = 'j'
	frameBlob byte = 'b'

	// maxJSON is far above the layout of the densest page, which is a few megabytes.
	maxJSON = 64 << 20
	// maxFrame is what the length of a frame can say and an int of any machine can hold.
	maxFrame = 1<<31 - 1
	// trusted is how much memory is taken on the word of a header alone; beyond that it grows with what arrives.
	trusted = 1 << 20
)

// errFrame means that what arrives is not the protocol: whoever sent it can't be talked to any more.
var errFrame = errors.New("not a frame of the page worker protocol")

// wire is one end of the conversation between pool and worker.
type wire struct {
	r io.Reader
	w *bufio.Writer
}

func newWire(r io.Reader, w io.Writer) *wire {
	return &wire{r: bufio.NewReader(r), w: bufio.NewWriter(w)}
}

// send writes one JSON frame and its blobs, and flushes.
func (c *wire) send(v any, blobs ...[]byte) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if len(data) > maxJSON {
		return fmt.Errorf("encode frame: %d bytes of JSON, %d allowed", len(data), maxJSON)
	}
	if err := c.write(frameJSON, data); err != nil {
		return err
	}
	for _, blob := range blobs {
		if err := c.write(frameBlob, blob); err != nil {
			return err
		}
	}
	return c.w.Flush()
}

func (c *wire) write(kind byte, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("write frame: %d bytes, %d allowed", len(payload), maxFrame)
	}
	header := [5]byte{0: kind}
	binary.BigEndian.PutUint32(header[1:], uint32(len(payload)))
	if _, err := c.w.Write(header[:]); err != nil {
		return err
	}
	_, err := c.w.Write(payload)
	return err
}

// receive reads one JSON frame into v. io.EOF means that the other side ended between two frames.
func (c *wire) receive(v any) error {
	n, err := c.header(frameJSON)
	if err != nil {
		return err
	}
	if n > maxJSON {
		return fmt.Errorf("%w: %d bytes of JSON, %d allowed", errFrame, n, maxJSON)
	}
	data, err := c.payload(n)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	return nil
}

// blob reads one blob frame of exactly n bytes.
func (c *wire) blob(n int64) ([]byte, error) {
	sent, err := c.header(frameBlob)
	if err != nil {
		return nil, unexpected(err)
	}
	if sent != n {
		return nil, fmt.Errorf("%w: a blob of %d bytes, %d announced", errFrame, sent, n)
	}
	return c.payload(n)
}

func (c *wire) header(kind byte) (int64, error) {
	var header [5]byte
	if _, err := io.ReadFull(c.r, header[:]); err != nil {
		return 0, err
	}
	if header[0] != kind {
		return 0, fmt.Errorf("%w: kind %q, want %q", errFrame, header[0], kind)
	}
	return int64(binary.BigEndian.Uint32(header[1:])), nil
}

func (c *wire) payload(n int64) ([]byte, error) {
	data := make([]byte, min(n, trusted))
	for read := 0; ; {
		got, err := io.ReadFull(c.r, data[read:])
		read += got
		if err != nil {
			return nil, unexpected(err)
		}
		if int64(read) == n {
			return data, nil
		}
		grown := make([]byte, min(n, 4*int64(len(data))))
		copy(grown, data)
		data = grown
	}
}

// unexpected makes the end of the stream an error where more was announced.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
