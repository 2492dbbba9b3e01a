-- By which way a deposit came, and what its station was for then.
ALTER TABLE deposits ADD COLUMN channel TEXT NOT NULL DEFAULT 'counter';   -- counter, online
ALTER TABLE deposits ADD COLUMN purpose TEXT NOT NULL DEFAULT 'reception'; -- reception, results, receipts
ALTER TABLE deposits ADD COLUMN upload  TEXT NOT NULL DEFAULT '';          -- hash of the request that it came by, '' for a folder's file
ALTER TABLE dossiers ADD COLUMN channel TEXT NOT NULL DEFAULT 'counter';   -- of its first deposit
