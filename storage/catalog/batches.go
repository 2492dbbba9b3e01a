package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// groupKey names a batch that collects.
type groupKey struct{ station, key string }

// collecting are the batches, by id, that the deposits of one transaction may join: by key those that collect, and for deposits that
// are recorded late that which was cut off.
type collecting struct {
	byKey map[groupKey]string
	late  map[string]string
}

// collectingFor opens or locks the batches that arrivals belong to. It comes before anything else of their transaction, and goes
// by the order of the keys: whoever locks several rows of batches does so in one order, and before an event locks the feed's.
func collectingFor(ctx context.Context, t tx, arrivals []*arrival) (*collecting, error) {
	var grouped []NewDeposit
	for _, a := range arrivals {
		if a.deposit.Batch == nil {
			continue
		}
		known, err := isKnown(ctx, t, a.deposit.Deposit.ID)
		if err != nil {
			return nil, err
		}
		if !known { // else its batch may be closed by now, and no other must open for it
			grouped = append(grouped, a.deposit)
		}
	}
	slices.SortFunc(grouped, func(a, b NewDeposit) int {
		return cmp.Or(cmp.Compare(a.Deposit.Station, b.Deposit.Station), cmp.Compare(a.Batch.Key, b.Batch.Key))
	})
	batches := &collecting{map[groupKey]string{}, map[string]string{}}
	for _, n := range grouped {
		if _, err := batches.of(ctx, t, n); err != nil {
			return nil, err
		}
	}
	for _, n := range grouped {
		if n.Batch.Grouping != dossier.GroupSeparator {
			continue
		}
		now := batches.byKey[groupKey{n.Deposit.Station, n.Batch.Key}]
		former, err := beforeCut(ctx, t, n.Deposit, now)
		if err != nil {
			return nil, err
		}
		if former != now {
			batches.late[n.Deposit.ID] = former
		}
	}
	return batches, nil
}

func isKnown(ctx context.Context, t tx, depositID string) (bool, error) {
	var n int
	err := t.queryRow(ctx, `SELECT count(*) FROM deposits WHERE id = ?`, depositID).Scan(&n)
	return n > 0, err
}

// of returns the batch that n joins, locked; it opens one where none collects under the key.
func (b *collecting) of(ctx context.Context, t tx, n NewDeposit) (string, error) {
	key := groupKey{n.Deposit.Station, n.Batch.Key}
	if id, ok := b.byKey[key]; ok {
		return id, nil
	}
	for {
		id, err := lockCollecting(ctx, t, key)
		if err == nil {
			b.byKey[key] = id
			return id, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return "", err
		}
		if err := openBatch(ctx, t, n); err != nil {
			return "", err
		}
	}
}

// lockCollecting locks the batch that collects under a key; ErrNotFound where none does.
func lockCollecting(ctx context.Context, t tx, key groupKey) (id string, err error) {
	const collects = ` FROM batches WHERE station = ? AND group_key = ? AND closed = 0`
	for {
		err = noRow(t.queryRow(ctx, `SELECT id`+collects+` FOR UPDATE`, key.station, key.key).Scan(&id))
		if !errors.Is(err, ErrNotFound) {
			return id, err
		}
		var more int // one that was cut while its lock was waited for goes on as another
		if err := t.queryRow(ctx, `SELECT count(*)`+collects, key.station, key.key).Scan(&more); err != nil || more == 0 {
			return "", cmp.Or(err, ErrNotFound)
		}
	}
}

// openBatch opens a batch under the id of its first deposit, unless somebody else opened one for the key just now.
func openBatch(ctx context.Context, t tx, n NewDeposit) error {
	_, err := t.exec(ctx, `INSERT INTO batches (id, station, closed, open_pages, state, grouping, group_key, fronts_then_backs, opened_at)
		VALUES (?, ?, 0, 0, 'open', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		n.Deposit.ID, n.Deposit.Station, n.Batch.Grouping, n.Batch.Key, asInt(n.Batch.FrontsThenBacks), asMicros(n.Deposit.ReceivedAt))
	return err
}

// place gives a deposit that was just inserted its batch.
func (b *collecting) place(ctx context.Context, t tx, n NewDeposit, d dossier.Deposit) error {
	switch {
	case n.Batch != nil:
		return b.join(ctx, t, n, d.State)
	case d.State == dossier.StateReceived:
		return insertBatch(ctx, t, d, d.ID)
	default:
		return nil
	}
}

// join puts a deposit into the batch that collects under its key. A duplicate does not join: its pages are in another.
func (b *collecting) join(ctx context.Context, t tx, n NewDeposit, state dossier.State) error {
	batchID, err := b.of(ctx, t, n)
	if err != nil {
		return err
	}
	if former := b.late[n.Deposit.ID]; former != "" {
		batchID = former
	}
	if err := addFacts(ctx, t, batchID, n.Batch.Facts); err != nil {
		return err
	}
	if state != dossier.StateDuplicate {
		_, err = t.exec(ctx, `UPDATE deposits SET batch_id = ?, position = ?, ticket = ? WHERE id = ?`,
			batchID, n.Batch.Position, asInt(n.Batch.Ticket), n.Deposit.ID)
		if err != nil {
			return err
		}
	}
	if state == dossier.StateReceived {
		if err := addFirstPage(ctx, t, n.Deposit, batchID); err != nil {
			return err
		}
	}
	if !n.Batch.Closes {
		return nil
	}
	delete(b.byKey, groupKey{n.Deposit.Station, n.Batch.Key})
	return closeBatch(ctx, t, batchID)
}

// addFirstPage adds the one page that a deposit is known to have: how many there are is known when the original was opened.
func addFirstPage(ctx context.Context, t tx, d dossier.Deposit, batchID string) error {
	if _, err := t.exec(ctx, `UPDATE batches SET open_pages = open_pages + 1 WHERE id = ?`, batchID); err != nil {
		return err
	}
	return insertPages(ctx, t, d, batchID, 1, 1)
}

// addFacts keeps what is told of a batch for the first time.
func addFacts(ctx context.Context, t tx, batchID string, told dossier.BatchFacts) error {
	if told.Reference == "" && told.Procedure == "" && len(told.Fields) == 0 && told.Within == nil {
		return nil
	}
	var text string
	if err := t.queryRow(ctx, `SELECT facts FROM batches WHERE id = ?`, batchID).Scan(&text); err != nil {
		return err
	}
	facts, err := fromJSON[dossier.BatchFacts](text)
	if err != nil {
		return err
	}
	if facts == nil {
		facts = &dossier.BatchFacts{}
	}
	facts.Reference = cmp.Or(facts.Reference, told.Reference)
	facts.Procedure = cmp.Or(facts.Procedure, told.Procedure)
	if facts.Fields == nil {
		facts.Fields = told.Fields
	}
	facts.Within = cmp.Or(facts.Within, told.Within)
	now, err := asJSON(facts)
	if err != nil || now == text {
		return err
	}
	_, err = t.exec(ctx, `UPDATE batches SET facts = ? WHERE id = ?`, now, batchID)
	return err
}

// CloseBatch closes the batch that collects under a key: no further deposit joins it, and it is assembled once its last page is
// read. Where none collects, nothing changes.
func (c *Catalog) CloseBatch(ctx context.Context, station, key string) error {
	err := c.db.write(ctx, func(t tx) error {
		id, err := lockCollecting(ctx, t, groupKey{station, key})
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return closeBatch(ctx, t, id)
	})
	if err != nil {
		return fmt.Errorf("close a batch of %s: %w", station, err)
	}
	c.wake()
	return nil
}

func closeBatch(ctx context.Context, t tx, batchID string) error {
	if _, err := t.exec(ctx, `UPDATE batches SET closed = 1 WHERE id = ?`, batchID); err != nil {
		return err
	}
	if err := touchBatch(ctx, t, batchID); err != nil {
		return err
	}
	if err := closePages(ctx, t, batchID, 0); err != nil {
		return err
	}
	return endBarren(ctx, t, batchID)
}

// endBarren ends a closed batch of which nothing is left to assemble.
func endBarren(ctx context.Context, t tx, batchID string) error {
	_, err := t.exec(ctx, `UPDATE batches SET state = 'rejected' WHERE id = ? AND closed = 1
		AND NOT EXISTS (SELECT 1 FROM deposits WHERE batch_id = batches.id AND state <> 'rejected')`, batchID)
	return err
}

// OpenBatches lists the batches of a station that collect, the first opened first.
func (c *Catalog) OpenBatches(ctx context.Context, station string) ([]dossier.OpenBatch, error) {
	all, err := collect(ctx, c.db, func(r row) (dossier.OpenBatch, error) {
		var b dossier.OpenBatch
		var opened int64
		err := r.Scan(&b.Grouping, &b.Key, &opened, &b.Deposits)
		b.OpenedAt = asTime(opened)
		return b, err
	}, `SELECT grouping, group_key, opened_at, (SELECT count(*) FROM deposits d WHERE d.batch_id = b.id)
		FROM batches b WHERE station = ? AND closed = 0 ORDER BY opened_at, id`, station)
	if err != nil {
		return nil, fmt.Errorf("list the batches of %s that collect: %w", station, err)
	}
	return all, nil
}

// countBatches adds to each station what it has of batches of several deposits.
func (c *Catalog) countBatches(ctx context.Context, s *Status, of dossier.Scope) error {
	type count struct {
		station string
		state   BatchState
		n       int
		oldest  int64
	}
	in, args := within(of, "d")
	everything := `1 = 0` // batches without a deposit too
	if of.All {
		everything = in
	}
	counts, err := collect(ctx, c.db, func(r row) (count, error) {
		var n count
		return n, r.Scan(&n.station, &n.state, &n.n, &n.oldest)
	}, `SELECT station, CASE WHEN closed = 0 THEN 'collecting' WHEN state = 'open' THEN 'reading' ELSE state END AS stands,
		count(*), min(opened_at) FROM batches b WHERE grouping <> 'file' AND (`+everything+` OR EXISTS (SELECT 1 FROM deposits d
			WHERE d.batch_id = b.id AND `+in+`)) GROUP BY station, stands ORDER BY station`, args...)
	if err != nil {
		return err
	}
	for _, n := range counts {
		i := slices.IndexFunc(s.Stations, func(st StationStatus) bool { return st.Station == n.station })
		if i < 0 {
			continue // came in since its deposits were counted
		}
		st := &s.Stations[i]
		if st.Batches == nil {
			st.Batches = map[BatchState]int{}
		}
		st.Batches[n.state] = n.n
		if n.state == BatchCollecting {
			st.OldestBatch = asTime(n.oldest)
		}
	}
	return nil
}

// requeueInto puts a deposit that begins anew into the batch it was refused from, while that one collects, and else into one of
// its own that knows what the former knew. former is "" where it had none.
func requeueInto(ctx context.Context, t tx, d dossier.Deposit, former, own string) error {
	if former != "" {
		b, err := lockedBatch(ctx, t, former)
		if err != nil {
			return err
		}
		if b.closed == 0 {
			return addFirstPage(ctx, t, d, former)
		}
	}
	if err := insertBatch(ctx, t, d, own); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE deposits SET batch_id = ? WHERE id = ?`, own, d.ID); err != nil || former == "" {
		return err
	}
	_, err := t.exec(ctx, `UPDATE batches SET facts = (SELECT facts FROM batches f WHERE f.id = ?) WHERE id = ?`, former, own)
	return err
}

// member is a deposit of a batch with its pages, as far as they were read.
type member struct {
	AssemblyDocument
	position int
	ticket   bool
}

// readBatch reads what a batch is made of into a.
func readBatch(ctx context.Context, t tx, a *Assembly) error {
	var facts string
	var interleaved int
	err := t.queryRow(ctx, `SELECT grouping, group_key, fronts_then_backs, facts FROM batches WHERE id = ?`, a.BatchID).
		Scan(&a.Batch.Grouping, &a.Batch.Key, &interleaved, &facts)
	if err != nil {
		return err
	}
	if known, err := fromJSON[dossier.BatchFacts](facts); err != nil {
		return err
	} else if known != nil {
		a.Batch.BatchFacts = *known
	}
	members, err := collect(ctx, t, scanMember, `SELECT `+depositColumns+`, d.position, d.ticket`+depositTables+
		`WHERE d.batch_id = ? ORDER BY d.received_at, d.id`, a.BatchID)
	if err != nil {
		return err
	}
	for i := range members {
		if members[i].Pages, err = readPages(ctx, t, members[i].Deposit); err != nil {
			return err
		}
	}
	if err := findRescans(ctx, t, a, members); err != nil {
		return err
	}
	arrange(a, members, interleaved != 0)
	if len(a.Documents)+len(a.Tickets) == 0 {
		return errors.New("no deposit is left")
	}
	return nil
}

func scanMember(r row) (member, error) {
	var m member
	var ticket int
	var err error
	m.Deposit, err = scanDepositAnd(r, &m.position, &ticket)
	m.ticket = ticket != 0
	return m, err
}

func readPages(ctx context.Context, t conn, d dossier.Deposit) ([]AssemblyPage, error) {
	if d.State == dossier.StateRejected {
		return nil, nil
	}
	return collect(ctx, t, func(r row) (AssemblyPage, error) {
		var p AssemblyPage
		return p, r.Scan(&p.ID, &p.ArtifactID, &p.Number)
	}, `SELECT id, artifact_id, number FROM pages WHERE deposit_id = ? AND state = 'done' ORDER BY number`, d.ID)
}
