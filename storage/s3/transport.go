package s3

import (
	"context"
	"net"
	"net/http"
	"time"
)

const (
	dialTime = 2 * time.Second
	// stallTime is how long a connection may make no progress either way before the server counts as away. MinIO
	// answers, or sends blanks, at least every ten seconds.
	stallTime = 15 * time.Second
)

// newTransport gives connections that notice when the other side is gone, at any point of a transfer of any size.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: dialTime}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &progressing{Conn: c}, nil
		},
		TLSHandshakeTimeout: dialTime,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     stallTime,
		// Bytes come back as they were stored.
		DisableCompression: true,
	}
}

// progressing is a connection that ends when nothing moves for stallTime. What moves one way lets the other wait:
// during a long upload the server says nothing.
type progressing struct{ net.Conn }

func (c *progressing) Read(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *progressing) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
