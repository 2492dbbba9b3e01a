package scanners

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// diskInterval is how often free space is looked at.
const diskInterval = 2 * time.Second

// disk stops claiming while the data folder's file system is nearly full.
type disk struct {
	floor int64
	free  func() (int64, error) // bytes
	log   *slog.Logger

	mu     sync.Mutex
	paused string
}

func newDisk(cfg Config, log *slog.Logger) *disk {
	return &disk{floor: cfg.DiskFloor, log: log, free: func() (int64, error) { return freeSpace(cfg.Data) }}
}

// freeSpace is the number of bytes that may still be written below dir.
func freeSpace(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("look at the free space of %s: %w", dir, err)
	}
	return int64(s.Bavail) * s.Bsize, nil
}

func (d *disk) watch(ctx context.Context) {
	tick := time.NewTicker(diskInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.check()
		}
	}
}

// check logs once per change. Claiming goes on only at a tenth above the floor, so that one deposit more or less does
// not make it stop and go.
func (d *disk) check() {
	if d.floor == 0 {
		return
	}
	free, err := d.free()
	d.mu.Lock()
	defer d.mu.Unlock()
	paused := d.paused != ""
	switch {
	case err != nil && !paused:
		d.paused = err.Error()
		d.log.Error("claiming is paused", "reason", d.paused)
	case err != nil:
	case free < d.floor:
		d.paused = fmt.Sprintf("%d MiB of disk space free, %d MiB must stay free", free>>20, d.floor>>20)
		if !paused {
			d.log.Warn("claiming is paused", "reason", d.paused)
		}
	case paused && free >= d.floor+d.floor/10:
		d.paused = ""
		d.log.Info("claiming goes on", "free", free)
	}
}

// reason says why nothing may be claimed now; "" if it may.
func (d *disk) reason() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.paused
}
