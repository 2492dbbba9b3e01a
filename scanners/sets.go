package scanners

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/ticket"
	"github.com/dossierd/dossierd/scanners/whole"
)

// setsDir holds a folder for each ticket whose files are all there. They are moved in, the ticket first; then the folder is renamed
// to say that it is full, and only then its files are claimed, the ticket last. So after a crash it can be told which files are
// still to come and which were taken in already.
const (
	setsDir = ownDir + "/sets"
	fullSet = "-full"
)

// set is a folder in setsDir.
type set struct {
	dir   string
	full  bool
	batch *dossier.Batch // of its note
	files []string       // that its ticket lists
	has   map[string]bool
}

// isTicket tells a ticket by its extension.
func (f *folder) isTicket(name string) bool {
	return f.station.Grouping == dossier.GroupTicket && strings.EqualFold(path.Ext(name), "."+string(f.station.Ticket.Type))
}

// readTicket reads a ticket, or finds out why it is none. The error is the file's own.
func (f *folder) readTicket(file io.ReaderAt, s *sighting) (whole.Verdict, error) {
	data, err := io.ReadAll(io.NewSectionReader(file, 0, min(s.stamp.size, ticket.MaxBytes+1)))
	if err != nil {
		return whole.Unknown, err
	}
	s.ticket, err = f.station.Ticket.Parse(data)
	switch {
	case err != nil: // perhaps the rest is still to come
		s.refused = dossier.Reject(dossier.CodeBadTicket, "%s", err)
		return whole.Incomplete, nil
	case f.station.Ticket.Type == ticket.CSV: // any row may be the last
		return whole.Unknown, nil
	default:
		return whole.Whole, nil
	}
}

// gather finds out which files are ripe, and moves those of each ticket that has them all into a set, the oldest first. What is no
// file, and what is no ticket though named like one, waits for nobody.
func (f *folder) gather(now time.Time) {
	var tickets []string
	for name, s := range f.files {
		if s.staged || !s.held {
			continue
		}
		if !s.ripe && !now.Before(s.due) {
			s.ripe = f.examine(name)
		}
		switch {
		case s.irregular != "" || s.ripe && s.refused != nil:
			s.held = false
		case s.ripe && s.ticket != nil:
			tickets = append(tickets, name)
		}
	}
	slices.SortFunc(tickets, func(a, b string) int {
		return cmp.Or(cmp.Compare(f.files[a].stamp.modified, f.files[b].stamp.modified), strings.Compare(a, b))
	})
	for _, s := range f.sets {
		if !s.full && f.ripeFor(s.files, s.has) {
			f.filled(f.fill(s))
		}
	}
	for _, name := range tickets {
		s := f.files[name]
		if s == nil || s.ticket == nil || !f.ripeFor(s.ticket.Files, nil) || f.collects(stem(validName(name))) {
			continue
		}
		f.filled(f.begin(name, s.ticket))
	}
}

// ripeFor reports whether the files that a ticket lists and that has doesn't name yet are all there and whole.
func (f *folder) ripeFor(files []string, has map[string]bool) bool {
	return !slices.ContainsFunc(files, func(name string) bool {
		s := f.files[name]
		return !has[name] && (s == nil || !s.ripe || !s.held)
	})
}

// collects reports whether a batch of that key is under way: another one of the same has to wait.
func (f *folder) collects(key string) bool {
	if f.sets[key] != nil {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.groups[key] != nil
}

// filled notes how making a set went; whatever moved is found at the next listing.
func (f *folder) filled(err error) {
	now := time.Now()
	if f.nextScan = now; err == nil {
		return
	}
	f.nextScan = now.Add(pollInterval)
	if reason := blame(err); !f.faults[reason] {
		f.faults[reason] = true
		f.log.Warn("the files of a ticket can't be moved; it will be tried again", "reason", reason)
	}
}

// begin makes the set of a ticket.
func (f *folder) begin(name string, t *ticket.Ticket) error {
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.root.MkdirAll(setsDir, 0o700); err != nil {
		return err
	}
	s := &set{dir: setsDir + "/" + newID(time.Now()), files: t.Files, has: map[string]bool{}}
	s.batch = &dossier.Batch{
		Grouping: dossier.GroupTicket, Key: stem(validName(name)), FrontsThenBacks: f.station.FrontsThenBacks, Facts: t.Facts,
	}
	if err := p.root.Mkdir(s.dir, 0o700); err != nil {
		return err
	}
	if err := p.writeNote(s.dir, note{Batch: s.batch, Ticket: name, Files: t.Files}); err != nil {
		return errors.Join(err, p.removeDir(s.dir))
	}
	if err := f.moveIn(p, s, name); err != nil {
		return errors.Join(err, p.removeDir(s.dir))
	}
	return f.fillIn(p, s)
}

func (f *folder) fill(s *set) error {
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer p.close()
	return f.fillIn(p, s)
}

// fillIn moves the files of a set that it has not got yet, and says that it is full.
func (f *folder) fillIn(p *place, s *set) error {
	for _, name := range s.files {
		if s.has[name] {
			continue
		}
		if err := f.moveIn(p, s, name); err != nil {
			return err
		}
	}
	for _, dir := range []string{s.dir, "."} {
		if err := p.sync(dir); err != nil {
			return err
		}
	}
	return p.root.Rename(s.dir, s.dir+fullSet)
}

// moveIn moves a file that was found ripe into a set.
func (f *folder) moveIn(p *place, s *set, name string) error {
	info, err := p.root.Lstat(name)
	if err != nil {
		return err
	}
	if stampOf(info) != f.files[name].stamp {
		f.failed(name, errChanged)
		return errChanged
	}
	if err := p.root.Rename(name, s.dir+"/"+name); err != nil {
		return err
	}
	delete(f.files, name)
	s.has[name] = true
	return nil
}

// readSets finds the sets, and what of the full ones is to be claimed.
func (f *folder) readSets(p *place, now time.Time) error {
	f.sets = map[string]*set{}
	dirs, err := readDir(p, setsDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if err := f.readSet(p, setsDir+"/"+d.Name(), now); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) readSet(p *place, dir string, now time.Time) error {
	names, err := contentsOf(p, dir)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(names) == 0 {
		_ = p.removeDir(dir) // tried again at the next listing
		return nil
	}
	n := p.readNote(dir)
	if n.Batch == nil { // somebody else's doing: its files are kept, each by itself
		n.Batch = &dossier.Batch{Grouping: dossier.GroupTicket, Key: path.Base(dir)}
	}
	s := &set{dir: dir, batch: n.Batch, files: n.Files, has: map[string]bool{}, full: strings.HasSuffix(dir, fullSet)}
	for _, name := range names {
		s.has[name] = true
	}
	if !s.full && f.station.Grouping != dossier.GroupTicket { // no file is kept for it any more
		s.full, s.dir = true, dir+fullSet
		if err := p.root.Rename(dir, s.dir); err != nil {
			return err
		}
	}
	f.sets[s.batch.Key] = s
	if s.full {
		return f.offer(p, s, names, n.Ticket, now)
	}
	return nil
}

// offer has the files of a full set claimed, and the ticket when the others are gone.
func (f *folder) offer(p *place, s *set, names []string, ticketName string, now time.Time) error {
	for _, name := range names {
		isTicket := name == ticketName
		if isTicket && len(names) > 1 {
			continue
		}
		info, err := p.root.Lstat(s.dir + "/" + name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		b := *s.batch
		b.Position, b.Ticket = slices.Index(s.files, name)+1, isTicket
		if !isTicket {
			b.Facts = dossier.BatchFacts{} // the ticket tells them
		}
		f.files[s.dir+"/"+name] = &sighting{
			stamp: stampOf(info), irregular: irregular(info.Mode()), since: now, due: now, judged: true, scan: f.scan, staged: true, batch: &b,
		}
	}
	return nil
}

// ticketStatus tells of tickets that wait for their files, and of files that wait for their ticket.
func (f *folder) ticketStatus() []BatchStatus {
	if f.station.Grouping != dossier.GroupTicket {
		return nil
	}
	var all []BatchStatus
	listed := map[string]bool{}
	waits := func(b *dossier.Batch, since time.Time, files []string, has map[string]bool) {
		s := BatchStatus{Key: b.Key, Grouping: b.Grouping, Since: since, Waits: WaitWhole}
		for _, name := range files {
			listed[name] = true
			switch {
			case f.files[name] != nil:
				s.Files++
			case !has[name]:
				s.Missing++
				s.Waits = WaitMissing
			}
		}
		all = append(all, s)
	}
	for name, file := range f.files {
		if file.ticket != nil {
			listed[name] = true
			waits(&dossier.Batch{Key: stem(validName(name)), Grouping: dossier.GroupTicket}, file.since, file.ticket.Files, nil)
		}
	}
	for _, s := range f.sets {
		if at, ok := idTime(path.Base(s.dir)); ok { // and not full
			waits(s.batch, at, s.files, s.has)
		}
	}
	alone := BatchStatus{Grouping: dossier.GroupTicket, Waits: WaitTicket}
	for name, file := range f.files {
		if !file.held || listed[name] {
			continue
		}
		alone.Files++
		if alone.Since.IsZero() || file.since.Before(alone.Since) {
			alone.Since = file.since
		}
	}
	if alone.Files > 0 {
		all = append(all, alone)
	}
	return all
}
