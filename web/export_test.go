package web

import (
	"log/slog"
	"net/http"

	"github.com/dossierd/dossierd/web/access"
)

// Routes lists what New mounts, for the test that asks every route as everybody.
func Routes(cfg Config) []access.Route {
	s := &server{cfg: cfg, log: slog.New(slog.DiscardHandler)}
	return s.routes(http.NotFoundHandler()).Routes()
}
