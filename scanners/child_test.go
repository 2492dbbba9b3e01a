package scanners

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ledger takes claims in durably: a file for each deposit id, made all at once.
type ledger struct {
	fileDesk
	dir string
}

func (l ledger) Take(_ context.Context, c dossier.Claim) error {
	b, err := contents(c)
	if err != nil {
		return err
	}
	path := filepath.Join(l.dir, c.DepositID)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	sum := sha256.Sum256(b)
	temp := filepath.Join(l.dir, ".tmp-"+c.DepositID)
	if err := os.WriteFile(temp, []byte(c.Name+" "+hex.EncodeToString(sum[:])), 0o644); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// runChild watches a folder until it is killed. spec is the folder and where the ledger lies.
func runChild(spec string) {
	folder, books, _ := strings.Cut(spec, "|")
	w, err := New(Config{Stations: []Station{station(folder)}, Data: books}, ledger{dir: books}, newBoard(), slog.New(slog.DiscardHandler))
	if err == nil {
		err = w.Run(context.Background())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func child(t testing.TB, folder, books string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DOSSIERD_SCANNERS_CHILD="+folder+"|"+books)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestAKilledWatcherLosesNothingAndTakesNothingInTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	dir, books := t.TempDir(), t.TempDir()
	const files = 3000
	image := sample(t, "rgb.png")
	write(t, filepath.Join(dir, "0000.png"), image)
	dropped := 1
	for left := true; left; {
		cmd := child(t, dir, books)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond) // when it dies is the experiment
			_ = cmd.Process.Signal(syscall.SIGKILL)
			_ = cmd.Wait()
		}()
		for range min(200, files-dropped) {
			write(t, filepath.Join(dir, fmt.Sprintf("%04d.png", dropped)), append(bytes.Clone(image), fmt.Sprint(dropped)...))
			dropped++
		}
		<-killed
		left = dropped < files || len(inFolder(t, dir)) > 0 || len(claimsLeft(t, dir)) > 0
	}
	seen := map[string]bool{}
	entries := inFolder(t, books)
	for _, id := range entries {
		if strings.HasPrefix(id, ".tmp-") {
			continue
		}
		line := read(t, books, id)
		if seen[line] {
			t.Errorf("%s was taken in twice", line)
		}
		seen[line] = true
	}
	if len(seen) != files {
		t.Errorf("%d of %d files were taken in", len(seen), files)
	}
}

func TestWhatADeadWatcherLeftIsTakenInUnderItsID(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	at := time.Now().Add(-time.Hour)
	renamed, made, removed := newID(at), newID(at), newID(at)
	for _, id := range []string{renamed, made, removed, "not-a-claim"} {
		if err := os.MkdirAll(filepath.Join(dir, claimedDir, id), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, claimedDir, renamed, "a.png"), sample(t, "rgb.png"))
	write(t, filepath.Join(dir, claimedDir, "not-a-claim", "b.png"), sample(t, "rgb.png"))
	start(t, newWatcher(t, d, newBoard(), station(dir)))
	c := d.next(t)
	if c.DepositID != renamed || c.Name != "a.png" || !c.ClaimedAt.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("got %+v", c)
	}
	await(t, "the end of the claims", func() bool { return slices.Equal(claimsLeft(t, dir), []string{"not-a-claim"}) })
	if len(d.claims) != 1 {
		t.Errorf("%d claims", len(d.claims))
	}
}

func TestAClaimTakenInBeforeTheCrashIsRemovedAndNotTakenInAgain(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	id := newID(time.Now())
	d.claims[id] = dossier.Claim{DepositID: id}
	if err := os.MkdirAll(filepath.Join(dir, claimedDir, id), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, claimedDir, id, "a.png"), sample(t, "rgb.png"))
	start(t, newWatcher(t, d, newBoard(), station(dir)))
	await(t, "the end of the claim", func() bool { return len(claimsLeft(t, dir)) == 0 })
	if len(d.taken) != 0 {
		t.Error("taken in again")
	}
}

func TestAFileThatMayNotBeReadWaitsWhileOthersGo(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("needs root to become somebody who may not read everything")
	}
	base, err := os.MkdirTemp("/tmp", "scanners-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	binary := filepath.Join(base, "scanners.test")
	copyFile(t, os.Args[0], binary)
	dir, books := filepath.Join(base, "quay-1"), filepath.Join(base, "books")
	const nobody = 65534
	for _, path := range []string{dir, books} {
		if err := errors.Join(os.Mkdir(path, 0o755), os.Chown(path, nobody, nobody)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(base, 0o755), os.Chmod(binary, 0o755)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.png"), sample(t, "rgb.png"))
	write(t, filepath.Join(dir, "b.png"), sample(t, "rgb.png"))
	if err := os.Chmod(filepath.Join(dir, "a.png"), 0); err != nil {
		t.Fatal(err)
	}
	cmd := child(t, dir, books)
	cmd.Path = binary
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	await(t, "the other file's end", func() bool { return len(inFolder(t, books)) == 1 })
	if left := inFolder(t, dir); !slices.Equal(left, []string{"a.png"}) {
		t.Errorf("%q are left", left)
	}
	if err := os.Chmod(filepath.Join(dir, "a.png"), 0o644); err != nil {
		t.Fatal(err)
	}
	await(t, "the file's end", func() bool { return len(inFolder(t, books)) == 2 })
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, b)
}

func TestALinkInPlaceOfAClaimedFileIsNotFollowed(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDesk()
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, []byte("not the station's"))
	d.setRefusal(errors.New("storage is away"))
	w := newWatcher(t, d, newBoard(), station(dir))
	stop := start(t, w)
	write(t, filepath.Join(dir, "a.png"), sample(t, "rgb.png"))
	await(t, "the claim", func() bool { return w.Status()[0].Claimed == 1 })
	claimed := filepath.Join(dir, claimedDir, claimsLeft(t, dir)[0], "a.png")
	if err := errors.Join(os.Remove(claimed), os.Symlink(secret, claimed)); err != nil {
		t.Fatal(err)
	}
	d.setRefusal(nil)
	time.Sleep(3 * retryFirst) // that nothing comes of it is what is tested
	stop()
	if len(d.taken) > 0 {
		t.Errorf("taken in: %q", d.bytesOf(d.next(t)))
	}
	start(t, newWatcher(t, d, newBoard(), station(dir)))
	if c := d.next(t); c.Irregular != "symlink" {
		t.Errorf("got %+v", c)
	}
}
