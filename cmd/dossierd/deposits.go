package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// openCatalogue opens the catalogue that the settings name, beside a daemon that may be running.
func openCatalogue(ctx context.Context, cfg *config.Config, log *slog.Logger) (*catalog.Catalog, error) {
	c, err := catalog.Open(ctx, catalogueConfig(cfg), log)
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	c.SetLocation(cfg.Location)
	return c, nil
}

// withCatalogue is the frame of the commands that look into the catalogue and need no daemon.
func (a *app) withCatalogue(ctx context.Context, do func(*config.Config, *catalog.Catalog) error) error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	// Only the daemon makes one: it would be this user's, who may not be the daemon's.
	if at := catalogueConfig(cfg); at.Type == "sqlite" {
		if _, err := os.Stat(at.Path); errors.Is(err, fs.ErrNotExist) {
			return &exitError{code: exitMachine, err: errors.New(a.words.say("no_catalogue", cfg.Data))}
		}
	}
	c, err := openCatalogue(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	names := make([]catalog.Subscriber, 0, len(cfg.Subscribers))
	for _, s := range cfg.Subscribers {
		names = append(names, catalog.Subscriber{Name: s.Name, Events: eventTypes(s.Events)})
	}
	c.SetSubscribers(names)
	return errors.Join(do(cfg, c), c.Close())
}

func (a *app) depositsCommand() *cobra.Command {
	filter := catalog.DepositFilter{Scope: catalog.Everything()}
	var asJSON bool
	var state string
	states := names(dossier.States())
	lister := &cobra.Command{
		Use:     "list",
		Short:   "List deposits, newest first",
		Example: "  dossierd deposits list --state rejected",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.filter(state, states, filter.Limit); err != nil {
				return err
			}
			filter.State = dossier.State(state)
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				deposits, err := c.Deposits(cmd.Context(), filter)
				if err != nil {
					return err
				}
				for i := range deposits {
					deposits[i] = shown(deposits[i])
				}
				return list(a.stdout, asJSON, a.words.say("deposits_head"), deposits, func(d dossier.Deposit) []string {
					state := string(d.State)
					if d.Rejection != nil {
						state += " (" + string(d.Rejection.Code) + ")"
					}
					if d.Dismissed != nil {
						state += " " + a.words.say("is_dismissed")
					}
					return []string{d.ID, d.Station, printable(d.Name), state, strings.Join(d.Dossiers, ", "), d.ReceivedAt.Local().Format(time.DateTime)}
				})
			})
		},
	}
	flags := lister.Flags()
	flags.StringVar(&state, "state", "", "only those in `STATE`: "+strings.Join(states, ", "))
	flags.StringVar(&filter.Station, "station", "", "only those of `NAME`")
	flags.IntVar(&filter.Limit, "limit", 50, "at most `N`")
	flags.BoolVar(&asJSON, "json", false, "a JSON object a line")
	completeWith(lister, "state", states)
	about := &cobra.Command{Use: "deposits", Short: "List deposits, show one, or see to refused ones"}
	return a.group(about, lister, &cobra.Command{
		Use:     "show ID",
		Short:   "Show one deposit as JSON",
		Example: "  dossierd deposits show 01h2x...",
		Args:    a.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				d, err := c.Deposit(cmd.Context(), args[0])
				if err != nil {
					return a.depositFault(args[0], err)
				}
				out := json.NewEncoder(a.stdout)
				out.SetIndent("", "  ")
				return out.Encode(shown(d))
			})
		},
	}, a.requeueCommand(), a.assignCommand(), a.dismissCommand())
}

func (a *app) depositFault(id string, err error) error {
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		err = errors.New(a.words.say("no_such_deposit", id))
	case errors.Is(err, catalog.ErrNotRejected):
		err = errors.New(a.words.say("not_refused", id))
	}
	return &exitError{code: exitUsage, err: err}
}

// shown is a deposit as far as anybody at a terminal may see it.
func shown(d dossier.Deposit) dossier.Deposit {
	d.Name = dossier.MaskText(d.Name)
	if d.Dismissed != nil {
		dismissed := *d.Dismissed
		dismissed.Reason = dossier.MaskText(dismissed.Reason)
		d.Dismissed = &dismissed
	}
	return d
}

// printable makes text from outside safe for a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
