package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	// answerTime bounds a request from its first byte to the last of its answer. Objects have time of their own.
	answerTime = 30 * time.Second
	// graceTime is for requests in hand when the daemon stops.
	graceTime = 10 * time.Second
)

// Serve answers on l until ctx is done, then finishes the requests in hand; those that take longer than ten seconds are
// cut off. It closes l, and returns nil only when ctx is done.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // of connections: whoever can reach us can fill it
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       answerTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve HTTP on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-failed
	if err != nil {
		return fmt.Errorf("stop HTTP on %s: %w", l.Addr(), err)
	}
	return nil
}
