-- The deliveries about one dossier or deposit are asked for by its page, and in the transaction that erases it.
CREATE INDEX deliveries_subject ON deliveries (subject, id);
