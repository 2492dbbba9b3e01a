-- An event is tried for three days from its first attempt, however long it waited for that.
ALTER TABLE deliveries ADD COLUMN tried_at BIGINT NOT NULL DEFAULT 0;
UPDATE deliveries SET tried_at = created_at WHERE attempts > 0;
