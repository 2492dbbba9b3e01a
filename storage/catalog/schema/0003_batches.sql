-- Batches of several deposits. group_key is unique among those of a station that still collect.
ALTER TABLE batches ADD COLUMN grouping TEXT NOT NULL DEFAULT 'file';
ALTER TABLE batches ADD COLUMN group_key TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN fronts_then_backs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN facts TEXT NOT NULL DEFAULT '';        -- what ticket or file name say
ALTER TABLE batches ADD COLUMN opened_at BIGINT NOT NULL DEFAULT 0;   -- of grouping 'file', 0
CREATE UNIQUE INDEX batches_collecting ON batches (station, group_key) WHERE closed = 0;
CREATE INDEX batches_grouped ON batches (station, state, closed) WHERE grouping <> 'file';

ALTER TABLE deposits ADD COLUMN position INTEGER NOT NULL DEFAULT 0;  -- in the batch
ALTER TABLE deposits ADD COLUMN ticket INTEGER NOT NULL DEFAULT 0;    -- 1: the batch's ticket, which has no pages
