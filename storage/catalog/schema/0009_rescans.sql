ALTER TABLE pages ADD COLUMN place INTEGER NOT NULL DEFAULT 0; -- in a batch of several files, from 1, once it is assembled
ALTER TABLE pages ADD COLUMN sheet INTEGER NOT NULL DEFAULT 0; -- 1: parts a stack and is no page of a paper, 2: another dossier begins
CREATE INDEX deposits_advised ON deposits (station, received_at) WHERE advised = 1;
-- A stream that is cut while it runs becomes several batches.
ALTER TABLE batches ADD COLUMN goes_on TEXT NOT NULL DEFAULT ''; -- id of the batch of what was cut off behind this one
CREATE INDEX batches_goes_on ON batches (goes_on) WHERE goes_on <> '';
