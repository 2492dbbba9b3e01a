// Package storage keeps finished objects under a key.
//
// It owns durability only: what an object means, storage/catalog knows. Implementations are storage/fs (a folder) and
// storage/s3 (MinIO or any S3); each passes storagetest.Run.
package storage

import (
	"context"
	"errors"
	"io"
	"time"
)

// Errors of every Store, to be tested with errors.Is.
var (
	// ErrNotFound: no object has this key.
	ErrNotFound = errors.New("no such object")
	// ErrConflict: the key exists and holds other bytes.
	ErrConflict = errors.New("object exists with other content")
	// ErrUnavailable: the store can't be reached or is full; the same call may succeed later.
	ErrUnavailable = errors.New("object storage unavailable")
	// ErrDigest: the bytes given to Put are not those its Digest promises.
	ErrDigest = errors.New("content does not match its digest")
)

// Store is safe for concurrent use. Every method refuses a key that CheckKey refuses; names from outside go into keys
// through Escape. A key is never the folder of another: with "a/b" there is no "a". An error that is none of the above
// is about the call itself (a bad key, a reader that broke off, a context that ended) or about a store set up wrongly.
type Store interface {
	// Put makes all of r readable under key or leaves no trace, even across a crash. A key that exists with the same
	// bytes is left as it is, and r may then go unread; with other bytes Put returns ErrConflict. r must give d.Bytes
	// bytes whose SHA-256 is d.SHA256; otherwise Put fails with ErrDigest and leaves no trace. An error of r is
	// returned, wrapped, and leaves no trace.
	Put(ctx context.Context, key string, r io.Reader, d Digest) error
	// Get returns ErrNotFound for an unknown key. The caller closes the reader, which may use ctx until then.
	Get(ctx context.Context, key string) (Reader, error)
	// Stat returns ErrNotFound for an unknown key. It always tells the SHA-256, even if that takes reading the object.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes an object; an unknown key is no error.
	Delete(ctx context.Context, key string) error
	// List calls yield for each object whose key begins with prefix, in the byte order of keys, until yield returns
	// false. The prefix need not end at a slash; "" lists everything.
	List(ctx context.Context, prefix string, yield func(Info) bool) error
}

// Presigner is what a Store may be besides: one from which others can fetch objects themselves.
type Presigner interface {
	// Presign makes a URL by which whoever has it gets the object until the time is over. A browser is told to show it as
	// contentType, and by disposition whether to save it. Whether there is such an object is not asked.
	Presign(ctx context.Context, key string, lasts time.Duration, contentType, disposition string) (string, error)
}

// Reader reads an object from any offset.
type Reader interface {
	io.ReadSeekCloser
	// Size is the object's length in bytes.
	Size() int64
}

// Digest is what a caller of Put knows of the bytes beforehand.
type Digest struct {
	SHA256 string // lower-case hex
	Bytes  int64
}

// Info describes a stored object.
type Info struct {
	Key        string
	Bytes      int64
	SHA256     string // lower-case hex; "" where List can't tell it cheaply
	ModifiedAt time.Time
}
