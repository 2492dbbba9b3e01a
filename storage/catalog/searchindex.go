package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// SearchDocument is a paper of a version as it is found. Identity numbers in its title and fields are masked already.
type SearchDocument struct {
	Kind   string
	Title  string
	Fields []SearchField
	Pages  []SearchPage // in order
}

// SearchField is a field that is not personal.
type SearchField struct {
	Name  string `json:"name"`
	Value string `json:"value"` // in the normal form of its type
	Raw   string `json:"raw"`   // as it was read
}

// SearchPage is what was read on a page.
type SearchPage struct {
	ID         string
	ArtifactID string
	Text       string // its words in order, a blank between those of a line and "\n" between lines
	Doubted    []int  // words of Text, from 0, that were read with less confidence than search.Doubt; ascending
	Language   string
	Confidence float64 // 0..1
}

// dayBits are the bits of an id that tell pages of a day apart. The fewer there are the smaller is the index: from one day to the next
// it keeps the difference.
const dayBits = 20

// firstOfDay is the lowest id of a day's pages.
func firstOfDay(day int) int64 { return int64(day) << dayBits }

func dayOfID(id int64) int { return int(id >> dayBits) }

// dayOf counts the days since 1970, where the catalogue is.
func (c *Catalog) dayOf(t time.Time) int {
	y, m, d := t.In(c.location.Load()).Date()
	return dayOfDate(y, m, d)
}

func dayOfDate(y int, m time.Month, d int) int {
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// indexing is what one transaction does to the index, ended by settle. Who has one has locked the feed's row, so that the words are counted by one
// at a time.
type indexing struct {
	*Catalog
	t     tx
	added map[string]int // words that are on pages which came, with what they count for
	gone  map[string]int
	rows  []indexRow // of search_index; FTS5 writes a piece of the index whenever another statement comes between two
}

type indexRow struct {
	id    int64
	entry []any
}

func (c *Catalog) newIndexing(t tx) *indexing {
	return &indexing{Catalog: c, t: t, added: map[string]int{}, gone: map[string]int{}}
}

// index makes the versions of a revision those that are found.
func (c *Catalog) index(ctx context.Context, t tx, p Published) error {
	x := c.newIndexing(t)
	for _, v := range p.Versions {
		of, err := readDossier(ctx, t, v.Code, "")
		if err == nil {
			err = x.version(ctx, of, v.Number, v.Search)
		}
		if err != nil {
			return err
		}
	}
	if err := x.settle(ctx); err != nil {
		return err
	}
	for _, v := range p.Versions {
		if err := c.hideFound(ctx, t, v.Personal...); err != nil {
			return err
		}
	}
	return nil
}

// hideFound makes personal what is found of pages that have become so since they were indexed.
func (c *Catalog) hideFound(ctx context.Context, t tx, pageIDs ...string) error {
	for _, id := range pageIDs {
		codes, err := collect(ctx, t, scanOne[string], `SELECT DISTINCT d.code FROM pages q JOIN pages p ON p.id = q.id OR p.id = q.artifact_id
			OR p.artifact_id = q.artifact_id AND p.artifact_id <> ''
			JOIN dossier_deposits h ON h.deposit_id = p.deposit_id JOIN search_dossiers d ON d.code = h.code
			JOIN search_pages i ON i.id >= d.first AND i.id < d.first + d.pages AND i.page_id = p.id AND i.personal = 0
			WHERE q.id = ? ORDER BY d.code`, id)
		if err != nil {
			return err
		}
		if err := c.indexAgain(ctx, t, codes); err != nil {
			return fmt.Errorf("hide what is found of page %s: %w", id, err)
		}
	}
	return nil
}

// indexAgain indexes dossiers anew from what is kept of them.
func (c *Catalog) indexAgain(ctx context.Context, t tx, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	if err := lockFeed(ctx, t); err != nil {
		return err
	}
	x := c.newIndexing(t)
	for _, code := range codes {
		of, err := readDossier(ctx, t, code, "")
		if err != nil {
			return err
		}
		docs, _, err := x.kept(ctx, code)
		if err == nil {
			err = x.version(ctx, of, of.Version, docs)
		}
		if err != nil {
			return err
		}
	}
	return x.settle(ctx)
}

// mergedEach is how many pages of the file are merged for each page of a dossier that is indexed: that writes about one, which is
// written anew at each of the levels of an index of millions.
const mergedEach = 5

// mergeIndex merges pieces of the index, in a transaction of its own: now and then it takes a tenth of a second.
func (c *Catalog) mergeIndex(ctx context.Context, docs []SearchDocument) {
	d, pages := c.db.dialect(), 0
	for i := range docs {
		pages += len(docs[i].Pages)
	}
	if d.merge == "" || pages == 0 {
		return
	}
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, d.merge, mergedEach*pages)
		return err
	})
	if err != nil && ctx.Err() == nil {
		c.log.Warn("pieces of the search index were not merged; that is made up for with the next dossier", "error", err)
	}
}

func lockFeed(ctx context.Context, t tx) error {
	var last int64
	return t.queryRow(ctx, `SELECT last FROM feed FOR UPDATE`).Scan(&last)
}

// unindex takes dossiers out of the index.
func (c *Catalog) unindex(ctx context.Context, t tx, codes ...string) error {
	x := c.newIndexing(t)
	for _, code := range codes {
		if err := x.remove(ctx, code); err != nil {
			return err
		}
	}
	return x.settle(ctx)
}

// version puts a version of a dossier into the place of what the index has of it.
func (x *indexing) version(ctx context.Context, of Dossier, version int, docs []SearchDocument) error {
	if err := x.remove(ctx, of.Code); err != nil {
		return fmt.Errorf("take what was found of %s out of the index: %w", of.Code, err)
	}
	if err := x.add(ctx, of, version, docs); err != nil {
		return fmt.Errorf("put %s into the index: %w", of.Code, err)
	}
	return nil
}

func (x *indexing) add(ctx context.Context, of Dossier, version int, docs []SearchDocument) error {
	pages := 0
	for _, d := range docs {
		pages += len(d.Pages)
	}
	if pages >= 1<<dayBits {
		return fmt.Errorf("%d pages are too many", pages)
	}
	first, err := x.allot(ctx, x.dayOf(of.ReceivedAt), pages)
	if err != nil {
		return err
	}
	_, err = x.t.exec(ctx, `INSERT INTO search_dossiers (code, version, first, pages, stamp) SELECT CAST(? AS TEXT), CAST(? AS INTEGER),
		CAST(? AS BIGINT), CAST(? AS INTEGER), stamp FROM search_stamp`, of.Code, version, first, pages)
	if err != nil {
		return err
	}
	personal, err := x.personalPages(ctx, docs)
	if err != nil {
		return err
	}
	// From the last page to the first: the newest comes first, and of a dossier its beginning.
	id, page := first, pages
	for i := len(docs) - 1; i >= 0; i-- {
		d := &docs[i]
		beside := besideOf(&of, d)
		fields, err := asJSON(&d.Fields)
		if err != nil {
			return err
		}
		_, err = x.t.exec(ctx, `INSERT INTO search_documents (code, document, kind, title, fields) VALUES (?, ?, ?, ?, ?)`, of.Code, i+1, d.Kind, d.Title, fields)
		if err != nil {
			return err
		}
		group, err := x.group(ctx, id, of, d.Kind)
		if err != nil {
			return err
		}
		for j := len(d.Pages) - 1; j >= 0; j-- {
			p := &d.Pages[j]
			row := pageRow{id: id, page: page, document: i + 1, group: group, beside: beside, first: j == 0, personal: personal[p.ID], day: dayOfID(first)}
			if err := x.addPage(ctx, &of, d, p, row); err != nil {
				return fmt.Errorf("page %d: %w", page, err)
			}
			id++
			page--
		}
	}
	return nil
}

// allot takes ids of a day and counts its pages. Where a day has no ids left, they are those of the next that has.
func (x *indexing) allot(ctx context.Context, day, pages int) (first int64, err error) {
	var last int64
	err = x.t.queryRow(ctx, `SELECT coalesce(min(day), ?) FROM (SELECT CAST(? AS INTEGER) AS day UNION SELECT day + 1 FROM search_days) d
		WHERE d.day >= ? AND NOT EXISTS (SELECT 1 FROM search_days f WHERE f.day = d.day AND f.last + ? >= ?)`, day, day, day, pages, 1<<dayBits).Scan(&day)
	if err != nil {
		return 0, err
	}
	err = x.t.queryRow(ctx, `INSERT INTO search_days (day, last, pages) VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE
		SET last = search_days.last + excluded.last, pages = search_days.pages + excluded.pages RETURNING last`, day, pages, pages).Scan(&last)
	return firstOfDay(day) + last - int64(pages) + 1, err
}

func (x *indexing) personalPages(ctx context.Context, docs []SearchDocument) (map[string]bool, error) {
	var ids []string
	for _, d := range docs {
		for _, p := range d.Pages {
			ids = append(ids, p.ID)
		}
	}
	personal := map[string]bool{}
	for in, args := range inLists(ids) {
		some, err := collect(ctx, x.t, scanOne[string], `SELECT id FROM pages WHERE personal = 1 AND id `+in, args...)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			personal[id] = true
		}
	}
	return personal, nil
}

// group finds the group of a document's pages, or makes it under an id of theirs.
func (x *indexing) group(ctx context.Context, id int64, of Dossier, kind string) (int64, error) {
	values := []any{of.Department, of.Station, of.Procedure, kind, of.ReceivedAt.In(x.location.Load()).Year()}
	_, err := x.t.exec(ctx, `INSERT INTO search_groups (id, department, station, procedure, kind, year) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		append([]any{id}, values...)...)
	if err != nil {
		return 0, err
	}
	err = x.t.queryRow(ctx, `SELECT id FROM search_groups WHERE department = ? AND station = ? AND procedure = ? AND kind = ? AND year = ?`, values...).Scan(&id)
	return id, err
}

// pageRow is what a page's rows have that the page itself does not tell.
type pageRow struct {
	id       int64
	page     int
	document int
	group    int64
	day      int
	beside   []string
	first    bool // of its document
	personal bool
}

func (x *indexing) addPage(ctx context.Context, of *Dossier, d *SearchDocument, p *SearchPage, row pageRow) error {
	text := strings.ReplaceAll(dossier.MaskText(p.Text), doubtMark, "")
	tokens := search.Tokens(text, p.Language)
	beside := append(slices.Clip(row.beside), everyPage, dayTerm(row.day))
	if len(tokens) > 0 {
		beside = append(beside, confidenceTerm(hundredths(p.Confidence)))
	}
	if row.personal {
		beside = append(beside, personalPage)
	}
	for i := range tokens {
		t := &tokens[i]
		if n := utf8.RuneCountInString(t.Folded); n < leastDoubted || n > mostDoubted {
			continue
		}
		if _, doubted := slices.BinarySearch(p.Doubted, t.Word); doubted {
			beside = append(beside, doubtedTerm(t.Folded))
		}
	}
	words := wordsOf(tokens)
	if row.first { // its title and the dossier's code are looked for like what is on it
		for _, t := range search.Tokens(d.Title+"\n"+of.Code, "") {
			words[t.Folded] = true
			beside = append(beside, t.Folded)
		}
	}
	x.rows = append(x.rows, indexRow{row.id, x.db.dialect().entry(tokens, beside)})
	_, err := x.t.exec(ctx, `INSERT INTO search_pages (id, code, page, document, group_id, page_id, artifact_id, language, confidence, personal)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, row.id, of.Code, row.page, row.document, row.group, p.ID, p.ArtifactID, p.Language, p.Confidence,
		asInt(row.personal))
	if err != nil {
		return err
	}
	countWords(x.added, row.id, words)
	_, err = x.t.exec(ctx, `INSERT INTO search_texts (id, text) VALUES (?, ?)`, row.id, x.texts.pack(text, p.Doubted))
	return err
}

// What words of four or five letters may have been misread as has a letter less or more. That of longer ones need not be in doubt.
const leastDoubted, mostDoubted = 3, 6

func hundredths(confidence float64) int { return int(confidence*100 + 1e-9) }

// besideOf are the terms that all pages of a document have.
func besideOf(of *Dossier, d *SearchDocument) []string {
	beside := []string{
		knownTerm("department", of.Department), knownTerm("station", of.Station), knownTerm("code", of.Code),
		knownTerm("procedure", of.Procedure), knownTerm("kind", d.Kind),
	}
	for _, f := range append(d.Fields, SearchField{Name: titleField, Value: d.Title}) {
		for _, value := range []string{f.Value, f.Raw} {
			for _, t := range search.Tokens(value, "") {
				beside = append(beside, fieldTerm(f.Name, t.Folded))
			}
		}
	}
	return slices.DeleteFunc(beside, func(t string) bool { return !fitting(t) })
}

// remove takes a dossier out of the index, and all that the index has of it.
func (x *indexing) remove(ctx context.Context, code string) error {
	var first int64
	var pages int
	err := noRow(x.t.queryRow(ctx, `SELECT first, pages FROM search_dossiers WHERE code = ?`, code).Scan(&first, &pages))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := x.forgetWords(ctx, code); err != nil {
		return err
	}
	for id := first; id < first+int64(pages); id++ {
		for _, statement := range []string{
			`DELETE FROM search_index WHERE rowid = ?`, `DELETE FROM search_pages WHERE id = ?`, `DELETE FROM search_texts WHERE id = ?`,
		} {
			if _, err := x.t.exec(ctx, statement, id); err != nil {
				return err
			}
		}
	}
	for _, statement := range []string{`DELETE FROM search_documents WHERE code = ?`, `DELETE FROM search_dossiers WHERE code = ?`} {
		if _, err := x.t.exec(ctx, statement, code); err != nil {
			return err
		}
	}
	_, err = x.t.exec(ctx, `UPDATE search_days SET pages = pages - ? WHERE day = ?`, pages, dayOfID(first))
	return err
}
