-- Verdicts on a page that was looked at no sooner than it was read, which no event has told yet; '' for none.
ALTER TABLE looks ADD COLUMN untold TEXT NOT NULL DEFAULT '';
