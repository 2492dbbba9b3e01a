package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// keptTexts are what was published, as the object store would give it.
type keptTexts map[string][]SearchDocument

func (k keptTexts) read(_ context.Context, of Dossier) ([]SearchDocument, error) {
	docs, ok := k[of.Code]
	if !ok {
		return nil, errors.New("nothing is stored")
	}
	return docs, nil
}

// someKept publishes dossiers of a page each, which says "chung" and a word of its own.
func someKept(t testing.TB, c *Catalog, n int) (keptTexts, []string) {
	t.Helper()
	k := keptTexts{}
	var codes []string
	for i := range n {
		id := fmt.Sprintf("d%d", i)
		doc := paper("don", fmt.Sprintf("chung riêng%d", i))
		code := findable(t, c, given(id, "quay-1"), doc)
		doc.Pages[0].ID, doc.Pages[0].ArtifactID = id+"-1", id+"-1"
		k[code] = []SearchDocument{doc}
		codes = append(codes, code)
	}
	return k, codes
}

// emptied loses all that search keeps, as a catalogue of before there was search has it.
func emptied(t testing.TB, c *Catalog) {
	t.Helper()
	must(t, c.db.write(t.Context(), func(tx tx) error {
		for _, table := range append(slices.Clone(tables), "search_days", "search_groups") {
			if _, err := tx.exec(t.Context(), `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestAnIndexIsMadeAnewFromWhatIsStored(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		k, _ := someKept(t, c, 3)
		before, words := found(t, c, "chung"), count(t, c, `SELECT count(*) FROM search_words`)
		for _, lost := range []bool{false, true} {
			if lost {
				emptied(t, c)
				if got := found(t, c, "chung"); got != "" {
					t.Errorf("lost: %s", got)
				}
			}
			var told []string
			must(t, c.Reindex(t.Context(), k.read, func(done, total int) { told = append(told, fmt.Sprint(done, "/", total)) }))
			if got := strings.Join(told, " "); got != "0/3 1/3 2/3 3/3" {
				t.Errorf("told %s", got)
			}
			if got := found(t, c, "chung"); got != before {
				t.Errorf("found %s, before %s", got, before)
			}
			if n := count(t, c, `SELECT count(*) FROM search_words`); n != words {
				t.Errorf("%d words are known, before %d", n, words)
			}
		}
	})
}

func TestReindexingGoesOnWhereItWasBrokenOff(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		k, _ := someKept(t, c, 5)
		ctx, cancel := context.WithCancel(t.Context())
		read := 0
		err := c.Reindex(ctx, func(ctx context.Context, of Dossier) ([]SearchDocument, error) {
			if read++; read == 3 {
				cancel()
			}
			return k.read(ctx, of)
		}, func(int, int) {})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := look(t, c, Search{Query: query(t, "chung"), Who: everybody}).Total; got.N != 5 {
			t.Errorf("meanwhile %+v are found", got)
		}
		read = 0
		count := func(ctx context.Context, of Dossier) ([]SearchDocument, error) {
			read++
			return k.read(ctx, of)
		}
		must(t, c.Reindex(t.Context(), count, func(int, int) {}))
		if read != 3 {
			t.Errorf("%d were read again", read)
		}
		read = 0
		must(t, c.Reindex(t.Context(), count, func(int, int) {}))
		if read != 5 {
			t.Errorf("the next time %d were read", read)
		}
	})
}

func TestAnIndexThatIsNotWholeIsWarnedOf(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var told bytes.Buffer
		c.log = slog.New(slog.NewTextHandler(&told, nil))
		k, _ := someKept(t, c, 1)
		c.warnOfIndex(t.Context())
		if told.Len() > 0 {
			t.Errorf("while it is whole: %s", &told)
		}
		err := c.Reindex(t.Context(), func(context.Context, Dossier) ([]SearchDocument, error) { return nil, errors.New("away") }, func(int, int) {})
		if c.warnOfIndex(t.Context()); err == nil || !strings.Contains(told.String(), "dossierd reindex") {
			t.Errorf("after %v: %q", err, &told)
		}
		must(t, c.Reindex(t.Context(), k.read, func(int, int) {}))
		told.Reset()
		if c.warnOfIndex(t.Context()); told.Len() > 0 {
			t.Errorf("when it is whole again: %s", &told)
		}
	})
}

func TestWhatIsPublishedWhileTheIndexIsMadeAnewStaysFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		k, codes := someKept(t, c, 2)
		must(t, c.Reindex(t.Context(), func(ctx context.Context, of Dossier) ([]SearchDocument, error) {
			docs, err := k.read(ctx, of)
			if of.Code == codes[0] && of.Version == 1 {
				made, err := c.Decide(ctx, codes[0], 1, Decision{Do: DoReassign, To: "other-20260105-0007"}, by("anna"))
				must(t, err)
				versions, err := c.Revision(ctx, made.ID)
				must(t, err)
				publishFindable(t, c, &versions[0], []SearchDocument{paper("don", "chung mới")})
			}
			return docs, err
		}, func(int, int) {}))
		if got := found(t, c, "chung"); got != "2/1 7/1" && got != "7/1 2/1" {
			t.Errorf("found %s", got)
		}
		if got := found(t, c, "rieng0"); got != "" {
			t.Errorf("what was withdrawn meanwhile: %s", got)
		}
	})
}

func TestWhatCantBeReadKeepsItsPlaceInTheIndex(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		k, codes := someKept(t, c, 3)
		delete(k, codes[1])
		err := c.Reindex(t.Context(), k.read, func(int, int) {})
		if err == nil || !strings.Contains(err.Error(), codes[1]) || strings.Contains(err.Error(), codes[2]) {
			t.Errorf("%v", err)
		}
		if got := look(t, c, Search{Query: query(t, "chung"), Who: everybody}).Total; got.N != 3 {
			t.Errorf("%+v are found", got)
		}
	})
}
