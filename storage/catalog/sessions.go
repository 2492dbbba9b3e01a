package catalog

import (
	"context"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// SessionTimes bound how long a session is good for.
type SessionTimes struct {
	Idle  time.Duration // since it was last used
	Whole time.Duration // since its beginning
}

// seenStep is how often the time at which a session was seen is written down.
const seenStep = time.Minute

// NewSession is a session that begins.
type NewSession struct {
	Name     string // of the user
	Hash     string // of what the browser bears
	Password string // hash of the password that was given, "" for who came otherwise
	Details  any    // of the login, for the audit log
}

// StartSession begins a session and logs the login. It returns ErrNotFound for a user who is unknown or disabled, or has another
// password by now. Sessions that are over are swept away.
func (c *Catalog) StartSession(ctx context.Context, n NewSession, times SessionTimes, now time.Time) (User, error) {
	var u User
	err := c.db.write(ctx, func(t tx) (err error) {
		u, err = scanUser(t.queryRow(ctx, `SELECT `+userColumns+` FROM users u
			WHERE u.name = ? AND u.disabled = 0 AND (? = '' OR u.password = ?) FOR UPDATE`, n.Name, n.Password, n.Password))
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM sessions WHERE created_at <= ?`, asMicros(now.Add(-times.Whole))); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE users SET login_at = ? WHERE name = ?`, asMicros(now), n.Name); err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO sessions (hash, name, created_at, seen_at) VALUES (?, ?, ?, ?)`, n.Hash, n.Name, asMicros(now), asMicros(now))
		if err != nil {
			return err
		}
		return appendAudit(ctx, t, u.Principal(), Entry{Action: ActionLogin, Subject: n.Name, Details: n.Details})
	})
	return u, wrapped(err, "start a session of %q", n.Name)
}

// SessionUser tells whose session it is, and notes that it was seen; ErrNotFound for one that is unknown or over, or whose user is
// disabled.
func (c *Catalog) SessionUser(ctx context.Context, hash string, times SessionTimes, now time.Time) (User, error) {
	var seen int64
	u, err := scanUserAnd(c.db.queryRow(ctx, `SELECT `+userColumns+`, s.seen_at FROM sessions s JOIN users u ON u.name = s.name
		WHERE s.hash = ? AND s.created_at > ? AND s.seen_at > ? AND u.disabled = 0`,
		hash, asMicros(now.Add(-times.Whole)), asMicros(now.Add(-times.Idle))), &seen)
	if err == nil && now.Sub(asTime(seen)) >= seenStep {
		err = c.db.write(ctx, func(t tx) error {
			_, err := t.exec(ctx, `UPDATE sessions SET seen_at = ? WHERE hash = ? AND seen_at < ?`, asMicros(now), hash, asMicros(now))
			return err
		})
	}
	return u, wrapped(err, "read a session")
}

// WatchingUser is SessionUser for what is shown to nobody in particular, such as a board on a wall: it is no use of the session, and
// goes on in one that nobody uses any more, then without the rights to what is personal and to erase.
func (c *Catalog) WatchingUser(ctx context.Context, hash string, times SessionTimes, now time.Time) (User, error) {
	var seen int64
	u, err := scanUserAnd(c.db.queryRow(ctx, `SELECT `+userColumns+`, s.seen_at FROM sessions s JOIN users u ON u.name = s.name
		WHERE s.hash = ? AND s.created_at > ? AND u.disabled = 0`, hash, asMicros(now.Add(-times.Whole))), &seen)
	if asTime(seen).Add(times.Idle).After(now) {
		return u, wrapped(err, "read a session")
	}
	u.Clear, u.Erase = false, false
	return u, wrapped(err, "read a session")
}

// EndSession ends one session; one that is over already is no error.
func (c *Catalog) EndSession(ctx context.Context, hash string, who dossier.Principal) error {
	err := c.db.write(ctx, func(t tx) error {
		ended, err := t.exec(ctx, `DELETE FROM sessions WHERE hash = ?`, hash)
		if err != nil || ended == 0 {
			return err
		}
		return appendAudit(ctx, t, who, Entry{Action: ActionLogout, Subject: who.Name})
	})
	return wrapped(err, "end a session of %q", who.Name)
}

// endSessions ends all sessions of a user.
func endSessions(ctx context.Context, t tx, name string) error {
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE name = ?`, name)
	return err
}
