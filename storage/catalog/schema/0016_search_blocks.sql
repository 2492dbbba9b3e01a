-- How words are found in PostgreSQL; see its folder. SQLite's index stays as it is.
SELECT 1;
