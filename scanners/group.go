package scanners

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// streamKey is the key of the one batch that a station has open under GroupSeparator.
const streamKey = "stream"

// catalogueRetry is the pause after batches could not be listed or closed.
const catalogueRetry = 2 * time.Second

// streamRefresh is how often it is asked since when the present part of a stream collects.
const streamRefresh = 10 * time.Second

// group is a batch that collects. It begins with its first claim, or is found in the catalogue at the start, and ends when the
// catalogue has closed it. Its fields belong to folder.mu.
type group struct {
	grouping dossier.Grouping
	since    time.Time // opened
	active   time.Time // when something of it was last seen lying in the folder, or was taken in
	deposits int       // taken in
	closing  bool      // the catalogue is being asked to close it
	next     time.Time // when to ask again
}

// batchOf says to which batch a file of the folder belongs; nil for one of its own. The batch of a set's file is known to the set.
func (f *folder) batchOf(name string) *dossier.Batch {
	b := &dossier.Batch{Grouping: f.station.Grouping, FrontsThenBacks: f.station.FrontsThenBacks}
	dir, base := path.Split(name)
	switch f.station.Grouping {
	case dossier.GroupFolder:
		b.Key = validName(strings.TrimSuffix(dir, "/"))
	case dossier.GroupSeparator:
		b.Key = streamKey
	case dossier.GroupPrefix:
		found := f.prefix.FindStringSubmatch(validName(base))
		if found == nil {
			return nil
		}
		b.Key = found[f.prefix.SubexpIndex(prefixDossier)]
		b.Facts.Reference = b.Key
		if i := f.prefix.SubexpIndex(prefixPage); i >= 0 {
			b.Position, _ = strconv.Atoi(found[i]) // what is no number goes by its name
		}
	case dossier.GroupFile, dossier.GroupTicket:
	}
	if b.Key == "" {
		return nil
	}
	return b
}

// groupOf returns the group of a batch, which it begins where there is none. f.mu is held.
func (f *folder) groupOf(b *dossier.Batch) *group {
	g := f.groups[b.Key]
	if g == nil {
		now := time.Now()
		g = &group{grouping: b.Grouping, since: now, active: now}
		f.groups[b.Key] = g
	}
	return g
}

// isClosing reports whether a file's batch is being closed: what is claimed meanwhile would join it or not.
func (f *folder) isClosing(b *dossier.Batch) bool {
	if b == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[b.Key]
	return g != nil && g.closing
}

// loadGroups finds the batches that collect in the catalogue, once: a former process left them, or a former setting. A stream is
// asked about again while it runs, for the catalogue cuts it.
func (f *folder) loadGroups(life context.Context, all *sync.WaitGroup, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	again := f.loaded
	if now.Before(f.nextLoad) || again && f.groups[streamKey] == nil {
		return
	}
	f.nextLoad = now.Add(time.Hour) // until this try has ended
	all.Go(func() {
		defer nudge(f.wake)
		open, err := f.w.intake.OpenBatches(life, f.station.Name)
		f.mu.Lock()
		defer f.mu.Unlock()
		if err != nil {
			f.nextLoad = time.Now().Add(catalogueRetry)
			return
		}
		f.loaded, f.nextLoad = true, time.Now().Add(streamRefresh)
		for _, b := range open {
			if again {
				if g := f.groups[b.Key]; g != nil && b.Key == streamKey {
					g.since, g.deposits = b.OpenedAt, b.Deposits
				}
				continue
			}
			g := f.groupOf(&dossier.Batch{Grouping: b.Grouping, Key: b.Key})
			g.since, g.deposits = b.OpenedAt, max(g.deposits, b.Deposits)
		}
	})
}

// closeDue closes the batches to which nothing more belongs, and returns when to look again.
func (f *folder) closeDue(life context.Context, all *sync.WaitGroup, now time.Time) time.Time {
	next := f.nextScan
	for _, key := range f.idleGroups(now) {
		due := f.closes(key)
		switch {
		case now.Before(due):
			next = earlier(next, due)
		case f.listedAt.Before(due): // an event may have got lost
			f.nextScan, next = now, now
		case f.leaveSubfolder(key, now):
			f.close(life, all, key)
		default:
			next = earlier(next, f.nextScan)
		}
	}
	f.tidy(now)
	return next
}

// idleGroups lists the groups of which nothing lies in the folder and nothing is in hand.
func (f *folder) idleGroups(now time.Time) []string {
	lying := map[string]bool{}
	for _, s := range f.files {
		if s.batch != nil {
			lying[s.batch.Key] = true
		}
	}
	for _, s := range f.sets {
		lying[s.batch.Key] = true
	}
	for key, s := range f.subfolders {
		if s.unreadable {
			lying[key] = true
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.claims {
		if p.claim.Batch != nil {
			lying[p.claim.Batch.Key] = true
		}
	}
	var idle []string
	for key, g := range f.groups {
		switch {
		case lying[key]:
			g.active = now
		case !g.closing && !now.Before(g.next):
			idle = append(idle, key)
		}
	}
	slices.Sort(idle)
	return idle
}

// closes is when a group of which nothing lies in the folder is closed. It never is before the folder was listed again.
func (f *folder) closes(key string) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[key]
	s := f.subfolders[key]
	switch {
	case g.grouping != f.station.Grouping: // the station's settings changed
		return g.active.Add(f.station.BatchQuiet)
	case g.grouping == dossier.GroupTicket: // the set had everything
		return g.active
	case g.grouping == dossier.GroupSeparator:
		return g.active.Add(f.station.Idle)
	case g.grouping != dossier.GroupFolder:
		return g.active.Add(f.station.BatchQuiet)
	case s == nil: // removed by us, or by who made it
		return g.active
	default:
		return s.ends(f.station, g.active)
	}
}

// close asks the catalogue to close a group's batch. Until it has, nothing of the group is claimed.
func (f *folder) close(life context.Context, all *sync.WaitGroup, key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[key]
	g.closing = true
	all.Go(func() {
		defer nudge(f.wake)
		err := f.w.intake.CloseBatch(life, f.station.Name, key)
		f.mu.Lock()
		defer f.mu.Unlock()
		g.closing = false
		if err == nil {
			f.unclosed = false
			delete(f.groups, key)
			return
		}
		g.next = time.Now().Add(catalogueRetry)
		if !f.unclosed && life.Err() == nil {
			f.log.Warn("a batch could not be closed; it will be tried again", "reason", blame(err))
		}
		f.unclosed = true
	})
}

// batches tells of every batch that is not closed, and of the files that wait for a ticket. f.mu is held.
func (f *folder) batches() []BatchStatus {
	const shown = 1000
	known := map[string]*BatchStatus{}
	of := func(b *dossier.Batch, since time.Time) *BatchStatus {
		s := known[b.Key]
		if s == nil {
			s = &BatchStatus{Key: b.Key, Grouping: b.Grouping, Since: since, Waits: WaitMore}
			known[b.Key] = s
		}
		return s
	}
	for key, g := range f.groups {
		s := of(&dossier.Batch{Key: key, Grouping: g.grouping}, g.since)
		if s.Deposits = g.deposits; g.closing || g.grouping == dossier.GroupTicket {
			s.Waits = WaitIntake
		}
	}
	for _, p := range f.claims {
		if p.claim.Batch != nil {
			of(p.claim.Batch, p.claim.ClaimedAt).Waits = WaitIntake
		}
	}
	for _, file := range f.files {
		if file.batch != nil {
			s := of(file.batch, file.since)
			s.Files++
			s.Waits = WaitWhole
		}
	}
	all := f.ticketStatus()
	for _, s := range known {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b BatchStatus) int { return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.Key, b.Key)) })
	all = all[:min(len(all), shown)]
	for i := range all {
		all[i].Key = dossier.MaskText(all[i].Key)
	}
	return all
}
