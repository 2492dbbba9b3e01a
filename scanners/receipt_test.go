package scanners

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// inWork is a receipt of a deposit of three pages while it is looked at and read.
func inWork(id, name string, looked bool, verdicts map[int][]dossier.VerdictCode) dossier.Receipt {
	f := dossier.ReceiptFile{Looked: looked, Change: 1, Notice: dossier.Notice{
		Deposit: dossier.Deposit{ID: id, Station: "quay-1", Name: name, State: dossier.StateReading, Pages: 3},
	}}
	for n := 1; n <= 3; n++ {
		f.Looks = append(f.Looks, dossier.PageLook{PageID: fmt.Sprintf("%s-%d", id, n), Number: n, Verdicts: verdicts[n], Thumb: true})
	}
	return dossier.Receipt{Name: name, Files: []dossier.ReceiptFile{f}}
}

// thumb is a thumbnail: paper with rows of print on it.
func thumb(t testing.TB, page int) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 200, 283))
	for i := range img.Pix {
		x, y := i%img.Stride, i/img.Stride
		img.Pix[i] = 246
		if x > 20 && x < 180-(y*7+page*31)%60 && y > 24 && y < 250 && y%9 < 3 && (x*5+y/9*13)%11 > 2 {
			img.Pix[i] = 70
		}
	}
	img.SetGray(0, 0, color.Gray{Y: uint8(page)})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// written shows a receipt to a station of a language and returns what stands in its folder.
func written(t *testing.T, language string, r dossier.Receipt) (page string, machine receipt) {
	t.Helper()
	dir, b := t.TempDir(), newBoard()
	for _, f := range r.Files {
		for _, l := range f.Looks {
			b.thumbs[l.PageID] = thumb(t, l.Number)
		}
	}
	s := station(dir)
	s.Language = language
	b.show(r)
	start(t, newWatcher(t, newDesk(), b, s))
	b.told(t)
	name := receiptName(r.Name, r.Files[0].Deposit.ID)
	if err := json.Unmarshal([]byte(read(t, dir, receiptsDir, name+".json")), &machine); err != nil {
		t.Fatal(err)
	}
	return read(t, dir, receiptsDir, name+".html"), machine
}

func TestAReceiptSaysWhatIsWrongBeforeThePagesAreRead(t *testing.T) {
	t.Parallel()
	r := inWork(newID(time.Now()), "đơn.pdf", false, map[int][]dossier.VerdictCode{2: {dossier.VerdictBlurred}, 3: {dossier.VerdictBlank}})
	page, machine := written(t, "vi", r)
	for _, part := range []string{
		`lang="vi"`, `http-equiv="refresh"`, `class="red"`, "✗", "Quét lại", "Trang 2. ", dossier.VerdictText("vi", dossier.VerdictBlurred, 0),
		dossier.VerdictText("vi", dossier.VerdictBlank, 0), "data:image/jpeg;base64,",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is missing", part)
		}
	}
	if machine.Outcome != outcomeRescan || !machine.InWork || len(machine.Files[0].Verdicts) != 2 || machine.Files[0].Verdicts[0].Page != 2 {
		t.Errorf("got %+v", machine)
	}
}

func TestAReceiptNamesTheSlipByWhichAPageIsScannedAgain(t *testing.T) {
	t.Parallel()
	id := newID(time.Now())
	r := inWork(id, "a.pdf", true, map[int][]dossier.VerdictCode{2: {dossier.VerdictBlurred}})
	r.Files[0].Looks[1].Slip = id + ":2"
	for language, word := range map[string]string{"vi": "Phiếu quét lại", "fr": "Fiche de reprise", "en": "Rescan slip"} {
		page, machine := written(t, language, r)
		if want := "<dt>" + word + "</dt><dd>" + id + ":2</dd>"; !strings.Contains(page, want) || !slices.Equal(machine.Files[0].Slips, []string{id + ":2"}) {
			t.Errorf("%s: %+v", language, machine)
		}
	}
}

func TestAReceiptGoesFromCheckingToReceived(t *testing.T) {
	t.Parallel()
	id := newID(time.Now())
	done := inWork(id, "a.pdf", true, nil)
	done.Files[0].Deposit.State, done.Files[0].Codes, done.Files[0].Warning = dossier.StatePublished, []string{"quay-1-20260105-0007"}, []string{"low_confidence"}
	rejected := inWork(id, "a.pdf", true, nil)
	rejected.Files[0].Deposit.State, rejected.Files[0].Deposit.Rejection = dossier.StateRejected, dossier.Reject(dossier.CodeEncrypted, "")
	again := inWork(id, "a.pdf", true, nil)
	again.Files[0].Deposit.State = dossier.StateDuplicate
	dirty := map[int][]dossier.VerdictCode{3: {dossier.VerdictDirtyGlass}}
	for want, r := range map[outcome]dossier.Receipt{
		outcomeChecking: inWork(id, "a.pdf", false, nil), outcomeGood: inWork(id, "a.pdf", true, nil), outcomeReceived: done,
		outcomeRejected: rejected, outcomeDuplicate: again, outcomeClean: inWork(id, "a.pdf", true, dirty),
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			page, machine := written(t, "fr", r)
			if machine.Outcome != want || strings.Contains(page, "refresh") != machine.InWork {
				t.Errorf("got %+v", machine)
			}
			for _, part := range append(r.Files[0].Codes, want.colour(), want.sign(), receiptWordsIn("fr").headline[want], id) {
				if !strings.Contains(page, part) {
					t.Errorf("%q is missing", part)
				}
			}
		})
	}
}

func TestEveryOutcomeHasItsWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	outcomes := []outcome{outcomeChecking, outcomeGood, outcomeRescan, outcomeRejected, outcomeClean, outcomeReceived, outcomeDuplicate, outcomeIncomplete}
	for _, language := range []string{"vi", "fr", "en"} {
		w := receiptWordsIn(language)
		if w.language != language || len(w.headline) != len(outcomes) || len(w.advice) != len(outcomes) {
			t.Errorf("%s: %d headlines, %d pieces of advice", language, len(w.headline), len(w.advice))
		}
		for _, o := range outcomes {
			if w.headline[o] == "" || !strings.HasSuffix(w.advice[o], ".") {
				t.Errorf("%s, %s: %q, %q", language, o, w.headline[o], w.advice[o])
			}
		}
	}
}

func TestAReceiptNeedsNothingBesideItAndRunsNothing(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)> 001203004567.pdf`
	r := inWork(newID(time.Now()), evil, false, map[int][]dossier.VerdictCode{1: {dossier.VerdictCutOff}})
	page, _ := written(t, "en", r)
	if strings.Contains(page, "<script") || strings.Contains(page, "<img src=x") || strings.Contains(page, "://") {
		t.Error("what the name says is part of the page, or the page asks for something elsewhere")
	}
	for _, src := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(src[1], "data:image/jpeg;base64,") {
			t.Errorf("%.60q", src[1])
		}
	}
	if !strings.Contains(page, "default-src 'none'") {
		t.Error("no policy")
	}
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestThumbnailsOfWhatIsWrongComeFirst(t *testing.T) {
	t.Parallel()
	r := inWork(newID(time.Now()), "a.pdf", true, nil)
	f := &r.Files[0]
	f.Looks = nil
	for n := 1; n <= 100; n++ {
		f.Looks = append(f.Looks, dossier.PageLook{PageID: fmt.Sprintf("p-%d", n), Number: n, Thumb: n != 99})
	}
	f.Looks[97].Verdicts = []dossier.VerdictCode{dossier.VerdictTooDark}
	page, _ := written(t, "en", r)
	last := base64.StdEncoding.EncodeToString([]byte(thumb(t, 98)))
	if n := strings.Count(page, "✓ ") + strings.Count(page, "✗ "); n < thumbsShown || n > thumbsShown+2 || !strings.Contains(html.UnescapeString(page), last) {
		t.Errorf("%d thumbnails, that of the dark page among them: %t", n, strings.Contains(html.UnescapeString(page), last))
	}
}

func TestAReceiptCoversTheFilesOfABatch(t *testing.T) {
	t.Parallel()
	r := inWork(newID(time.Now()), "scan1.pdf", true, nil)
	second := inWork(newID(time.Now()), "scan2.pdf", true, map[int][]dossier.VerdictCode{1: {dossier.VerdictTooLight}})
	r.Name, r.Files = "Nguyễn Văn An", append(r.Files, second.Files...)
	page, machine := written(t, "vi", r)
	if len(machine.Files) != 2 || !strings.Contains(page, "scan1.pdf") || !strings.Contains(page, "scan2.pdf") || machine.Outcome != outcomeRescan {
		t.Errorf("got %+v", machine)
	}
}

func TestAReceiptOfTheSameNameNamesTheOneItReplaces(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	at := time.Now()
	first, second := inWork(newID(at), "a.pdf", true, nil), inWork(newID(at.Add(time.Second)), "a.pdf", false, nil)
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	now := func() (r receipt) {
		t.Helper()
		if err := json.Unmarshal([]byte(read(t, dir, receiptsDir, "a.pdf.json")), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, r := range []dossier.Receipt{first, second, second, first} {
		b.show(r)
		b.told(t)
	}
	if got := now(); got.Files[0].ID != second.Files[0].Deposit.ID || got.Before != first.Files[0].Deposit.ID {
		t.Errorf("got %+v", got)
	}
	if names := inFolder(t, filepath.Join(dir, receiptsDir)); !slices.Equal(names, []string{"a.pdf.html", "a.pdf.json"}) {
		t.Errorf("got %q", names)
	}
	if page := read(t, dir, receiptsDir, "a.pdf.html"); !strings.Contains(page, first.Files[0].Deposit.ID) {
		t.Error("the page does not name the earlier deposit")
	}
	if _, err := os.Stat(filepath.Join(dir, receiptsDir, "a.pdf.txt")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a receipt of the old kind")
	}
}

func TestAReceiptTellsNoIdentityNumber(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), newBoard()
	start(t, newWatcher(t, newDesk(), b, station(dir)))
	at := time.Now()
	one, other := inWork(newID(at), "CCCD 001089012345.pdf", true, nil), inWork(newID(at.Add(time.Second)), "CCCD 001123452345.pdf", true, nil)
	for _, r := range []dossier.Receipt{one, other} {
		r.Files[0].Deposit.State, r.Files[0].Deposit.Rejection = dossier.StateRejected, &dossier.Reason{Code: dossier.CodeDamaged}
		b.show(r)
		b.told(t)
	}
	names := inFolder(t, filepath.Join(dir, receiptsDir))
	if len(names) != 4 {
		t.Errorf("two files have the receipts %q", names)
	}
	for _, name := range names {
		said := name + read(t, dir, receiptsDir, name)
		if strings.Contains(said, "001089012345") || strings.Contains(said, "001123452345") || strings.Count(said, "CCCD 001*****2345") < 2 {
			t.Error(said)
		}
	}
}

func TestAReceiptSaysWhichPapersAreMissing(t *testing.T) {
	r := inWork(newID(time.Now()), "a.pdf", true, nil)
	f := &r.Files[0]
	f.Deposit.State, f.Incomplete = dossier.StatePublished, true
	f.Codes, f.Notes = []string{"H42.16-240112-0003"}, []string{"H42.16-240112-0003: Còn thiếu: Giấy khai sinh (01 bản sao)."}
	page, machine := written(t, "vi", r)
	if !strings.Contains(page, "Còn thiếu giấy tờ") || !strings.Contains(page, "Giấy khai sinh (01 bản sao)") || !strings.Contains(page, `class="amber"`) {
		t.Error(page)
	}
	if machine.Outcome != outcomeIncomplete || !slices.Equal(machine.Notes, f.Notes) {
		t.Errorf("%+v", machine)
	}
}

func TestAReceiptSaysThatNothingMoreIsDoneAboutARefusedFile(t *testing.T) {
	t.Parallel()
	r := inWork(newID(time.Now()), "scan.pdf", true, nil)
	d := &r.Files[0].Deposit
	d.State, d.Rejection = dossier.StateRejected, dossier.Reject(dossier.CodeDamaged, "")
	d.Dismissed = &dossier.Dismissal{By: "anna", Reason: "test page of 001089012345"}
	page, machine := written(t, "fr", r)
	const want = "Ce fichier est classé sans suite : test page of 001*****2345"
	if !strings.HasSuffix(machine.Files[0].Message, want) || !strings.Contains(html.UnescapeString(page), want) {
		t.Errorf("%q", machine.Files[0].Message)
	}
}
