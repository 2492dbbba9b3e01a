package scanners

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
)

// The pauses between tries to hand a claim over: doubled from the first to the longest.
const (
	retryFirst   = 250 * time.Millisecond
	retryLongest = 5 * time.Second
)

var errReplaced = errors.New("the claimed file was replaced by something else")

// pending is a claim that is not taken in yet. Its fields but the claim belong to folder.mu.
type pending struct {
	claim dossier.Claim
	dir   string // inside the station's folder
	path  string // of the file in it
	from  string // folder it was renamed out of; "" where a former process did
	tries int
	next  time.Time
	busy  bool
}

// keep notes a claim that lies in its folder, as one in hand.
func (f *folder) keep(id, name string, info fs.FileInfo, n note) *pending {
	at, _ := idTime(id)
	dir := claimedDir + "/" + id
	path := dir + "/" + name
	p := &pending{dir: dir, path: path, busy: true, claim: dossier.Claim{
		DepositID: id, Station: f.station.Name, Department: f.station.Department, Name: validName(name),
		Open: func() (*os.File, error) { return f.openClaimed(path) }, ModifiedAt: info.ModTime().UTC(), ClaimedAt: at,
		Irregular: irregular(info.Mode()), Batch: n.Batch, Refused: n.Refused,
	}}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.claims[id] = p
	if n.Batch != nil {
		f.groupOf(n.Batch)
	}
	return p
}

// validName writes the bytes of a name that are no UTF-8 as %XX, for names go into databases and JSON.
func validName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, "%%%02X", name[i])
		} else {
			b.WriteString(name[i : i+n])
		}
		i += n
	}
	return b.String()
}

// recover notes the claims that lie in the folder and are not in hand: a killed process left them, or a network file
// system that broke down. An empty one had nothing renamed into it, or is done.
func (f *folder) recover(p *place) error {
	f.mu.Lock()
	inHand := maps.Clone(f.claims)
	f.mu.Unlock()
	found, err := readDir(p, claimedDir)
	if err != nil {
		return err
	}
	for _, claim := range found {
		id := claim.Name()
		if _, ok := idTime(id); !ok || inHand[id] != nil {
			continue
		}
		dir := claimedDir + "/" + id
		contents, err := contentsOf(p, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if len(contents) == 0 {
			_ = p.removeDir(dir) // tried again when the folder is met again
			continue
		}
		info, err := p.root.Lstat(dir + "/" + contents[0])
		if err != nil {
			return err
		}
		left := f.keep(id, contents[0], info, p.readNote(dir))
		f.again(left, 0)
	}
	return nil
}

func readDir(p *place, dir string) ([]fs.DirEntry, error) {
	file, err := p.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.ReadDir(-1)
}

func (f *folder) claimCount() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.claims)
}

// retryDue hands over the claims whose next try is due, and returns when another will be.
func (f *folder) retryDue(ctx, life context.Context, all *sync.WaitGroup, now time.Time) time.Time {
	next := f.nextScan
	var due []*pending
	f.mu.Lock()
	for _, p := range f.claims {
		switch {
		case p.busy:
		case now.Before(p.next):
			next = earlier(next, p.next)
		default:
			due = append(due, p)
		}
	}
	f.mu.Unlock()
	slices.SortFunc(due, func(a, b *pending) int { return strings.Compare(a.claim.DepositID, b.claim.DepositID) })
	for _, p := range due {
		if !f.acquire(ctx) {
			return next
		}
		f.mu.Lock()
		p.busy = true
		f.mu.Unlock()
		all.Go(func() { f.hand(life, p) })
	}
	return next
}

// acquire waits for a hand; stations that wait get one in turn. It is false when ctx is done first.
func (f *folder) acquire(ctx context.Context) bool {
	select {
	case f.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	select {
	case f.w.hands <- struct{}{}:
		return true
	case <-ctx.Done():
		<-f.slots
		return false
	}
}

func (f *folder) release() {
	<-f.w.hands
	<-f.slots
}

// hand makes a claim durable, hands it over and removes it.
func (f *folder) hand(ctx context.Context, p *pending) {
	defer nudge(f.wake)
	defer f.release()
	err := f.secure(p)
	if err == nil {
		err = f.w.intake.Take(ctx, p.claim)
	}
	if err == nil && p.claim.Irregular == "" {
		err = f.discard(p)
	}
	switch {
	case err == nil:
		f.done(p, 1)
	case ctx.Err() != nil:
	case errors.Is(err, fs.ErrNotExist) && f.vanished(p):
		f.log.Error("a claimed file is gone", "deposit", p.claim.DepositID)
		f.done(p, 0)
	default:
		if p.tries == 0 {
			f.log.Warn("a claim could not be taken in; it will be tried again", "deposit", p.claim.DepositID, "reason", blame(err))
		}
		f.again(p, min(retryLongest, retryFirst<<min(p.tries, 10)))
	}
}

// openClaimed opens what was claimed as a file. Who owns the folder may have put a link in its place since, to have us read
// what is not theirs.
func (f *folder) openClaimed(path string) (*os.File, error) {
	place, err := openPlace(f.station.Folder)
	if err != nil {
		return nil, err
	}
	defer place.close()
	file, err := place.root.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errReplaced
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// secure makes the renaming durable. Otherwise a power cut could put the file back to where it was dropped, after it
// was taken in under this id.
func (f *folder) secure(p *pending) error {
	place, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer place.close()
	for _, dir := range []string{p.dir, claimedDir, "."} {
		if err := place.sync(dir); err != nil {
			return fmt.Errorf("sync the folder: %w", err)
		}
	}
	if p.from == "" || p.from == "." {
		return nil
	}
	if err := place.sync(p.from); err != nil && !gone(err) {
		return fmt.Errorf("sync the folder: %w", err)
	}
	return nil
}

// discard removes a claimed file that was taken in. What is no file has no bytes elsewhere, and stays until the clerk is
// told.
func (f *folder) discard(p *pending) error {
	place, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer place.close()
	if err := place.root.Remove(p.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := place.removeDir(p.dir); err != nil {
		return err
	}
	place.makeSpare(f.station.Grouping != dossier.GroupFile)
	return nil
}

// vanished reports whether the folder is there and the claimed file is not.
func (f *folder) vanished(p *pending) bool {
	place, err := openPlace(f.station.Folder)
	if err != nil {
		return false
	}
	defer place.close()
	if _, err := place.root.Lstat(claimedDir); err != nil {
		return false
	}
	_, err = place.root.Lstat(p.path)
	return errors.Is(err, fs.ErrNotExist)
}

func (f *folder) done(p *pending, taken int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.claims, p.claim.DepositID)
	f.taken += taken
	if p.claim.Batch != nil {
		g := f.groupOf(p.claim.Batch)
		g.active = time.Now()
		g.deposits += int(taken)
	}
}

func (f *folder) again(p *pending, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p.busy, p.next = false, time.Now().Add(wait)
	if wait > 0 {
		p.tries++
	}
}
