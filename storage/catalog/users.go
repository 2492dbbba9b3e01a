package catalog

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ErrTaken says that a user has the name already.
var ErrTaken = errors.New("a user has this name")

// User is somebody who may log in.
type User struct {
	Name        string           `json:"name"` // lower case, unique for good
	Role        dossier.UserRole `json:"role"`
	All         bool             `json:"all,omitempty"` // sees all records
	Departments []string         `json:"departments,omitempty"`
	Stations    []string         `json:"stations,omitempty"`
	Language    string           `json:"language,omitempty"` // vi, fr, en; "" for that of the settings
	Clear       bool             `json:"clear,omitempty"`    // may read what is personal
	Erase       bool             `json:"erase,omitempty"`    // may erase dossiers
	Disabled    bool             `json:"disabled,omitempty"`
	ProviderID  string           `json:"provider_id,omitempty"` // issuer and subject of who comes by OpenID Connect
	HasPassword bool             `json:"has_password"`
	CreatedAt   time.Time        `json:"created_at"`
	LoginAt     time.Time        `json:"login_at,omitzero"` // the last one
}

// Principal is the user as who asks.
func (u User) Principal() dossier.Principal {
	return dossier.Principal{
		Kind: dossier.KindUser, Name: u.Name, Role: u.Role, Language: u.Language, Clear: u.Clear, Erase: u.Erase,
		Scope: dossier.Scope{All: u.All, Departments: u.Departments, Stations: u.Stations},
	}
}

// rights are what the audit log is told of a user.
func (u User) rights() map[string]any {
	return map[string]any{
		"role": u.Role, "all": u.All, "departments": u.Departments, "stations": u.Stations, "clear": u.Clear, "erase": u.Erase,
		"disabled": u.Disabled, "provider": u.ProviderID != "",
	}
}

const userColumns = `u.name, u.role, u.sees_all, u.departments, u.stations, u.language, u.clear, u.erase, u.disabled, u.provider_id,
	CASE u.password WHEN '' THEN 0 ELSE 1 END, u.created_at, u.login_at`

func scanUser(r row) (User, error) { return scanUserAnd(r) }

// scanUserAnd reads userColumns and further columns behind them.
func scanUserAnd(r row, more ...any) (User, error) {
	var u User
	var all, clear, erase, disabled, password int
	var departments, stations string
	var created, login int64
	err := r.Scan(append([]any{
		&u.Name, &u.Role, &all, &departments, &stations, &u.Language, &clear, &erase, &disabled, &u.ProviderID, &password, &created, &login,
	}, more...)...)
	if err != nil {
		return u, noRow(err)
	}
	u.All, u.Clear, u.Erase, u.Disabled, u.HasPassword = all == 1, clear == 1, erase == 1, disabled == 1, password == 1
	u.CreatedAt, u.LoginAt = asTime(created), asTime(login)
	if u.Departments, err = fromListJSON(departments); err != nil {
		return u, err
	}
	u.Stations, err = fromListJSON(stations)
	return u, err
}

// Users lists the users by their names.
func (c *Catalog) Users(ctx context.Context) ([]User, error) {
	all, err := collect(ctx, c.db, scanUser, `SELECT `+userColumns+` FROM users u ORDER BY u.name`)
	return all, wrapped(err, "list users")
}

// User reads a user by name; ErrNotFound where nobody has it.
func (c *Catalog) User(ctx context.Context, name string) (User, error) {
	u, err := scanUser(c.db.queryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.name = ?`, name))
	return u, wrapped(err, "read user %q", name)
}

// UserOfProvider reads a user by the issuer and subject of the provider; ErrNotFound where there is none.
func (c *Catalog) UserOfProvider(ctx context.Context, providerID string) (User, error) {
	u, err := scanUser(c.db.queryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.provider_id = ? AND u.provider_id <> ''`, providerID))
	return u, wrapped(err, "read the user of %q", providerID)
}

// AddUser makes a user, who can't log in before a password is set or by a provider; ErrTaken where the name is taken.
func (c *Catalog) AddUser(ctx context.Context, u User, by dossier.Principal) error {
	lists, err := u.lists()
	if err != nil {
		return err
	}
	err = c.db.write(ctx, func(t tx) error {
		added, err := t.exec(ctx, `INSERT INTO users (name, role, sees_all, departments, stations, language, clear, erase, disabled, provider_id,
			created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING`,
			u.Name, u.Role, asInt(u.All), lists[0], lists[1], u.Language, asInt(u.Clear), asInt(u.Erase), asInt(u.Disabled), u.ProviderID, asMicros(time.Now()))
		if err == nil && added == 0 {
			err = ErrTaken
		}
		if err != nil {
			return err
		}
		return appendAudit(ctx, t, by, Entry{Action: ActionUser, Subject: u.Name, Details: u.rights()})
	})
	return wrapped(err, "add user %q", u.Name)
}

// ChangeUser sets role, scope, rights and language of a user, and whether the user may log in. Where more than the language changed,
// all sessions of the user end, and with a disabled user the link to set a password.
func (c *Catalog) ChangeUser(ctx context.Context, u User, by dossier.Principal) error {
	lists, err := u.lists()
	if err != nil {
		return err
	}
	err = c.db.write(ctx, func(t tx) error {
		changed, err := t.exec(ctx, `UPDATE users SET role = ?, sees_all = ?, departments = ?, stations = ?, clear = ?, erase = ?, disabled = ?
			WHERE name = ? AND (role <> ? OR sees_all <> ? OR departments <> ? OR stations <> ? OR clear <> ? OR erase <> ? OR disabled <> ?)`,
			u.Role, asInt(u.All), lists[0], lists[1], asInt(u.Clear), asInt(u.Erase), asInt(u.Disabled), u.Name,
			u.Role, asInt(u.All), lists[0], lists[1], asInt(u.Clear), asInt(u.Erase), asInt(u.Disabled))
		if err != nil {
			return err
		}
		known, err := t.exec(ctx, `UPDATE users SET language = ? WHERE name = ?`, u.Language, u.Name)
		if err == nil && known == 0 {
			err = ErrNotFound
		}
		if err != nil || changed == 0 {
			return err
		}
		if err := endSessions(ctx, t, u.Name); err != nil {
			return err
		}
		if u.Disabled {
			if _, err := t.exec(ctx, `DELETE FROM password_links WHERE name = ?`, u.Name); err != nil {
				return err
			}
		}
		return appendAudit(ctx, t, by, Entry{Action: ActionUser, Subject: u.Name, Details: u.rights()})
	})
	return wrapped(err, "change user %q", u.Name)
}

// SetLanguage sets the language of a user, and nothing else, whatever is changed of the user meanwhile.
func (c *Catalog) SetLanguage(ctx context.Context, name, language string) error {
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE users SET language = ? WHERE name = ?`, language, name)
		return err
	})
	return wrapped(err, "set the language of user %q", name)
}

func (u User) lists() (lists [2]string, err error) {
	if lists[0], err = listJSON(u.Departments); err != nil {
		return lists, err
	}
	lists[1], err = listJSON(u.Stations)
	return lists, err
}

// HasAdministrator reports whether there is an administrator who can log in.
func (c *Catalog) HasAdministrator(ctx context.Context) (bool, error) {
	var n int
	err := c.db.queryRow(ctx, `SELECT count(*) FROM users WHERE role = ? AND disabled = 0 AND (password <> '' OR provider_id <> '')`,
		dossier.RoleAdministrator).Scan(&n)
	return n > 0, wrapped(err, "look for an administrator")
}

// Password gives the hash of a user's password, "" of one who has none or may not log in; ErrNotFound where nobody has the name.
func (c *Catalog) Password(ctx context.Context, name string) (string, error) {
	var hash string
	err := c.db.queryRow(ctx, `SELECT CASE disabled WHEN 0 THEN password ELSE '' END FROM users WHERE name = ?`, name).Scan(&hash)
	return hash, wrapped(noRow(err), "read the password of %q", name)
}

// SetPassword gives a user another password, by its hash. All sessions of the user end, and the link by which one is set.
func (c *Catalog) SetPassword(ctx context.Context, name, hash string, by dossier.Principal) error {
	err := c.db.write(ctx, func(t tx) error { return setPassword(ctx, t, name, hash, by) })
	return wrapped(err, "set the password of %q", name)
}

func setPassword(ctx context.Context, t tx, name, hash string, by dossier.Principal) error {
	changed, err := t.exec(ctx, `UPDATE users SET password = ? WHERE name = ? AND disabled = 0`, hash, name)
	if err == nil && changed == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM password_links WHERE name = ?`, name); err != nil {
		return err
	}
	if err := endSessions(ctx, t, name); err != nil {
		return err
	}
	return appendAudit(ctx, t, by, Entry{Action: ActionPassword, Subject: name})
}

// SetLink makes the link by which a user may set a password, known by its hash; former ones of the user are void.
func (c *Catalog) SetLink(ctx context.Context, name, hash string, expires time.Time, by dossier.Principal) error {
	err := c.db.write(ctx, func(t tx) error {
		made, err := t.exec(ctx, `INSERT INTO password_links (name, hash, expires_at) SELECT name, ?, ? FROM users WHERE name = ? AND disabled = 0
			ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`, hash, asMicros(expires), name)
		if err == nil && made == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		return appendAudit(ctx, t, by, Entry{Action: ActionLink, Subject: name})
	})
	return wrapped(err, "make a link for %q", name)
}

// LinkUser tells whose link it is, by its hash; ErrNotFound for one that is unknown, used or expired.
func (c *Catalog) LinkUser(ctx context.Context, hash string, now time.Time) (User, error) {
	u, err := scanUser(c.db.queryRow(ctx, `SELECT `+userColumns+` FROM password_links l JOIN users u ON u.name = l.name
		WHERE l.hash = ? AND l.expires_at > ? AND u.disabled = 0`, hash, asMicros(now)))
	return u, wrapped(err, "read a link")
}

// RedeemLink sets the password of the user whose link it is, by the hashes of both, and voids the link. It returns ErrNotFound for a
// link that is unknown, used or expired.
func (c *Catalog) RedeemLink(ctx context.Context, link, password string, now time.Time) (User, error) {
	var u User
	err := c.db.write(ctx, func(t tx) (err error) {
		var name string
		if err := t.queryRow(ctx, `DELETE FROM password_links WHERE hash = ? AND expires_at > ? RETURNING name`, link, asMicros(now)).Scan(&name); err != nil {
			return noRow(err)
		}
		if u, err = scanUser(t.queryRow(ctx, `SELECT `+userColumns+` FROM users u WHERE u.name = ?`, name)); err != nil {
			return err
		}
		u.HasPassword = true
		return setPassword(ctx, t, name, password, u.Principal())
	})
	return u, wrapped(err, "redeem a link")
}

// ValidUserName reports whether a user may have the name: 1 to 64 of a-z, 0-9, hyphen, dot, underscore and @, the first a letter or digit.
func ValidUserName(name string) bool {
	if name == "" || len(name) > 64 || strings.ContainsRune("-._@", rune(name[0])) {
		return false
	}
	return strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-._@", r)
	}) < 0
}
