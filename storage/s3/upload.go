package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/dossierd/dossierd/storage"
)

const (
	// partBytes is the size of an upload's parts, and up to it an object is sent in one request. S3 takes 10,000 parts:
	// 160 GiB.
	partBytes = 16 << 20

	digestMeta     = "sha256" // user metadata, where Stat finds the digest
	checksumHeader = "x-amz-checksum-sha256"
)

// upload sends the bytes of v under key if nothing is there. v ends them only if they are right.
func (s *Store) upload(ctx context.Context, key string, v *storage.Verifier, d storage.Digest) error {
	if d.Bytes > partBytes {
		return s.uploadParts(ctx, key, v, d)
	}
	var body io.Reader = v
	if d.Bytes == 0 {
		// An empty body is never read, so its end must be looked for beforehand.
		if _, err := v.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			return err
		}
	}
	checksum, err := base64OfHex(d.SHA256)
	if err != nil {
		return err
	}
	opts := newObject(d)
	opts.UserMetadata[checksumHeader] = checksum
	opts.DisableContentSha256 = true // of chunks: the whole is signed by its SHA-256
	_, err = s.core.PutObject(ctx, s.bucket, key, body, d.Bytes, "", d.SHA256, opts)
	return err
}

// newObject are the options of an upload that must find nothing under its key.
func newObject(d storage.Digest) minio.PutObjectOptions {
	opts := minio.PutObjectOptions{UserMetadata: map[string]string{digestMeta: d.SHA256}}
	opts.SetMatchETagExcept("*")
	return opts
}

// uploadParts sends a large object in parts; it comes into being when all have arrived.
func (s *Store) uploadParts(ctx context.Context, key string, v *storage.Verifier, d storage.Digest) error {
	opts := newObject(d)
	opts.UserMetadata["x-amz-checksum-algorithm"] = "SHA256"
	id, err := s.core.NewMultipartUpload(ctx, s.bucket, key, opts)
	if err != nil {
		return err
	}
	parts, err := s.sendParts(ctx, key, id, v, d)
	if err == nil {
		var complete minio.PutObjectOptions
		complete.SetMatchETagExcept("*")
		_, err = s.core.CompleteMultipartUpload(ctx, s.bucket, key, id, parts, complete)
	}
	if err != nil {
		s.abort(ctx, key, id)
	}
	return err
}

func (s *Store) sendParts(ctx context.Context, key, id string, v *storage.Verifier, d storage.Digest) ([]minio.CompletePart, error) {
	var parts []minio.CompletePart
	buffer := make([]byte, partBytes)
	for left := d.Bytes; left > 0; {
		part := buffer[:min(partBytes, left)]
		if _, err := io.ReadFull(v, part); err != nil {
			return nil, err
		}
		left -= int64(len(part))
		sum := sha256.Sum256(part)
		checksum := base64.StdEncoding.EncodeToString(sum[:])
		sent, err := s.core.PutObjectPart(ctx, s.bucket, key, id, len(parts)+1, bytes.NewReader(part), int64(len(part)),
			minio.PutObjectPartOptions{
				Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true,
				CustomHeader: http.Header{http.CanonicalHeaderKey(checksumHeader): {checksum}},
			})
		if err != nil {
			return nil, fmt.Errorf("send part %d: %w", len(parts)+1, err)
		}
		parts = append(parts, minio.CompletePart{PartNumber: sent.PartNumber, ETag: sent.ETag, ChecksumSHA256: checksum})
	}
	return parts, nil
}

// abort clears away the parts of an upload that failed, even one whose context has ended. Where that fails too, the
// server drops them in its own time.
func (s *Store) abort(ctx context.Context, key, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	_ = s.core.AbortMultipartUpload(ctx, s.bucket, key, id)
}

func base64OfHex(s string) (string, error) {
	sum, err := hex.DecodeString(s)
	if err != nil {
		return "", fmt.Errorf("SHA-256 %q: %w", s, err)
	}
	return base64.StdEncoding.EncodeToString(sum), nil
}
