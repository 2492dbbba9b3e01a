-- The index keeps of a term no more than its hash, and takes the pages in blocks of ids, which are asked one after another, the newest
-- first. What was indexed before has no hashes and can't be given any here: `dossierd reindex` gets it back.
DROP TABLE search_index;
UPDATE search_stamp SET stamp = stamp + 1 - open, open = 1 WHERE EXISTS (SELECT 1 FROM search_dossiers);

CREATE TABLE search_blocks (
    number INTEGER PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    first  BIGINT NOT NULL UNIQUE,          -- lowest id; the block ends where the next begins
    pages  INTEGER NOT NULL DEFAULT 0       -- that came into it, for where the next is to begin
);
INSERT INTO search_blocks (first) VALUES (0);

-- The values are those of postgresEntry.
CREATE TABLE search_index (
    rowid BIGINT PRIMARY KEY,
    block INTEGER NOT NULL,
    known SMALLINT NOT NULL,                -- how many terms more begins with that take eight bytes
    ways  SMALLINT NOT NULL,                -- how many it ends with that take four
    words BYTEA NOT NULL,                   -- five bytes a word, in their sequence
    more  BYTEA NOT NULL,                   -- the other terms
    pairs BYTEA NOT NULL                    -- a few bits for each two words in a row
) WITH (toast_tuple_target = 128);
-- Rows are to be small, for many are passed in a search. Hashes can't be compressed.
ALTER TABLE search_index ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE search_index ALTER COLUMN more SET STORAGE EXTERNAL;
ALTER TABLE search_index ALTER COLUMN pairs SET STORAGE PLAIN;

-- Each term behind its block's number. The text of a tsvector is by far the fastest way to one.
CREATE FUNCTION search_terms(block INTEGER, known SMALLINT, ways SMALLINT, words BYTEA, more BYTEA) RETURNS TSVECTOR
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT CAST(
        regexp_replace(encode(substring(more FOR 8 * known), 'hex'), '.{16}', ' ' || block || '.\&', 'g') ||
        regexp_replace(encode(words || substring(more FROM 8 * known + 1 FOR length(more) - 8 * known - 4 * ways), 'hex'), '.{10}', ' ' || block || '.\&', 'g') ||
        regexp_replace(encode(substring(more FROM length(more) - 4 * ways + 1), 'hex'), '.{8}', ' ' || block || '.\&', 'g') AS TSVECTOR)
$$;

-- Waiting entries would be read through by every search, once for each block.
CREATE INDEX search_index_terms ON search_index USING gin (search_terms(block, known, ways, words, more)) WITH (fastupdate = off);
ALTER INDEX search_index_terms ALTER COLUMN 1 SET STATISTICS 0;
