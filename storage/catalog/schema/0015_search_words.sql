-- Most words are on one page that was not counted; those are found by their beginning, the others by how many pages they are on too.
CREATE INDEX search_words_counted ON search_words (word, pages) WHERE pages > 1;
