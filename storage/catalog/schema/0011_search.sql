-- What can be found: the pages of the latest version of each dossier that is neither withdrawn nor erased. Nothing stands here
-- that `dossierd reindex` can't make again from the object store. The index itself is each database's own; see the folders.

CREATE TABLE search_dossiers (
    code    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    first   BIGINT NOT NULL,                -- of the ids that its pages have: as many as pages, without a gap
    pages   INTEGER NOT NULL,
    stamp   BIGINT NOT NULL                 -- of the reindexing that was the latest when this was written
);

-- A page's id tells its day (the days since 1970 above the lowest 32 bits), and within a day what was indexed later has the
-- higher one. No id is given twice: what the page of an id is and says never changes.
CREATE TABLE search_pages (
    id          BIGINT PRIMARY KEY,
    code        TEXT NOT NULL,
    page        INTEGER NOT NULL,           -- of the rendition, from 1
    document    INTEGER NOT NULL,           -- of the version, from 1
    group_id    BIGINT NOT NULL,
    page_id     TEXT NOT NULL,
    artifact_id TEXT NOT NULL,
    language    TEXT NOT NULL,
    confidence  DOUBLE PRECISION NOT NULL,
    personal    INTEGER NOT NULL            -- 1: found by those only who may read what is personal
);

-- The text of a page, compressed, for excerpts and exact comparisons.
CREATE TABLE search_texts (
    id   BIGINT PRIMARY KEY,
    text BYTEA NOT NULL
);

-- The documents of a version, with their fields that are not personal.
CREATE TABLE search_documents (
    code     TEXT NOT NULL,
    document INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL,
    fields   TEXT NOT NULL,
    PRIMARY KEY (code, document)
);

-- What facets count: pages that are alike in all of it. The id is that of one of them.
CREATE TABLE search_groups (
    id         BIGINT PRIMARY KEY,
    department TEXT NOT NULL,
    station    TEXT NOT NULL,
    procedure  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    year       INTEGER NOT NULL,
    UNIQUE (department, station, procedure, kind, year)
);

CREATE TABLE search_days (
    day   INTEGER PRIMARY KEY,              -- since 1970, where the catalogue is
    last  BIGINT NOT NULL,                  -- number that was given out
    pages INTEGER NOT NULL                  -- that can be found
);

-- Each folded word that is on a page, and on about how many: one page in sixteen counts, for sixteen.
CREATE TABLE search_words (
    word  TEXT PRIMARY KEY,
    pages INTEGER NOT NULL
);

-- One row: which reindexing is going on, or was the last.
CREATE TABLE search_stamp (
    stamp BIGINT NOT NULL,
    open  INTEGER NOT NULL                  -- 1: it is not done
);
INSERT INTO search_stamp (stamp, open) VALUES (0, 0);
