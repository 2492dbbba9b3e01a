package pages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

func (s *site) accountRoutes() []route {
	return []route{
		{pattern: "GET /{$}", right: access.Somebody, do: s.home},
		{pattern: "GET /login", right: access.Anyone, do: s.loginPage},
		{pattern: "POST /login", right: access.Anyone, do: s.login},
		{pattern: "GET /login/provider", right: access.Anyone, do: s.toProvider},
		{pattern: "GET " + access.ProviderCallback, right: access.Anyone, do: s.fromProvider},
		{pattern: "POST /logout", right: access.Anyone, do: s.logout, watch: true}, // whoever watches can leave
		{pattern: "GET " + access.LinkPath + "{link}", right: access.Anyone, do: s.linkPage},
		{pattern: "POST " + access.LinkPath + "{link}", right: access.Anyone, do: s.redeem},
		{pattern: "GET /account", right: access.Somebody, do: s.accountPage},
		{pattern: "POST /account", right: access.Somebody, do: s.changePassword},
		{pattern: "POST /settings", right: access.Anyone, do: s.changeSettings},
	}
}

// home leads to what somebody is here for.
func (s *site) home(v *visit) error {
	homes := map[dossier.UserRole]string{dossier.RoleClerk: "/counters", dossier.RoleOperator: "/waiting"}
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
	Fault string // sentence: why it was refused; "" at first
	Done  string // sentence: what was done before

	Provider string // by which users come too; "" for none
}

func (s *site) loginPage(v *visit) error {
	if v.Who.Name != "" {
		v.goTo(access.LocalPath(v.r.FormValue("next")))
		return nil
	}
	page := login{Next: access.LocalPath(v.r.FormValue("next")), Provider: s.access.ProviderName()}
	if err := s.access.CheckTransport(v.r); err != nil {
		page.Fault = v.T("login.insecure")
	}
	if v.r.FormValue("left") != "" {
		page.Done = v.T("login.left")
	}
	return v.render(http.StatusOK, "login", page)
}

func (s *site) login(v *visit) error {
	page := login{Name: v.r.PostFormValue("name"), Next: access.LocalPath(v.r.PostFormValue("next")), Provider: s.access.ProviderName()}
	err := s.access.CheckTransport(v.r)
	if err == nil {
		err = s.begin(v, func(ctx context.Context) (access.Session, error) {
			return s.access.Login(ctx, page.Name, v.r.PostFormValue("password"), s.access.Address(v.r))
		})
	}
	if err == nil {
		v.goTo(page.Next)
		return nil
	}
	status, text, known := v.refusal(err)
	if !known {
		return err
	}
	page.Fault = text
	return v.render(status, "login", page)
}

// toProvider sends the browser to the provider to sign in there, fromProvider takes in who comes back.
func (s *site) toProvider(v *visit) error {
	if s.access.ProviderName() == "" {
		return errNotFound
	}
	return s.providerFault(v, s.access.BeginProvider(v.w, v.r, v.r.FormValue("next")))
}

func (s *site) fromProvider(v *visit) error {
	if s.access.ProviderName() == "" {
		return errNotFound
	}
	var next string
	err := s.begin(v, func(context.Context) (session access.Session, err error) {
		session, next, err = s.access.FinishProvider(v.w, v.r)
		return session, err
	})
	if err == nil {
		v.goTo(next)
		return nil
	}
	return s.providerFault(v, err)
}

// providerFault shows why nobody came in by the provider.
func (s *site) providerFault(v *visit, err error) error {
	page := login{Next: "/", Provider: s.access.ProviderName()}
	status := http.StatusForbidden
	switch {
	case errors.Is(err, access.ErrProvider):
		s.log.Warn("nobody came in by the provider", "error", err)
		status, page.Fault = http.StatusBadGateway, v.T("login.provider.away", page.Provider)
	case errors.Is(err, access.ErrNoRole):
		page.Fault = v.T("login.provider.role", page.Provider)
	case errors.Is(err, access.ErrName):
		s.log.Warn("nobody came in by the provider", "error", err)
		page.Fault = v.T("login.provider.name", page.Provider)
	case errors.Is(err, access.ErrInsecure), errors.Is(err, access.ErrCredentials):
		_, page.Fault, _ = v.refusal(err)
	default:
		return err
	}
	return v.render(status, "login", page)
}

// begin gives the browser the session that how gives, and the language of its user.
func (s *site) begin(v *visit, how func(context.Context) (access.Session, error)) error {
	session, err := how(v.r.Context())
	if err != nil {
		return err
	}
	if session.User.Language != "" {
		v.keep(languageCookie, session.User.Language)
	}
	return s.access.SetCookie(v.w, v.r, session)
}

// refusal is how somebody is told that a password was not taken.
func (v *visit) refusal(err error) (status int, text string, known bool) {
	var throttled *access.Throttled
	var fault access.PasswordFault
	switch {
	case errors.Is(err, access.ErrCredentials):
		return http.StatusForbidden, v.T("login.wrong"), true
	case errors.Is(err, access.ErrInsecure):
		return http.StatusForbidden, v.T("login.insecure"), true
	case errors.Is(err, access.ErrBusy):
		return http.StatusServiceUnavailable, v.T("login.busy"), true
	case errors.As(err, &throttled):
		minutes := int(time.Until(throttled.Until)/time.Minute) + 1
		return http.StatusTooManyRequests, v.T("login.throttled", minutes), true
	case errors.As(err, &fault):
		return http.StatusUnprocessableEntity, v.T("password." + string(fault)), true
	}
	return 0, "", false
}

func (s *site) logout(v *visit) error {
	if err := s.access.Logout(v.r.Context()); err != nil {
		return err
	}
	s.access.ClearCookie(v.w, v.r)
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
	v.goTo("/login?left=1")
	return nil
}

// passwordPage is what the pages of setting a password are given.
type passwordPage struct {
	Name   string // of the user
	Former bool   // the former password is asked for
	Fault  string
	Done   string
}

func (s *site) linkPage(v *visit) error {
	user, err := s.access.LinkUser(v.r.Context(), v.r.PathValue("link"))
	if err != nil {
		return linkFault(err)
	}
	page := passwordPage{Name: user.Name}
	if err := s.access.CheckTransport(v.r); err != nil {
		page.Fault = v.T("login.insecure")
	}
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the address is the secret
	return v.render(http.StatusOK, "password", page)
}

func linkFault(err error) error {
	if errors.Is(err, access.ErrLink) {
		return errLink
	}
	return err
}

func (s *site) redeem(v *visit) error {
	link := v.r.PathValue("link")
	user, err := s.access.LinkUser(v.r.Context(), link)
	if err != nil {
		return linkFault(err)
	}
	err = s.access.CheckTransport(v.r)
	if err == nil && v.r.PostFormValue("password") != v.r.PostFormValue("again") {
		err = errDiffer
	}
	if err == nil {
		err = s.begin(v, func(ctx context.Context) (access.Session, error) {
			return s.access.Redeem(ctx, link, v.r.PostFormValue("password"), s.access.Address(v.r))
		})
	}
	if err == nil {
		v.goTo("/")
		return nil
	}
	return s.passwordAgain(v, passwordPage{Name: user.Name}, linkFault(err))
}

func (s *site) accountPage(v *visit) error {
	page := passwordPage{Name: v.Who.Name, Former: true}
	if v.r.FormValue("done") != "" {
		page.Done = v.T("password.done")
	}
	return v.render(http.StatusOK, "password", page)
}

func (s *site) changePassword(v *visit) error {
	var err error
	if v.r.PostFormValue("password") != v.r.PostFormValue("again") {
		err = errDiffer
	} else {
		err = s.begin(v, func(ctx context.Context) (access.Session, error) {
			return s.access.SetPassword(ctx, v.r.PostFormValue("former"), v.r.PostFormValue("password"), s.access.Address(v.r))
		})
	}
	if err == nil {
		v.goTo("/account?done=1")
		return nil
	}
	return s.passwordAgain(v, passwordPage{Name: v.Who.Name, Former: true}, err)
}

var (
	errDiffer = errors.New("the two passwords differ")
	errLink   = errors.New("the link is not good, or no longer")
)

// passwordAgain shows the form once more, with what was wrong.
func (s *site) passwordAgain(v *visit, page passwordPage, err error) error {
	status, text, known := v.refusal(err)
	switch {
	case errors.Is(err, errDiffer):
		status, text = http.StatusUnprocessableEntity, v.T("password.differ")
	case errors.Is(err, access.ErrCredentials):
		text = v.T("password.former.wrong")
	case !known:
		return err
	}
	page.Fault = text
	return v.render(status, "password", page)
}

// changeSettings keeps language and appearance: in the browser, and the language of who is signed in with the user.
func (s *site) changeSettings(v *visit) error {
	if l := v.r.PostFormValue("language"); slices.Contains(languages, l) {
		v.keep(languageCookie, l)
		if err := s.keepLanguage(v, l); err != nil {
			return err
		}
	}
	switch theme := v.r.PostFormValue("theme"); {
	case slices.Contains(themes, theme):
		v.keep(themeCookie, theme)
	case theme == "auto":
		v.keep(themeCookie, "")
	}
	v.goTo(access.LocalPath(v.r.PostFormValue("back")))
	return nil
}

func (s *site) keepLanguage(v *visit, language string) error {
	if v.Who.Kind != dossier.KindUser {
		return nil
	}
	return s.catalog.SetLanguage(v.r.Context(), v.Who.Name, language)
}
