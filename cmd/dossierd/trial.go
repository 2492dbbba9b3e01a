package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/extract/value"
	"github.com/dossierd/dossierd/web/office"
)

// trial says what a kind makes of the pages of a paper beside the kinds that are known.
func (w words) trial(kind *extract.Kind, known *extract.Kinds, pages []*dossier.Page) office.Trial {
	trials, score := kind.Try(pages, nil)
	t := office.Trial{Kind: kind.Name, Score: score, Threshold: kind.Threshold()}
	if other, score := known.With(kind).Recognise(pages[0]); other != "" && other != kind.Name {
		t.Other, t.OtherScore = other, score
	}
	for _, c := range kind.Clues(pages[0], nil) {
		t.Clues = append(t.Clues, office.Clue(c))
	}
	for i := range trials {
		t.Fields = append(t.Fields, w.tried(&trials[i]))
	}
	return t
}

// faultText says in a language why a text is no value.
func faultText(err error, language string) string {
	if f, ok := errors.AsType[*value.Fault](err); ok {
		return f.Message(language)
	}
	return err.Error()
}

func (w words) tried(t *extract.Trial) office.Tried {
	out := office.Tried{Name: t.Name, Title: t.Title(w.language), Required: t.Required, Field: t.Field, Label: t.Label, Page: t.Page, Code: string(t.Why)}
	switch {
	case t.Field != nil:
	case t.Why == extract.WhyInvalid:
		out.Why, out.Detail = w.say("why_invalid"), faultText(t.Err, w.language)
	case t.Why == extract.WhyNoLabel:
		out.Why = w.say("why_no_label", shorten(strings.Join(t.Labels, " | "), 60))
	default:
		out.Why = w.say("why_" + string(t.Why))
	}
	return out
}

// What somebody writes on a page is tried in a child process: patterns and labels can be written that take any time and memory,
// and a goroutine can't be stopped.
const (
	trialTime   = 10 * time.Second
	trialCPU    = 5         // seconds
	trialMemory = 512 << 20 // bytes of data; that of a usual kind takes 40 MiB and 0.1 s
)

// trialWork is what the child is sent.
type trialWork struct {
	office.TrialRequest
	Known []ruleFile `json:"known"` // kinds that are in force; they were checked
}

type ruleFile struct {
	File   string `json:"file"`
	Source string `json:"source"`
}

// tryKind has a child try a kind. Errors: office.ErrBounds, and office.ErrBusy while there is another one.
func (d *daemon) tryKind(ctx context.Context, r office.TrialRequest) (t office.Trial, err error) {
	if !d.trying.TryLock() {
		return t, office.ErrBusy
	}
	defer d.trying.Unlock()
	work := trialWork{TrialRequest: r}
	for _, k := range d.standing.Load().rules.kinds.All() {
		work.Known = append(work.Known, ruleFile{k.File, k.Source})
	}
	in, err := json.Marshal(work)
	if err != nil {
		return t, fmt.Errorf("try a kind: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, ownBinary(), "try-kind")
	cmd.Stdin, cmd.Env = bytes.NewReader(in), []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() != exitMachine {
		return t, fmt.Errorf("try a kind: %w (%w)", office.ErrBounds, err)
	}
	if err == nil {
		err = json.Unmarshal(out, &t)
	}
	if err != nil {
		return t, fmt.Errorf("try a kind: %w", err)
	}
	return t, nil
}

// tryKindCommand is the child's side; people have no use for it. What is wrong but the bounds ends it with exitMachine.
func (a *app) tryKindCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "try-kind",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := a.serveTrial(os.Stdin); err != nil {
				return &exitError{code: exitMachine, err: fmt.Errorf("try a kind: %w", err)}
			}
			return nil
		},
	}
}

func (a *app) serveTrial(in io.Reader) error {
	if err := limitTrial(); err != nil {
		return err
	}
	var work trialWork
	if err := json.NewDecoder(in).Decode(&work); err != nil {
		return err
	}
	t, err := work.do()
	if err != nil {
		return err
	}
	return json.NewEncoder(a.stdout).Encode(t)
}

func limitTrial() error {
	for resource, most := range map[int]uint64{unix.RLIMIT_DATA: trialMemory, unix.RLIMIT_CPU: trialCPU, unix.RLIMIT_CORE: 0} {
		var now unix.Rlimit
		if err := unix.Getrlimit(resource, &now); err != nil {
			return fmt.Errorf("limit resource %d: %w", resource, err)
		}
		most = min(most, now.Max)
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("limit resource %d: %w", resource, err)
		}
	}
	return nil
}

func (w *trialWork) do() (office.Trial, error) {
	kind, err := extract.Parse(w.File, []byte(w.Source))
	if faults := (*extract.Faults)(nil); errors.As(err, &faults) {
		var t office.Trial
		for _, f := range faults.List {
			t.Faults = append(t.Faults, office.RuleFault{Line: f.Line, Key: f.Key, Text: f.Text(w.Language)})
		}
		slices.SortStableFunc(t.Faults, func(a, b office.RuleFault) int { return a.Line - b.Line })
		return t, nil
	}
	known := &extract.Kinds{}
	for _, f := range w.Known {
		k, err := extract.Parse(f.File, []byte(f.Source))
		if err != nil {
			return office.Trial{}, err
		}
		known = known.With(k)
	}
	return wordsFor(w.Language).trial(kind, known, w.Pages), nil
}
