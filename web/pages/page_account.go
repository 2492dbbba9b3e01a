package pages

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

func (s *site) accountRoutes() []route {
	return []route{
		{pattern: "GET /{$}", right: access.Somebody, do: s.home},
		{pattern: "GET /login", right: access.Anyone, do: s.loginPage},
		{pattern: "POST /settings", right: access.Anyone, do: s.changeSettings},
	}
}

// home leads to what somebody is here for.
func (s *site) home(v *visit) error {
	homes := map[dossier.UserRole]string{dossier.RoleClerk: "/board", dossier.RoleOperator: "/waiting"}
	path, ok := homes[v.Who.Role]
	if !ok {
		path = "/search"
	}
	v.goTo(path)
	return nil
}

// login is what the page of signing in is given.
type login struct {
	Name  string
	Next  string // page to go to afterwards
	Fault string // message of why it was refused; "" at first
}

func (s *site) loginPage(v *visit) error {
	if v.Who.Name != "" {
		v.goTo(ours(v.r.FormValue("next")))
		return nil
	}
	return v.render(http.StatusOK, "login", login{Next: ours(v.r.FormValue("next"))})
}

// changeSettings keeps language and appearance.
func (s *site) changeSettings(v *visit) error {
	if l := v.r.PostFormValue("language"); slices.Contains(languages, l) {
		v.keep(languageCookie, l)
	}
	switch theme := v.r.PostFormValue("theme"); {
	case slices.Contains(themes, theme):
		v.keep(themeCookie, theme)
	case theme == "auto":
		v.keep(themeCookie, "")
	}
	v.goTo(ours(v.r.PostFormValue("back")))
	return nil
}

// ours is a path of this site that a form or an address names; what leads elsewhere becomes the first page.
func ours(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
