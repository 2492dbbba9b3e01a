package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Verifier passes on the bytes of a reader as long as they can be those of a digest. It keeps the last of them back
// until all are known to be right, so that who reads it to its end has the right bytes, and who sends them off as they
// come can still break off.
type Verifier struct {
	source io.Reader
	want   Digest
	sum    hash.Hash
	read   int64
	err    error
}

// NewVerifier returns a Verifier of r.
func NewVerifier(r io.Reader, want Digest) *Verifier {
	return &Verifier{source: r, want: want, sum: sha256.New()}
}

// Err is what ended the reading other than its right end: the source's own error, or ErrDigest.
func (v *Verifier) Err() error {
	if errors.Is(v.err, io.EOF) {
		return nil
	}
	return v.err
}

// Read implements io.Reader.
func (v *Verifier) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	if len(p) == 0 && v.read < v.want.Bytes {
		return 0, nil
	}
	n := 0
	if left := v.want.Bytes - v.read; left > 0 {
		n, v.err = v.source.Read(p[:min(int64(len(p)), left)])
		v.sum.Write(p[:n])
		v.read += int64(n)
	}
	if v.read < v.want.Bytes {
		if errors.Is(v.err, io.EOF) {
			v.err = fmt.Errorf("%w: %d bytes of %d", ErrDigest, v.read, v.want.Bytes)
		}
		return n, v.err
	}
	v.finish()
	if !errors.Is(v.err, io.EOF) {
		return 0, v.err
	}
	if n > 0 {
		return n, nil
	}
	return 0, io.EOF
}

// finish is called when all bytes promised were read: nothing may follow, and the sum must be right.
func (v *Verifier) finish() {
	if v.err == nil {
		var extra [1]byte
		n, err := io.ReadFull(v.source, extra[:])
		if n > 0 {
			err = fmt.Errorf("%w: more than %d bytes", ErrDigest, v.want.Bytes)
		}
		v.err = err
	}
	if !errors.Is(v.err, io.EOF) {
		return
	}
	if got := hex.EncodeToString(v.sum.Sum(nil)); got != v.want.SHA256 {
		v.err = fmt.Errorf("%w: SHA-256 %s, not %s", ErrDigest, got, v.want.SHA256)
		return
	}
	v.err = io.EOF
}
