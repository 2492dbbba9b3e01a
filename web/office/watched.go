package office

import (
	"slices"

	"github.com/dossierd/dossierd/storage/catalog"
)

// Watched adds to the stations of the settings how their folders are, as the daemons told that watch them, and behind them the stations
// of which another daemon's settings know.
func Watched(stations []Station, folders []catalog.Folder) []Station {
	all := slices.Clone(stations)
	for i := range folders {
		f := &folders[i]
		at := slices.IndexFunc(all, func(s Station) bool { return s.Name == f.Station })
		if at < 0 {
			at, all = len(all), append(all, Station{
				Name: f.Station, Department: f.Department, Language: f.Language, Languages: append([]string{}, f.Languages...),
				Grouping: f.Grouping, Purpose: f.Purpose, Channel: f.Channel,
			})
		}
		s := &all[at]
		s.Online, s.Watcher, s.Seen, s.AwaySince, s.AwayReason, s.Paused = f.Online(), f.Watcher, f.At, f.AwaySince, f.Away, f.Paused
		s.Files, s.Oldest, s.Faults, s.Fault, s.Untold = f.Waiting, f.Oldest, f.Faults, f.Fault, f.Untold
		s.Batches = make([]Batch, 0, len(f.Batches))
		for _, b := range f.Batches {
			s.Batches = append(s.Batches, Batch{b.Key, b.Since, b.Deposits, b.Files, b.Waits, b.Missing})
		}
	}
	return all
}
