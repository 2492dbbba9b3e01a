-- What a glance at a page found before it was read. A page may be looked at before it has a row in pages.
CREATE TABLE looks (
    page_id    TEXT PRIMARY KEY,             -- <deposit id>-<number>
    deposit_id TEXT NOT NULL REFERENCES deposits (id),
    number     INTEGER NOT NULL,
    look       TEXT NOT NULL,                -- measures and verdicts
    thumb      INTEGER NOT NULL              -- 1: pages/<page id>/thumb.jpg is stored
);
CREATE INDEX looks_deposit ON looks (deposit_id, number);

ALTER TABLE pages ADD COLUMN rotation INTEGER NOT NULL DEFAULT -1; -- degrees, as it was read; -1: nobody knows

ALTER TABLE deposits ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;       -- 1: nothing of it is left to be looked at
ALTER TABLE deposits ADD COLUMN advised INTEGER NOT NULL DEFAULT 0;      -- 1: the event that advises a rescan was sent
ALTER TABLE deposits ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;      -- how often what its receipt shows has changed
ALTER TABLE deposits ADD COLUMN receipt_told INTEGER NOT NULL DEFAULT 0; -- up to which change the folder was told
CREATE INDEX deposits_receipt ON deposits (station, received_at) WHERE receipt > receipt_told;
CREATE INDEX deposits_unlooked ON deposits (received_at, id) WHERE looked = 0 AND state IN ('received', 'reading');
