// Package s3 keeps objects in a bucket of MinIO or any other S3.
//
// It owns how the promise of storage.Store is had from a server: uploads that never replace an object (If-None-Match), a
// SHA-256 that the server checks on arrival, and telling a server that is away from one that refuses. It asks for
// neither tags nor ACLs nor versions, which other S3 servers lack, and works where versioning is on. Parts of an upload
// cut off by a crash stay invisible until the server drops them: MinIO does after a day, AWS needs a lifecycle rule
// (AbortIncompleteMultipartUpload). Proof: storagetest.Run and faults, against a real MinIO.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/dossierd/dossierd/storage"
)

const (
	// openTime is how long Open looks for the server.
	openTime = 5 * time.Second
	// abortTime bounds the clearing away of a failed upload.
	abortTime = 5 * time.Second
)

// Config says which bucket on which server.
type Config struct {
	Endpoint  string // http://host:port or https://host
	Bucket    string // made at first use if it is missing
	Region    string // "" is us-east-1, which MinIO ignores
	AccessKey string
	SecretKey string
}

// Validate says what is wrong with the settings, each fault once.
func (c Config) Validate() error {
	var faults []error
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		faults = append(faults, fmt.Errorf("endpoint %q: must be http://host:port or https://host:port", c.Endpoint))
	}
	if err := s3utils.CheckValidBucketNameStrict(c.Bucket); err != nil {
		faults = append(faults, fmt.Errorf("bucket %q: %w", c.Bucket, err))
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		faults = append(faults, errors.New("access_key and secret_key: both are needed"))
	}
	return errors.Join(faults...)
}

// Store implements storage.Store on one bucket.
type Store struct {
	core   minio.Core
	bucket string
	region string
	made   atomic.Bool // the bucket was seen
}

// Open prepares a Store. A server that is away is no error: then each method returns storage.ErrUnavailable within some
// seconds, until it is back. An answer that no S3 server gives is.
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	endpoint, err := url.Parse(c.Endpoint)
	if err != nil {
		return nil, err
	}
	core, err := minio.NewCore(endpoint.Host, &minio.Options{
		Creds:      credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:     endpoint.Scheme == "https",
		Transport:  newTransport(),
		Region:     c.Region,
		MaxRetries: 1, // the caller has patience of its own, and knows what else to do meanwhile
	})
	if err != nil {
		return nil, fmt.Errorf("prepare S3 client of %s: %w", c.Endpoint, err)
	}
	s := &Store{core: *core, bucket: c.Bucket, region: c.Region}
	look, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	err = s.makeBucket(look)
	away := errors.Is(err, storage.ErrUnavailable) || look.Err() != nil && ctx.Err() == nil
	if err != nil && !away {
		return nil, fmt.Errorf("open bucket %s at %s: %w", c.Bucket, c.Endpoint, err)
	}
	return s, nil
}

// makeBucket makes sure of the bucket, once.
func (s *Store) makeBucket(ctx context.Context) error {
	if s.made.Load() {
		return nil
	}
	exists, err := s.core.BucketExists(ctx, s.bucket)
	// Keys that may not ask may still read and write: the next request tells.
	if err != nil && !hasCode(err, minio.AccessDenied) {
		return classify(ctx, err)
	}
	if err == nil && !exists {
		err = s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
		if err != nil && !hasCode(err, minio.BucketAlreadyOwnedByYou) {
			return classify(ctx, err)
		}
	}
	s.made.Store(true)
	return nil
}

// Put implements storage.Store. It holds up to 16 MiB of r in memory.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, d storage.Digest) error {
	if err := storage.CheckKey(key); err != nil {
		return err
	}
	if err := s.put(ctx, key, storage.NewVerifier(whileWanted{ctx, r}, d), d); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

// whileWanted breaks off when its context ends. A request that is being cancelled may still be sent to its end; without
// its last bytes the server throws it away.
type whileWanted struct {
	ctx context.Context
	r   io.Reader
}

func (w whileWanted) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

func (s *Store) put(ctx context.Context, key string, v *storage.Verifier, d storage.Digest) error {
	if err := s.makeBucket(ctx); err != nil {
		return err
	}
	// Asking first costs a millisecond and spares sending what is there already.
	if found, err := s.compare(ctx, key, d); found || err != nil {
		return err
	}
	err := s.upload(ctx, key, v, d)
	switch {
	case err == nil:
		return nil
	case v.Err() != nil:
		return v.Err()
	case isTaken(err):
		found, err := s.compare(ctx, key, d)
		if err == nil && !found {
			err = fmt.Errorf("%w: others are writing the same key", storage.ErrUnavailable)
		}
		return err
	case hasCode(err, minio.NoSuchBucket):
		s.made.Store(false)
		return fmt.Errorf("%w: %w", storage.ErrUnavailable, err)
	default:
		return classify(ctx, err)
	}
}

// compare reports whether key exists with the bytes of d; ErrConflict when it has others.
func (s *Store) compare(ctx context.Context, key string, d storage.Digest) (found bool, err error) {
	info, err := s.Stat(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if info.Bytes != d.Bytes || info.SHA256 != d.SHA256 {
		return false, storage.ErrConflict
	}
	return true, nil
}

// Delete implements storage.Store. Where versioning is on, the bytes stay as an old version.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := storage.CheckKey(key); err != nil {
		return err
	}
	err := s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err = classify(ctx, err); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

// classify says by one of storage's errors what a request's error means for its caller.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	var answer minio.ErrorResponse
	switch {
	case !errors.As(err, &answer):
		return fmt.Errorf("%w: %w", storage.ErrUnavailable, err) // no answer at all
	case answer.StatusCode == http.StatusNotFound:
		return storage.ErrNotFound
	case answer.StatusCode >= 500, answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusRequestTimeout,
		answer.Code == "XMinioStorageFull", answer.Code == "XMinioAdminBucketQuotaExceeded":
		return fmt.Errorf("%w: %w", storage.ErrUnavailable, err)
	case answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusUnauthorized:
		// Keys withdrawn or a clock that is off: about the server, not the object, and somebody will put it right.
		return fmt.Errorf("%w: %w", storage.ErrUnavailable, err)
	default:
		return err
	}
}

// isTaken reports whether a conditional upload found an object, or another upload of it under way.
func isTaken(err error) bool {
	return hasCode(err, minio.PreconditionFailed) || hasCode(err, "ConditionalRequestConflict")
}

func hasCode(err error, code string) bool {
	var answer minio.ErrorResponse
	return errors.As(err, &answer) && answer.Code == code
}
