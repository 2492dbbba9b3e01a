-- One schema for SQLite and PostgreSQL. Times are microseconds since 1970 in UTC, so that both order them alike; 0 stands
-- for no time, '' for no text; lists and small structures are JSON text.

CREATE TABLE batches (
    id         TEXT PRIMARY KEY,
    station    TEXT NOT NULL,
    closed     INTEGER NOT NULL,           -- 1: no further deposit joins
    open_pages INTEGER NOT NULL,           -- pages that are neither done nor cancelled
    state      TEXT NOT NULL,              -- open, published, rejected
    code       TEXT NOT NULL DEFAULT '',   -- dossier code, once allotted
    version    INTEGER NOT NULL DEFAULT 0  -- reserved for the batch, or published
);
CREATE INDEX batches_ready ON batches (id) WHERE state = 'open' AND closed = 1 AND open_pages = 0;

CREATE TABLE deposits (
    id           TEXT PRIMARY KEY,
    station      TEXT NOT NULL,
    department   TEXT NOT NULL,
    name         TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    modified_at  BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    state        TEXT NOT NULL,
    outcome      TEXT NOT NULL,             -- the state it was taken in with
    pages        INTEGER NOT NULL DEFAULT 0,
    signature    TEXT NOT NULL DEFAULT '',
    duplicate_of TEXT NOT NULL DEFAULT '',
    rejection    TEXT NOT NULL DEFAULT '',
    warnings     TEXT NOT NULL DEFAULT '',
    batch_id     TEXT NOT NULL DEFAULT '',  -- '' for what never had pages
    notice       INTEGER NOT NULL DEFAULT 0 -- 1: the station's folder has yet to be told, 2: it was told
);
CREATE INDEX deposits_sha256 ON deposits (sha256, received_at);
CREATE INDEX deposits_received ON deposits (received_at, id);
CREATE INDEX deposits_state ON deposits (station, state, received_at);
CREATE INDEX deposits_batch ON deposits (batch_id);
CREATE INDEX deposits_notice ON deposits (station, received_at) WHERE notice = 1;

CREATE TABLE pages (
    id          TEXT PRIMARY KEY,           -- <deposit id>-<number>
    deposit_id  TEXT NOT NULL REFERENCES deposits (id),
    batch_id    TEXT NOT NULL REFERENCES batches (id),
    number      INTEGER NOT NULL,
    station     TEXT NOT NULL,              -- of the deposit, as is received_at: the dispatcher's order
    received_at BIGINT NOT NULL,
    state       TEXT NOT NULL,              -- waiting, queued (a job of River's), done, cancelled
    job_id      BIGINT NOT NULL DEFAULT 0,  -- river_job.id while queued
    artifact_id TEXT NOT NULL DEFAULT '',
    profile_key TEXT NOT NULL DEFAULT '',
    language    TEXT NOT NULL DEFAULT '',
    words       INTEGER NOT NULL DEFAULT 0,
    confidence  DOUBLE PRECISION NOT NULL DEFAULT 0,
    blank       INTEGER NOT NULL DEFAULT 0,
    warnings    TEXT NOT NULL DEFAULT '',
    seconds     DOUBLE PRECISION NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX pages_deposit ON pages (deposit_id, number);
CREATE INDEX pages_waiting ON pages (station, received_at, deposit_id, number) WHERE state = 'waiting';
CREATE INDEX pages_queued ON pages (job_id) WHERE state = 'queued';
CREATE INDEX pages_open ON pages (station) WHERE state IN ('waiting', 'queued');

-- The last number that a station gave out on a day.
CREATE TABLE station_days (
    station TEXT NOT NULL,
    day     TEXT NOT NULL,                  -- yyyymmdd
    last    INTEGER NOT NULL,
    PRIMARY KEY (station, day)
);

CREATE TABLE versions (
    code         TEXT NOT NULL,
    number       INTEGER NOT NULL,
    batch_id     TEXT NOT NULL REFERENCES batches (id),
    state        TEXT NOT NULL,             -- reserved, published, abandoned
    pages        INTEGER NOT NULL DEFAULT 0,
    warnings     TEXT NOT NULL DEFAULT '',
    published_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (code, number)
);

-- One row: the number of the last event. The transaction that takes a number locks the row until it commits, so that
-- events become visible in the order of their numbers and none is missing between them.
CREATE TABLE feed (
    last BIGINT NOT NULL
);
INSERT INTO feed (last) VALUES (0);

CREATE TABLE events (
    number     BIGINT PRIMARY KEY,          -- in the order of commits
    id         TEXT NOT NULL UNIQUE,
    type       TEXT NOT NULL,
    subject    TEXT NOT NULL,               -- dossier code, or deposit id
    sequence   INTEGER NOT NULL,            -- from 1, per subject
    body       TEXT NOT NULL,               -- the JSON that webhook and feed carry
    created_at BIGINT NOT NULL,
    UNIQUE (subject, sequence)
);

CREATE TABLE deliveries (
    id           TEXT PRIMARY KEY,
    event_id     TEXT NOT NULL REFERENCES events (id),
    subscriber   TEXT NOT NULL,
    subject      TEXT NOT NULL,             -- of the event, as are type and sequence
    type         TEXT NOT NULL,
    sequence     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    last_status  INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT NOT NULL DEFAULT '',
    delivered_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_pending ON deliveries (subscriber, subject, sequence) WHERE state = 'pending';
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_state ON deliveries (state, id);

CREATE TABLE switched_off (
    subscriber TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    since      BIGINT NOT NULL
);
