package main

import (
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/scanners"
)

func TestStatusSaysWhatLiesInAFolderAndWhyItStaysThere(t *testing.T) {
	a := &app{words: wordsFor("en")}
	for want, f := range map[string]scanners.FolderStatus{
		"good":                            {},
		"good; 5 file(s) yet to be taken": {Waiting: 4, Claimed: 1},
		"2 file(s) can't be read or moved: openat: permission denied; 1 file(s) yet to be taken": {
			Waiting: 3, Faults: 2, Fault: "openat: permission denied",
		},
		"too many subfolders, 3 are not looked into":                    {Unread: 3},
		"outcomes can't be written into it: mkdirat: permission denied": {Untold: "mkdirat: permission denied"},
		"paused: 1 MiB free; 7 file(s) yet to be taken":                 {Paused: "1 MiB free", Waiting: 7},
	} {
		f.Station = "quay-1"
		if got := a.folderText(statusReport{Folders: []scanners.FolderStatus{f}}, "quay-1"); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
	away := scanners.FolderStatus{Station: "quay-1", Since: time.Now(), Reason: "gone", Waiting: 3}
	if got := a.folderText(statusReport{Folders: []scanners.FolderStatus{away}}, "quay-1"); !strings.HasPrefix(got, "away since ") || !strings.HasSuffix(got, ": gone") {
		t.Errorf("got %q", got)
	}
	if got := a.folderText(statusReport{}, "quay-1"); got != "-" {
		t.Errorf("got %q where no daemon runs", got)
	}
}
