package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/dossierd/dossierd/storage"
)

// Stat implements storage.Store.
func (s *Store) Stat(ctx context.Context, key string) (storage.Info, error) {
	info, err := s.stat(ctx, key)
	if err != nil {
		return storage.Info{}, err
	}
	sum := ""
	for name, value := range info.UserMetadata {
		if strings.EqualFold(name, digestMeta) {
			sum = value
		}
	}
	if sum == "" {
		// Put there by others, or copied by a tool that dropped the metadata.
		if sum, err = s.digest(ctx, key, info); err != nil {
			return storage.Info{}, fmt.Errorf("read %s: %w", key, err)
		}
	}
	return storage.Info{Key: key, Bytes: info.Size, SHA256: sum, ModifiedAt: info.LastModified}, nil
}

func (s *Store) stat(ctx context.Context, key string) (minio.ObjectInfo, error) {
	if err := storage.CheckKey(key); err != nil {
		return minio.ObjectInfo{}, err
	}
	info, err := s.core.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return minio.ObjectInfo{}, fmt.Errorf("read %s: %w", key, classify(ctx, err))
	}
	return info, nil
}

func (s *Store) digest(ctx context.Context, key string, info minio.ObjectInfo) (string, error) {
	r := s.reader(ctx, key, info)
	sum := sha256.New()
	_, err := io.Copy(sum, r)
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, r.Close())
}

// Get implements storage.Store. The bytes are asked for when they are first read.
func (s *Store) Get(ctx context.Context, key string) (storage.Reader, error) {
	info, err := s.stat(ctx, key)
	if err != nil {
		return nil, err
	}
	return s.reader(ctx, key, info), nil
}

// List implements storage.Store.
func (s *Store) List(ctx context.Context, prefix string, yield func(storage.Info) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		err := classify(ctx, o.Err)
		if errors.Is(err, storage.ErrNotFound) {
			return nil // no bucket yet
		}
		if err != nil {
			return fmt.Errorf("list %s: %w", prefix, err)
		}
		if !yield(storage.Info{Key: o.Key, Bytes: o.Size, ModifiedAt: o.LastModified}) {
			return nil
		}
	}
	return ctx.Err()
}

func (s *Store) reader(ctx context.Context, key string, info minio.ObjectInfo) *reader {
	return &reader{ctx: ctx, store: s, key: key, size: info.Size, etag: info.ETag}
}

// reader reads an object by one request from where it stands to the end; a seek elsewhere makes it ask anew.
type reader struct {
	ctx    context.Context
	store  *Store
	key    string
	size   int64
	etag   string
	offset int64
	body   io.ReadCloser // at offset; nil before the first read and after a seek
}

func (r *reader) Size() int64 { return r.size }

func (r *reader) Read(p []byte) (int, error) {
	if r.offset >= r.size {
		return 0, io.EOF
	}
	if r.body == nil {
		if err := r.ask(); err != nil {
			return 0, err
		}
	}
	n, err := r.body.Read(p)
	r.offset += int64(n)
	switch {
	case err == nil || errors.Is(err, io.EOF) && r.offset == r.size:
		return n, err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return n, fmt.Errorf("read %s: %w", r.key, classify(r.ctx, err))
}

// ask requests the rest of the object, as it was when the reader was made.
func (r *reader) ask() error {
	var opts minio.GetObjectOptions
	err := opts.SetMatchETag(r.etag)
	if err == nil && r.offset > 0 {
		err = opts.SetRange(r.offset, 0)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", r.key, err)
	}
	r.body, _, _, err = r.store.core.GetObject(r.ctx, r.store.bucket, r.key, opts)
	if err != nil {
		return fmt.Errorf("read %s from byte %d: %w", r.key, r.offset, classify(r.ctx, err))
	}
	return nil
}

func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.offset
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek in %s: byte %d lies before its start", r.key, offset)
	}
	if offset == r.offset {
		return offset, nil
	}
	r.offset = offset
	return offset, r.Close()
}

func (r *reader) Close() error {
	if r.body == nil {
		return nil
	}
	err := r.body.Close()
	r.body = nil
	return err
}
