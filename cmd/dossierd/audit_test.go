package main

import (
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestWhatIsSearchedAndMendedByCommandStandsInTheAuditLog(t *testing.T) {
	o := newTownHall(t, "")
	o.run(t, exitDone, "search", "don", "001200012345")
	for _, line := range [][]string{
		{"deposits", "requeue", "01"},
		{"deposits", "assign", "--to", "anna", "01"},
		{"deposits", "dismiss", "--reason", "a test", "01"},
		{"deliveries", "replay", "01"},
	} {
		o.run(t, exitUsage, line...)
	}
	c := o.open(t)
	defer c.Close()
	log, err := c.AuditLog(t.Context(), catalog.AuditFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`mend deliveries {"replay":["01"]}`, `mend quarantine {"dismiss":["01"]}`, `mend quarantine {"assign":["01"]}`,
		`mend quarantine {"retry":["01"]}`, `search  {"found":0,"query":"don 001*****2345"}`,
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
