-- Who read what tells of a person, and when. Rows are added and never changed.
CREATE TABLE reads (
    at  BIGINT NOT NULL,
    who TEXT NOT NULL,                      -- name of a token
    key TEXT NOT NULL                       -- of the object, or lookup/<hash>
);
CREATE INDEX reads_key ON reads (key, at);

-- Where an identity number stands. The number itself stands in private.json only; its hash is under a key that is not in here.
CREATE TABLE identity_hashes (
    hash    TEXT NOT NULL,                  -- HMAC-SHA256, hexadecimal
    code    TEXT NOT NULL,
    version INTEGER NOT NULL,
    page    INTEGER NOT NULL,               -- of the rendition, from 1; 0: told of the dossier as a whole
    PRIMARY KEY (hash, code, version, page)
);

CREATE INDEX pages_artifact ON pages (artifact_id) WHERE artifact_id <> '';
