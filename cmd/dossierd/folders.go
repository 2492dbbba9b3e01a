package main

import (
	"context"
	"reflect"
	"time"

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
	for {
		beat := time.Since(all) >= catalog.FoldersEvery
		var news []catalog.Folder
		for _, f := range folderReports(d.watcher.Status()) {
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

func folderReports(status []scanners.FolderStatus) []catalog.Folder {
	all := make([]catalog.Folder, 0, len(status))
	for _, s := range status {
		f := catalog.Folder{
			Station: s.Station, Department: s.Department, Away: s.Reason, AwaySince: s.Since, Paused: s.Paused, Waiting: s.Waiting + s.Claimed,
			Oldest: s.Oldest, Faults: s.Faults, Fault: s.Fault,
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
