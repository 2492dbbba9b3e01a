package main

import (
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestWhatIsSearchedAndMendedByCommandStandsInTheAuditLog(t *testing.T) {
	o := newTownHall(t, "")
	o.run(t, exitDone, "search", "don", "001200012345")
	c := o.open(t)
	defer c.Close()
	_, err := c.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-y-te", Name: "a.tiff", SHA256: "d1", Bytes: 1, ModifiedAt: time.Now(), ReceivedAt: time.Now(),
	}})
	if err == nil {
		err = c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), "")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{
		{"deposits", "assign", "--to", "anna", "d1"},
		{"deposits", "dismiss", "--reason", "a test", "d1"},
		{"deposits", "requeue", "d1"},
	} {
		o.run(t, exitDone, line...)
		o.run(t, exitUsage, append(line[:len(line)-1], "none")...)
	}
	o.run(t, exitUsage, "deliveries", "replay", "none")
	log, err := c.AuditLog(t.Context(), catalog.AuditFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`mend d1 {"retry":{}}`, `mend d1 {"dismiss":true}`, `mend d1 {"assign":"anna"}`, `search  {"found":0,"query":"don 001*****2345"}`,
	}
	if len(log) != len(want) {
		t.Fatalf("%d rows: %+v", len(log), log)
	}
	for i, row := range log {
		got := string(row.Action) + " " + row.Subject + " " + string(row.Details)
		if got != want[i] || row.Kind != dossier.KindCommand || row.Who != operator().Name {
			t.Errorf("%s by %s %s, want %s", got, row.Kind, row.Who, want[i])
		}
	}
}
