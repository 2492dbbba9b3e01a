package scanners

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/ticket"
)

// grouped is a station with the usual times.
func grouped(dir string, grouping dossier.Grouping) Station {
	return Station{
		Name: "quay-1", Folder: dir, Grouping: grouping, Prefix: `^(?P<dossier>[^_]+)_(?P<page>[0-9]+)\.`,
		Ticket: &ticket.Mapping{
			Type: ticket.JSON, Files: "files", Dossier: "code", Procedure: "procedure", Fields: map[string]string{"applicant": "name"},
		},
	}
}

// inBubble runs a test of a polling watcher under a clock that moves while everybody waits.
func inBubble(t *testing.T, s Station, test func(t *testing.T, d *desk, w *Watcher)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		w := newWatcher(t, d, newBoard(), s)
		w.polling = true
		stop := start(t, w)
		time.Sleep(time.Millisecond)
		test(t, d, w)
		stop()
	})
}

func drop(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, append(sample(t, "rgb.png"), name...))
	}
}

// takenIn drains the claims that were taken in, as "key position name", sorted.
func (d *desk) takenIn() []string {
	var all []string
	for len(d.taken) > 0 {
		c := <-d.taken
		b := c.Batch
		if b == nil {
			b = &dossier.Batch{Key: "-"}
		}
		all = append(all, fmt.Sprintf("%s %d %s", b.Key, b.Position, c.Name))
	}
	slices.Sort(all)
	return all
}

func (d *desk) closedKeys() []string {
	var keys []string
	for len(d.closed) > 0 {
		keys = append(keys, <-d.closed)
	}
	slices.Sort(keys)
	return keys
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// waiting is what the status says of batches, as "key: files, waits".
func waiting(w *Watcher) []string {
	var all []string
	for _, b := range w.Status()[0].Batches {
		all = append(all, fmt.Sprintf("%s: %d, %s", b.Key, b.Files, b.Waits))
	}
	slices.Sort(all)
	return all
}

func TestTheStatusOfABatchTellsNoIdentityNumber(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, _ *desk, w *Watcher) {
		drop(t, dir, "Nguyễn Văn A 001089012345/1.png")
		time.Sleep(2*pollInterval + defaultQuiet)
		if got := w.Status()[0].Batches; len(got) != 1 || got[0].Key != "Nguyễn Văn A 001*****2345" {
			t.Errorf("%+v", got)
		}
	})
}

func TestASubfolderIsABatch(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "Nguyễn Văn A/1.png", "Nguyễn Văn A/2.png", "b/1.png", "alone.png", "_kept/1.png", ".hidden/1.png")
		time.Sleep(2*pollInterval + defaultQuiet)
		expect(t, "taken in", d.takenIn(), "- 0 alone.png", "Nguyễn Văn A 0 1.png", "Nguyễn Văn A 0 2.png", "b 0 1.png")
		expect(t, "waiting", waiting(w), "Nguyễn Văn A: 0, more", "b: 0, more")
		drop(t, dir, "b/2.png")
		time.Sleep(defaultBatchQuiet)
		expect(t, "closed first", d.closedKeys(), "Nguyễn Văn A")
		time.Sleep(3 * pollInterval)
		expect(t, "taken in later", d.takenIn(), "b 0 2.png")
		expect(t, "closed later", d.closedKeys(), "b")
		expect(t, "left", inFolder(t, dir), ".hidden", "_kept")
		expect(t, "waiting at the end", waiting(w))
	})
}

func TestWhatAFileManagerKeepsGoesWithTheEmptiedSubfolder(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, d *desk, _ *Watcher) {
		drop(t, dir, "a/1.png", "a/Thumbs.db", "a/desktop.ini", "a/.DS_Store", "a/@eaDir/1.png/thumb.jpg", "a/.done")
		drop(t, dir, "b/1.png", "b/Thumbs.db", "b/.notes", "b/.done", "prepared/.DS_Store")
		time.Sleep(3*pollInterval + defaultQuiet)
		expect(t, "closed", d.closedKeys(), "a", "b")
		expect(t, "left", inFolder(t, dir), "b", "prepared")
		expect(t, "left in b", inFolder(t, filepath.Join(dir, "b")), ".notes", "Thumbs.db")
		if err := os.Remove(filepath.Join(dir, "b/.notes")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3*pollInterval + defaultBatchQuiet)
		expect(t, "left at the end", inFolder(t, dir), "prepared")
	})
}

func TestSubfoldersBeyondTheLimitAreTold(t *testing.T) {
	dir := t.TempDir()
	for i := range subfoldersKept + 2 {
		if err := os.Mkdir(filepath.Join(dir, fmt.Sprint(i)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, _ *desk, w *Watcher) {
		time.Sleep(2 * pollInterval)
		if n := w.Status()[0].Unread; n != 2 {
			t.Errorf("%d are told", n)
		}
		for i := range 2 {
			if err := os.Remove(filepath.Join(dir, fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * pollInterval)
		if n := w.Status()[0].Unread; n != 0 {
			t.Errorf("%d are told once there is room", n)
		}
	})
}

func TestADoneFileClosesASubfolderAtOnce(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, d *desk, _ *Watcher) {
		drop(t, dir, "a/1.png", "a/.done", "empty/.done", "open/1.png")
		time.Sleep(3*pollInterval + defaultQuiet)
		expect(t, "taken in", d.takenIn(), "a 0 1.png", "open 0 1.png")
		expect(t, "closed", d.closedKeys(), "a")
		expect(t, "left", inFolder(t, dir), "open")
	})
}

func TestASubfolderIsNotClosedWhileSomethingInItIsNotWhole(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "a/1.png", "a/.done")
		write(t, filepath.Join(dir, "a/2.png"), sample(t, "rgb.png")[:100])
		drop(t, dir, "b/1.png", "b/2.png.part")
		time.Sleep(defaultBatchQuiet + 3*pollInterval)
		expect(t, "closed early", d.closedKeys())
		expect(t, "waiting", waiting(w), "a: 1, whole", "b: 0, more")
		time.Sleep(defaultIncompleteAfter)
		expect(t, "taken in", d.takenIn(), "a 0 1.png", "a 0 2.png", "b 0 1.png")
		expect(t, "closed", d.closedKeys(), "a", "b")
	})
}

func TestAFolderInASubfolderStaysAndKeepsNothingFromBeingClosed(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupFolder), func(t *testing.T, d *desk, _ *Watcher) {
		drop(t, dir, "a/1.png", "a/deeper/2.png", "a/.done")
		time.Sleep(defaultQuiet + 3*pollInterval)
		expect(t, "taken in", d.takenIn(), "a 0 1.png")
		expect(t, "closed", d.closedKeys(), "a")
		expect(t, "left", inFolder(t, filepath.Join(dir, "a")), "deeper")
	})
}

func TestFilesOfOnePrefixAreABatch(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupPrefix), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "H42_002.png", "H42_1.png", "H43_1.png", "other.png")
		time.Sleep(pollInterval + defaultQuiet + time.Second)
		expect(t, "waiting", waiting(w), "H42: 0, more", "H43: 0, more")
		drop(t, dir, "H43_2.png")
		time.Sleep(defaultBatchQuiet)
		expect(t, "closed first", d.closedKeys(), "H42")
		time.Sleep(2*pollInterval + defaultQuiet)
		expect(t, "closed later", d.closedKeys(), "H43")
		expect(t, "taken in", d.takenIn(), "- 0 other.png", "H42 1 H42_1.png", "H42 2 H42_002.png", "H43 1 H43_1.png", "H43 2 H43_2.png")
	})
}

func TestAPrefixIsWhatTheDossierIsCalledBy(t *testing.T) {
	f := newFolder(&Watcher{log: slog.New(slog.DiscardHandler)}, grouped("/", dossier.GroupPrefix).withDefaults())
	b := f.batchOf("H42_7.png")
	if b == nil || b.Facts.Reference != "H42" || b.Position != 7 {
		t.Errorf("got %+v", b)
	}
}

func TestOfAStreamThePartIsToldThatCollects(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupSeparator), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "1.png")
		time.Sleep(defaultQuiet + 2*pollInterval)
		cut := time.Now().UTC()
		d.mu.Lock()
		d.open = []dossier.OpenBatch{{Grouping: dossier.GroupSeparator, Key: streamKey, OpenedAt: cut, Deposits: 7}}
		d.mu.Unlock()
		time.Sleep(streamRefresh + 2*pollInterval)
		if got := w.Status()[0].Batches; len(got) != 1 || got[0].Deposits != 7 || !got[0].Since.Equal(cut) {
			t.Errorf("%+v", got)
		}
	})
}

func TestAStreamIsTakenInInOrderAndEndsWithAPause(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupSeparator), func(t *testing.T, d *desk, _ *Watcher) {
		begin := time.Now().Add(-time.Hour)
		const files = 30
		for i := range files {
			name := filepath.Join(dir, fmt.Sprintf("%02d.png", files-i)) // their names tell nothing
			write(t, name, append(sample(t, "rgb.png"), byte(i)))
			if err := os.Chtimes(name, begin.Add(time.Duration(i)*time.Second), begin.Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		cut := filepath.Join(dir, "cut.png")
		write(t, cut, sample(t, "rgb.png")[:100])
		if err := os.Chtimes(cut, begin.Add(1500*time.Millisecond), begin.Add(1500*time.Millisecond)); err != nil { // the third
			t.Fatal(err)
		}
		time.Sleep(defaultQuiet + 2*pollInterval)
		if len(d.taken) != 2 {
			t.Errorf("%d were taken in before one that is not whole", len(d.taken))
		}
		time.Sleep(defaultIncompleteAfter)
		var claims []dossier.Claim
		for len(d.taken) > 0 {
			claims = append(claims, <-d.taken)
		}
		slices.SortFunc(claims, func(a, b dossier.Claim) int { return a.ClaimedAt.Compare(b.ClaimedAt) })
		if len(claims) != files+1 || claims[2].Name != "cut.png" {
			t.Fatalf("%d were taken in", len(claims))
		}
		for i := 1; i < len(claims); i++ {
			if !claims[i-1].ModifiedAt.Before(claims[i].ModifiedAt) || !claims[i-1].ClaimedAt.Before(claims[i].ClaimedAt) {
				t.Errorf("%s and %s are not in order", claims[i-1].Name, claims[i].Name)
			}
		}
		time.Sleep(defaultIdle - 10*time.Second)
		expect(t, "closed early", d.closedKeys())
		time.Sleep(10*time.Second + pollInterval)
		expect(t, "closed", d.closedKeys(), streamKey)
	})
}

func putTicket(t *testing.T, dir, name string, files ...string) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"files": files, "code": "H42.16-240112-0003", "name": "Nguyễn Thị Ánh"})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, name), data)
}

func TestATicketAndItsFilesWaitForEachOther(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupTicket), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "2.png", "stray.png")
		time.Sleep(time.Hour)
		expect(t, "waiting for a ticket", waiting(w), ": 2, ticket")
		putTicket(t, dir, "lot.JSON", "2.png", "1.png")
		time.Sleep(time.Hour)
		expect(t, "waiting for a file", waiting(w), ": 1, ticket", "lot: 1, missing")
		if missing := w.Status()[0].Batches; len(missing) != 2 || missing[1].Missing != 1 {
			t.Errorf("status %+v", missing)
		}
		expect(t, "taken in early", d.takenIn())
		drop(t, dir, "1.png")
		time.Sleep(defaultQuiet + 3*pollInterval)
		var ticketClaim dossier.Claim
		d.mu.Lock()
		for _, c := range d.claims {
			if c.Batch.Ticket {
				ticketClaim = c
			} else if c.Batch.Facts.Reference != "" {
				t.Error("the facts stand with every file")
			}
		}
		d.mu.Unlock()
		want := dossier.BatchFacts{Reference: "H42.16-240112-0003", Fields: map[string]string{"applicant": "Nguyễn Thị Ánh"}}
		if ticketClaim.Name != "lot.JSON" || !reflect.DeepEqual(ticketClaim.Batch.Facts, want) {
			t.Errorf("ticket %+v", ticketClaim)
		}
		expect(t, "taken in", d.takenIn(), "lot 0 lot.JSON", "lot 1 2.png", "lot 2 1.png")
		expect(t, "closed", d.closedKeys(), "lot")
		expect(t, "left", inFolder(t, dir), "stray.png")
		expect(t, "sets left", inFolder(t, filepath.Join(dir, setsDir)))
	})
}

func TestATicketThatCanNotBeReadIsRefusedAndItsFilesWait(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupTicket), func(t *testing.T, d *desk, w *Watcher) {
		drop(t, dir, "1.png")
		write(t, filepath.Join(dir, "bad.json"), []byte(`{"files": ["1.png"`))
		if err := os.Symlink("1.png", filepath.Join(dir, "link.json")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(defaultIncompleteAfter / 2)
		expect(t, "taken in before the rest can have come", d.takenIn(), "- 0 link.json")
		time.Sleep(defaultIncompleteAfter)
		c := <-d.taken
		if c.Name != "bad.json" || c.Refused == nil || c.Refused.Code != dossier.CodeBadTicket || c.Batch != nil {
			t.Errorf("claim %+v", c)
		}
		expect(t, "waiting", waiting(w), ": 1, ticket")
	})
}

func TestTwoTicketsOfOneNameAreTwoBatches(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupTicket), func(t *testing.T, d *desk, _ *Watcher) {
		d.setRefusal(errors.New("away"))
		drop(t, dir, "1.png", "2.png")
		putTicket(t, dir, "lot.json", "1.png")
		time.Sleep(defaultQuiet + 3*pollInterval)
		putTicket(t, dir, "lot.json", "2.png")
		time.Sleep(time.Minute)
		if n := len(inFolder(t, dir)); n != 2 {
			t.Errorf("%d files wait, want the second ticket and its file", n)
		}
		d.setRefusal(nil)
		time.Sleep(time.Minute)
		expect(t, "closed", d.closedKeys(), "lot", "lot")
		expect(t, "taken in", d.takenIn(), "lot 0 lot.json", "lot 0 lot.json", "lot 1 1.png", "lot 1 2.png")
	})
}

// leave makes what a process that was killed left of a set.
func leave(t *testing.T, dir, set string, n note, names ...string) {
	t.Helper()
	at := filepath.Join(dir, setsDir, set)
	if err := os.MkdirAll(at, 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	if n.Batch != nil {
		write(t, filepath.Join(at, noteFile), data)
	}
	for _, name := range names {
		write(t, filepath.Join(at, name), append(sample(t, "rgb.png"), name...))
	}
}

func TestASetThatACrashLeftIsGoneOnWith(t *testing.T) {
	of := func(key string, files ...string) note {
		return note{Batch: &dossier.Batch{Grouping: dossier.GroupTicket, Key: key}, Ticket: key + ".json", Files: files}
	}
	for _, grouping := range []dossier.Grouping{dossier.GroupTicket, dossier.GroupFile} {
		t.Run(string(grouping), func(t *testing.T) {
			dir := t.TempDir()
			drop(t, dir, "moved-next.png")
			leave(t, dir, newID(time.Now()), of("begun", "moved.png", "moved-next.png"), "begun.json", "moved.png")
			leave(t, dir, newID(time.Now())+fullSet, of("full", "taken-already.png", "left.png"), "full.json", "left.png")
			leave(t, dir, newID(time.Now()), note{})
			leave(t, dir, newID(time.Now())+fullSet, of("emptied", "a"))
			inBubble(t, grouped(dir, grouping), func(t *testing.T, d *desk, _ *Watcher) {
				time.Sleep(time.Minute)
				want := []string{"begun 0 begun.json", "begun 1 moved.png", "begun 2 moved-next.png", "full 0 full.json", "full 2 left.png"}
				if grouping == dossier.GroupFile { // the settings changed, and what was not moved is a batch of its own
					want = []string{"- 0 moved-next.png", "begun 0 begun.json", "begun 1 moved.png", "full 0 full.json", "full 2 left.png"}
				}
				expect(t, "taken in", d.takenIn(), want...)
				expect(t, "closed", d.closedKeys(), "begun", "full")
				expect(t, "sets left", inFolder(t, filepath.Join(dir, setsDir)))
			})
		})
	}
}

func TestAClaimThatACrashLeftKnowsItsBatch(t *testing.T) {
	dir := t.TempDir()
	id := newID(time.Now())
	claim := filepath.Join(dir, claimedDir, id)
	if err := os.MkdirAll(claim, 0o700); err != nil {
		t.Fatal(err)
	}
	drop(t, claim, "a.png")
	write(t, filepath.Join(claim, noteFile), []byte(`{"batch": {"grouping": "folder", "key": "k", "position": 3}}   `))
	inBubble(t, grouped(dir, dossier.GroupFile), func(t *testing.T, d *desk, _ *Watcher) {
		time.Sleep(defaultBatchQuiet + 3*pollInterval)
		expect(t, "taken in", d.takenIn(), "k 3 a.png")
		expect(t, "closed", d.closedKeys(), "k")
		expect(t, "claims left", claimsLeft(t, dir))
	})
}

func TestWhatTheCatalogueHasOpenIsClosedByItsRule(t *testing.T) {
	dir := t.TempDir()
	drop(t, dir, "here/1.png")
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		for key, grouping := range map[string]dossier.Grouping{
			"gone": dossier.GroupFolder, "here": dossier.GroupFolder, "of another setting": dossier.GroupPrefix,
		} {
			d.open = append(d.open, dossier.OpenBatch{Grouping: grouping, Key: key, OpenedAt: time.Now().Add(-time.Hour), Deposits: 1})
		}
		d.setRefusal(errors.New("the catalogue is away"))
		w := newWatcher(t, d, newBoard(), grouped(dir, dossier.GroupFolder))
		w.polling = true
		stop := start(t, w)
		time.Sleep(time.Minute)
		d.setRefusal(nil)
		time.Sleep(4 * pollInterval)
		expect(t, "closed first", d.closedKeys(), "gone")
		expect(t, "waiting", waiting(w), "here: 0, more", "of another setting: 0, more")
		if got := w.Status()[0].Batches[0]; time.Since(got.Since) < time.Hour || got.Deposits < 1 {
			t.Errorf("status %+v", got)
		}
		time.Sleep(defaultBatchQuiet + pollInterval)
		expect(t, "closed later", d.closedKeys(), "here", "of another setting")
		stop()
	})
}

func TestWhatComesWhileABatchIsBeingClosedBeginsANewOne(t *testing.T) {
	dir := t.TempDir()
	inBubble(t, grouped(dir, dossier.GroupPrefix), func(t *testing.T, d *desk, _ *Watcher) {
		drop(t, dir, "k_1.png")
		time.Sleep(defaultQuiet + pollInterval)
		expect(t, "taken in", d.takenIn(), "k 1 k_1.png")
		gate := make(chan struct{})
		d.mu.Lock()
		d.gate = gate
		d.mu.Unlock()
		time.Sleep(defaultBatchQuiet + pollInterval) // it hangs
		drop(t, dir, "k_2.png")
		time.Sleep(time.Minute)
		expect(t, "taken in meanwhile", d.takenIn())
		close(gate)
		time.Sleep(pollInterval)
		expect(t, "closed", d.closedKeys(), "k")
		expect(t, "taken in after", d.takenIn(), "k 2 k_2.png")
		time.Sleep(defaultBatchQuiet + pollInterval)
		expect(t, "closed again", d.closedKeys(), "k")
	})
}

func TestAStationsGroupingIsToldItsFaults(t *testing.T) {
	for want, s := range map[string]Station{
		"unknown":   {Grouping: "heap"},
		"prefix":    {Grouping: dossier.GroupPrefix, Prefix: "("},
		"dossier":   {Grouping: dossier.GroupPrefix, Prefix: "(?P<page>.)"},
		"ticket is": {Grouping: dossier.GroupTicket},
		"type":      {Grouping: dossier.GroupTicket, Ticket: &ticket.Mapping{}},
		"backs":     {FrontsThenBacks: true},
		"negative":  {Idle: -1},
	} {
		s.Name, s.Folder = "a", "/a"
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
