package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"
)

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

// doubtMark stands before doubted words.
const doubtMark = "\x01"

func (c textCodec) pack(text string, doubted []int) []byte {
	marked := make([]byte, 0, len(text)+len(doubted))
	word, inWord := -1, false
	for i := range len(text) {
		blank := text[i] == ' ' || text[i] == '\n'
		if !blank && !inWord {
			if word++; len(doubted) > 0 && doubted[0] == word {
				marked = append(marked, doubtMark...)
				doubted = doubted[1:]
			}
		}
		inWord = !blank
		marked = append(marked, text[i])
	}
	return c.in.EncodeAll(marked, nil)
}

func (c textCodec) unpack(packed []byte) (text string, doubted []int, err error) {
	marked, err := c.out.DecodeAll(packed, nil)
	if err != nil {
		return "", nil, err
	}
	for i, word := range strings.FieldsFunc(string(marked), isBlank) {
		if strings.HasPrefix(word, doubtMark) {
			doubted = append(doubted, i)
		}
	}
	return strings.ReplaceAll(string(marked), doubtMark, ""), doubted, nil
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' }

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
		if p.Text, p.Doubted, err = x.texts.unpack(packed); err != nil {
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
