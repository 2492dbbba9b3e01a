package source

import "io"

// chunks reads pieces of a mapped file as one stream.
type chunks struct{ rest [][]byte }

func (c *chunks) Read(p []byte) (int, error) {
	for len(c.rest) > 0 && len(c.rest[0]) == 0 {
		c.rest = c.rest[1:]
	}
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.rest[0])
	c.rest[0] = c.rest[0][n:]
	return n, nil
}
