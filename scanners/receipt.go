package scanners

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dossierd/dossierd/dossier"
)

const (
	receiptHTML = ".html"
	receiptJSON = ".json"
	// thumbsShown is how many thumbnails a receipt has at most, and thumbMost how many bytes one has.
	thumbsShown = 60
	thumbMost   = 64 << 10
)

// outcome is what a receipt says in a word.
type outcome string

const (
	outcomeChecking  outcome = "checking"  // the pages are being looked at
	outcomeGood      outcome = "good"      // nothing has to be scanned again; the pages are being read
	outcomeRescan    outcome = "rescan"    //
	outcomeRejected  outcome = "rejected"  //
	outcomeClean     outcome = "clean"     // a streak on several pages
	outcomeReceived  outcome = "received"  // published
	outcomeDuplicate outcome = "duplicate" //
	// outcomeIncomplete is a dossier that lacks papers of its procedure.
	outcomeIncomplete outcome = "incomplete"
)

// colour and sign say the same, for whoever does not see the one.
func (o outcome) colour() string {
	switch o {
	case outcomeGood, outcomeReceived:
		return "green"
	case outcomeRescan, outcomeRejected:
		return "red"
	default:
		return "amber"
	}
}

func (o outcome) sign() string {
	switch o.colour() {
	case "green":
		return "✓"
	case "red":
		return "✗"
	}
	if o == outcomeChecking {
		return "…"
	}
	return "!"
}

// outcomeOf is the gravest thing that is to be told.
func outcomeOf(r *dossier.Receipt) outcome {
	var states []dossier.State
	var verdicts []dossier.VerdictCode
	looked := true
	for _, f := range r.Files {
		states = append(states, f.Deposit.State)
		if f.Deposit.State == dossier.StateReceived || f.Deposit.State == dossier.StateReading {
			looked = looked && f.Looked
		}
		for _, l := range f.Looks {
			verdicts = append(verdicts, l.Verdicts...)
		}
	}
	duplicate := func(s dossier.State) bool { return s == dossier.StateDuplicate }
	switch {
	case slices.Contains(states, dossier.StateRejected):
		return outcomeRejected
	case slices.ContainsFunc(verdicts, dossier.VerdictCode.AdvisesRescan):
		return outcomeRescan
	case !looked:
		return outcomeChecking
	case slices.Contains(verdicts, dossier.VerdictDirtyGlass):
		return outcomeClean
	case r.InWork():
		return outcomeGood
	case !slices.ContainsFunc(states, func(s dossier.State) bool { return !duplicate(s) }):
		return outcomeDuplicate
	case slices.ContainsFunc(r.Files, func(f dossier.ReceiptFile) bool { return f.Incomplete }):
		return outcomeIncomplete
	}
	return outcomeReceived
}

// receipt is NAME.json, and what NAME.html shows.
type receipt struct {
	Outcome outcome       `json:"outcome"`
	InWork  bool          `json:"in_work"`
	Name    string        `json:"name"`
	Message string        `json:"message"` // headline and advice
	Before  string        `json:"before,omitempty"`
	Notes   []string      `json:"notes,omitempty"` // about the dossiers, each behind its code
	Files   []receiptFile `json:"deposits"`
}

type receiptFile struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	State    dossier.State     `json:"state"`
	Looked   bool              `json:"looked"`
	Dossiers []string          `json:"dossiers,omitempty"`
	Pages    int               `json:"pages,omitempty"`
	Reason   *dossier.Reason   `json:"reason,omitempty"`
	Message  string            `json:"message,omitempty"` // of the reason
	Verdicts []dossier.Verdict `json:"verdicts,omitempty"`
	Slips    []string          `json:"slips,omitempty"` // BATCH:PAGE of pages to be scanned again, for "dossierd cover --rescan"
	Warnings []string          `json:"warnings,omitempty"`
}

// newReceipt says in the clerk's language what there is to say. before is the deposit whose receipt had the name until now.
func newReceipt(language string, r *dossier.Receipt, before string) *receipt {
	o := outcomeOf(r)
	words := receiptWordsIn(language)
	out := &receipt{Outcome: o, InWork: r.InWork(), Name: dossier.DisplayName(r.Name), Before: before}
	for _, f := range r.Files {
		d := f.Deposit
		for _, note := range f.Notes {
			if !slices.Contains(out.Notes, note) {
				out.Notes = append(out.Notes, note)
			}
		}
		file := receiptFile{
			ID: d.ID, Name: dossier.DisplayName(d.Name), State: d.State, Looked: f.Looked, Dossiers: f.Codes, Pages: max(f.Pages, d.Pages),
			Reason: d.Rejection, Warnings: slices.Concat(f.Warning, d.Warnings),
		}
		slices.Sort(file.Warnings)
		file.Warnings = slices.Compact(file.Warnings)
		if d.State == dossier.StateRejected && d.Rejection != nil {
			file.Message = dossier.Message(language, d.Rejection, d.Name)
			if d.Dismissed != nil {
				file.Message += " " + fmt.Sprintf(words.dismissed, dossier.MaskText(d.Dismissed.Reason))
			}
		}
		for _, l := range f.Looks {
			if l.Slip != "" {
				file.Slips = append(file.Slips, l.Slip)
			}
			for _, code := range l.Verdicts {
				file.Verdicts = append(file.Verdicts, dossier.Verdict{Page: l.Number, Code: code, Message: dossier.VerdictText(language, code, 0)})
			}
		}
		out.Files = append(out.Files, file)
	}
	out.Message = words.headline[o] + ". " + out.advice(words)
	return out
}

// advice is what to do; where pages are to be scanned again, which.
func (r *receipt) advice(w receiptWords) string {
	if r.Outcome != outcomeRescan {
		return w.advice[r.Outcome]
	}
	var pages []string
	for _, f := range r.Files {
		for _, v := range f.Verdicts {
			if v.Code.AdvisesRescan() && !slices.Contains(pages, strconv.Itoa(v.Page)) {
				pages = append(pages, strconv.Itoa(v.Page))
			}
		}
	}
	if len(r.Files) > 1 {
		return w.advice[r.Outcome]
	}
	const shown = 12
	if len(pages) > shown {
		pages = append(pages[:shown], "…")
	}
	word := w.page
	if len(pages) > 1 {
		word = w.pages
	}
	return word + " " + strings.Join(pages, ", ") + ". " + w.advice[r.Outcome]
}

// receiptPage is what the template shows.
type receiptPage struct {
	*receipt
	Language, StyleHash    string
	Style                  template.CSS
	Colour, Sign, Headline string
	Advice, Footer         string
	Several                bool
	Words                  struct{ Todo, Facts, Page, Pages string }
	Files                  []shownFile
}

type shownFile struct {
	Name, Message string
	Todo, Shown   []shownPage
	Facts         []fact
}

type shownPage struct {
	Page     int
	Messages []string
	Rescan   bool
	Thumb    template.URL
}

type fact struct{ Word, Value string }

//go:embed receipt.html
var receiptTemplate string

//go:embed receipt.css
var receiptStyle string

var parsedReceipt = sync.OnceValue(func() *template.Template { return template.Must(template.New("receipt").Parse(receiptTemplate)) })

// html draws the receipt: one file that needs nothing beside it and runs nothing.
func (r *receipt) html(language string, of *dossier.Receipt, thumbs map[string]template.URL) ([]byte, error) {
	w := receiptWordsIn(language)
	style := sha256.Sum256([]byte(receiptStyle))
	page := receiptPage{
		receipt: r, Language: w.language, Style: template.CSS(receiptStyle), StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(style[:]),
		Colour: r.Outcome.colour(), Sign: r.Outcome.sign(), Headline: w.headline[r.Outcome], Advice: r.advice(w), Several: len(r.Files) > 1,
		Footer: w.footer,
	}
	page.Words.Todo, page.Words.Facts, page.Words.Page, page.Words.Pages = w.todo, w.facts, w.page, w.pages
	for i, f := range r.Files {
		page.Files = append(page.Files, showFile(w, f, of.Files[i].Looks, thumbs, r.Before))
	}
	var b bytes.Buffer
	if err := parsedReceipt().Execute(&b, page); err != nil {
		return nil, fmt.Errorf("draw receipt: %w", err)
	}
	return b.Bytes(), nil
}

func showFile(w receiptWords, f receiptFile, looks []dossier.PageLook, thumbs map[string]template.URL, before string) shownFile {
	shown := shownFile{Name: f.Name, Message: f.Message}
	rescan := map[int]bool{}
	thumbOf := map[int]template.URL{}
	for _, l := range looks {
		thumbOf[l.Number] = thumbs[l.PageID]
	}
	for _, v := range f.Verdicts {
		if v.Code.AdvisesRescan() {
			rescan[v.Page] = true
		}
		if n := len(shown.Todo); n == 0 || shown.Todo[n-1].Page != v.Page {
			shown.Todo = append(shown.Todo, shownPage{Page: v.Page, Thumb: thumbOf[v.Page]})
		}
		last := &shown.Todo[len(shown.Todo)-1]
		last.Messages, last.Rescan = append(last.Messages, v.Message), rescan[v.Page]
	}
	for _, l := range looks {
		if thumbs[l.PageID] != "" {
			shown.Shown = append(shown.Shown, shownPage{Page: l.Number, Rescan: rescan[l.Number], Thumb: thumbs[l.PageID]})
		}
	}
	add := func(word, value string) {
		if value != "" {
			shown.Facts = append(shown.Facts, fact{word, value})
		}
	}
	add(w.dossier, strings.Join(f.Dossiers, ", "))
	if f.Pages > 0 {
		add(w.count, strconv.Itoa(f.Pages))
	}
	for _, code := range f.Warnings {
		add(w.note, dossier.WarningText(w.language, code, 0))
	}
	const slipsShown = 12
	add(w.slip, strings.Join(f.Slips[:min(len(f.Slips), slipsShown)], ", "))
	add(w.id, f.ID)
	add(w.before, before)
	return shown
}

// thumbnails reads those of the pages that something is wrong with, and then of the others, as many as a receipt shows. One
// that can't be had is left out.
func (f *folder) thumbnails(ctx context.Context, r *dossier.Receipt) map[string]template.URL {
	thumbs := map[string]template.URL{}
	for _, bad := range []bool{true, false} {
		for _, file := range r.Files {
			for _, l := range file.Looks {
				if !l.Thumb || len(l.Verdicts) > 0 != bad || len(thumbs) >= thumbsShown {
					continue
				}
				if data := f.thumbnail(ctx, l.PageID); data != nil {
					thumbs[l.PageID] = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // encoded
				}
			}
		}
	}
	return thumbs
}

func (f *folder) thumbnail(ctx context.Context, pageID string) []byte {
	thumb, err := f.w.outcomes.OpenThumb(ctx, pageID)
	if err != nil {
		return nil
	}
	defer thumb.Close()
	data, err := io.ReadAll(io.LimitReader(thumb, thumbMost+1))
	if err != nil || len(data) > thumbMost {
		return nil
	}
	return data
}

// tellReceipt writes a receipt, of one deposit or more. Of two of one name the later one stands, and names the one
// that stood there before.
func (f *folder) tellReceipt(ctx context.Context, p *place, r *dossier.Receipt) error {
	if err := p.makeDir(receiptsDir); err != nil {
		return err
	}
	id := r.Files[0].Deposit.ID
	name := receiptsDir + "/" + receiptName(r.Name, id)
	earlier := p.readReceipt(name + receiptJSON)
	before := ""
	switch {
	case earlier == nil || len(earlier.Files) == 0:
	case earlier.Files[0].ID == id:
		before = earlier.Before
	case earlier.Files[0].ID > id: // ids sort by time
		return nil
	default:
		before = earlier.Files[0].ID
	}
	out := newReceipt(f.station.Language, r, before)
	page, err := out.html(f.station.Language, r, f.thumbnails(ctx, r))
	if err != nil {
		return err
	}
	machine, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	if err := p.write(name+receiptJSON, id, append(machine, '\n')); err != nil {
		return err
	}
	return p.write(name+receiptHTML, id, page)
}

// receiptName is that of the file or batch. Two that tell different identity numbers may look alike once these are masked: the
// end of the deposit's id keeps them apart. Windows allows no * in a name.
func receiptName(name, id string) string {
	masked := dossier.MaskText(name)
	if masked != name {
		stem, ext := parts(masked)
		masked = strings.ReplaceAll(stem, "*", "x") + " " + id[max(0, len(id)-4):] + ext
	}
	return fitting(masked, 1)
}

// readReceipt returns nil where there is no receipt of ours.
func (p *place) readReceipt(name string) *receipt {
	b, err := p.readSmall(name)
	if err != nil {
		return nil
	}
	r := new(receipt)
	if json.Unmarshal(b, r) != nil {
		return nil
	}
	return r
}

// text joins lines the way every Windows editor shows them.
func text(lines []string) []byte {
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}
