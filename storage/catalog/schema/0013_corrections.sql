-- What people do about rejected deposits. They stay counted as such.
ALTER TABLE deposits ADD COLUMN assigned  TEXT NOT NULL DEFAULT ''; -- who sees to it
ALTER TABLE deposits ADD COLUMN dismissed TEXT NOT NULL DEFAULT ''; -- when, by whom and why nothing more is done about it
ALTER TABLE deposits ADD COLUMN retry     TEXT NOT NULL DEFAULT ''; -- settings of its own for another try
CREATE INDEX deposits_quarantine ON deposits (station, received_at, id) WHERE state = 'rejected' AND dismissed = '';
CREATE INDEX deposits_station ON deposits (station, received_at, id);

-- How the stations' drop folders are, as the daemons tell that watch them.
CREATE TABLE folders (
    station    TEXT PRIMARY KEY,
    department TEXT NOT NULL,
    report     TEXT NOT NULL,
    at         BIGINT NOT NULL -- of the last report
);

-- Each time that a delivery was tried. Rows are added and never changed.
CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    at          BIGINT NOT NULL,
    took        BIGINT NOT NULL, -- microseconds
    status      INTEGER NOT NULL, -- HTTP status, 0 where there was no answer
    error       TEXT NOT NULL,
    headers     TEXT NOT NULL,   -- of the request, without what is secret
    answer      TEXT NOT NULL    -- its first KB
);
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id, at);

-- The papers that a version's procedure asks for, and which of them are there.
ALTER TABLE versions ADD COLUMN papers TEXT NOT NULL DEFAULT '';
