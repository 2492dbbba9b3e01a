package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

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
	Language   string
	Confidence float64 // 0..1
}

// textCodec packs the texts of pages.
type textCodec struct {
	in  *zstd.Encoder
	out *zstd.Decoder
}

// mostText bounds what a page's text may unpack to; that of the densest print takes 50 KB.
const mostText = 64 << 20

func newTextCodec() (textCodec, error) {
	in, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(64<<10))
	if err != nil {
		return textCodec{}, err
	}
	out, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(mostText), zstd.WithDecoderLowmem(true))
	return textCodec{in, out}, err
}

func (c textCodec) pack(text string) []byte { return c.in.EncodeAll([]byte(text), nil) }

func (c textCodec) unpack(packed []byte) (string, error) {
	text, err := c.out.DecodeAll(packed, nil)
	return string(text), err
}

// firstOfDay is the lowest id of a day's pages.
func firstOfDay(day int) int64 { return int64(day) << 32 }

// dayOf counts the days since 1970, where the catalogue is.
func (c *Catalog) dayOf(t time.Time) int {
	y, m, d := t.In(c.location.Load()).Date()
	return dayOfDate(y, m, d)
}

func dayOfDate(y int, m time.Month, d int) int {
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// indexing is what one transaction does to the index. Who has one has locked the feed's row, so that the words are counted by one
// at a time.
type indexing struct {
	*Catalog
	t     tx
	added map[string]int // words that are on pages which came, with what they count for
	gone  map[string]int
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
			row := pageRow{id: id, page: page, document: i + 1, group: group, beside: beside, first: j == 0, personal: personal[p.ID], day: x.dayOf(of.ReceivedAt)}
			if err := x.addPage(ctx, &of, d, p, row); err != nil {
				return fmt.Errorf("page %d: %w", page, err)
			}
			id++
			page--
		}
	}
	return nil
}

// allot takes ids of a day and counts its pages.
func (x *indexing) allot(ctx context.Context, day, pages int) (first int64, err error) {
	var last int64
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
	text := dossier.MaskText(p.Text)
	tokens := search.Tokens(text, p.Language)
	beside := append(slices.Clip(row.beside), everyPage, dayTerm(row.day))
	if len(tokens) > 0 {
		beside = append(beside, confidenceTerm(hundredths(p.Confidence)))
	}
	if row.personal {
		beside = append(beside, personalPage)
	}
	words := wordsOf(tokens)
	if row.first { // its title and the dossier's code are looked for like what is on it
		for _, t := range search.Tokens(d.Title+"\n"+of.Code, "") {
			words[t.Folded] = true
			beside = append(beside, t.Folded)
		}
	}
	if _, err := x.t.exec(ctx, x.db.dialect().insert, row.id, x.db.dialect().entry(tokens, beside)); err != nil {
		return err
	}
	_, err := x.t.exec(ctx, `INSERT INTO search_pages (id, code, page, document, group_id, page_id, artifact_id, language, confidence, personal)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, row.id, of.Code, row.page, row.document, row.group, p.ID, p.ArtifactID, p.Language, p.Confidence,
		asInt(row.personal))
	if err != nil {
		return err
	}
	countWords(x.added, row.id, words)
	_, err = x.t.exec(ctx, `INSERT INTO search_texts (id, text) VALUES (?, ?)`, row.id, x.texts.pack(text))
	return err
}

func hundredths(confidence float64) int { return int(confidence*100 + 1e-9) }

func wordsOf(tokens []search.Token) map[string]bool {
	words := make(map[string]bool, len(tokens))
	for i := range tokens {
		words[tokens[i].Folded] = true
	}
	return words
}

// counted is how many pages the one stands for whose words are counted.
const counted = 16

func countWords(in map[string]int, id int64, words map[string]bool) {
	n := 0
	if id%counted == 0 {
		n = counted
	}
	for w := range words {
		in[w] += n
	}
}

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
	_, err = x.t.exec(ctx, `UPDATE search_days SET pages = pages - ? WHERE day = ?`, pages, first>>32)
	return err
}

// forgetWords notes the words of the pages that go.
func (x *indexing) forgetWords(ctx context.Context, code string) error {
	docs, ids, err := x.kept(ctx, code)
	if err != nil {
		return err
	}
	for _, d := range docs {
		for i, p := range d.Pages {
			words := wordsOf(search.Tokens(p.Text, p.Language))
			if i == 0 {
				maps.Copy(words, wordsOf(search.Tokens(d.Title+"\n"+code, "")))
			}
			countWords(x.gone, ids[p.ID], words)
		}
	}
	return nil
}

// kept reads back what was indexed of a dossier, with the ids of its pages by theirs.
func (x *indexing) kept(ctx context.Context, code string) ([]SearchDocument, map[string]int64, error) {
	docs, err := collect(ctx, x.t, func(r row) (SearchDocument, error) {
		var d SearchDocument
		var fields string
		if err := r.Scan(&d.Kind, &d.Title, &fields); err != nil {
			return d, err
		}
		list, err := fromJSON[[]SearchField](fields)
		if list != nil {
			d.Fields = *list
		}
		return d, err
	}, `SELECT kind, title, fields FROM search_documents WHERE code = ? ORDER BY document`, code)
	if err != nil {
		return nil, nil, err
	}
	ids := map[string]int64{}
	_, err = collect(ctx, x.t, func(r row) (struct{}, error) {
		var p SearchPage
		var id int64
		var document int
		var packed []byte
		if err := r.Scan(&id, &document, &p.ID, &p.ArtifactID, &p.Language, &p.Confidence, &packed); err != nil {
			return struct{}{}, err
		}
		var err error
		if p.Text, err = x.texts.unpack(packed); err != nil {
			return struct{}{}, fmt.Errorf("unpack the text of page %s: %w", p.ID, err)
		}
		docs[document-1].Pages = append(docs[document-1].Pages, p)
		ids[p.ID] = id
		return struct{}{}, nil
	}, `SELECT p.id, p.document, p.page_id, p.artifact_id, p.language, p.confidence, t.text FROM search_dossiers d
		JOIN search_pages p ON p.id >= d.first AND p.id < d.first + d.pages JOIN search_texts t ON t.id = p.id
		WHERE d.code = ? ORDER BY p.page`, code)
	return docs, ids, err
}

// rare is on how many pages a word at most is by its count that may have left the index with the last of them.
const rare = 4 * counted

// settle counts the words that came and went, and forgets those that are on no page any more.
func (x *indexing) settle(ctx context.Context) error {
	for _, kind := range []struct {
		then   string
		counts bool
	}{
		{`DO NOTHING`, false}, {`DO UPDATE SET pages = search_words.pages + excluded.pages`, true},
	} {
		var words []string
		for _, w := range slices.Sorted(maps.Keys(x.added)) {
			if x.added[w] > 0 == kind.counts {
				words = append(words, w)
			}
		}
		for some := range slices.Chunk(words, wordsAtOnce) {
			args := make([]any, 0, 2*len(some))
			for _, w := range some {
				args = append(args, w, max(x.added[w], 1))
			}
			_, err := x.t.exec(ctx, `INSERT INTO search_words (word, pages) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(some)-1)+` ON CONFLICT (word) `+kind.then, args...)
			if err != nil {
				return err
			}
		}
	}
	return x.forgotten(ctx)
}

const wordsAtOnce = 500

func (x *indexing) forgotten(ctx context.Context) error {
	var left []string
	for _, w := range slices.Sorted(maps.Keys(x.gone)) {
		if n := x.gone[w]; n > 0 {
			_, err := x.t.exec(ctx, `UPDATE search_words SET pages = CASE WHEN pages > ? THEN pages - ? ELSE 1 END WHERE word = ?`, n, n, w)
			if err != nil {
				return err
			}
		}
		if _, still := x.added[w]; !still {
			left = append(left, w)
		}
	}
	d := x.db.dialect()
	for in, args := range inLists(left) {
		words, err := collect(ctx, x.t, scanOne[string], `SELECT word FROM search_words WHERE word `+in+` AND pages <= ?`, append(args, rare)...)
		if err != nil {
			return err
		}
		for _, w := range words {
			var there int
			err := x.t.queryRow(ctx, `SELECT count(*) FROM (SELECT rowid FROM search_index WHERE `+d.matches+` LIMIT 1) any_page`, d.text(term(w))).Scan(&there)
			if err == nil && there == 0 {
				_, err = x.t.exec(ctx, `DELETE FROM search_words WHERE word = ?`, w)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
