CREATE TABLE search_index (
    rowid BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_index_words ON search_index USING gin (words);

-- The words' prefixes are looked for byte by byte, as SQLite does.
ALTER TABLE search_words ALTER COLUMN word TYPE TEXT COLLATE "C";
