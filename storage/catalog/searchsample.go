package catalog

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"time"
)

// Where more pages fit than are counted, a sample tells about how many these are and how they spread: each year is parted into parts of
// as many pages each, and of each part the newest hits are taken. The newest of all would tell of one year only, and mostly of what was
// scanned lately.
const (
	sampleSize     = 1600 // hits
	fewestParts    = 8
	samplePatience = 60 * time.Millisecond
)

// estimated gives hits, each for as many as it stands for: those of a sample, or the newest where there was no time for one.
func (l *looking) estimated(ctx context.Context, newest []int64) ([]facetGroup, error) {
	line, err := l.timeline(ctx)
	if err != nil || len(line.days) == 0 {
		return nil, err
	}
	if !l.late {
		if groups, err := l.sample(ctx, line); err != nil || len(groups) > 0 {
			return groups, err
		}
	}
	newest = newest[:min(len(newest), tierSize)]
	if len(newest) == 0 {
		return nil, nil
	}
	groups := []facetGroup{{hits: float64(len(newest)), lowest: newest[len(newest)-1]}}
	if l.Facets {
		groups, err = l.groups(ctx, newest)
	}
	return line.weighed(groups, span{from: l.from, before: line.before}), err
}

func (l *looking) sample(ctx context.Context, line timeline) (groups []facetGroup, err error) {
	parts, patience, seen := line.parts(), samplePatience*time.Duration(l.db.dialect().patience), 0.0
	asked := spread(len(parts))
	if !l.Facets { // a number alone is to cost little
		asked, patience = asked[:len(asked)/2], patience/8
	}
	cut, err := l.db.within(ctx, patience, func(ctx context.Context, c conn) error {
		for _, k := range asked {
			of, err := l.newestOf(ctx, c, parts[k])
			if err != nil {
				return err
			}
			seen += line.pages(parts[k])
			groups = append(groups, line.weighed(of, parts[k])...)
		}
		return nil
	})
	if cut {
		l.wasCut("count")
	}
	for i := range groups {
		groups[i].hits *= line.total / max(seen, 1)
	}
	return groups, err
}

// spread are the numbers below n, the highest first and then such as are far from those before: there may not be time for all.
func spread(n int) []int {
	list, size := []int{0}, bits.Len(uint(n-1))
	for step := 1 << size >> 1; step > 0; step >>= 1 {
		for _, k := range slices.Clone(list) {
			list = append(list, k+step)
		}
	}
	list = slices.DeleteFunc(list, func(k int) bool { return k >= n })
	for i, k := range list {
		list[i] = n - 1 - k
	}
	return list
}

// newestOf groups hits of a part; without facets all are one group.
func (l *looking) newestOf(ctx context.Context, c conn, of span) ([]facetGroup, error) {
	hits, args := l.db.dialect().hits(l.wide, of)
	query := groupOf + `JOIN (` + hits + `) h ON h.rowid = p.id` + ofGroup
	if !l.Facets {
		query = `SELECT '', '', '', '', 0, count(*), coalesce(min(h.rowid), 0) FROM (` + hits + `) h`
	}
	return collect(ctx, c, scanGroup, query, args...)
}

// timeline tells how many of the pages that may be found are older than one. Within a day they are taken to have gone evenly.
type timeline struct {
	days   []dayOfPages
	total  float64 // pages
	before int64   // lowest id that is too high
}

type dayOfPages struct {
	first, last int64   // ids that were given out
	older       float64 // pages of days before
	pages       float64
}

func (l *looking) timeline(ctx context.Context) (timeline, error) {
	line := timeline{before: min(l.before, firstOfDay(lastDay))}
	var err error
	line.days, err = collect(ctx, l.db, func(r row) (d dayOfPages, err error) {
		var day, last int64
		err = r.Scan(&day, &last, &d.pages)
		d.first, d.last, d.older = firstOfDay(int(day))+1, firstOfDay(int(day))+last, line.total
		line.total += d.pages
		return d, err
	}, `SELECT day, last, pages FROM search_days WHERE pages > 0 AND day >= ? AND day < ? ORDER BY day`, dayOfID(l.from), dayOfID(line.before))
	return line, err
}

// parts are those of a sample.
func (l timeline) parts() []span {
	var years []int // the first day of each
	for i, d := range l.days {
		if i == 0 || yearOf(d.first) != yearOf(l.days[i-1].first) {
			years = append(years, i)
		}
	}
	each := (fewestParts + len(years) - 1) / len(years)
	var parts []span
	for i, first := range years {
		from, pages := l.days[first].older, l.total
		if i+1 < len(years) {
			pages = l.days[years[i+1]].older
		}
		for k := range each {
			parts = append(parts, span{from: l.at(from + (pages-from)*float64(k)/float64(each)), order: `DESC`})
		}
	}
	for i := range parts {
		parts[i].before, parts[i].most = l.before, max(sampleSize/len(parts), 1)
		if i+1 < len(parts) {
			parts[i].before = parts[i+1].from
		}
	}
	return parts
}

func yearOf(id int64) int { return time.Unix(int64(dayOfID(id))*24*60*60, 0).UTC().Year() }

// at is the id that so many pages are older than, about.
func (l timeline) at(older float64) int64 {
	i, found := slices.BinarySearchFunc(l.days, older, func(d dayOfPages, older float64) int { return cmp.Compare(d.older, older) })
	if !found {
		i--
	}
	d := l.days[i]
	return d.first + int64((older-d.older)/d.pages*float64(d.last+1-d.first))
}

// older is how many pages have lower ids, about.
func (l timeline) older(id int64) float64 {
	i, _ := slices.BinarySearchFunc(l.days, id, func(d dayOfPages, id int64) int { return cmp.Compare(d.last, id) })
	if i == len(l.days) {
		return l.total
	}
	d := l.days[i]
	return d.older + d.pages*float64(max(id-d.first, 0))/float64(d.last+1-d.first)
}

// pages is how many there are in a part, about.
func (l timeline) pages(of span) float64 { return l.older(of.before) - l.older(of.from) }

// weighed makes hits stand for all of a part. They are the newest, and all if there are fewer than were asked for.
func (l timeline) weighed(groups []facetGroup, of span) []facetGroup {
	found, lowest := 0.0, of.before
	for _, g := range groups {
		found += g.hits
		lowest = min(lowest, g.lowest)
	}
	if found < float64(of.most) {
		return groups
	}
	weight := l.pages(of) / max(l.pages(span{from: lowest, before: of.before}), 1)
	for i := range groups {
		groups[i].hits *= weight
	}
	return groups
}
