package scanners

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// tellInterval is how often outcomes are asked for.
	tellInterval = 500 * time.Millisecond
	// tellRetry is the pause after outcomes that could not be written.
	tellRetry = 5 * time.Second
	// toldAtOnce is how many outcomes are asked for.
	toldAtOnce = 50
	// receiptKept is how long a receipt stays.
	receiptKept = 24 * time.Hour
	// sweepInterval is how often old receipts are looked for.
	sweepInterval = 10 * time.Minute
)

// tell writes into the folder what became of its deposits, until ctx is done.
func (f *folder) tell(ctx context.Context) {
	var swept time.Time
	for pause := tellInterval; sleep(ctx, pause); {
		err := f.tellAll(ctx)
		if err == nil && time.Since(swept) >= sweepInterval {
			err = f.sweep(time.Now())
			swept = time.Now()
		}
		if pause = tellInterval; f.tried(ctx, err) {
			pause = tellRetry // a large file may have been written in vain
		}
	}
}

// tried notes how writing outcomes went, and reports whether it is failing. That is logged when it begins.
func (f *folder) tried(ctx context.Context, err error) (failing bool) {
	fault := ""
	if err != nil && !errors.Is(err, errAway) && ctx.Err() == nil { // a folder that is away is told of elsewhere
		fault = blame(err)
	}
	f.mu.Lock()
	before := f.untold
	f.untold = fault
	f.mu.Unlock()
	if fault != "" && before == "" {
		f.log.Warn("outcomes could not be written into the folder; it will be tried again", "reason", fault)
	}
	return fault != ""
}

// sleep returns false when ctx is done first.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// tellAll writes every outcome that the folder was not told, then the receipts that have changed. One that can't be written
// does not hold up those behind it.
func (f *folder) tellAll(ctx context.Context) error {
	for {
		notices, err := f.w.outcomes.Notices(ctx, f.station.Name, toldAtOnce)
		if err != nil {
			return err
		}
		var faults []error
		written := map[string]bool{}
		for _, n := range notices {
			if err := f.tellOne(ctx, n, written); err != nil {
				faults = append(faults, fmt.Errorf("tell of %s: %w", n.Deposit.ID, err))
			}
		}
		if len(faults) > 0 {
			return errors.Join(faults...)
		}
		if len(notices) < toldAtOnce {
			return f.tellReceipts(ctx)
		}
	}
}

// tellOne writes what became of a deposit, and its receipt unless it is among those written, by their first deposit, since the
// notices were read.
func (f *folder) tellOne(ctx context.Context, n dossier.Notice, written map[string]bool) error {
	p, err := f.openFound()
	if err != nil {
		return err
	}
	defer p.close()
	if n.Deposit.State == dossier.StateRejected {
		err = f.tellRejected(ctx, p, n)
	} else {
		err = p.withdraw(n.Deposit)
	}
	if err != nil {
		return err
	}
	r, err := f.w.outcomes.Receipt(ctx, n.Deposit.ID)
	if err != nil {
		return err
	}
	// A ticket by itself has no receipt, nor what was erased just now.
	if len(r.Files) > 0 && !written[r.Files[0].Deposit.ID] {
		if err := f.receiptTold(ctx, p, &r); err != nil {
			return err
		}
		written[r.Files[0].Deposit.ID] = true
	}
	return f.w.outcomes.NoticeWritten(ctx, n.Deposit.ID)
}

// tellReceipts writes the receipts of what is in work. Those beyond the limit come a second later.
func (f *folder) tellReceipts(ctx context.Context) error {
	receipts, err := f.w.outcomes.Receipts(ctx, f.station.Name, toldAtOnce)
	if err != nil || len(receipts) == 0 {
		return err
	}
	p, err := f.openFound()
	if err != nil {
		return err
	}
	defer p.close()
	var faults []error
	for _, r := range receipts {
		faults = append(faults, f.receiptTold(ctx, p, &r))
	}
	return errors.Join(faults...)
}

// receiptTold writes a receipt and records it.
func (f *folder) receiptTold(ctx context.Context, p *place, r *dossier.Receipt) error {
	if err := f.tellReceipt(ctx, p, r); err != nil {
		return err
	}
	for _, file := range r.Files {
		if err := f.w.outcomes.ReceiptWritten(ctx, file.Deposit.ID, file.Change); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes receipts that are a day old.
func (f *folder) sweep(now time.Time) error {
	p, err := f.openFound()
	if err != nil {
		return err
	}
	defer p.close()
	receipts, err := readDir(p, receiptsDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range receipts {
		info, err := r.Info()
		if err != nil || !info.Mode().IsRegular() || now.Sub(info.ModTime()) < receiptKept {
			continue
		}
		switch path.Ext(r.Name()) {
		case receiptHTML, receiptJSON, ".txt": // the last one of earlier versions
		default:
			continue
		}
		if err := p.root.Remove(receiptsDir + "/" + r.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
