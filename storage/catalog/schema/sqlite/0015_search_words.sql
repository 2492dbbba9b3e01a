-- The pieces of the index are merged after publishing: FTS5 by itself merges many at once in the middle of it.
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0);
