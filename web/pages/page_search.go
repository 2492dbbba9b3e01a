package pages

import (
	"net/http"

	"github.com/dossierd/dossierd/web/access"
)

func (s *site) searchRoutes() []route {
	return []route{
		{pattern: "GET /search", right: access.Search, nav: "search.nav", do: s.search},
	}
}

// searchPage is what the page of results is given.
type searchPage struct {
	Query string
}

func (s *site) search(v *visit) error {
	return v.render(http.StatusOK, "search", searchPage{Query: v.r.FormValue("q")})
}
