package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
)

func (a *app) searchCommand() *cobra.Command {
	var s catalog.Search
	var order string
	var asJSON bool
	orders := []string{string(catalog.OrderRelevance), string(catalog.OrderNewest), string(catalog.OrderOldest)}
	cmd := &cobra.Command{
		Use:     "search QUERY...",
		Short:   "Find pages by what they say",
		Example: "  dossierd search nguyen thi hoa kind:don-xin from:2026",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(a.oneOf("--order", order, orders), a.positive("--limit", s.Limit)); err != nil {
				return err
			}
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				var err error
				if s.Query, err = search.Parse(strings.Join(args, " ")); err != nil {
					return a.queryFault(err)
				}
				s.Who, s.Order = operator(), catalog.SearchOrder(order)
				found, err := c.Search(cmd.Context(), s)
				if err == nil {
					details := map[string]any{"query": dossier.MaskText(s.Query.String()), "found": found.Total.N}
					err = c.Audit(cmd.Context(), s.Who, catalog.Entry{Action: catalog.ActionSearch, Details: details})
				}
				if err != nil {
					return err
				}
				return a.printFound(asJSON, &found)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&order, "order", orders[0], "`ORDER` of the hits: relevance, newest, oldest")
	flags.IntVar(&s.Limit, "limit", 20, "at most `N`")
	flags.BoolVar(&s.Exact, "exact", false, "only words with the marks they are typed with")
	flags.BoolVar(&asJSON, "json", false, "a JSON object a line")
	completeWith(cmd, "order", orders)
	return cmd
}

func (a *app) queryFault(err error) error {
	var fault *search.SyntaxError
	if errors.As(err, &fault) {
		err = errors.New(fault.Message(a.words.language))
	}
	return &exitError{code: exitUsage, err: err}
}

func (a *app) printFound(asJSON bool, f *catalog.Found) error {
	err := list(a.stdout, asJSON, a.words.say("search_head"), f.Hits, func(h catalog.Hit) []string {
		kind := h.Kind
		if kind == "" {
			kind = "-"
		}
		return []string{h.Code, strconv.Itoa(h.Page), kind, h.ReceivedAt.Local().Format(time.DateOnly), excerpt(&h)}
	})
	if short := f.Shortfall(); short != catalog.ShortOfNone {
		fmt.Fprintln(a.stderr, a.words.say("search_cut_"+string(short)))
	}
	if err != nil || asJSON {
		return err
	}
	total := strconv.Itoa(f.Total.N)
	if !f.Total.Exact {
		total = "~" + total
	}
	fmt.Fprintln(a.stderr, a.words.say("search_total", len(f.Hits), total))
	return nil
}

// excerpt is a line of the page with what was found in brackets.
func excerpt(h *catalog.Hit) string {
	var b strings.Builder
	for _, f := range h.Snippet {
		text := printable(f.Text)
		if f.Mark != search.NoMark {
			text = "[" + text + "]"
		}
		b.WriteString(text)
	}
	return b.String()
}

func (a *app) reindexCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "reindex",
		Short:   "Make the search index anew from the object store, beside a daemon that may be running",
		Example: "  dossierd reindex",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withCatalogue(cmd.Context(), func(cfg *config.Config, c *catalog.Catalog) error {
				store, err := openStore(cmd.Context(), cfg)
				if err != nil {
					return &exitError{code: exitMachine, err: err}
				}
				bar, n := a.progress(), 0
				err = c.Reindex(cmd.Context(), func(ctx context.Context, of catalog.Dossier) ([]catalog.SearchDocument, error) {
					return pipeline.Findable(ctx, store, of)
				}, func(done, total int) {
					n = done
					bar.ChangeMax(total)
					_ = bar.Set(done) // it is only shown
				})
				_ = bar.Clear()
				if err != nil {
					return &exitError{code: exitRejected, err: err}
				}
				fmt.Fprintln(a.stdout, a.words.say("reindexed", n))
				return nil
			})
		},
	}
}

// progress shows how far something is where stderr is a terminal.
func (a *app) progress() *progressbar.ProgressBar {
	file, isFile := a.stderr.(*os.File)
	shown := isFile && term.IsTerminal(int(file.Fd()))
	return progressbar.NewOptions(0, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetVisibility(shown), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth())
}
