package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// Errors of logging in, to be tested with errors.Is. A *Throttled says when to try again, a PasswordFault what is wrong with a new
// password; anything else is a catalogue that is away.
var (
	ErrCredentials = errors.New("name and password do not go together") // unknown, disabled or wrong: nobody learns which
	ErrLink        = errors.New("the link is not good, or no longer")
	ErrBusy        = errors.New("too many log in at once")
	ErrInsecure    = errors.New("logging in needs https")
)

// Throttled says that too many tries failed.
type Throttled struct{ Until time.Time }

func (t *Throttled) Error() string {
	return "too many tries; the next one at " + t.Until.Format(time.RFC3339)
}

// sessionTimes end a session after a shift, or when somebody has long left the chair.
var sessionTimes = catalog.SessionTimes{Idle: 2 * time.Hour, Whole: 12 * time.Hour}

// LinkTime is how long a link to set a password is good for.
const LinkTime = 24 * time.Hour

// Session is what a login gives.
type Session struct {
	Token string // for the browser, which alone knows it; see SetCookie
	User  catalog.User
}

// Login begins a session for who knows the password. address is that of Address. It returns ErrCredentials, ErrBusy, or a *Throttled.
func (a *Access) Login(ctx context.Context, name, password, address string) (Session, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if !catalog.ValidUserName(name) || len(password) > 4*passwordMost {
		return Session{}, ErrCredentials
	}
	hash, err := a.check(ctx, name, password, address)
	if err != nil {
		return Session{}, err
	}
	s, err := a.start(ctx, catalog.NewSession{Name: name, Password: hash, Details: map[string]string{"by": "password", "address": address}})
	if errors.Is(err, catalog.ErrNotFound) {
		return s, a.refused(ctx, name, address, ErrCredentials)
	}
	if err == nil {
		a.throttle.succeeded(name, address)
	}
	return s, err
}

// check returns the hash of a user's password where it is the one that is given. The try counts as refused until it is told to have
// succeeded.
func (a *Access) check(ctx context.Context, name, password, address string) (hash string, err error) {
	if err := a.throttle.begin(name, address, time.Now()); err != nil {
		return "", err
	}
	hash, err = a.catalog.Password(ctx, name)
	ok := false
	if err == nil || errors.Is(err, catalog.ErrNotFound) {
		ok, err = a.hashing.matches(ctx, hash, password)
	}
	switch {
	case err != nil:
		a.throttle.unseen(name, address)
		return "", err
	case !ok:
		err = a.refused(ctx, name, address, ErrCredentials)
	}
	return hash, err
}

// refused logs a login that was refused, and returns why.
func (a *Access) refused(ctx context.Context, name, address string, why error) error {
	who := dossier.Principal{Kind: dossier.KindUser, Name: name}
	err := a.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionLoginRefused, Subject: name, Details: map[string]string{"address": address}})
	if err != nil {
		return err
	}
	return why
}

// start begins a session of somebody who was found to be that one.
func (a *Access) start(ctx context.Context, n catalog.NewSession) (Session, error) {
	token := newSecret()
	n.Hash = secretHash(token)
	u, err := a.catalog.StartSession(ctx, n, sessionTimes, time.Now())
	return Session{Token: token, User: u}, err
}

// Logout ends the session of a request, if it has one.
func (a *Access) Logout(ctx context.Context) error {
	if s, ok := ctx.Value(sessionKey{}).(session); ok {
		return a.catalog.EndSession(ctx, s.hash, Of(ctx))
	}
	return nil
}

// LinkUser tells who may set a password by a link, which stays good; ErrLink where nobody may.
func (a *Access) LinkUser(ctx context.Context, link string) (catalog.User, error) {
	u, err := a.catalog.LinkUser(ctx, secretHash(link), time.Now())
	if errors.Is(err, catalog.ErrNotFound) {
		err = ErrLink
	}
	return u, err
}

// Redeem sets the password of the user whose link it is, and begins a session. The link is good no more. It returns ErrLink, ErrBusy
// or a PasswordFault.
func (a *Access) Redeem(ctx context.Context, link, password, address string) (Session, error) {
	u, err := a.LinkUser(ctx, link)
	if err != nil {
		return Session{}, err
	}
	if err := CheckPassword(u.Name, password); err != nil {
		return Session{}, err
	}
	hash, err := a.hashing.hash(ctx, password)
	if err != nil {
		return Session{}, err
	}
	if u, err = a.catalog.RedeemLink(ctx, secretHash(link), hash, time.Now()); errors.Is(err, catalog.ErrNotFound) {
		return Session{}, ErrLink
	} else if err != nil {
		return Session{}, err
	}
	return a.start(ctx, catalog.NewSession{Name: u.Name, Password: hash, Details: map[string]string{"by": "link", "address": address}})
}

// SetPassword gives the user who asks another password. All sessions end, and a new one begins. It returns ErrCredentials where the
// former password is wrong, ErrBusy, a *Throttled or a PasswordFault.
func (a *Access) SetPassword(ctx context.Context, former, password, address string) (Session, error) {
	who := Of(ctx)
	if who.Kind != dossier.KindUser {
		return Session{}, ErrCredentials
	}
	if err := CheckPassword(who.Name, password); err != nil {
		return Session{}, err
	}
	if _, err := a.check(ctx, who.Name, former, address); err != nil {
		return Session{}, err
	}
	a.throttle.succeeded(who.Name, address)
	hash, err := a.hashing.hash(ctx, password)
	if err != nil {
		return Session{}, err
	}
	if err := a.catalog.SetPassword(ctx, who.Name, hash, who); err != nil {
		return Session{}, err
	}
	return a.start(ctx, catalog.NewSession{Name: who.Name, Password: hash, Details: map[string]string{"by": "password", "address": address}})
}

// NewLink makes a link by which a user may set a password, once, within LinkTime; former ones are void. It returns the part behind
// the address, or ErrNotFound of package catalog.
func NewLink(ctx context.Context, cat *catalog.Catalog, name string, by dossier.Principal) (path string, err error) {
	link := newSecret()
	if err := cat.SetLink(ctx, name, secretHash(link), time.Now().Add(LinkTime), by); err != nil {
		return "", err
	}
	return LinkPath + link, nil
}

// LinkPath is what the addresses of links begin with.
const LinkPath = "/link/"

// FirstAdministrator makes sure that somebody can see to the users: while no administrator can log in it makes a link for one, called
// admin, and returns its path; else "".
func (a *Access) FirstAdministrator(ctx context.Context) (path string, err error) {
	there, err := a.catalog.HasAdministrator(ctx)
	if err != nil || there {
		return "", err
	}
	by := dossier.Principal{Kind: dossier.KindDaemon, Name: "dossierd"}
	for name, n := "admin", 2; ; name, n = fmt.Sprintf("admin-%d", n), n+1 {
		first := catalog.User{Name: name, Role: dossier.RoleAdministrator, All: true}
		u, err := a.catalog.User(ctx, name)
		switch {
		case errors.Is(err, catalog.ErrNotFound):
			err = a.catalog.AddUser(ctx, first, by)
		case err == nil && u.Role != dossier.RoleAdministrator:
			continue // somebody else
		case err == nil && u.Disabled:
			err = a.catalog.ChangeUser(ctx, first, by)
		}
		if err != nil {
			return "", fmt.Errorf("make the first administrator: %w", err)
		}
		return NewLink(ctx, a.catalog, name, by)
	}
}

// newSecret is 256 bits of chance.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return encode(b[:])
}

// encode and decode go between bytes and what cookies and addresses hold.
func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func decode(text string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(text) }

// secretHash is what the catalogue keeps of a secret.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
