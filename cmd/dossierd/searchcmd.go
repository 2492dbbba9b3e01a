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

// question is what the command line asks.
type question struct {
	text      string
	order     string
	exact     bool
	limit     int
	all       bool
	asJSON    bool
	server    string // URL of the daemon to ask; "" asks the catalogue
	tokenFile string
}

// asker answers a part of a question: limit hits at most, behind a cursor.
type asker func(ctx context.Context, cursor string, limit int) (catalog.Found, error)

func (a *app) searchCommand() *cobra.Command {
	var q question
	orders := names([]catalog.SearchOrder{catalog.OrderRelevance, catalog.OrderNewest, catalog.OrderOldest})
	cmd := &cobra.Command{
		Use:     "search QUERY...",
		Short:   "Find pages by what they say",
		Example: "  dossierd search nguyen thi hoa kind:don-xin from:2026\n  dossierd search --server https://dossiers.example --token-file token.txt nguyen thi hoa",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := errors.Join(a.oneOf("--order", q.order, orders), a.positive("--limit", q.limit))
			switch given := cmd.Flags().Changed; {
			case err != nil:
				return err
			case q.all && given("limit"):
				return errors.New(a.words.say("flags_together", "--all", "--limit"))
			case q.tokenFile != "" && q.server == "":
				return errors.New(a.words.say("flag_needs", "--token-file", "--server"))
			}
			q.text = strings.Join(args, " ")
			if q.server != "" {
				ask, err := a.askServer(q)
				if err != nil {
					return err
				}
				return a.findAll(cmd.Context(), q, ask)
			}
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				ask, err := a.askCatalogue(c, q)
				if err != nil {
					return err
				}
				return a.findAll(cmd.Context(), q, ask)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&q.order, "order", orders[0], "`ORDER` of the hits: relevance, newest, oldest")
	flags.IntVar(&q.limit, "limit", 20, "at most `N`")
	flags.BoolVar(&q.all, "all", false, "every hit, however many there are")
	flags.BoolVar(&q.exact, "exact", false, "only words with the marks they are typed with")
	flags.BoolVar(&q.asJSON, "json", false, "a JSON object a line")
	flags.StringVar(&q.server, "server", "", "`URL` of the daemon to ask, or settings: the one that those name (default: read the catalogue)")
	flags.StringVar(&q.tokenFile, "token-file", "", "`FILE` that holds the token for --server (default: $DOSSIERD_TOKEN)")
	completeWith(cmd, "order", orders)
	return cmd
}

// askCatalogue has the catalogue answer. However many parts are asked for, the audit log has one search.
func (a *app) askCatalogue(c *catalog.Catalog, q question) (asker, error) {
	query, err := search.Parse(q.text)
	if err != nil {
		return nil, a.queryFault(err)
	}
	who := operator()
	return func(ctx context.Context, cursor string, limit int) (catalog.Found, error) {
		found, err := c.Search(ctx, catalog.Search{
			Query: query, Who: who, Order: catalog.SearchOrder(q.order), Exact: q.exact, Cursor: cursor, Limit: limit,
		})
		if err == nil && cursor == "" {
			details := map[string]any{"query": dossier.MaskText(query.String()), "found": found.Total.N}
			err = c.Audit(ctx, who, catalog.Entry{Action: catalog.ActionSearch, Details: details})
		}
		return found, err
	}, nil
}

// askedAtOnce is how many hits are asked for at a time, at most.
const askedAtOnce = 100

// findAll asks until there are as many hits as are wanted. JSON is printed as it comes; a table waits for its widest row.
func (a *app) findAll(ctx context.Context, q question, ask asker) error {
	var all catalog.Found
	n := 0
	for more := true; more; {
		limit := askedAtOnce
		if !q.all {
			limit = min(limit, q.limit-n)
		}
		found, err := ask(ctx, all.Next, limit)
		if err != nil {
			return err
		}
		n += len(found.Hits)
		all.Total, all.Next, all.Cut = found.Total, found.Next, append(all.Cut, found.Cut...)
		if !q.asJSON {
			all.Hits = append(all.Hits, found.Hits...)
		} else if err := a.printFound(true, &catalog.Found{Hits: found.Hits}); err != nil {
			return err
		}
		more = found.Next != "" && len(found.Hits) > 0 && (q.all || n < q.limit)
	}
	return a.printFound(q.asJSON, &all)
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
