package catalog

import (
	"errors"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func TestATextThatNoRecordCanHaveIsNotFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		ctx := t.Context()
		code, _ := twoOffices(t, c)
		for _, odd := range []string{"a\x00b", "a\xffb"} {
			asked := map[string]error{}
			_, asked["deposit"] = c.Deposit(ctx, odd)
			_, asked["record"] = c.Record(ctx, odd, all)
			_, asked["page"] = c.Page(ctx, all, odd)
			_, _, asked["delivery"] = c.Delivery(ctx, all, odd)
			for what, err := range asked {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("%s %q: %v", what, odd, err)
				}
			}
			list, err := c.Deposits(ctx, DepositFilter{Scope: all, Station: odd})
			rows, auditErr := c.AuditLog(ctx, AuditFilter{Action: Action(odd)})
			if err != nil || auditErr != nil || len(list)+len(rows) != 0 {
				t.Errorf("lists of %q: %v, %v, %d and %d", odd, err, auditErr, len(list), len(rows))
			}
			must(t, c.SetPlace(ctx, code, odd, "", by("anna")))
		}
	})
}

func TestAFilterLongerThanAnythingIndexedFindsNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("form", "ly hôn"))
		for _, field := range []string{"code", "department", "station", "procedure", "kind"} {
			f, err := c.Search(t.Context(), Search{Query: query(t, "hôn "+field+":"+strings.Repeat("Ơ", 1500)), Who: everybody})
			if err != nil || len(f.Hits) != 0 {
				t.Errorf("%s: %v, %d hits", field, err, len(f.Hits))
			}
		}
		f, err := c.Search(t.Context(), Search{Query: query(t, "hôn"), Who: dossier.Principal{Scope: all}})
		if err != nil || len(f.Hits) != 1 {
			t.Errorf("%v, %d hits", err, len(f.Hits))
		}
	})
}
