package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/dossierd/dossierd/web/access"
)

// route is one page or one thing that is done from a page.
type route struct {
	pattern string               // as http.ServeMux has it: "GET /search"
	right   access.Right         // that it asks for; which records it is about, the scope says
	nav     string               // key of the message under which the header leads there; "": it does not
	do      func(v *visit) error // answers, or returns an error that fail knows
	sort    access.Sort          // as limits count it; zero: access.Requests
	watch   bool                 // it may stand on a wall: see access.Watching
}

// allRoutes are the pages in the order in which the header leads to them.
func (s *site) allRoutes() []route {
	return slices.Concat(
		s.accountRoutes(),
		s.searchRoutes(),
		s.boardRoutes(),
		s.waitingRoutes(),
		s.dossierRoutes(),
		s.deliveryRoutes(),
		s.reportRoutes(),
		s.adminRoutes(),
	)
}

// formMost bounds what a form may hold, in bytes: without it anybody could have one of any size read, and spilt to the disk.
const formMost = 1 << 20

// handle answers who has the right to a route.
func (s *site) handle(do func(v *visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Body = http.MaxBytesReader(w, req.Body, formMost)
		v := s.visit(w, req)
		err := errNotFound // a form that no page of ours sends: what of it was read must not be taken for all
		if req.Method != http.MethodPost || req.ParseForm() == nil {
			err = do(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

func (s *site) visit(w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{site: s, w: w, r: r, Who: access.Of(r.Context())}
	v.prefer()
	return v
}

// tooMany answers who asks too often.
func (s *site) tooMany(w http.ResponseWriter, r *http.Request, wait int) {
	s.visit(w, r).failTooMany(wait)
}

// away answers while nobody can tell who asks.
func (s *site) away(w http.ResponseWriter, r *http.Request, err error) { s.visit(w, r).fail(err) }

// refuse answers who may not, and what another site had a browser send. Nobody is shown the way to sign in, and comes back after it.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, status int) {
	v := s.visit(w, r)
	if status == http.StatusUnauthorized && r.Method == http.MethodGet {
		v.goTo("/login?" + url.Values{"next": {r.URL.RequestURI()}}.Encode())
		return
	}
	v.fail(errForbidden)
}

var (
	errForbidden = errors.New("no right to it")
	errNotFound  = errors.New("nothing is here")
)

func (s *site) nothingHere(*visit) error { return errNotFound }
