package scanners

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
)

func TestAFileIsTakenInWhicheverWayItComes(t *testing.T) {
	t.Parallel()
	b := sample(t, "three-pages.tif")
	for way, deliver := range map[string]func(t *testing.T, dir string){
		"by rename": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, ".upload"), b)
			if err := os.Rename(filepath.Join(dir, ".upload"), filepath.Join(dir, "a.tif")); err != nil {
				t.Fatal(err)
			}
		},
		"by hard link": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, ".upload"), b)
			if err := os.Link(filepath.Join(dir, ".upload"), filepath.Join(dir, "a.tif")); err != nil {
				t.Fatal(err)
			}
		},
		"in several writes": func(t *testing.T, dir string) {
			for i := 0; i < len(b); i += 100 {
				f, err := os.OpenFile(filepath.Join(dir, "a.tif"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.Write(b[i:min(len(b), i+100)]); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(way, func(t *testing.T) {
			dir, d := t.TempDir(), newDesk()
			w := newWatcher(t, d, newBoard(), station(dir))
			start(t, w)
			arrived(t, w, "quay-1")
			if !w.Status()[0].Inotify {
				t.Error("no events on a local folder")
			}
			deliver(t, dir)
			if c := d.next(t); c.Name != "a.tif" || c.Station != "quay-1" || c.Department != "so-tu-phap" || d.bytesOf(c) != string(b) {
				t.Errorf("got %+v", c)
			}
			await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
			if names := inFolder(t, dir); slices.Contains(names, "a.tif") {
				t.Errorf("%q are still there", names)
			}
			await(t, "a count of it", func() bool { s := w.Status()[0]; return s.Taken == 1 && s.Claimed == 0 })
		})
	}
}

func TestNamesOfEveryKindWork(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	b := string(sample(t, "rgb.png"))
	wanted := map[string]string{ // by name in the claim
		"-rf *.png": "-rf *.png", "a b  c.png": "a b  c.png", "đơn xin cấp.png": "đơn xin cấp.png",
		"do\u031b\u0301.png": "do\u031b\u0301.png", "two\nlines.png": "two\nlines.png", "d%E9c%E8s.png": "d\xe9c\xe8s.png",
		"back\\slash.png": "back\\slash.png", "no extension": "no extension", "~x.png": "~x.png", "_rejected": "_rejected",
		strings.Repeat("x", 251) + ".png": strings.Repeat("x", 251) + ".png",
	}
	for _, name := range wanted {
		write(t, filepath.Join(dir, name), []byte(b+name))
	}
	start(t, newWatcher(t, d, newBoard(), station(dir)))
	for range wanted {
		c := d.next(t)
		name, ok := wanted[c.Name]
		if !ok || d.bytesOf(c) != b+name {
			t.Errorf("%q came with other bytes", c.Name)
		}
		delete(wanted, c.Name)
	}
	await(t, "an empty folder", func() bool { return len(inFolder(t, dir)) == 0 })
}

func TestWhatIsNotForUsIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	alone := []string{
		".hidden.pdf", ".~lock", "~$letter.docx", "a.tmp", "a.PART", "a.partial", "a.crdownload", "a.filepart",
		"Thumbs.db", "desktop.ini", ".DS_Store",
	}
	for _, name := range alone {
		write(t, filepath.Join(dir, name), sample(t, "rgb.png"))
	}
	for _, sub := range []string{"@eaDir", "_rejected", "_receipts", "archive"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, sub, "inside.png"), sample(t, "rgb.png"))
		alone = append(alone, sub)
	}
	write(t, filepath.Join(dir, "zz.png"), sample(t, "rgb.png"))
	start(t, newWatcher(t, d, newBoard(), station(dir)))
	if c := d.next(t); c.Name != "zz.png" {
		t.Errorf("%s was claimed", c.Name)
	}
	await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
	slices.Sort(alone)
	if names := inFolder(t, dir); !slices.Equal(names, alone) {
		t.Errorf("%q are left", names)
	}
}

func TestTheOldestFileGoesFirst(t *testing.T) {
	t.Parallel()
	f, now := newFolder(newWatcher(t, nil, nil), station("")), time.Now()
	for name, age := range map[string]int64{"b": 2, "a": 1, "c": 3, "d": 1, "not due": 9} {
		f.files[name] = &sighting{stamp: stamp{modified: -age}, due: now}
	}
	f.files["not due"].due = now.Add(1)
	if got := f.dueFiles(now); !slices.Equal(got, []string{"c", "b", "a", "d"}) {
		t.Errorf("got %q", got)
	}
}

func TestLookingForWritersDoesNotDisturbThem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.png")
	write(t, path, nil)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	ended := make(chan error)
	go func() {
		for range 2000 {
			w, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	for seen := 0; ; {
		if openForWriting(file) {
			seen++
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
			t.Logf("a writer was seen %d times", seen)
			return
		default:
		}
	}
}

func TestWhatIsNoFileIsClaimedWithoutBeingOpened(t *testing.T) {
	t.Parallel()
	dir, d, b := t.TempDir(), newDesk(), newBoard()
	outside := filepath.Join(t.TempDir(), "secret")
	write(t, outside, []byte("secret"))
	if err := errors.Join(os.Symlink(outside, filepath.Join(dir, "link.pdf")), unix.Mkfifo(filepath.Join(dir, "pipe.pdf"), 0o644)); err != nil {
		t.Fatal(err)
	}
	start(t, newWatcher(t, d, b, station(dir)))
	kinds := map[string]string{}
	for range 2 {
		c := d.next(t)
		kinds[c.Name] = c.Irregular
		b.post(rejected(c, "not_a_file", ""))
	}
	if kinds["link.pdf"] != "symlink" || kinds["pipe.pdf"] != "fifo" {
		t.Errorf("got %v", kinds)
	}
	b.told(t)
	b.told(t)
	await(t, "the end of the claims", func() bool { return len(claimsLeft(t, dir)) == 0 })
	if target, err := os.Readlink(filepath.Join(dir, rejectedDir, "link.pdf")); target != outside || err != nil {
		t.Errorf("the link in _rejected leads to %q, %v", target, err)
	}
	if info, err := os.Lstat(filepath.Join(dir, rejectedDir, "pipe.pdf")); err != nil || irregular(info.Mode()) != "fifo" {
		t.Errorf("the pipe in _rejected: %v, %v", info, err)
	}
	reason, err := os.ReadFile(filepath.Join(dir, rejectedDir, "link.pdf.reason.txt"))
	if err != nil || !strings.HasPrefix(string(reason), "link.pdf is a link") {
		t.Errorf("got %q, %v", reason, err)
	}
}

func TestAFolderThatVanishesIsReportedAndPickedUpAgain(t *testing.T) {
	t.Parallel()
	parent, d := t.TempDir(), newDesk()
	dir, aside := filepath.Join(parent, "quay-1"), filepath.Join(parent, "aside")
	w := newWatcher(t, d, newBoard(), station(dir))
	start(t, w)
	isAway := func() bool { return w.Status()[0].Reason != "" }
	await(t, "a report of the folder that was never there", isAway)
	if s := w.Status()[0]; s.Since.IsZero() || time.Since(s.Since) > patient || s.Reason != "open: no such file or directory" {
		t.Errorf("got %+v", s)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.png"), sample(t, "rgb.png"))
	if c := d.next(t); c.Name != "a.png" {
		t.Errorf("got %+v", c)
	}
	if s := w.Status()[0]; s.Reason != "" || !s.Since.IsZero() {
		t.Errorf("got %+v", s)
	}
	await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	await(t, "a report of the folder that vanished", isAway)
	write(t, filepath.Join(aside, "b.png"), sample(t, "rgb.png"))
	if err := os.Rename(aside, dir); err != nil {
		t.Fatal(err)
	}
	if c := d.next(t); c.Name != "b.png" {
		t.Errorf("got %+v", c)
	}
}

func TestAFolderThatIsUnmountedIsNotTakenForAnEmptyOne(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	mount := func() {
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
			t.Skip("mounting is not allowed here: ", err)
		}
	}
	mount()
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	w := newWatcher(t, d, newBoard(), station(dir))
	start(t, w)
	arrived(t, w, "quay-1")
	write(t, filepath.Join(dir, "a.png"), sample(t, "rgb.png"))
	d.next(t)
	await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
	await(t, "a moment in which the watcher does not hold it", func() bool { return unix.Unmount(dir, 0) == nil })
	await(t, "a report", func() bool { return w.Status()[0].Reason == errNotMounted.Error() })
	if left := inFolder(t, dir); len(left) != 0 {
		t.Errorf("%q were put where nothing is mounted", left)
	}
	mount()
	write(t, filepath.Join(dir, "b.png"), sample(t, "rgb.png"))
	if c := d.next(t); c.Name != "b.png" {
		t.Errorf("got %+v", c)
	}
}

func TestAFolderWhoseFileSystemDoesNotAnswerIsReported(t *testing.T) {
	t.Parallel()
	f := newFolder(newWatcher(t, nil, nil), station("/srv/quay-1"))
	answered := f.asking()
	f.busySince = f.busySince.Add(-answerTime - time.Second)
	if s := f.status(); s.Reason != "the file system does not answer" || s.Since != f.busySince {
		t.Errorf("got %+v", s)
	}
	answered()
	if s := f.status(); s.Reason != "" {
		t.Errorf("got %+v", s)
	}
}

func TestAClaimThatIsNotTakenInIsTriedAgain(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	d.setRefusal(errors.New("object storage is away"))
	w := newWatcher(t, d, newBoard(), station(dir))
	start(t, w)
	const files = 3 * claimsMost
	for i := range files {
		write(t, filepath.Join(dir, fmt.Sprintf("%02d.png", i)), sample(t, "rgb.png"))
	}
	await(t, "the first claims", func() bool { return w.Status()[0].Claimed == claimsMost })
	d.setRefusal(nil)
	for range files {
		d.next(t)
	}
	await(t, "an empty folder", func() bool { return len(inFolder(t, dir)) == 0 && len(claimsLeft(t, dir)) == 0 })
	if len(d.claims) != files {
		t.Errorf("%d claims of %d files", len(d.claims), files)
	}
}

func TestWithoutDiskSpaceNothingIsClaimed(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	w := newWatcher(t, d, newBoard(), station(dir))
	free := make(chan int64, 1)
	free <- 99 << 20
	w.disk.floor = 100 << 20
	w.disk.free = func() (int64, error) {
		n := <-free
		free <- n
		return n, nil
	}
	write(t, filepath.Join(dir, "a.png"), sample(t, "rgb.png"))
	start(t, w)
	await(t, "the sighting", func() bool { return w.Status()[0].Waiting == 1 })
	if s := w.Status()[0]; s.Paused != "99 MiB of disk space free, 100 MiB must stay free" {
		t.Errorf("got %+v", s)
	}
	<-free
	free <- 105 << 20
	w.disk.check()
	if w.disk.reason() == "" {
		t.Error("goes on too soon")
	}
	if len(d.taken) != 0 {
		t.Error("claimed without space")
	}
	<-free
	free <- 110 << 20
	d.next(t)
	if s := w.Status()[0]; s.Paused != "" {
		t.Errorf("got %+v", s)
	}
}

func TestStationsComeAndGoWhileRunning(t *testing.T) {
	t.Parallel()
	one, two, d := t.TempDir(), t.TempDir(), newDesk()
	w := newWatcher(t, d, newBoard(), station(one))
	start(t, w)
	write(t, filepath.Join(one, "a.png"), sample(t, "rgb.png"))
	d.next(t)
	second := station(two)
	second.Name = "quay-2"
	changed := station(one)
	changed.Department = "so-y-te"
	if err := w.SetStations([]Station{changed, second}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(two, "b.png"), sample(t, "rgb.png"))
	if c := d.next(t); c.Station != "quay-2" {
		t.Errorf("got %+v", c)
	}
	write(t, filepath.Join(one, "c.png"), sample(t, "rgb.png"))
	if c := d.next(t); c.Department != "so-y-te" {
		t.Errorf("got %+v", c)
	}
	if err := w.SetStations([]Station{second}); err != nil {
		t.Fatal(err)
	}
	await(t, "the first station to go", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.folders) == 1
	})
	write(t, filepath.Join(one, "d.png"), sample(t, "rgb.png"))
	write(t, filepath.Join(two, "e.png"), sample(t, "rgb.png"))
	if c := d.next(t); c.Name != "e.png" {
		t.Errorf("got %+v", c)
	}
	if err := w.SetStations([]Station{second, second}); err == nil || len(w.Status()) != 1 {
		t.Errorf("two stations of one name: %v", err)
	}
}

func TestAFaultyStationIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	_, err := New(Config{Stations: []Station{{Name: "Quầy 1", Language: "de", Quiet: -1, IncompleteAfter: -1}}}, nil, nil, nil)
	for _, part := range []string{"name must be", "folder is missing", `"de"`, "quiet", "incomplete_after"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not named in: %v", part, err)
		}
	}
}

func TestAStationWithoutRoomIsEmptied(t *testing.T) {
	for _, grouping := range []dossier.Grouping{dossier.GroupFile, dossier.GroupSeparator} {
		t.Run(string(grouping), func(t *testing.T) {
			t.Parallel()
			emptiedWithoutRoom(t, grouping)
		})
	}
}

func emptiedWithoutRoom(t *testing.T, grouping dossier.Grouping) {
	dir, d := t.TempDir(), newDesk()
	mountSmall(t, dir)
	s := station(dir)
	s.Grouping = grouping
	stop := start(t, newWatcher(t, d, newBoard(), s))
	write(t, filepath.Join(dir, "before.png"), sample(t, "rgb.png"))
	d.next(t)
	await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
	stop()
	for i := range 3 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.png", i)), append(sample(t, "rgb.png"), make([]byte, 1<<20)...))
	}
	f, err := os.Create(filepath.Join(dir, ".fill"))
	for size := 1 << 20; err == nil && size > 0; {
		if _, full := f.Write(make([]byte, size)); full != nil {
			size /= 2
		}
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o700); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the file system is not full: %v", err)
	}
	var log bytes.Buffer
	w, err := New(Config{Stations: []Station{s}}, d, newBoard(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	stop = start(t, w)
	for range 3 {
		if c := d.next(t); (c.Batch != nil) != (grouping == dossier.GroupSeparator) {
			t.Errorf("batch %+v", c.Batch)
		}
	}
	stop()
	if n := strings.Count(log.String(), "no space left"); n > 1 {
		t.Errorf("one fault is logged %d times:\n%s", n, log.String())
	}
}

// mountSmall mounts a small file system of the usual kind on dir.
func mountSmall(t testing.TB, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounts a file system, which only root may")
	}
	image := filepath.Join(t.TempDir(), "image")
	for _, args := range [][]string{
		{"truncate", "-s", "16M", image},
		{"mkfs.ext4", "-q", "-m", "0", image},
		{"mount", "-o", "loop", image, dir},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%s: %v: %s", args[0], err, out)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "--lazy", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
}
