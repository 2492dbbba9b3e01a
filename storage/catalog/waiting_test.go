package catalog

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ofBatch is a deposit of a subfolder's batch.
func ofBatch(id, station, key string) NewDeposit {
	n := given(id, station)
	n.Batch = &dossier.Batch{Grouping: dossier.GroupFolder, Key: key}
	return n
}

func TestBatchesThatWaitSayForWhatAndSinceWhen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, ofBatch("d1", "quay-1", "lot 001089012345"))
		takeIn(t, c, ofBatch("d2", "quay-2", "lot-2"))
		earlier := noon.Add(-time.Hour)
		must(t, c.ReportFolders(t.Context(), []Folder{{Station: "quay-1", Department: "so-tu-phap", Batches: []FolderBatch{
			{Key: "lot 001*****2345", Grouping: dossier.GroupFolder, Since: noon, Deposits: 1, Files: 2, Waits: "whole"},
			{Key: "t-1", Grouping: dossier.GroupTicket, Since: earlier, Files: 1, Waits: "missing", Missing: 3},
		}}}))
		list, err := c.Waiting(t.Context(), all)
		must(t, err)
		if len(list) != 3 {
			t.Fatalf("%+v", list)
		}
		if b := list[0]; b.ID != "" || b.Waits != "missing" || b.Missing != 3 || !b.Since.Equal(earlier) || b.Department != "so-tu-phap" {
			t.Errorf("files that wait for a ticket's others: %+v", b)
		}
		if b := list[1]; b.ID != "d1" || b.Waits != "whole" || b.Files != 2 || b.Deposits != 1 || b.Pages != 1 || b.Key != "lot 001*****2345" {
			t.Errorf("a batch of which a file is not whole: %+v", b)
		}
		if b := list[2]; b.ID != "d2" || b.Waits != "" || b.Station != "quay-2" {
			t.Errorf("one of which no daemon tells: %+v", b)
		}
		one, err := c.Waiting(t.Context(), dossier.Scope{Stations: []string{"quay-2"}})
		must(t, err)
		if len(one) != 1 || one[0].ID != "d2" {
			t.Errorf("of one station: %+v", one)
		}
	})
}

func TestABatchThatWaitsShowsTheFirstPagesOfItsFilesButOfNoIdentityPaper(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var want []string
		for n := range waitingThumbs + 2 {
			id := fmt.Sprintf("d%d", n)
			takeIn(t, c, ofBatch(id, "quay-1", "lot-1"))
			must(t, c.AddLook(t.Context(), id, dossier.Look{Page: 1}, true))
			must(t, c.AddLook(t.Context(), id, dossier.Look{Page: 2}, true))
			must(t, c.Split(t.Context(), Split{DepositID: id, Pages: 2}))
			personal := pageRead(id, 1)
			personal.Personal = n == 0
			must(t, c.PageDone(t.Context(), personal))
			if n > 0 && len(want) < waitingThumbs {
				want = append(want, id+"-1")
			}
		}
		list, err := c.Waiting(t.Context(), all)
		must(t, err)
		if len(list) != 1 || !slices.Equal(list[0].Thumbs, want) {
			t.Errorf("%+v, want %v", list, want)
		}
	})
}

func TestABatchIsClosedByHand(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, ofBatch("d1", "quay-1", "lot-1"))
		read(t, c, "d1", 1)
		if err := c.CloseWaiting(t.Context(), dossier.Principal{Scope: dossier.Scope{Stations: []string{"quay-2"}}}, "d1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("out of the scope: %v", err)
		}
		for range 2 {
			must(t, c.CloseWaiting(t.Context(), everybody, "d1"))
		}
		if d := depositOf(t, c, "d1"); d.State != dossier.StateAssembling {
			t.Errorf("%+v", d)
		}
		takeIn(t, c, ofBatch("d2", "quay-1", "lot-1"))
		list, err := c.Waiting(t.Context(), all)
		must(t, err)
		if len(list) != 1 || list[0].ID != "d2" {
			t.Errorf("what comes later is a new batch: %+v", list)
		}
		if err := c.CloseWaiting(t.Context(), everybody, "unknown"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
		log, err := c.AuditLog(t.Context(), AuditFilter{Action: ActionMend})
		must(t, err)
		if len(log) != 1 || log[0].Subject != "batch/d1" {
			t.Errorf("the audit log says %+v", log)
		}
	})
}
