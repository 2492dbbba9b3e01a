package s3

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/dossierd/dossierd/storage"
)

// Presign implements storage.Presigner. The URL names the endpoint of the settings.
func (s *Store) Presign(ctx context.Context, key string, lasts time.Duration, contentType, disposition string) (string, error) {
	if err := storage.CheckKey(key); err != nil {
		return "", err
	}
	as := url.Values{"response-content-type": {contentType}, "response-content-disposition": {disposition}}
	u, err := s.core.PresignedGetObject(ctx, s.bucket, key, lasts, as)
	if err != nil {
		return "", fmt.Errorf("presign %s: %w", key, classify(ctx, err))
	}
	return u.String(), nil
}
