package iiif

import (
	"testing"
	"time"
)

func TestADossierThatComesEarlyInHanoiWasReceivedOnThatDay(t *testing.T) {
	var m metadata
	m.Dossier.CreatedAt = time.Date(2026, time.November, 25, 23, 30, 0, 0, time.UTC) // as metadata.json has it
	var got string
	for _, p := range pairs(&m, time.FixedZone("+07", 7*60*60)) {
		if p.Label["en"][0] == "Received on" {
			got = p.Value["none"][0]
		}
	}
	if got != "2026-11-26" {
		t.Error(got)
	}
}
