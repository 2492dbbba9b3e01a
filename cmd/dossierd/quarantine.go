package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// seeTo does something with refused deposits, and says of each what was done; word is the sentence. The first that it can't be done with
// is the error, once all others are done.
func (a *app) seeTo(ctx context.Context, ids []string, word string, do func(*catalog.Catalog) ([]catalog.Refused, error)) error {
	return a.withCatalogue(ctx, func(_ *config.Config, c *catalog.Catalog) error {
		refused, err := do(c)
		if err != nil {
			return err
		}
		faults := map[string]error{}
		for _, r := range refused {
			faults[r.ID] = r.Err
		}
		var first error
		for _, id := range ids {
			if fault := faults[id]; fault == nil {
				fmt.Fprintln(a.stdout, a.words.say(word, id))
			} else if first == nil {
				first = a.depositFault(id, fault)
			}
		}
		return first
	})
}

func (a *app) requeueCommand() *cobra.Command {
	var how dossier.Retry
	cmd := &cobra.Command{
		Use:     "requeue ID...",
		Short:   "Try refused deposits again",
		Example: "  dossierd deposits requeue 01h2x...\n  dossierd deposits requeue --plain 01h2x...",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.seeTo(cmd.Context(), args, "requeued", func(c *catalog.Catalog) ([]catalog.Refused, error) {
				return c.Requeue(cmd.Context(), operator(), args, &how)
			})
		},
	}
	cmd.Flags().BoolVar(&how.Plain, "plain", false, "read them the safest way, after worker_* faults")
	return cmd
}

func (a *app) assignCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:     "assign ID...",
		Short:   "Say who sees to refused deposits",
		Example: "  dossierd deposits assign --to anna 01h2x...",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.seeTo(cmd.Context(), args, "assigned", func(c *catalog.Catalog) ([]catalog.Refused, error) {
				return c.Assign(cmd.Context(), operator(), args, to)
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`NAME`; nobody without it")
	return cmd
}

func (a *app) dismissCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     "dismiss ID... --reason TEXT",
		Short:   "End what is to be done about refused deposits; they stay counted",
		Example: "  dossierd deposits dismiss 01h2x... --reason \"test page of the technician\"",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.seeTo(cmd.Context(), args, "dismissed", func(c *catalog.Catalog) ([]catalog.Refused, error) {
				refused, err := c.Dismiss(cmd.Context(), operator(), args, reason)
				if misfit := (*catalog.Misfit)(nil); errors.As(err, &misfit) {
					err = &exitError{code: exitUsage, err: errors.New(a.words.say("no_reason"))}
				}
				return refused, err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` why, for who asks later")
	return cmd
}
