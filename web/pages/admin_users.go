package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// usersPage is what the list of users is given.
type usersPage struct {
	Users []catalog.User
	Form  userForm // of a user to be added
}

// userForm is what the form of a user is given.
type userForm struct {
	catalog.User
	Self            bool // it is the visitor's own
	Roles           []dossier.UserRole
	DepartmentTicks []tick
	StationTicks    []tick
	Fault           string // sentence: why it was refused
	Told            string // sentence: what was done before
	Link            string // address at which the user sets a password, once; "" where none was just made
	LinkHours       int    // that it is good for
}

// tick is a department or station that a user may see.
type tick struct {
	Name string
	On   bool
}

func (s *site) users(v *visit) error {
	return s.usersWith(v, http.StatusOK, s.formOf(v, catalog.User{Role: dossier.RoleClerk}))
}

func (s *site) usersWith(v *visit, status int, form userForm) error {
	all, err := s.catalog.Users(v.r.Context())
	if err != nil {
		return err
	}
	return v.render(status, "users", usersPage{Users: all, Form: form})
}

// seesNoMore reports whether a user sees nothing that the visitor does not: nobody gives more than that, or gets at it by a link.
func (s *site) seesNoMore(v *visit, u catalog.User) bool {
	if v.Who.Scope.All {
		return true
	}
	departments := map[string]string{} // of stations
	for _, st := range s.cfg.Office().Stations {
		departments[st.Name] = st.Department
	}
	return !u.All && !slices.ContainsFunc(u.Departments, func(d string) bool { return !v.Who.Scope.Sees(d, "") }) &&
		!slices.ContainsFunc(u.Stations, func(name string) bool { return !v.Who.Scope.Sees(departments[name], name) })
}

// formOf offers the departments and stations of the settings that the visitor sees, and those that the user has though no settings name them any more.
func (s *site) formOf(v *visit, u catalog.User) userForm {
	var departments, stations []string
	for _, st := range s.cfg.Office().Stations {
		if v.Who.Scope.Sees(st.Department, "") {
			departments = append(departments, st.Department)
		}
		if v.Who.Scope.Sees(st.Department, st.Name) {
			stations = append(stations, st.Name)
		}
	}
	return userForm{
		User: u, Self: u.Name == v.Who.Name && v.Who.Kind == dossier.KindUser, Roles: dossier.UserRoles(),
		DepartmentTicks: ticks(departments, u.Departments), StationTicks: ticks(stations, u.Stations),
	}
}

func ticks(known, on []string) []tick {
	names := slices.Concat(known, on)
	slices.Sort(names)
	var list []tick
	for _, name := range slices.Compact(names) {
		list = append(list, tick{name, slices.Contains(on, name)})
	}
	return list
}

// userOf reads a user's rights as a form has them.
func userOf(form url.Values) catalog.User {
	u := catalog.User{
		Role: dossier.UserRole(form.Get("role")), All: form.Get("all") != "", Departments: form["department"], Stations: form["station"],
		Clear: form.Get("clear") != "", Erase: form.Get("erase") != "", Disabled: form.Get("disabled") != "",
	}
	if l := form.Get("language"); slices.Contains(languages, l) {
		u.Language = l
	}
	return u
}

// addUser makes a user, and a link that is shown this once.
func (s *site) addUser(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return errNotFound
	}
	u := userOf(v.r.PostForm)
	u.Name = v.r.PostForm.Get("name")
	form := s.formOf(v, u)
	if !catalog.ValidUserName(u.Name) {
		form.Fault = v.T("user.name.fault")
		return s.usersWith(v, http.StatusUnprocessableEntity, form)
	}
	if !slices.Contains(form.Roles, u.Role) {
		return errNotFound
	}
	if !s.seesNoMore(v, u) {
		return errForbidden
	}
	err := s.catalog.AddUser(v.r.Context(), u, v.Who)
	if errors.Is(err, catalog.ErrTaken) {
		form.Fault = v.T("user.name.taken")
		return s.usersWith(v, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return s.showLink(v, u)
}

func (s *site) newLink(v *visit) error {
	u, err := s.catalog.User(v.r.Context(), v.r.PathValue("name"))
	if err != nil {
		return err
	}
	if u.Disabled {
		return errNotFound
	}
	if !s.seesNoMore(v, u) {
		return errForbidden
	}
	return s.showLink(v, u)
}

// showLink makes a link and answers with it: only who asked for it ever sees it.
func (s *site) showLink(v *visit, u catalog.User) error {
	path, err := access.NewLink(v.r.Context(), s.catalog, u.Name, v.Who)
	if err != nil {
		return err
	}
	form := s.formOf(v, u)
	form.Link, form.LinkHours = s.address(v.r)+path, int(access.LinkTime.Hours())
	return v.render(http.StatusOK, "user", form)
}

// address is that of this site, as browsers see it.
func (s *site) address(r *http.Request) string {
	switch {
	case s.cfg.PublicURL != "":
		return s.cfg.PublicURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *site) userPage(v *visit) error {
	u, err := s.catalog.User(v.r.Context(), v.r.PathValue("name"))
	if err != nil {
		return err
	}
	form := s.formOf(v, u)
	if v.r.FormValue("changed") != "" {
		form.Told = v.T("user.told.changed")
	}
	return v.render(http.StatusOK, "user", form)
}

// changeUser sets what a user may do. The own rights nobody changes: a house must not be left without an administrator by a slip.
func (s *site) changeUser(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return errNotFound
	}
	former, err := s.catalog.User(v.r.Context(), v.r.PathValue("name"))
	if err != nil {
		return err
	}
	u := userOf(v.r.PostForm)
	u.Name = former.Name
	if form := s.formOf(v, former); form.Self || !slices.Contains(form.Roles, u.Role) || !s.seesNoMore(v, former) || !s.seesNoMore(v, u) {
		return errForbidden
	}
	if err := s.catalog.ChangeUser(v.r.Context(), u, v.Who); err != nil {
		return err
	}
	v.goTo("/admin/users/" + url.PathEscape(u.Name) + "?changed=1")
	return nil
}
