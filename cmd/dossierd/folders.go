package main

import (
	"context"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/storage/catalog"
)

// foldersLooked is how often the daemon sees whether there is something new to report of its folders.
const foldersLooked = 2 * time.Second

// batchesReported is of how many batches of a folder, the oldest first, the report tells.
const batchesReported = 200

// reportFolders tells the catalogue how the folders are, for those who look at it elsewhere: what changed at once, and all of it
// every now and then, so that a daemon that is gone is noticed.
func (d *daemon) reportFolders(ctx context.Context) error {
	tick := time.NewTicker(foldersLooked)
	defer tick.Stop()
	told := map[string]catalog.Folder{}
	var all time.Time // when all were told
	watcher, err := os.Hostname()
	if err != nil {
		d.log.Warn("this machine has no name by which its stations could be told", "error", err)
	}
	for {
		beat := time.Since(all) >= catalog.FoldersEvery
		var news []catalog.Folder
		for _, f := range folderReports(watcher, d.standing.Load().cfg.Stations, d.watcher.Status()) {
			if known, ok := told[f.Station]; beat || !ok || !reflect.DeepEqual(known, f) {
				news = append(news, f)
			}
		}
		if len(news) > 0 {
			if err := d.catalog.ReportFolders(ctx, news); err == nil {
				for _, f := range news {
					told[f.Station] = f
				}
				if beat {
					all = time.Now()
				}
			} else if ctx.Err() == nil {
				d.log.Warn("folders not reported, they will be again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func folderReports(watcher string, stations []config.Station, status []scanners.FolderStatus) []catalog.Folder {
	all := make([]catalog.Folder, 0, len(status))
	for _, s := range status {
		f := catalog.Folder{
			Station: s.Station, Department: s.Department, Away: s.Reason, AwaySince: s.Since, Paused: s.Paused, Waiting: s.Waiting + s.Claimed,
			Oldest: s.Oldest, Faults: s.Faults, Fault: s.Fault, Untold: s.Untold, Watcher: watcher,
		}
		if i := slices.IndexFunc(stations, func(st config.Station) bool { return st.Name == s.Station }); i >= 0 {
			st := &stations[i]
			f.Language, f.Languages, f.Grouping, f.Purpose, f.Channel = st.Language, st.Languages, st.Grouping, st.Purpose, st.Channel
		}
		for _, b := range s.Batches[:min(len(s.Batches), batchesReported)] {
			f.Batches = append(f.Batches, catalog.FolderBatch{
				Key: b.Key, Grouping: b.Grouping, Since: b.Since, Deposits: b.Deposits, Files: b.Files, Waits: string(b.Waits), Missing: b.Missing,
			})
		}
		all = append(all, f)
	}
	return all
}
