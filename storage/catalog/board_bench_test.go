package catalog

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// BenchmarkBoard reads the board of six stations over 100,000 deposits with their pages, looks and dossiers; 3,000 of them are
// rejected and 500 wait.
func BenchmarkBoard(b *testing.B) {
	for name, cfg := range map[string]func(testing.TB) Config{"sqlite": sqliteConfig, "postgres": postgresConfig} {
		b.Run(name, func(b *testing.B) {
			c := open(b, cfg(b))
			fillBoards(b, c, 100_000)
			must(b, c.db.write(b.Context(), func(t tx) error { // as PostgreSQL does by itself within a minute
				_, err := t.exec(b.Context(), `ANALYZE`)
				return err
			}))
			for b.Loop() {
				board, err := c.Board(b.Context(), all)
				if err != nil || len(board.Stations) != 6 || len(board.Stations[0].Deposits) != boardDeposits {
					b.Fatal(len(board.Stations), err)
				}
			}
		})
	}
}

// fillBoards adds n deposits of two pages each at six stations.
func fillBoards(b *testing.B, c *Catalog, n int) {
	b.Helper()
	const atOnce = 250
	papers := `[{"name":{"vi":"Đơn","fr":"Demande","en":"Application"},"state":"there"},{"name":{"vi":"CCCD","fr":"Carte","en":"Card"},"state":"missing"}]`
	look, err := asJSON(&dossier.Look{Page: 1, Pages: 2, Width: 210, Height: 297, DPI: 200, Contrast: .8, Verdicts: []dossier.VerdictCode{dossier.VerdictBlurred}})
	must(b, err)
	insert := func(ctx context.Context, t tx, into string, rows [][]any) {
		one := "(?" + strings.Repeat(", ?", len(rows[0])-1) + ")"
		var args []any
		for _, r := range rows {
			args = append(args, r...)
		}
		_, err := t.exec(ctx, `INSERT INTO `+into+` VALUES `+one+strings.Repeat(", "+one, len(rows)-1), args...)
		must(b, err)
	}
	for from := 0; from < n; from += atOnce {
		must(b, c.db.write(b.Context(), func(t tx) error {
			var batches, deposits, pages, looks, dossiers, revisions, versions [][]any
			for i := from; i < from+atOnce; i++ {
				id, station, at := fmt.Sprintf("d%06d", i), fmt.Sprintf("quay-%d", i%6+1), asMicros(noon)+int64(i)*1_000_000
				code, state, page, rejection := "code-"+id, "published", "done", ""
				switch {
				case i%33 == 0:
					state, rejection = "rejected", `{"code":"damaged"}`
				case i > n-500:
					state, page = "reading", "waiting"
				}
				batches = append(batches, []any{id, station, 1, 0, "published"})
				deposits = append(deposits, []any{
					id, station, "so-tu-phap", "scan " + id + ".pdf", "sha-" + id, 100_000, at, at, state, "received", 2, id, `["` + code + `"]`, rejection, 1,
				})
				for p := 1; p <= 2; p++ {
					pages = append(pages, []any{fmt.Sprintf("%s-%d", id, p), id, id, p, station, at, page})
					looks = append(looks, []any{fmt.Sprintf("%s-%d", id, p), id, p, look, 1})
				}
				dossiers = append(dossiers, []any{code, station, "so-tu-phap", 2026, at, "digitised", 1})
				revisions = append(revisions, []any{id, id, "published", at})
				versions = append(versions, []any{code, 1, id, 0, "published", 2, papers})
			}
			ctx := b.Context()
			insert(ctx, t, `batches (id, station, closed, open_pages, state)`, batches)
			insert(ctx, t, `deposits (id, station, department, name, sha256, bytes, modified_at, received_at, state, outcome, pages, batch_id, dossiers,
				rejection, looked)`, deposits)
			insert(ctx, t, `pages (id, deposit_id, batch_id, number, station, received_at, state)`, pages)
			insert(ctx, t, `looks (page_id, deposit_id, number, look, thumb)`, looks)
			insert(ctx, t, `dossiers (code, station, department, year, received_at, state, version)`, dossiers)
			insert(ctx, t, `revisions (id, batch_id, state, at)`, revisions)
			insert(ctx, t, `versions (code, number, revision_id, ordinal, state, pages, papers)`, versions)
			return nil
		}))
	}
}
