package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/web/office"
)

func (a *app) kindsCommand() *cobra.Command {
	var asJSON bool
	lister := &cobra.Command{
		Use:     "list [DIR...]",
		Short:   "List the built-in kinds, and those in folders",
		Example: "  dossierd kinds list /etc/dossierd/kinds",
		Args:    a.arguments(0, -1),
		RunE: func(_ *cobra.Command, folders []string) error {
			known, err := a.loadKinds(folders...)
			if err != nil {
				return err
			}
			return list(a.stdout, asJSON, a.words.say("kinds_head"), a.kindRows(known), func(k kindRow) []string {
				return []string{k.Name, k.Title, strconv.Itoa(len(k.Fields)), k.File, k.SHA256[:12]}
			})
		},
	}
	lister.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	var f kindFlags
	check := &cobra.Command{
		Use:     "check FILE SCAN",
		Short:   "Try a kind on a scan: each field, where it was found, and why not",
		Example: "  dossierd kinds check permit.yaml permit.jpg -o permit.png",
		Args:    a.arguments(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.checkKind(cmd.Context(), f, args[0], args[1])
		},
	}
	check.Flags().StringVarP(&f.output, "output", "o", "", "also draw each field's box on `FILE`.png")
	check.Flags().StringSliceVarP(&f.languages, "languages", "l", []string{"vie", "fra", "eng"}, "tessdata `NAMES`; of several, one is chosen per page")
	return a.group(&cobra.Command{Use: "kinds", Short: "List kinds of papers, or try one on a scan"}, lister, check)
}

// loadKinds reads the built-in kinds and those of folders.
func (a *app) loadKinds(folders ...string) (*extract.Kinds, error) {
	known, err := readKinds(a.words.language, folders...)
	return known, a.kindFaults(err)
}

// kindFaults puts what is wrong with kinds into the operator's language.
func (a *app) kindFaults(err error) error {
	if err == nil {
		return nil
	}
	if faults := (*extract.Faults)(nil); errors.As(err, &faults) {
		faults.Language = a.words.language
	}
	return &exitError{code: exitUsage, err: err}
}

// kindRow is a kind as a list shows it.
type kindRow struct {
	Name   string   `json:"name"`
	Title  string   `json:"title"`
	Fields []string `json:"fields"`
	File   string   `json:"file"`
	SHA256 string   `json:"sha256"`
}

func (a *app) kindRows(known *extract.Kinds) []kindRow {
	var rows []kindRow
	for _, k := range known.All() {
		rows = append(rows, kindRow{k.Name, k.Title(a.words.language), k.Fields(), k.File, k.SHA256})
	}
	return rows
}

// kindFlags are what `dossierd kinds check` was asked for.
type kindFlags struct {
	output    string
	languages []string
}

// checkKind tries a kind on a scan and tells what came of each clue and field.
func (a *app) checkKind(ctx context.Context, f kindFlags, file, scan string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return &exitError{code: exitUsage, err: a.pathFault(err)}
	}
	kind, err := extract.Parse(file, data)
	if err != nil {
		return a.kindFaults(err)
	}
	if err := a.missingModels(f.languages); err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	readings, err := a.readScan(ctx, f.languages, scan)
	if err != nil {
		return err
	}
	pages := make([]*dossier.Page, 0, len(readings))
	for _, r := range readings {
		pages = append(pages, &r.Page)
	}
	trials, err := a.tellKind(kind, pages)
	if err != nil || f.output == "" {
		return err
	}
	return a.drawKind(f.output, readings, trials)
}

// readScan reads all pages of a file with previews. A file that can't be read is told in the operator's language.
func (a *app) readScan(ctx context.Context, languages []string, path string) ([]*ocr.Reading, error) {
	scratch, err := os.MkdirTemp("", "dossierd-kinds-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	pool, err := ocr.NewPool(poolConfig(1, scratch), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, &exitError{code: exitMachine, err: errors.New(a.words.say("no_page_worker", err))}
	}
	defer pool.Close()
	local := filepath.Join(scratch, "original")
	if err := copyFile(path, local); err != nil {
		return nil, &exitError{code: exitUsage, err: a.pathFault(err)}
	}
	original := ocr.Original{ID: local, Path: local, Name: filepath.Base(path)}
	profile := dossier.Profile{Languages: languages, Level: dossier.Level2u, Preview: true, Limits: dossier.DefaultLimits()}
	contents, err := pool.Open(ctx, original, profile)
	if reason := (*dossier.Reason)(nil); errors.As(err, &reason) {
		return nil, &exitError{code: exitRejected, err: errors.New(dossier.Message(a.words.language, reason, original.Name))}
	} else if err != nil {
		return nil, err
	}
	var readings []*ocr.Reading
	for i, info := range contents.Pages {
		r, err := pool.Read(ctx, original, i+1, info, profile)
		if err != nil {
			return nil, err
		}
		readings = append(readings, r)
	}
	return readings, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// tellKind prints what came of a kind on pages.
func (a *app) tellKind(kind *extract.Kind, pages []*dossier.Page) ([]office.Tried, error) {
	known, err := a.loadKinds()
	if err != nil {
		return nil, err
	}
	t := a.words.trial(kind, known, pages)
	verdict := "kind_recognised"
	if t.Score < t.Threshold {
		verdict = "kind_not_recognised"
	}
	fmt.Fprintln(a.stdout, a.words.say(verdict, t.Kind, t.Score, t.Threshold))
	if t.Other != "" {
		fmt.Fprintln(a.stdout, a.words.say("kind_other", t.Other, t.OtherScore))
	}
	fmt.Fprintln(a.stdout)
	err = list(a.stdout, false, a.words.say("kind_clues_head"), t.Clues, func(c office.Clue) []string {
		return []string{shorten(c.Says, 60), fmt.Sprintf("%+.2f", c.Weight), a.words.say(map[bool]string{true: "yes", false: "no"}[c.Shown])}
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(a.stdout)
	return t.Fields, list(a.stdout, false, a.words.say("kind_fields_head"), t.Fields, a.trialColumns)
}

func (a *app) trialColumns(t office.Tried) []string {
	if f := t.Field; f != nil {
		return []string{
			t.Name, printable(shorten(f.Value, 60)), strconv.FormatFloat(f.Confidence, 'f', 2, 64), strconv.Itoa(f.Page), shorten(f.Rule, 40),
			strings.Join(f.Warnings, " "),
		}
	}
	why := t.Why
	if t.Detail != "" {
		why += ": " + t.Detail
	}
	if t.Required {
		why += " (" + a.words.say("kind_required") + ")"
	}
	return []string{t.Name, "-", "", "", "", printable(why)}
}

// shorten cuts a text for a column.
func shorten(text string, letters int) string {
	runes := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(runes) <= letters {
		return string(runes)
	}
	return string(runes[:letters-1]) + "…"
}
