package web_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/office"
)

func TestStationsOfAllDaemonsAreToldWhicheverAnswers(t *testing.T) {
	s := start(t)
	must(t, s.catalog.ReportFolders(t.Context(), []catalog.Folder{
		{Station: keptStation, Department: keptDepartment, Waiting: 3, Oldest: time.Now().Add(-time.Hour), Watcher: "so-kin-1"},
		{
			Station: "quay-2", Department: "so-y-te", Watcher: "so-y-te-1", Away: "no such share", Language: "fr", Languages: []string{"fra"},
			Grouping: "ticket", Purpose: "results", Channel: "counter", Batches: []catalog.FolderBatch{{Key: "lot", Files: 2, Waits: "missing", Missing: 1}},
		},
	}))
	list, err := s.client(t).ListStationsWithResponse(t.Context())
	must(t, err)
	if list.JSON200 == nil || len(list.JSON200.Stations) != 3 {
		t.Fatalf("%s", list.Body)
	}
	all := list.JSON200.Stations
	if a := all[0]; a.Name != keptStation || !a.Online || a.Files != 3 || *a.WatchedBy != "so-kin-1" || time.Since(*a.Seen) > time.Minute || a.LagSeconds < 3000 {
		t.Errorf("%+v", a)
	}
	if a := all[1]; a.Name != "quay-9" || a.Online || a.Seen != nil {
		t.Errorf("of the settings, and watched by nobody: %+v", a)
	}
	a := all[2]
	if a.Name != "quay-2" || a.Online || *a.WatchedBy != "so-y-te-1" || *a.AwayReason != "no such share" || !slices.Equal(a.Languages, []string{"fra"}) ||
		string(*a.Grouping) != "ticket" || len(a.Batches) != 1 {
		t.Errorf("another daemon's: %+v", a)
	}
	one, err := s.client(t).GetStationWithResponse(t.Context(), "quay-2")
	must(t, err)
	if one.JSON200 == nil || !strings.Contains(string(one.Body), "so-y-te-1") {
		t.Errorf("%s", one.Body)
	}
}

func TestAStationOfWhichNobodyTellsAnyMoreIsNotOnline(t *testing.T) {
	told := office.Watched([]office.Station{{Name: "quay-1"}}, []catalog.Folder{{Station: "quay-1", Watcher: "so-y-te-1", At: time.Now().Add(-2 * time.Minute)}})
	if len(told) != 1 || told[0].Online || told[0].Watcher != "so-y-te-1" || told[0].Seen.IsZero() {
		t.Errorf("%+v", told)
	}
}
