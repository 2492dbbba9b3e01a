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
    words BYTEA NOT NULL,                   -- five bytes a word, in their sequence
    more  BYTEA NOT NULL                    -- the other terms; five bytes each but for the known
) WITH (toast_tuple_target = 128);
-- Hashes can't be compressed. A search reads words of those pages only that may have a phrase.
ALTER TABLE search_index ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE search_index ALTER COLUMN more SET STORAGE EXTERNAL;

-- Each term with its block, and of each two words in a row seven bits where they meet: few pages have all of a phrase's and not the phrase.
CREATE FUNCTION search_terms(block INTEGER, known SMALLINT, words BYTEA, more BYTEA) RETURNS TSVECTOR
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT array_to_tsvector(array_agg(block || '.' || term)) FROM (
        SELECT encode(substring(words FROM i FOR 5), 'hex') FROM generate_series(1, length(words), 5) i
        UNION ALL SELECT encode(substring(more FROM i FOR 8), 'hex') FROM generate_series(1, 8 * known, 8) i
        UNION ALL SELECT encode(substring(more FROM i FOR 5), 'hex') FROM generate_series(8 * known + 1, length(more), 5) i
        UNION ALL SELECT to_hex(((get_byte(words, i - 1) & 127) << 7) | (get_byte(words, i) & 127)) FROM generate_series(5, length(words) - 5, 5) i
    ) terms (term)
$$;

-- Waiting entries would be read through by every search, once for each block.
CREATE INDEX search_index_terms ON search_index USING gin (search_terms(block, known, words, more)) WITH (fastupdate = off);
ALTER INDEX search_index_terms ALTER COLUMN 1 SET STATISTICS 0;
