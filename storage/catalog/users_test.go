package catalog

import (
	"errors"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

var times = SessionTimes{Idle: time.Hour, Whole: 8 * time.Hour}

// hoa is a clerk with a password.
func hoa(t *testing.T, c *Catalog) User {
	t.Helper()
	must(t, c.AddUser(t.Context(), User{Name: "hoa", Role: dossier.RoleClerk, Stations: []string{"quay-1"}, Language: "vi"}, by("admin")))
	must(t, c.SetPassword(t.Context(), "hoa", "hash of a password", by("admin")))
	u, err := c.User(t.Context(), "hoa")
	must(t, err)
	return u
}

func session(t *testing.T, c *Catalog, name, hash string) {
	t.Helper()
	_, err := c.StartSession(t.Context(), NewSession{Name: name, Hash: hash}, times, noon)
	must(t, err)
}

func TestAUserIsWhoThePrincipalIs(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		hoa(t, c)
		session(t, c, "hoa", "s1")
		u, err := c.SessionUser(t.Context(), "s1", times, noon)
		must(t, err)
		p := u.Principal()
		if p.Kind != dossier.KindUser || p.Name != "hoa" || p.Role != dossier.RoleClerk || p.Language != "vi" || p.Clear || p.Erase || p.Deposit ||
			p.Scope.All || !p.Scope.Sees("x", "quay-1") || p.Scope.Sees("so-tu-phap", "quay-2") || !u.HasPassword || !u.LoginAt.Equal(noon) {
			t.Errorf("%+v %+v", u, p)
		}
		if err := c.AddUser(t.Context(), User{Name: "hoa", Role: dossier.RoleAdministrator}, by("admin")); !errors.Is(err, ErrTaken) {
			t.Errorf("%v", err)
		}
		if all, err := c.Users(t.Context()); err != nil || len(all) != 1 || all[0].Role != dossier.RoleClerk {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestASessionEndsWithTimeAndByItself(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		hoa(t, c)
		session(t, c, "hoa", "s1")
		good := func(after time.Duration, want bool) {
			t.Helper()
			_, err := c.SessionUser(t.Context(), "s1", times, noon.Add(after))
			if want != (err == nil) || !want && !errors.Is(err, ErrNotFound) {
				t.Errorf("after %s: %v", after, err)
			}
		}
		good(time.Hour, false)
		for at := time.Duration(0); at < times.Whole; at += 50 * time.Minute { // in use all day
			good(at, true)
		}
		good(times.Whole, false)
		session(t, c, "hoa", "s2")
		must(t, c.EndSession(t.Context(), "s2", by("hoa")))
		must(t, c.EndSession(t.Context(), "s2", by("hoa")))
		if _, err := c.SessionUser(t.Context(), "s2", times, noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
		_, err := c.StartSession(t.Context(), NewSession{Name: "hoa", Hash: "s3"}, times, noon.Add(24*time.Hour))
		must(t, err)
		if n := count(t, c, `SELECT count(*) FROM sessions`); n != 1 {
			t.Errorf("%d sessions are left", n)
		}
	})
}

func TestWatchingIsNoUseOfASessionAndOutlastsItsSilence(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.AddUser(t.Context(), User{Name: "lan", Role: dossier.RoleClerk, Clear: true, Erase: true}, by("admin")))
		session(t, c, "lan", "s1")
		for at := time.Duration(0); at < times.Whole; at += 10 * time.Minute {
			u, err := c.WatchingUser(t.Context(), "s1", times, noon.Add(at))
			must(t, err)
			if silent := at >= times.Idle; u.Clear == silent || u.Erase == silent || u.Name != "lan" {
				t.Errorf("after %s: %+v", at, u)
			}
		}
		if _, err := c.SessionUser(t.Context(), "s1", times, noon.Add(times.Idle)); !errors.Is(err, ErrNotFound) {
			t.Errorf("what was watched alone is used: %v", err)
		}
		_, err := c.StartSession(t.Context(), NewSession{Name: "lan", Hash: "s2"}, times, noon.Add(2*times.Idle)) // sweeps what is over
		must(t, err)
		for _, at := range []time.Duration{2 * times.Idle, times.Whole} {
			if _, err := c.WatchingUser(t.Context(), "s1", times, noon.Add(at)); (at < times.Whole) != (err == nil) {
				t.Errorf("after %s: %v", at, err)
			}
		}
		must(t, c.SetPassword(t.Context(), "lan", "another", by("lan")))
		if _, err := c.WatchingUser(t.Context(), "s2", times, noon.Add(2*times.Idle)); !errors.Is(err, ErrNotFound) {
			t.Errorf("after another password: %v", err)
		}
	})
}

func TestSessionsEndWithPasswordRoleAndScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		u := hoa(t, c)
		must(t, c.AddUser(t.Context(), User{Name: "lan", Role: dossier.RoleClerk}, by("admin")))
		session(t, c, "lan", "of another")
		for what, change := range map[string]func() error{
			"password": func() error { return c.SetPassword(t.Context(), "hoa", "another", by("hoa")) },
			"role": func() error {
				u.Role = dossier.RoleArchivist
				return c.ChangeUser(t.Context(), u, by("admin"))
			},
			"scope": func() error {
				u.Stations = []string{"quay-2"}
				return c.ChangeUser(t.Context(), u, by("admin"))
			},
			"clear": func() error {
				u.Clear = true
				return c.ChangeUser(t.Context(), u, by("admin"))
			},
		} {
			session(t, c, "hoa", what)
			must(t, change())
			if _, err := c.SessionUser(t.Context(), what, times, noon); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		session(t, c, "hoa", "s")
		u.Language = "fr"
		must(t, c.ChangeUser(t.Context(), u, by("admin")))
		if got, err := c.SessionUser(t.Context(), "s", times, noon); err != nil || got.Language != "fr" || got.Role != dossier.RoleArchivist {
			t.Errorf("another language: %+v, %v", got, err)
		}
		if _, err := c.SessionUser(t.Context(), "of another", times, noon); err != nil {
			t.Errorf("of another: %v", err)
		}
		if err := c.ChangeUser(t.Context(), User{Name: "nobody"}, by("admin")); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestADisabledUserHasNoWayIn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		u := hoa(t, c)
		session(t, c, "hoa", "s")
		must(t, c.SetLink(t.Context(), "hoa", "link", noon.Add(time.Hour), by("admin")))
		u.Disabled = true
		must(t, c.ChangeUser(t.Context(), u, by("admin")))
		_, session := c.SessionUser(t.Context(), "s", times, noon)
		_, start := c.StartSession(t.Context(), NewSession{Name: "hoa", Hash: "t"}, times, noon)
		_, link := c.RedeemLink(t.Context(), "link", "p", noon)
		another := c.SetLink(t.Context(), "hoa", "link2", noon.Add(time.Hour), by("admin"))
		password := c.SetPassword(t.Context(), "hoa", "p", by("hoa"))
		for what, err := range map[string]error{"session": session, "start": start, "link": link, "another link": another, "password": password} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if hash, err := c.Password(t.Context(), "hoa"); err != nil || hash != "" {
			t.Errorf("%q, %v", hash, err)
		}
	})
}

func TestNoSessionBeginsWithAPasswordThatWasJustChanged(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		hoa(t, c)
		must(t, c.SetPassword(t.Context(), "hoa", "new", by("hoa")))
		_, err := c.StartSession(t.Context(), NewSession{Name: "hoa", Hash: "s", Password: "hash of a password"}, times, noon)
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestALinkIsGoodOnceAndOnlyTheLastOneAndForATime(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		hoa(t, c)
		link := func(hash string) { must(t, c.SetLink(t.Context(), "hoa", hash, noon.Add(time.Hour), by("admin"))) }
		link("first")
		link("second")
		if _, err := c.LinkUser(t.Context(), "first", noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("a former one: %v", err)
		}
		if _, err := c.RedeemLink(t.Context(), "second", "p", noon.Add(time.Hour)); !errors.Is(err, ErrNotFound) {
			t.Errorf("late: %v", err)
		}
		session(t, c, "hoa", "s")
		if u, err := c.LinkUser(t.Context(), "second", noon); err != nil || u.Name != "hoa" {
			t.Errorf("%+v, %v", u, err)
		}
		if u, err := c.RedeemLink(t.Context(), "second", "p", noon); err != nil || u.Name != "hoa" {
			t.Errorf("%+v, %v", u, err)
		}
		if _, err := c.RedeemLink(t.Context(), "second", "q", noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("again: %v", err)
		}
		if hash, err := c.Password(t.Context(), "hoa"); err != nil || hash != "p" {
			t.Errorf("%q, %v", hash, err)
		}
		if _, err := c.SessionUser(t.Context(), "s", times, noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("a session goes on: %v", err)
		}
		link("third")
		must(t, c.SetPassword(t.Context(), "hoa", "another", by("hoa")))
		if _, err := c.LinkUser(t.Context(), "third", noon); !errors.Is(err, ErrNotFound) {
			t.Errorf("a link outlives the password: %v", err)
		}
		if err := c.SetLink(t.Context(), "nobody", "x", noon, by("admin")); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestAnAdministratorIsOneWhoCanLogIn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		there := func(want bool) {
			t.Helper()
			if got, err := c.HasAdministrator(t.Context()); err != nil || got != want {
				t.Errorf("%t, %v", got, err)
			}
		}
		hoa(t, c)
		there(false)
		admin := User{Name: "admin", Role: dossier.RoleAdministrator}
		must(t, c.AddUser(t.Context(), admin, by("dossierd")))
		there(false)
		must(t, c.SetPassword(t.Context(), "admin", "p", by("admin")))
		there(true)
		admin.Disabled = true
		must(t, c.ChangeUser(t.Context(), admin, by("x")))
		there(false)
		must(t, c.AddUser(t.Context(), User{Name: "lan", Role: dossier.RoleAdministrator, ProviderID: "https://id.example lan"}, by("x")))
		there(true)
		if u, err := c.UserOfProvider(t.Context(), "https://id.example lan"); err != nil || u.Name != "lan" {
			t.Errorf("%+v, %v", u, err)
		}
		if _, err := c.UserOfProvider(t.Context(), ""); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsDoneAboutUsersIsLogged(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		u := hoa(t, c)
		session(t, c, "hoa", "s")
		must(t, c.SetLink(t.Context(), "hoa", "l", noon, by("admin")))
		must(t, c.EndSession(t.Context(), "s", by("hoa")))
		u.Erase = true
		must(t, c.ChangeUser(t.Context(), u, by("admin")))
		must(t, c.ChangeUser(t.Context(), u, by("admin"))) // changes nothing
		got, err := c.AuditLog(t.Context(), AuditFilter{Subject: "hoa"})
		must(t, err)
		var said string
		for _, a := range got {
			said = " " + string(a.Action) + " by " + a.Who + said
		}
		want := " user.change by admin user.password by admin login by hoa user.link by admin logout by hoa user.change by admin"
		if said != want || broken(t, c) != 0 {
			t.Errorf("%s", said)
		}
	})
}

func TestNamesOfUsersArePlain(t *testing.T) {
	for name, want := range map[string]bool{
		"hoa": true, "nguyen.thi-hoa_2@so-tu-phap.example": true, "9": true, "": false, "Hoa": false, "hòa": false, "-hoa": false, "a b": false,
		"a/b": false, "a:b": false,
	} {
		if ValidUserName(name) != want {
			t.Errorf("%q", name)
		}
	}
}

func TestALanguageIsSetAndNothingElse(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.AddUser(t.Context(), User{Name: "hoa", Role: dossier.RoleAdministrator, All: true, Clear: true}, by("anna")))
		must(t, c.ChangeUser(t.Context(), User{Name: "hoa", Role: dossier.RoleClerk, Disabled: true}, by("anna")))
		must(t, c.SetLanguage(t.Context(), "hoa", "vi"))
		u, err := c.User(t.Context(), "hoa")
		if err != nil || u.Language != "vi" || u.Role != dossier.RoleClerk || u.All || u.Clear || !u.Disabled {
			t.Errorf("%v %+v", err, u)
		}
	})
}
