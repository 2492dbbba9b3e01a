package main

import (
	"testing"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners"
)

func TestTheCatalogueIsToldWhatAFolderIsLike(t *testing.T) {
	since := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	status := scanners.FolderStatus{Station: "quay-1", Department: "so-tu-phap", Waiting: 3, Claimed: 1, Oldest: since, Reason: "stale handle", Since: since}
	for range batchesReported + 1 {
		status.Batches = append(status.Batches, scanners.BatchStatus{
			Key: "lot", Grouping: dossier.GroupTicket, Since: since, Deposits: 1, Files: 2, Waits: scanners.WaitMissing, Missing: 3,
		})
	}
	stations := []config.Station{{Name: "quay-0"}, {Name: "quay-1", Language: "vi", Languages: []string{"vie"}, Grouping: "ticket", Purpose: "results", Channel: "online"}}
	f := folderReports("so-tu-phap-1", stations, []scanners.FolderStatus{status})[0]
	if f.Watcher != "so-tu-phap-1" || f.Language != "vi" || len(f.Languages) != 1 || f.Grouping != "ticket" || f.Purpose != "results" || f.Channel != "online" {
		t.Errorf("%+v", f)
	}
	if f.Station != "quay-1" || f.Department != "so-tu-phap" || f.Waiting != 4 || f.Away != "stale handle" || !f.AwaySince.Equal(since) || !f.Oldest.Equal(since) {
		t.Errorf("%+v", f)
	}
	if b := f.Batches[0]; len(f.Batches) != batchesReported || b.Waits != "missing" || b.Missing != 3 || b.Files != 2 || b.Deposits != 1 || b.Key != "lot" {
		t.Errorf("%d batches, the first %+v", len(f.Batches), b)
	}
}
