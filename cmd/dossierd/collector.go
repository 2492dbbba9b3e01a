package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/storage/catalog"
)

// collectTime is how long a scrape may wait for the catalogue.
const collectTime = 5 * time.Second

// statusCollector gives metrics that are read from the catalogue and the folders when somebody asks.
type statusCollector struct{ daemon *daemon }

//nolint:gochecknoglobals // descriptors are constants that Go can't declare as such
var (
	depositsDesc = prometheus.NewDesc("dossierd_deposits", "Deposits in the catalogue, by station and state.", []string{"station", "state"}, nil)
	waitingDesc  = prometheus.NewDesc("dossierd_pages_waiting", "Pages that wait for a worker (queue depth), by station.", []string{"station"}, nil)
	lagDesc      = prometheus.NewDesc("dossierd_station_lag_seconds", "Age of the oldest deposit that is not at its end, or file that is not taken, by station.", []string{"station"}, nil)
	deliverDesc  = prometheus.NewDesc("dossierd_deliveries", "Deliveries in the catalogue, by state.", []string{"state"}, nil)
	awayDesc     = prometheus.NewDesc("dossierd_station_folder_up", "1 where the station's folder can be read, 0 where it is away.", []string{"station"}, nil)
	filesDesc    = prometheus.NewDesc("dossierd_station_files", "Files in the station's folder that are not taken yet.", []string{"station"}, nil)
	faultsDesc   = prometheus.NewDesc("dossierd_station_files_failing", "Those among them that can't be read or moved.", []string{"station"}, nil)
	untoldDesc   = prometheus.NewDesc("dossierd_station_outcomes_failing", "1 while outcomes can't be written into the station's folder.", []string{"station"}, nil)
	unreadDesc   = prometheus.NewDesc("dossierd_station_subfolders_unread", "Subfolders that are not looked into, for there are too many.", []string{"station"}, nil)
	batchesDesc  = prometheus.NewDesc("dossierd_station_batches_waiting", "Batches that are not closed, and of files without a ticket one, by station and by what they wait for.", []string{"station", "waits"}, nil)
	batchAgeDesc = prometheus.NewDesc("dossierd_station_batch_age_seconds", "Age of the oldest of these.", []string{"station", "waits"}, nil)
	pausedDesc   = prometheus.NewDesc("dossierd_claiming_paused", "1 while no file is claimed, for want of disk space.", []string{"station"}, nil)
)

// Describe sends nothing: the collector is unchecked, since its labels come from the catalogue.
func (c *statusCollector) Describe(chan<- *prometheus.Desc) {}

// Collect reads the catalogue once a scrape.
func (c *statusCollector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	oldest := map[string]time.Time{} // by station
	for _, f := range c.daemon.watcher.Status() {
		gauge(awayDesc, bit(f.Reason == ""), f.Station)
		gauge(pausedDesc, bit(f.Paused != ""), f.Station)
		gauge(filesDesc, float64(f.Waiting+f.Claimed), f.Station)
		gauge(faultsDesc, float64(f.Faults), f.Station)
		gauge(untoldDesc, bit(f.Untold != ""), f.Station)
		gauge(unreadDesc, float64(f.Unread), f.Station)
		oldest[f.Station] = f.Oldest
		waiting := map[scanners.Wait]int{}
		for _, b := range f.Batches { // the oldest first
			if waiting[b.Waits]++; waiting[b.Waits] == 1 {
				gauge(batchAgeDesc, time.Since(b.Since).Seconds(), f.Station, string(b.Waits))
			}
		}
		for waits, n := range waiting {
			gauge(batchesDesc, float64(n), f.Station, string(waits))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), collectTime)
	defer cancel()
	status, err := c.daemon.catalog.Status(ctx, catalog.Everything())
	if err != nil {
		out <- prometheus.NewInvalidMetric(depositsDesc, err)
		return
	}
	for _, s := range status.Stations {
		for state, n := range s.Deposits {
			gauge(depositsDesc, float64(n), s.Station, string(state))
		}
		gauge(waitingDesc, float64(s.WaitingPages), s.Station)
		if first := oldest[s.Station]; first.IsZero() || !s.OldestOpen.IsZero() && s.OldestOpen.Before(first) {
			oldest[s.Station] = s.OldestOpen
		}
	}
	for station, first := range oldest {
		lag := 0.0
		if !first.IsZero() {
			lag = time.Since(first).Seconds()
		}
		gauge(lagDesc, lag, station)
	}
	for _, state := range []catalog.DeliveryState{catalog.DeliveryPending, catalog.DeliveryDelivered, catalog.DeliveryDead} {
		gauge(deliverDesc, float64(status.Deliveries[state]), string(state)) // also 0: who waits for dead ones must see none
	}
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
