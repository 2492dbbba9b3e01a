package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/storage/catalog"
)

func (a *app) verifyCommand() *cobra.Command {
	var audit bool
	var heads []string
	cmd := &cobra.Command{
		Use:   "verify --audit",
		Short: "Walk through the audit log, and name the first row that is not as it was written",
		Example: "  dossierd verify --audit\n" +
			"  dossierd verify --audit --head 1205:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Args: a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !audit {
				return errors.New(a.words.say("verify_what"))
			}
			var anchors []catalog.AuditHead
			for _, text := range heads {
				h, err := catalog.ParseAuditHead(text)
				if err != nil {
					return errors.New(a.words.say("verify_head", text))
				}
				anchors = append(anchors, h)
			}
			return a.withCatalogue(cmd.Context(), func(_ *config.Config, c *catalog.Catalog) error {
				end, err := c.VerifyAudit(cmd.Context(), anchors...)
				if broken := (*catalog.BrokenChain)(nil); errors.As(err, &broken) {
					return &exitError{code: exitRejected, err: errors.New(a.words.say("verify_broken", broken.Number, a.words.say("chain_"+string(broken.Fault))))}
				}
				if err != nil {
					return err
				}
				fmt.Fprintln(a.stdout, a.words.say("verify_whole", end.Number, end))
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&audit, "audit", false, "the audit log")
	cmd.Flags().StringArrayVar(&heads, "head", nil, "`NUMBER:HASH` that was the log's end once, as an earlier run or the daemon's log told")
	return cmd
}
