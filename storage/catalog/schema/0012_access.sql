-- Who may log in. Records name users, so a row is never deleted.
CREATE TABLE users (
    name        TEXT PRIMARY KEY,
    role        TEXT NOT NULL,               -- clerk, archivist, operator, administrator
    sees_all    INTEGER NOT NULL DEFAULT 0,  -- 1: all records, whatever departments and stations say
    departments TEXT NOT NULL DEFAULT '',
    stations    TEXT NOT NULL DEFAULT '',
    language    TEXT NOT NULL DEFAULT '',    -- vi, fr, en; '' for that of the settings
    clear       INTEGER NOT NULL DEFAULT 0,  -- 1: may read what is personal
    erase       INTEGER NOT NULL DEFAULT 0,  -- 1: may erase dossiers
    disabled    INTEGER NOT NULL DEFAULT 0,
    password    TEXT NOT NULL DEFAULT '',    -- its Argon2id hash; '' of who has set none
    provider_id TEXT NOT NULL DEFAULT '',    -- issuer and subject of who comes by OpenID Connect
    created_at  BIGINT NOT NULL,
    login_at    BIGINT NOT NULL DEFAULT 0    -- the last one
);
CREATE UNIQUE INDEX users_provider ON users (provider_id) WHERE provider_id <> '';

-- What a browser bears and what a link holds is known to them only: here stand SHA-256 hashes.
CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    name       TEXT NOT NULL REFERENCES users (name),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX sessions_name ON sessions (name);

-- One link a user, by which a password is set, once.
CREATE TABLE password_links (
    name       TEXT PRIMARY KEY REFERENCES users (name),
    hash       TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

-- Who saw or did what. Rows are added and never changed; the hash of each covers the row and the hash before it.
CREATE TABLE audit (
    number  BIGINT PRIMARY KEY,              -- from 1, none is left out
    at      BIGINT NOT NULL,
    kind    TEXT NOT NULL,                   -- of who: user, token, command, daemon
    who     TEXT NOT NULL,
    role    TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,                   -- dossier code, deposit id, object key, user; '' for none
    details TEXT NOT NULL,                   -- a JSON object, or ''
    hash    TEXT NOT NULL                    -- hexadecimal
);
CREATE INDEX audit_subject ON audit (subject, number) WHERE subject <> '';
CREATE INDEX audit_who ON audit (who, number);

-- One row: the end of the chain. Who appends locks it until the commit, as the last lock there is.
CREATE TABLE audit_head (
    number BIGINT NOT NULL,
    hash   TEXT NOT NULL
);
INSERT INTO audit_head (number, hash) VALUES (0, '');

-- Reads of what is personal stand in the audit log from now on.
DROP TABLE reads;
