-- Words come here parted by blanks, and with nothing but letters, digits and these characters in them; see indexed.
CREATE VIRTUAL TABLE search_index USING fts5 (words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '-=@:_'");
