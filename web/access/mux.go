package access

import "net/http"

// Route is one that a Mux answers, and the right that it asks for.
type Route struct {
	Pattern string // as http.ServeMux has it
	Right   Right
}

// Mux is an http.ServeMux whose routes each name the right that they ask for: who lacks it is refused before the handler is called.
type Mux struct {
	mux    *http.ServeMux
	refuse Refusal
	routes []Route
}

// Refusal answers who may not: with 401 nobody asked, with 403 somebody who has not the right.
type Refusal func(w http.ResponseWriter, r *http.Request, status int)

// NewMux returns an empty Mux.
func NewMux(refuse Refusal) *Mux {
	return &Mux{mux: http.NewServeMux(), refuse: refuse}
}

// Handle registers a route. It panics where http.ServeMux does.
func (m *Mux) Handle(pattern string, right Right, h http.Handler) {
	m.routes = append(m.routes, Route{pattern, right})
	m.mux.Handle(pattern, Guard(right, m.refuse, h))
}

// HandleFunc is Handle for a function.
func (m *Mux) HandleFunc(pattern string, right Right, h http.HandlerFunc) {
	m.Handle(pattern, right, h)
}

// Mount has another Mux, whose routes ask for rights of their own, answer below some patterns. way leads to it.
func (m *Mux) Mount(inner *Mux, way http.Handler, patterns ...string) {
	m.routes = append(m.routes, inner.routes...)
	for _, pattern := range patterns {
		m.mux.Handle(pattern, way)
	}
}

// Guard lets through who has a right.
func Guard(right Right, refuse Refusal, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := Of(r.Context())
		switch {
		case May(who, right):
			h.ServeHTTP(w, r)
		case who.Name == "":
			refuse(w, r, http.StatusUnauthorized)
		default:
			refuse(w, r, http.StatusForbidden)
		}
	})
}

// Routes lists what was registered and mounted, in that order.
func (m *Mux) Routes() []Route { return m.routes }

// Handler is http.ServeMux's.
func (m *Mux) Handler(r *http.Request) (http.Handler, string) { return m.mux.Handler(r) }

// ServeHTTP implements http.Handler.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.mux.ServeHTTP(w, r) }
