package catalog

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func logged(t testing.TB, c *Catalog, n int) {
	t.Helper()
	for i := range n {
		must(t, c.Audit(t.Context(), by("anna"), Entry{Action: ActionView, Subject: fmt.Sprintf("q-%d", i), Details: map[string]any{"version": i, "của": "<Nguyễn>"}}))
	}
}

// broken is the row that verification names; 0 where it finds nothing.
func broken(t testing.TB, c *Catalog, anchors ...AuditHead) int64 {
	t.Helper()
	_, err := c.VerifyAudit(t.Context(), anchors...)
	if err == nil {
		return 0
	}
	var b *BrokenChain
	if !errors.As(err, &b) {
		t.Fatal(err)
	}
	return b.Number
}

func TestTheLogTellsWhoDidWhatInOrder(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		token := dossier.Principal{Kind: dossier.KindToken, Name: "case-system", Role: dossier.RoleCaseSystem}
		must(t, c.Audit(t.Context(), token, Entry{Action: ActionSearch, Details: map[string]any{"query": "ly hôn", "found": 3}}))
		must(t, c.Audit(t.Context(), by("an\x00na\xff"), Entry{Action: ActionView, Subject: "q-1"}))
		got, err := c.AuditLog(t.Context(), AuditFilter{})
		must(t, err)
		if len(got) != 2 || got[1].Number != 1 || got[1].Who != "case-system" || got[1].Kind != dossier.KindToken || got[1].Role != dossier.RoleCaseSystem ||
			got[1].Action != ActionSearch || string(got[1].Details) != `{"found":3,"query":"ly hôn"}` || time.Since(got[1].At) > time.Minute ||
			got[0].Who != "anna\ufffd" || got[0].Subject != "q-1" || got[0].Details != nil {
			t.Errorf("%+v", got)
		}
		for _, f := range []AuditFilter{{Who: "case-system"}, {Action: ActionSearch}, {Before: 2}} {
			if got, err := c.AuditLog(t.Context(), f); err != nil || len(got) != 1 || got[0].Number != 1 {
				t.Errorf("%+v: %+v, %v", f, got, err)
			}
		}
		if got, err := c.AuditLog(t.Context(), AuditFilter{Subject: "q-1", Limit: 1}); err != nil || len(got) != 1 || got[0].Number != 2 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestCallersAtOnceMakeOneChain(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const callers, each = 8, 25
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				for j := range each {
					who := by(fmt.Sprintf("user-%d", i))
					var err error
					if j%5 == 0 { // in a transaction of its own, as decisions are
						err = c.AddUser(t.Context(), User{Name: fmt.Sprintf("u-%d-%d", i, j), Role: dossier.RoleClerk}, who)
					} else {
						err = c.Audit(t.Context(), who, Entry{Action: ActionView, Subject: fmt.Sprint(j)})
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if end, err := c.VerifyAudit(t.Context()); err != nil || end.Number != callers*each {
			t.Errorf("%s, %v", end, err)
		}
	})
}

func TestTwoProcessesMakeOneChain(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg Config) {
		a, b := open(t, cfg), open(t, cfg)
		var wg sync.WaitGroup
		for _, c := range []*Catalog{a, b} {
			wg.Go(func() { logged(t, c, 40) })
		}
		wg.Wait()
		if end, err := a.VerifyAudit(t.Context()); err != nil || end.Number != 80 {
			t.Errorf("%s, %v", end, err)
		}
	})
}

func TestWhatIsRolledBackWasNeverLogged(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, _ := twoOffices(t, c)
		logged(t, c, 1)
		before, err := c.AuditEnd(t.Context())
		must(t, err)
		if _, err := c.Decide(t.Context(), code, 1, Decision{Do: DoCut, Page: 9}, by("anna")); err == nil {
			t.Fatal("no error")
		}
		if after, err := c.AuditEnd(t.Context()); err != nil || after != before {
			t.Errorf("%s after %s, %v", after, before, err)
		}
		must(t, c.SetPlace(t.Context(), code, "Kệ 3", "", by("anna")))
		if got, err := c.AuditLog(t.Context(), AuditFilter{Subject: code}); err != nil || len(got) != 1 || got[0].Action != ActionPlace {
			t.Errorf("%+v, %v", got, err)
		}
		if broken(t, c) != 0 {
			t.Error("broken")
		}
	})
}

func TestAnErasureLeavesTheLogAsItIs(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, _ := twoOffices(t, c)
		must(t, c.Audit(t.Context(), by("anna"), Entry{Action: ActionView, Subject: code}))
		reason := "asked for by Nguyễn Thị Hoa"
		_, err := c.Decide(t.Context(), code, 1, Decision{Do: DoErase, Reason: reason}, by("anna"))
		must(t, err)
		got, err := c.AuditLog(t.Context(), AuditFilter{Subject: code})
		must(t, err)
		if len(got) != 2 || got[0].Action != ActionDecide || strings.Contains(string(got[0].Details), "Hoa") || broken(t, c) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheFirstRowThatIsNotAsItWasIsNamed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const rows = 30
		logged(t, c, rows)
		end, err := c.AuditEnd(t.Context())
		must(t, err)
		change := func(r *rapid.T, query string, args ...any) {
			err := c.db.write(t.Context(), func(tx tx) error { _, err := tx.exec(t.Context(), query, args...); return err })
			if err != nil {
				r.Fatal(err)
			}
		}
		const saved = `number, at, kind, who, role, action, subject, details, hash`
		change2 := func(query string) {
			must(t, c.db.write(t.Context(), func(tx tx) error { _, err := tx.exec(t.Context(), query); return err }))
		}
		change2(`CREATE TABLE audit_saved AS SELECT ` + saved + ` FROM audit`)
		rapid.Check(t, func(r *rapid.T) {
			n := rapid.Int64Range(1, rows).Draw(r, "row")
			want := n
			how := rapid.SampledFrom([]string{"at", "kind", "who", "role", "action", "subject", "details", "hash", "delete", "swap", "insert", "head"}).Draw(r, "how")
			switch how {
			case "at":
				change(r, `UPDATE audit SET at = at + 1 WHERE number = ?`, n)
			case "delete":
				change(r, `DELETE FROM audit WHERE number = ?`, n)
				if n == rows {
					want = rows
				}
			case "swap":
				n = min(n, rows-1)
				want = n
				change(r, `UPDATE audit SET number = -1 WHERE number = ?`, n)
				change(r, `UPDATE audit SET number = ? WHERE number = ?`, n, n+1)
				change(r, `UPDATE audit SET number = ? WHERE number = -1`, n+1)
			case "insert":
				want = rows + 1
				change(r, `INSERT INTO audit (`+saved+`) SELECT number + ?, at, kind, who, role, action, subject, details, hash FROM audit WHERE number = ?`, rows+1-n, n)
			case "head":
				want = rows
				change(r, `UPDATE audit_head SET hash = ?`, strings.Repeat("0", 64))
			default:
				change(r, `UPDATE audit SET `+how+` = `+how+` || 'x' WHERE number = ?`, n)
			}
			if got := broken(t, c); got != want {
				r.Errorf("%s of row %d: row %d is named, not %d", how, n, got, want)
			}
			change(r, `DELETE FROM audit`)
			change(r, `INSERT INTO audit (`+saved+`) SELECT `+saved+` FROM audit_saved`)
			change(r, `UPDATE audit_head SET number = ?, hash = ?`, end.Number, end.Hash)
			if got := broken(t, c); got != 0 {
				r.Fatalf("row %d of a whole log is named", got)
			}
		})
	})
}

func TestEveryAnchorCountsThoughTwoAreOfOneRow(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		logged(t, c, 3)
		anchor, err := c.AuditEnd(t.Context())
		must(t, err)
		other := AuditHead{anchor.Number, strings.Repeat("0", len(anchor.Hash))}
		for _, anchors := range [][]AuditHead{{anchor, other}, {other, anchor}} {
			if got := broken(t, c, anchors...); got != anchor.Number {
				t.Errorf("row %d is named", got)
			}
		}
	})
}

func TestRowsTakenOffTheEndAreFoundByAnAnchor(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		logged(t, c, 5)
		anchor, err := c.AuditEnd(t.Context())
		must(t, err)
		logged(t, c, 1)
		if broken(t, c, anchor) != 0 {
			t.Error("a whole log is broken")
		}
		must(t, c.db.write(t.Context(), func(tx tx) error {
			for _, query := range []string{
				`DELETE FROM audit WHERE number > 3`,
				`UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit WHERE number = 3)`,
			} {
				if _, err := tx.exec(t.Context(), query); err != nil {
					return err
				}
			}
			return nil
		}))
		if broken(t, c) != 0 {
			t.Error("nothing inside can tell")
		}
		if got := broken(t, c, anchor); got != 4 {
			t.Errorf("row %d is named", got)
		}
		logged(t, c, 4) // written anew
		if got := broken(t, c, anchor); got != 5 {
			t.Errorf("row %d is named", got)
		}
		parsed, err := ParseAuditHead(anchor.String())
		if err != nil || parsed != anchor {
			t.Errorf("%+v, %v", parsed, err)
		}
		for _, text := range []string{"", "5", "5:abc", "x:" + anchor.Hash, "-1:" + anchor.Hash, "5x:" + anchor.Hash} {
			if _, err := ParseAuditHead(text); err == nil {
				t.Errorf("%q is taken", text)
			}
		}
	})
}

func TestWhatIsAskedForPieceByPieceIsLoggedOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen views
		v := view{"anna", dossier.KindUser, ActionObject, "pages/a-1/image.jpg"}
		if seen.fresh(v, time.Now()) {
			t.Error("before it was logged")
		}
		seen.keep(v, time.Now())
		time.Sleep(onceIn - time.Second)
		if !seen.fresh(v, time.Now()) {
			t.Error("within the time")
		}
		for _, other := range []view{
			{"hoa", v.kind, v.action, v.about},
			{v.who, dossier.KindToken, v.action, v.about},
			{v.who, v.kind, ActionView, v.about},
			{v.who, v.kind, v.action, "pages/a-2/image.jpg"},
		} {
			if seen.fresh(other, time.Now()) {
				t.Errorf("%+v", other)
			}
		}
		time.Sleep(time.Second)
		if seen.fresh(v, time.Now()) {
			t.Error("after it")
		}
	})
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for range 3 {
			must(t, c.AuditOnce(t.Context(), by("anna"), Entry{Action: ActionObject, Subject: "a"}))
			must(t, c.AuditOnce(t.Context(), by("hoa"), Entry{Action: ActionObject, Subject: "a"}))
		}
		if end, err := c.VerifyAudit(t.Context()); err != nil || end.Number != 2 {
			t.Errorf("%s, %v", end, err)
		}
	})
}

// BenchmarkAudit measures what logging a view costs the one who views, alone and as one of eight.
func BenchmarkAudit(b *testing.B) {
	for _, typ := range []string{"sqlite", "postgres"} {
		for _, callers := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/%d", typ, callers), func(b *testing.B) {
				cfg := sqliteConfig
				if typ == "postgres" {
					cfg = postgresConfig
				}
				c := open(b, cfg(b))
				var wg sync.WaitGroup
				for range callers {
					wg.Go(func() { logged(b, c, b.N) })
				}
				wg.Wait()
			})
		}
	}
}

func TestWhatIsLoggedOfASubjectIsFoundByItsIndex(t *testing.T) {
	c := open(t, sqliteConfig(t))
	var id, parent, unused int
	var plan string
	err := c.db.queryRow(t.Context(), `EXPLAIN QUERY PLAN SELECT details FROM audit WHERE `+ofSubject, "x").Scan(&id, &parent, &unused, &plan)
	must(t, err)
	if !strings.Contains(plan, "audit_subject") {
		t.Error(plan)
	}
}
