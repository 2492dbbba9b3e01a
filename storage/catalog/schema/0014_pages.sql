-- Searches that a user has given a name to. What is asked for may name people: it is the user's own, and nobody else is shown it.
CREATE TABLE saved_searches (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL REFERENCES users (name),
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,               -- of the page's address: q=...&order=...
    created_at BIGINT NOT NULL,
    UNIQUE (owner, name)
);
