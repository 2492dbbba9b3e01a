-- What was erased: when, by whom, why, and what became of its objects. Rows stay for good.
CREATE TABLE tombstones (
    id           TEXT PRIMARY KEY,           -- of the decision
    code         TEXT NOT NULL REFERENCES dossiers (code),
    version      INTEGER NOT NULL,           -- the latest there was
    state        TEXT NOT NULL,              -- that the dossier was in
    at           BIGINT NOT NULL,
    who          TEXT NOT NULL,              -- name of a token, or retention
    reason       TEXT NOT NULL,
    pages        INTEGER NOT NULL,           -- that were erased: those that no other dossier has
    destroyed_at BIGINT NOT NULL DEFAULT 0   -- 0: some objects are yet to be destroyed
);
CREATE INDEX tombstones_code ON tombstones (code, at);
CREATE INDEX tombstones_open ON tombstones (id) WHERE destroyed_at = 0;

CREATE TABLE tombstone_objects (
    tombstone_id TEXT NOT NULL REFERENCES tombstones (id),
    key          TEXT NOT NULL,              -- of an object; one that ends in a slash stands for all that begin with it
    sha256       TEXT NOT NULL DEFAULT '',
    bytes        BIGINT NOT NULL DEFAULT 0,
    disposition  TEXT NOT NULL,              -- pending, destroyed, retained
    retained_for     TEXT NOT NULL DEFAULT '',   -- dossiers and waiting deposits that have it too
    PRIMARY KEY (tombstone_id, key)
);
CREATE INDEX tombstone_objects_key ON tombstone_objects (key);
CREATE INDEX tombstone_objects_pending ON tombstone_objects (tombstone_id, key) WHERE disposition = 'pending';

-- Of which deposits a dossier has pages, in any version that is not erased.
CREATE TABLE dossier_deposits (
    code       TEXT NOT NULL,
    deposit_id TEXT NOT NULL,
    PRIMARY KEY (code, deposit_id)
);
CREATE INDEX dossier_deposits_deposit ON dossier_deposits (deposit_id);
INSERT INTO dossier_deposits (code, deposit_id)
    SELECT DISTINCT v.code, d.id FROM versions v JOIN revisions r ON r.id = v.revision_id
    JOIN deposits d ON (r.batch_id = '' OR d.batch_id = r.batch_id)
    WHERE d.state <> 'rejected' AND (v.plan = '' OR v.plan LIKE '%"' || d.id || '-%' OR v.plan LIKE '%"' || d.id || '"%');

ALTER TABLE deposits ADD COLUMN erased INTEGER NOT NULL DEFAULT 0; -- 1: some of its pages, 2: all of it
ALTER TABLE versions ADD COLUMN kinds TEXT NOT NULL DEFAULT ''; -- of its documents; '': nobody knows
