package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// Take stores a claimed file and records its deposit. When it returns nil both are durable and the claimed file may be
// removed; taking the same claim again changes nothing. An error means: keep the file and call again.
func (p *Pipeline) Take(ctx context.Context, c dossier.Claim) error {
	done := p.metrics.step("intake")
	defer done()
	st := p.station(c.Station)
	n := catalog.NewDeposit{
		DuplicateWindow: st.DuplicateWindow, Batch: c.Batch,
		Deposit: dossier.Deposit{
			ID: c.DepositID, Station: c.Station, Department: c.Department, Name: c.Name, ReceivedAt: c.ClaimedAt,
			ModifiedAt: c.ModifiedAt, Channel: st.Channel, Purpose: st.Purpose, Upload: c.Upload,
		},
	}
	if c.Upload != "" {
		n.Deposit.Channel = dossier.ChannelOnline
	}
	if c.Irregular != "" {
		n.Rejection = dossier.Reject(dossier.CodeNotAFile, "%s", c.Irregular)
	} else {
		err := p.keep(ctx, c, &n.Deposit)
		if p.noteStorage(err); err != nil {
			return fmt.Errorf("keep %s: %w", c.DepositID, err)
		}
	}
	if c.Refused != nil {
		n.Rejection = c.Refused
	}
	if n.Deposit.Bytes > p.cfg.Limits.Bytes {
		n.Rejection = dossier.Reject(dossier.CodeTooLarge, "%d bytes, %d allowed", n.Deposit.Bytes, p.cfg.Limits.Bytes)
	}
	if n.Rejection != nil {
		n.Message = dossier.Message(st.Language, n.Rejection, c.Name)
	}
	fault("intake.stored")
	state, err := p.catalog.TakeIn(ctx, n)
	if err != nil {
		return fmt.Errorf("record %s: %w", c.DepositID, err)
	}
	fault("intake.recorded")
	if err := p.outlast(ctx, c, n.Deposit); err != nil {
		return fmt.Errorf("keep %s: %w", c.DepositID, err)
	}
	if isTicket := c.Batch != nil && c.Batch.Ticket; state == dossier.StateReceived && !isTicket {
		p.looks.ask(n.Deposit)
	}
	p.metrics.deposits.WithLabelValues(c.Station, string(state)).Inc()
	p.log.Info("deposit taken in", "deposit", c.DepositID, "station", c.Station, "state", state, "bytes", n.Deposit.Bytes)
	return nil
}

// OpenBatches lists the batches of a station that still collect.
func (p *Pipeline) OpenBatches(ctx context.Context, station string) ([]dossier.OpenBatch, error) {
	return p.catalog.OpenBatches(ctx, station)
}

// CloseBatch says that no further claim joins the batch that collects under a key. It is durable when it returns nil; where none
// collects, nothing changes.
func (p *Pipeline) CloseBatch(ctx context.Context, station, key string) error {
	if err := p.catalog.CloseBatch(ctx, station, key); err != nil {
		return err
	}
	fault("batch.closed")
	p.log.Info("batch closed", "station", station) // its key may tell of a person
	return nil
}

// keep puts the file's bytes into object storage under their hash. A file that changes while it is hashed is hashed
// again; one that changes afterwards fails the Put, which checks what it is given.
func (p *Pipeline) keep(ctx context.Context, c dossier.Claim, d *dossier.Deposit) error {
	f, err := c.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		before, err := f.Stat()
		if err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		hash := sha256.New()
		n, err := io.Copy(hash, f)
		if err != nil {
			return err
		}
		after, err := f.Stat()
		if err != nil {
			return err
		}
		if n == after.Size() && before.Size() == after.Size() && before.ModTime().Equal(after.ModTime()) {
			d.SHA256, d.Bytes, d.ModifiedAt = hex.EncodeToString(hash.Sum(nil)), n, after.ModTime().UTC()
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return p.store.Put(ctx, storage.OriginalKey(d.SHA256), f, storage.Digest{SHA256: d.SHA256, Bytes: d.Bytes})
}
