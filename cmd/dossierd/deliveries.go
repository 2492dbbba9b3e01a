package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/storage/catalog"
)

func (a *app) deliveriesCommand() *cobra.Command {
	var filter catalog.DeliveryFilter
	var asJSON bool
	var state string
	states := names([]catalog.DeliveryState{catalog.DeliveryPending, catalog.DeliveryDelivered, catalog.DeliveryDead})
	lister := &cobra.Command{
		Use:     "list",
		Short:   "List deliveries, newest first",
		Example: "  dossierd deliveries list --state dead --subscriber case-system",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.filter(state, states, filter.Limit); err != nil {
				return err
			}
			filter.State = catalog.DeliveryState(state)
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				deliveries, err := c.Deliveries(cmd.Context(), catalog.Everything(), filter)
				if err != nil {
					return err
				}
				return list(a.stdout, asJSON, a.words.say("deliveries_head"), deliveries, func(d catalog.Delivery) []string {
					return []string{
						d.ID, d.Subscriber, d.EventType + " " + strconv.Itoa(d.Sequence), d.Subject, string(d.State),
						strconv.Itoa(d.Attempts), printable(d.LastError),
					}
				})
			})
		},
	}
	flags := lister.Flags()
	flags.StringVar(&state, "state", "", "only those in `STATE`: "+strings.Join(states, ", "))
	flags.StringVar(&filter.Subscriber, "subscriber", "", "only those to `NAME`")
	flags.IntVar(&filter.Limit, "limit", 50, "at most `N`")
	flags.BoolVar(&asJSON, "json", false, "a JSON object a line")
	completeWith(lister, "state", states)
	about := &cobra.Command{Use: "deliveries", Short: "List events on their way to subscribers, or send some again"}
	return a.group(about, lister, &cobra.Command{
		Use:     "replay ID...",
		Short:   "Send events again, and switch their subscribers on",
		Example: "  dossierd deliveries replay $(dossierd deliveries list --state dead --limit 1000 --json | jq -r .id)",
		Args:    a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				if err := mended(cmd.Context(), c, "deliveries", "replay", args); err != nil {
					return err
				}
				n, err := c.Replay(cmd.Context(), catalog.Everything(), args)
				if errors.Is(err, catalog.ErrNotFound) {
					return errors.New(a.words.say("no_such_delivery", strings.Join(args, ", ")))
				}
				if err != nil {
					return err
				}
				fmt.Fprintln(a.stdout, a.words.say("replayed", n))
				return nil
			})
		},
	})
}
