-- A dossier outlives its versions: where its paper lies and how far it got stand here and in no object.
CREATE TABLE dossiers (
    code        TEXT PRIMARY KEY,
    station     TEXT NOT NULL,
    department  TEXT NOT NULL,
    year        INTEGER NOT NULL,           -- in the keys of all its versions: that of the first
    received_at BIGINT NOT NULL,            -- of its first deposit
    state       TEXT NOT NULL,              -- received, digitised, transferred, result_received, returned, withdrawn, erased
    version     INTEGER NOT NULL DEFAULT 0, -- the latest that was published
    procedure   TEXT NOT NULL DEFAULT '',
    complete    TEXT NOT NULL DEFAULT '',   -- yes, no; '': nobody knows
    place       TEXT NOT NULL DEFAULT '',   -- box and shelf
    reason      TEXT NOT NULL DEFAULT ''    -- why it was withdrawn
);
CREATE INDEX dossiers_received ON dossiers (received_at, code);

-- Which states a dossier came into, when, and who saw to it: a subscriber, a token, a station.
CREATE TABLE dossier_states (
    code  TEXT NOT NULL REFERENCES dossiers (code),
    state TEXT NOT NULL,
    at    BIGINT NOT NULL,
    who   TEXT NOT NULL
);
CREATE INDEX dossier_states_code ON dossier_states (code, at);

-- A revision makes one version of every dossier it touches, and publishes all of them at once. A batch is one, a decision of
-- a person another.
CREATE TABLE revisions (
    id       TEXT PRIMARY KEY,              -- of the batch, or dec_...
    batch_id TEXT NOT NULL DEFAULT '',      -- '' for a decision
    state    TEXT NOT NULL,                 -- reserved, published
    at       BIGINT NOT NULL,
    who      TEXT NOT NULL DEFAULT '',      -- of a decision
    decision TEXT NOT NULL DEFAULT '',
    code     TEXT NOT NULL DEFAULT '',      -- the dossier that was decided about
    withdraws TEXT NOT NULL DEFAULT ''      -- codes of the dossiers that end with it
);
CREATE INDEX revisions_open ON revisions (id) WHERE state = 'reserved';
CREATE INDEX revisions_code ON revisions (code, at);
INSERT INTO revisions (id, batch_id, state, at)
    SELECT b.id, b.id, CASE b.state WHEN 'open' THEN 'reserved' ELSE 'published' END,
        coalesce((SELECT min(d.received_at) FROM deposits d WHERE d.batch_id = b.id), 0)
    FROM batches b WHERE b.code <> '';

CREATE TABLE versions_of_dossiers (
    code         TEXT NOT NULL,
    number       INTEGER NOT NULL,
    revision_id  TEXT NOT NULL REFERENCES revisions (id),
    ordinal      INTEGER NOT NULL,          -- among those of the revision, from 0
    state        TEXT NOT NULL,             -- reserved, published, abandoned
    plan         TEXT NOT NULL DEFAULT '',  -- its documents and their pages; '' of one made before there were plans
    pages        INTEGER NOT NULL DEFAULT 0,
    personal     INTEGER NOT NULL DEFAULT 0, -- 1: a page of it is an identity paper
    warnings     TEXT NOT NULL DEFAULT '',
    notes        TEXT NOT NULL DEFAULT '',  -- sentences for the clerk
    published_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (code, number)
);
INSERT INTO versions_of_dossiers (code, number, revision_id, ordinal, state, pages, warnings, published_at)
    SELECT code, number, batch_id, 0, state, pages, warnings, published_at FROM versions;
INSERT INTO dossiers (code, station, department, year, received_at, state, version)
    SELECT v.code, b.station, coalesce((SELECT min(d.department) FROM deposits d WHERE d.batch_id = b.id), ''),
        CAST(substr(v.code, length(v.code) - 12, 4) AS INTEGER), r.at, CASE b.state WHEN 'open' THEN 'received' ELSE 'digitised' END,
        CASE b.state WHEN 'open' THEN 0 ELSE b.version END
    FROM (SELECT code, max(number) AS number FROM versions GROUP BY code) l
    JOIN versions v ON v.code = l.code AND v.number = l.number
    JOIN batches b ON b.id = v.batch_id JOIN revisions r ON r.id = b.id;
DROP TABLE versions;
ALTER TABLE versions_of_dossiers RENAME TO versions;
CREATE INDEX versions_revision ON versions (revision_id, ordinal);

ALTER TABLE pages ADD COLUMN personal INTEGER NOT NULL DEFAULT 0; -- 1: of an identity paper
ALTER TABLE deposits ADD COLUMN dossiers TEXT NOT NULL DEFAULT ''; -- codes of the dossiers that have pages of it
UPDATE deposits SET dossiers = (SELECT '["' || b.code || '"]' FROM batches b WHERE b.id = deposits.batch_id)
    WHERE EXISTS (SELECT 1 FROM batches b WHERE b.id = deposits.batch_id AND b.code <> '');
