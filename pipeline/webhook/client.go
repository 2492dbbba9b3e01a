package webhook

import (
	"net"
	"net/http"
	"time"
)

// idleTime is how long a connection to a subscriber is kept for the next event. Servers close theirs after a minute or
// more; one closed meanwhile would cost an attempt.
const idleTime = 30 * time.Second

// NewClient returns a client for Send. Connections to one subscriber are apart from those to another, so a slow one
// holds up nobody; none follows a redirect or keeps cookies.
func NewClient() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        idleTime,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    4,
			MaxResponseHeaderBytes: answerBytes,
		},
	}
}
