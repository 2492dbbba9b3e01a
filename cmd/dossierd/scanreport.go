package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
)

// scanLine is what became of one input: a line of --json.
type scanLine struct {
	File       string       `json:"file"`
	Status     string       `json:"status"` // done, rejected
	PDF        string       `json:"pdf,omitempty"`
	Pages      int          `json:"pages,omitempty"`
	Words      int          `json:"words"`
	Confidence float64      `json:"confidence"`
	Seconds    float64      `json:"seconds"`
	Warnings   []string     `json:"warnings"`
	Code       dossier.Code `json:"code,omitempty"`
	Message    string       `json:"message,omitempty"`
	Detail     string       `json:"detail,omitempty"`
}

// MarshalJSON leaves out what a rejection has no use for.
func (l scanLine) MarshalJSON() ([]byte, error) {
	type plain scanLine
	if l.Status != "rejected" {
		return json.Marshal(plain(l))
	}
	return json.Marshal(struct {
		File    string       `json:"file"`
		Status  string       `json:"status"`
		Code    dossier.Code `json:"code"`
		Message string       `json:"message"`
		Detail  string       `json:"detail,omitempty"`
	}{l.File, l.Status, l.Code, l.Message, l.Detail})
}

// doneLine sums up the pages of input i.
func doneLine(m *pipeline.Metadata, i int, in *openInput, pdf string) scanLine {
	line := scanLine{
		File: in.path, Status: "done", PDF: pdf, Seconds: round(time.Since(in.started).Seconds()),
		Warnings: append([]string{}, m.Deposits[i].Warnings...),
	}
	var letters float64
	for _, p := range m.Pages {
		if p.Deposit != i {
			continue
		}
		line.Pages++
		line.Words += p.Words
		line.Confidence += float64(p.Words) * p.Confidence
		letters += float64(p.Words)
		line.Warnings = append(line.Warnings, p.Warnings...)
	}
	if letters > 0 {
		line.Confidence = round(line.Confidence / letters)
	}
	slices.Sort(line.Warnings)
	line.Warnings = slices.Compact(line.Warnings)
	return line
}

func round(x float64) float64 { return math.Round(x*100) / 100 }

// scanReport prints lines in the order of the inputs, and a progress bar where somebody watches.
type scanReport struct {
	app   *app
	flags scanFlags
	bar   *progressbar.ProgressBar

	mu       sync.Mutex
	waiting  map[int][]scanLine
	next     int
	pages    int
	rejected int
	err      error // the first line that could not be printed
}

func newScanReport(a *app, f scanFlags) *scanReport {
	r := &scanReport{app: a, flags: f, waiting: map[int][]scanLine{}}
	if file, ok := a.stderr.(*os.File); ok && term.IsTerminal(int(file.Fd())) && !f.quiet {
		r.bar = progressbar.NewOptions(0, progressbar.OptionSetWriter(file), progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString("p"), progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth())
	}
	return r
}

func (r *scanReport) expect(pages int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages += pages
	if r.bar != nil {
		r.bar.ChangeMax(r.pages)
	}
}

func (r *scanReport) page() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		_ = r.bar.Add(1)
	}
}

func (r *scanReport) done(i int, lines []scanLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[i] = lines
	for {
		lines, ok := r.waiting[r.next]
		if !ok {
			return
		}
		delete(r.waiting, r.next)
		r.next++
		for _, line := range lines {
			r.print(line)
		}
	}
}

func (r *scanReport) print(line scanLine) {
	if r.bar != nil {
		_ = r.bar.Clear()
	}
	if line.Status == "rejected" {
		r.rejected++
		fmt.Fprintln(r.app.stderr, line.Message)
	}
	switch {
	case r.flags.json:
		if err := json.NewEncoder(r.app.stdout).Encode(line); err != nil && r.err == nil {
			r.err = fmt.Errorf("print what became of %s: %w", line.File, err)
		}
	case r.flags.quiet || line.Status == "rejected":
	default:
		fmt.Fprintln(r.app.stdout, r.app.words.say("scan_done", line.File, line.PDF, line.Pages, line.Words, line.Confidence*100))
		for _, code := range line.Warnings {
			fmt.Fprintln(r.app.stdout, "  "+dossier.WarningText(r.app.words.language, code, 0))
		}
	}
}

// close ends the progress bar and says how many inputs were rejected, or that lines were lost on the way out.
func (r *scanReport) close() (rejected int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bar != nil {
		_ = r.bar.Finish()
	}
	return r.rejected, r.err
}
