package scanners

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// rejected is the outcome of a claim that was refused.
func rejected(c dossier.Claim, code dossier.Code, sha string) dossier.Notice {
	return dossier.Notice{Deposit: dossier.Deposit{
		ID: c.DepositID, Station: c.Station, Name: c.Name, SHA256: sha, State: dossier.StateRejected, ReceivedAt: c.ClaimedAt,
		Rejection: &dossier.Reason{Code: code, Page: 2, Detail: "strip 7 lies beyond the end"},
	}}
}

func published(id, name, code string) dossier.Notice {
	return dossier.Notice{
		Deposit: dossier.Deposit{ID: id, Station: "quay-1", Name: name, State: dossier.StatePublished, Warnings: []string{"low_confidence"}},
		Codes:   []string{code}, Pages: 3, Warning: []string{"resolution_guessed", "low_confidence"},
	}
}

func read(t testing.TB, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestARefusedFileLiesInRejectedBesideItsReason(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	b.originals["aa"], b.originals["bb"] = "first", "second"
	first, second := dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "b.pdf"}, dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "b.pdf"}
	b.post(rejected(first, dossier.CodeTruncated, "aa"))
	b.post(rejected(second, dossier.CodeEncrypted, "bb"))
	s := station(dir)
	s.Language = "vi"
	start(t, newWatcher(t, newDesk(), b, s))
	b.told(t)
	b.told(t)
	if got := read(t, dir, "_rejected", "b.pdf"); got != "first" {
		t.Errorf("got %q", got)
	}
	if got := read(t, dir, "_rejected", "b (2).pdf"); got != "second" {
		t.Errorf("got %q", got)
	}
	want := "Tệp b.pdf bị cắt ngang (trang 2), phần cuối không được gửi đến. Vui lòng quét lại giấy tờ hoặc sao chép lại toàn bộ tệp.\r\n"
	if got := read(t, dir, "_rejected", "b.pdf.reason.txt"); got != want {
		t.Errorf("got %q", got)
	}
	var reason map[string]any
	if err := json.Unmarshal([]byte(read(t, dir, "_rejected", "b.pdf.reason.json")), &reason); err != nil {
		t.Fatal(err)
	}
	if reason["code"] != "truncated" || reason["page"] != 2.0 || reason["deposit"] != first.DepositID || reason["sha256"] != "aa" ||
		reason["message"] == "" || reason["detail"] != "strip 7 lies beyond the end" {
		t.Errorf("got %v", reason)
	}
	info, err := os.Stat(filepath.Join(dir, "_rejected", "b.pdf"))
	if err != nil || info.Mode().Perm() != 0o664 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	info, err = os.Stat(filepath.Join(dir, "_rejected"))
	if err != nil || info.Mode().Perm() != 0o775 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestTellingAgainAfterACrashChangesNothing(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	b.originals["aa"] = "first"
	no := rejected(dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "b.pdf"}, dossier.CodeDamaged, "aa")
	yes := published(newID(time.Now()), "c.pdf", "quay-1-20260105-0007")
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	contents := func() map[string]string {
		all := map[string]string{}
		for _, sub := range []string{rejectedDir, receiptsDir} {
			for _, name := range inFolder(t, filepath.Join(dir, sub)) {
				all[name] = read(t, dir, sub, name)
			}
		}
		return all
	}
	tell := func() map[string]string {
		b.post(no)
		b.post(yes)
		b.told(t)
		b.told(t)
		return contents()
	}
	before, after := tell(), tell()
	if len(before) != 7 || len(after) != 7 { // three of the refusal, and two receipts of two files each
		t.Errorf("%d files, then %d", len(before), len(after))
	}
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s: %q, then %q", name, text, after[name])
		}
	}
}

func TestReceiptsGoAfterADay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	receipts := filepath.Join(dir, receiptsDir)
	if err := os.Mkdir(receipts, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{
		"old.pdf.html": 25 * time.Hour, "old.pdf.json": 25 * time.Hour, "old.pdf.txt": 25 * time.Hour, "new.pdf.html": 23 * time.Hour,
		"old.pdf": 25 * time.Hour,
	} {
		path := filepath.Join(receipts, name)
		write(t, path, []byte("x"))
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	start(t, newWatcher(t, newDesk(), newBoard(), station(dir)))
	await(t, "the old receipt's end", func() bool { return slices.Equal(inFolder(t, receipts), []string{"new.pdf.html", "old.pdf"}) })
}

// filesless is a board of which no deposit has a receipt.
type filesless struct{ *board }

func (filesless) Receipt(context.Context, string) (dossier.Receipt, error) {
	return dossier.Receipt{}, nil
}

func TestATicketThatIsRefusedByItselfHasAReasonAndNoReceipt(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	b.originals["aa"] = "ticket"
	b.post(rejected(dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "b.xml"}, dossier.CodeNoPages, "aa"))
	start(t, newWatcher(t, newDesk(), filesless{b}, station(dir)))
	b.told(t)
	if got := read(t, dir, "_rejected", "b.xml"); got != "ticket" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, receiptsDir)); !os.IsNotExist(err) {
		t.Errorf("there are receipts: %v", err)
	}
}

func TestADepositTakenInOnAnotherTryIsNoLongerRejected(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	b.originals["aa"] = "bytes"
	c := dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "a.pdf"}
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	b.post(rejected(c, dossier.CodeWorkerCrashed, "aa"))
	b.told(t)
	b.post(published(c.DepositID, "a.pdf", "d-1"))
	b.told(t)
	if left := inFolder(t, filepath.Join(dir, rejectedDir)); len(left) != 0 {
		t.Errorf("%q are left", left)
	}
}

func TestALinkInPlaceOfAFolderOfOursLeadsNowhere(t *testing.T) {
	t.Parallel()
	dir, outside, b := t.TempDir(), t.TempDir(), newBoard()
	if err := os.Symlink(outside, filepath.Join(dir, rejectedDir)); err != nil {
		t.Fatal(err)
	}
	b.originals["aa"] = "bytes"
	b.post(rejected(dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "a.pdf"}, dossier.CodeDamaged, "aa"))
	b.post(published(newID(time.Now()), "c.pdf", "d-1"))
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	b.told(t) // the one behind it
	if left := inFolder(t, outside); len(left) != 0 {
		t.Errorf("%q were written outside", left)
	}
}

func TestStatusSaysThatOutcomesCanNotBeWritten(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	write(t, filepath.Join(dir, receiptsDir), []byte("in the way"))
	b.post(published(newID(time.Now()), "a.pdf", "d-1"))
	w := newWatcher(t, newDesk(), b, station(dir))
	start(t, w)
	await(t, "the fault", func() bool { return strings.Contains(w.Status()[0].Untold, "not a directory") })
	if err := os.Remove(filepath.Join(dir, receiptsDir)); err != nil {
		t.Fatal(err)
	}
	b.told(t)
	await(t, "the fault's end", func() bool { return w.Status()[0].Untold == "" })
}

func TestARefusalIsTakenBackUnderWhateverNumberItStands(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	b.originals["aa"] = "bytes"
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	var claims []dossier.Claim
	for range 3 {
		c := dossier.Claim{DepositID: newID(time.Now()), Station: "quay-1", Name: "a.pdf"}
		claims = append(claims, c)
		b.post(rejected(c, dossier.CodeWorkerCrashed, "aa"))
		b.told(t)
	}
	for _, end := range []string{"", reasonText, reasonJSON} { // a clerk clears the first away
		if err := os.Remove(filepath.Join(dir, rejectedDir, "a.pdf"+end)); err != nil {
			t.Fatal(err)
		}
	}
	b.post(rejected(claims[1], dossier.CodeWorkerCrashed, "aa")) // told again after a crash
	b.told(t)
	b.post(published(claims[2].DepositID, "a.pdf", "d-1"))
	b.told(t)
	want := []string{"a (2).pdf", "a (2).pdf.reason.json", "a (2).pdf.reason.txt"}
	if left := inFolder(t, filepath.Join(dir, rejectedDir)); !slices.Equal(left, want) {
		t.Errorf("%q are left, want %q", left, want)
	}
}

func TestNamesThatAreTooLongOrNoNamesFit(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", ".", "..", "a/b\x00c", strings.Repeat("đ", 200) + ".pdf", "." + strings.Repeat("x", 300), strings.Repeat("x", 255)} {
		seen := map[string]bool{}
		for i := 1; i <= 3; i++ {
			got := fitting(name, i)
			if len(got+reasonJSON) > nameMost || strings.ContainsAny(got, "/\x00") || got == "" || got == "." || got == ".." || seen[got] {
				t.Errorf("%q, %d fits as %q", name, i, got)
			}
			seen[got] = true
		}
	}
	if got := fitting("a.pdf", 2); got != "a (2).pdf" {
		t.Errorf("got %q", got)
	}
}
