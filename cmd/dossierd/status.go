package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/storage/catalog"
)

// controlSocket is where a running daemon tells the commands on the same machine what only it knows.
const controlSocket = "control.sock"

// liveStatus is what the daemon tells over its control socket.
type liveStatus struct {
	Folders []scanners.FolderStatus `json:"folders"`
}

// control serves the control socket until ctx is done. Only the daemon's own user reaches it: it lies in the data folder.
func (d *daemon) control(ctx context.Context) error {
	path, done, err := controlPath(d.cfg.Data)
	if err != nil {
		return fmt.Errorf("open the control socket: %w", err)
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("open the control socket: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(liveStatus{Folders: d.watcher.Status()})
	})}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the control socket: %w", err)
	}
	return nil
}

// controlPath names the control socket by way of the open data folder: the address of a socket holds 107 bytes, and the
// data folder's path may be longer. The path is good until done is called.
func controlPath(data string) (path string, done func(), err error) {
	dir, err := os.Open(data)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlSocket), func() { dir.Close() }, nil
}

// askDaemon returns nil where no daemon answers.
func askDaemon(ctx context.Context, data string) *liveStatus {
	path, done, err := controlPath(data)
	if err != nil {
		return nil
	}
	defer done()
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://daemon/", http.NoBody)
	if err != nil {
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	live := new(liveStatus)
	if err := json.NewDecoder(resp.Body).Decode(live); err != nil {
		return nil
	}
	return live
}

// statusReport is `dossierd status --json`.
type statusReport struct {
	Running bool `json:"running"`
	catalog.Status
	Folders []scanners.FolderStatus `json:"folders,omitempty"`
}

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Show what waits, is in work, done and refused, by station",
		Example: "  dossierd status --json | jq .stations",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withCatalogue(cmd.Context(), func(cfg *config.Config, c *catalog.Catalog) error {
				status, err := c.Status(cmd.Context(), catalog.Everything())
				if err != nil {
					return err
				}
				report := statusReport{Status: status}
				if live := askDaemon(cmd.Context(), cfg.Data); live != nil {
					report.Running, report.Folders = true, live.Folders
				}
				if asJSON {
					return json.NewEncoder(a.stdout).Encode(report)
				}
				return a.printStatus(cfg, report)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

func (a *app) printStatus(cfg *config.Config, r statusReport) error {
	counted := map[string]catalog.StationStatus{}
	names := make([]string, 0, len(cfg.Stations))
	for _, s := range cfg.Stations {
		names = append(names, s.Name)
		counted[s.Name] = catalog.StationStatus{Station: s.Name}
	}
	for _, s := range r.Stations {
		if _, configured := counted[s.Station]; !configured {
			names = append(names, s.Station)
		}
		counted[s.Station] = s
	}
	err := list(a.stdout, false, a.words.say("status_head"), names, func(name string) []string {
		s := counted[name]
		n := func(states ...dossier.State) string {
			sum := 0
			for _, state := range states {
				sum += s.Deposits[state]
			}
			return strconv.Itoa(sum)
		}
		return []string{
			name, n(dossier.StateReceived), n(dossier.StateReading, dossier.StateAssembling), n(dossier.StatePublished),
			n(dossier.StateDuplicate), n(dossier.StateRejected), strconv.Itoa(s.Total), a.folderText(r, name),
		}
	})
	if err != nil {
		return err
	}
	if err := a.printBatches(r.Folders); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, a.words.say("status_deliveries", r.Deliveries[catalog.DeliveryPending],
		r.Deliveries[catalog.DeliveryDelivered], r.Deliveries[catalog.DeliveryDead]))
	for _, name := range r.SwitchedOff {
		fmt.Fprintln(a.stdout, a.words.say("status_off", name))
	}
	if !r.Running {
		fmt.Fprintln(a.stdout, a.words.say("status_down"))
	}
	return nil
}

// printBatches lists the batches that are not closed, and what they wait for.
func (a *app) printBatches(folders []scanners.FolderStatus) error {
	type row struct {
		station string
		scanners.BatchStatus
	}
	var rows []row
	for _, f := range folders {
		for _, b := range f.Batches {
			rows = append(rows, row{f.Station, b})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return list(a.stdout, false, a.words.say("batches_head"), rows, func(r row) []string {
		key := dossier.DisplayName(r.Key)
		if key == "" {
			key = "-"
		}
		return []string{
			r.station, key, r.Since.Local().Format(time.DateTime), strconv.Itoa(r.Deposits), strconv.Itoa(r.Files), a.waitsText(r.BatchStatus),
		}
	})
}

func (a *app) waitsText(b scanners.BatchStatus) string {
	if b.Waits == scanners.WaitMissing {
		return a.words.say("waits_missing", b.Missing)
	}
	return a.words.say("waits_" + string(b.Waits))
}

func (a *app) folderText(r statusReport, station string) string {
	i := slices.IndexFunc(r.Folders, func(f scanners.FolderStatus) bool { return f.Station == station })
	if i < 0 {
		return "-"
	}
	f := r.Folders[i]
	var says []string
	switch {
	case f.Reason != "":
		return a.words.say("folder_away", f.Since.Local().Format(time.DateTime), f.Reason)
	case f.Paused != "":
		says = append(says, a.words.say("folder_paused", f.Paused))
	case f.Faults == 0 && f.Untold == "" && f.Unread == 0:
		says = append(says, a.words.say("folder_ok"))
	}
	if f.Faults > 0 {
		says = append(says, a.words.say("folder_faults", f.Faults, f.Fault))
	}
	if f.Unread > 0 {
		says = append(says, a.words.say("folder_unread", f.Unread))
	}
	if f.Untold != "" {
		says = append(says, a.words.say("folder_untold", f.Untold))
	}
	if n := f.Waiting + f.Claimed - f.Faults; n > 0 {
		says = append(says, a.words.say("folder_files", n))
	}
	if n := len(f.Batches); n > 0 {
		says = append(says, a.words.say("folder_batches", n))
	}
	return strings.Join(says, "; ")
}
