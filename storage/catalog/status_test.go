package catalog

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func TestStatusCountsByStation(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		late := given("d2", "quay-1")
		late.Deposit.ReceivedAt = noon.Add(time.Hour)
		takeIn(t, c, late)
		must(t, c.Split(t.Context(), Split{DepositID: "d2", Pages: 4}))
		takeIn(t, c, given("d3", "quay-2"))
		published(t, c, "d3")
		s, err := c.Status(t.Context(), Everything())
		must(t, err)
		if len(s.Stations) != 2 {
			t.Fatalf("status %+v", s)
		}
		one, two := s.Stations[0], s.Stations[1]
		if one.Station != "quay-1" || one.Total != 2 || one.Deposits[dossier.StateReading] != 1 || one.WaitingPages != 5 || !one.OldestOpen.Equal(noon) {
			t.Errorf("quay-1: %+v", one)
		}
		if two.Station != "quay-2" || two.Total != 1 || two.Deposits[dossier.StatePublished] != 1 || two.WaitingPages != 0 || !two.OldestOpen.IsZero() {
			t.Errorf("quay-2: %+v", two)
		}
	})
}

// Whatever is done in whatever order: every deposit is in one state, the counts add up, each batch knows how many of its
// pages are open, and each end was told by exactly one event a time.
func TestCountsAddUpWhateverHappens(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		run := 0
		ends := map[string]int{} // events that there must be, over all runs
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &machine{t: rt, c: c, run: run, ends: ends}
			rt.Repeat(map[string]func(*rapid.T){
				"take in": m.takeIn, "split": m.split, "page": m.page, "reject": m.reject, "assemble": m.assemble,
				"next version": m.nextVersion, "requeue": m.requeue, "dismiss": m.dismiss, "deliver": m.deliver, "": m.check,
			})
		})
	})
}

// machine does what the pipeline does to a catalogue, in random order and more than once.
type machine struct {
	t    *rapid.T
	c    *Catalog
	run  int
	ids  []string
	ends map[string]int
}

func (m *machine) any(t *rapid.T) string {
	if len(m.ids) == 0 {
		t.Skip("no deposit yet")
	}
	return rapid.SampledFrom(m.ids).Draw(t, "deposit")
}

func (m *machine) state(t *rapid.T, id string) dossier.State {
	d, err := m.c.Deposit(context.Background(), id)
	m.no(t, err)
	return d.State
}

func (m *machine) no(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (m *machine) takeIn(t *rapid.T) {
	n := given(fmt.Sprintf("r%d-%d", m.run, rapid.IntRange(0, 5).Draw(t, "id")), rapid.SampledFrom([]string{"quay-1", "quay-2"}).Draw(t, "station"))
	n.Deposit.SHA256 = fmt.Sprintf("sha-%d-%d", m.run, rapid.IntRange(0, 3).Draw(t, "bytes"))
	n.DuplicateWindow = time.Hour
	n.Deposit.Channel = rapid.SampledFrom([]dossier.Channel{"", dossier.ChannelCounter, dossier.ChannelOnline}).Draw(t, "channel")
	if rapid.IntRange(0, 9).Draw(t, "too large") == 0 {
		n.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
	}
	known := false
	if _, err := m.c.Deposit(context.Background(), n.Deposit.ID); err == nil {
		known = true
	} else if !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	state, err := m.c.TakeIn(context.Background(), n)
	m.no(t, err)
	if !known {
		m.ids = append(m.ids, n.Deposit.ID)
		if state != dossier.StateReceived {
			m.ends[n.Deposit.ID]++
		}
	}
}

func (m *machine) split(t *rapid.T) {
	m.no(t, m.c.Split(context.Background(), Split{DepositID: m.any(t), Pages: rapid.IntRange(1, 4).Draw(t, "pages")}))
}

func (m *machine) page(t *rapid.T) {
	id := m.any(t)
	if m.state(t, id) == dossier.StateReceived {
		t.Skip("not split")
	}
	m.no(t, m.c.PageDone(context.Background(), pageRead(id, rapid.IntRange(1, 4).Draw(t, "page"))))
}

func (m *machine) reject(t *rapid.T) {
	id := m.any(t)
	switch m.state(t, id) {
	case dossier.StateReceived, dossier.StateReading, dossier.StateAssembling:
		m.ends[id]++
	case dossier.StatePublished, dossier.StateDuplicate, dossier.StateRejected:
	}
	m.no(t, m.c.Reject(context.Background(), id, dossier.Reject(dossier.CodeDamaged, ""), ""))
}

func (m *machine) batch(t *rapid.T, id string) string {
	var batchID string
	m.no(t, m.c.db.queryRow(context.Background(), `SELECT batch_id FROM deposits WHERE id = ?`, id).Scan(&batchID))
	return batchID
}

func (m *machine) assemble(t *rapid.T) {
	id := m.any(t)
	if m.state(t, id) != dossier.StateAssembling {
		t.Skip("not read")
	}
	a, err := publish(context.Background(), m.c, m.batch(t, id))
	m.no(t, err)
	m.ends[a.Dossier.Code]++
}

func (m *machine) nextVersion(t *rapid.T) {
	id := m.any(t)
	if m.state(t, id) != dossier.StateAssembling {
		t.Skip("not read")
	}
	v, err := reserveWhole(context.Background(), m.c, m.batch(t, id))
	m.no(t, err)
	version, err := m.c.NextVersion(context.Background(), v.Dossier.Code, v.Number)
	m.no(t, err)
	if version != v.Number+1 {
		t.Fatalf("version %d after %d", version, v.Number)
	}
}

func (m *machine) requeue(t *rapid.T) {
	id := m.any(t)
	rejected := m.state(t, id) == dossier.StateRejected
	if err := requeueOne(context.Background(), m.c, id); (err == nil) != rejected {
		t.Fatal(err)
	}
}

func (m *machine) dismiss(t *rapid.T) {
	id := m.any(t)
	d, err := m.c.Deposit(context.Background(), id)
	m.no(t, err)
	refused, err := m.c.Dismiss(context.Background(), by("anna"), []string{id}, "hopeless")
	m.no(t, err)
	if (len(refused) == 0) != (d.State == dossier.StateRejected) {
		t.Fatal(refused)
	}
	if d.State == dossier.StateRejected && d.Dismissed == nil {
		m.ends[id]++
	}
}

// deliver has the subscriber acknowledge the first event that a dossier or deposit has for it.
func (m *machine) deliver(t *rapid.T) {
	var subject string
	err := noRow(m.c.db.queryRow(context.Background(), `SELECT subject FROM deliveries WHERE state = 'pending' ORDER BY id LIMIT 1`).Scan(&subject))
	if errors.Is(err, ErrNotFound) {
		t.Skip("nothing to deliver")
	}
	m.no(t, err)
	d, err := m.c.NextDelivery(context.Background(), caseSystem, subject)
	m.no(t, err)
	m.no(t, m.c.Delivered(context.Background(), d.ID, Attempt{Status: 204}))
	if d.EventType == string(dossier.EventDossierPublished) { // once for each dossier: then it is transferred
		m.ends[subject]++
	}
}

func (m *machine) check(t *rapid.T) {
	ctx := context.Background()
	s, err := m.c.Status(ctx, Everything())
	m.no(t, err)
	var deposits, sum, wrong, events, deliveries int
	for _, st := range s.Stations {
		of := 0
		for _, state := range dossier.States() {
			of += st.Deposits[state]
		}
		if of != st.Total {
			t.Fatalf("the states of %s add up to %d, its total is %d", st.Station, of, st.Total)
		}
		sum += st.Total
	}
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM deposits`).Scan(&deposits))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM batches b WHERE b.open_pages <>
		(SELECT count(*) FROM pages p WHERE p.batch_id = b.id AND p.state IN ('waiting', 'queued'))
		AND EXISTS (SELECT 1 FROM pages p WHERE p.batch_id = b.id)`).Scan(&wrong))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM events`).Scan(&events))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM deliveries`).Scan(&deliveries))
	want := 0
	for _, n := range m.ends {
		want += n
	}
	if sum != deposits || wrong != 0 || events != want || deliveries != want {
		t.Fatalf("%d deposits, the status counts %d; %d batches are wrong; %d events, %d deliveries for %d ends",
			deposits, sum, wrong, events, deliveries, want)
	}
	m.reports(t, deposits)
	m.quarantine(t, s)
	var behind int // what is read is assembled, what waits has a page that waits
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM deposits d JOIN batches b ON b.id = d.batch_id
		WHERE (d.state IN ('received', 'reading') AND b.open_pages = 0) OR (d.state = 'assembling' AND b.open_pages > 0)`).Scan(&behind))
	if behind != 0 {
		t.Fatalf("%d deposits are behind", behind)
	}
}

// quarantine checks that every rejected deposit is in one of its lists.
func (m *machine) quarantine(t *rapid.T, s Status) {
	for _, st := range s.Stations {
		one := dossier.Scope{Stations: []string{st.Station}}
		open, err := m.c.Quarantine(context.Background(), one, QuarantineFilter{Limit: st.Total})
		m.no(t, err)
		gone, err := m.c.Quarantine(context.Background(), one, QuarantineFilter{Limit: st.Total, Dismissed: true})
		m.no(t, err)
		if len(gone) != st.Dismissed || len(open)+len(gone) != st.Deposits[dossier.StateRejected] {
			t.Fatalf("%d open, %d dismissed, %+v", len(open), len(gone), st)
		}
	}
}

// reports checks that a report's rows add up to its total, and that to what the catalogue holds.
func (m *machine) reports(t *rapid.T, deposits int) {
	ctx := context.Background()
	var pages, published, delivered, online int
	m.no(t, m.c.db.queryRow(ctx, `SELECT coalesce(sum(pages), 0) FROM deposits`).Scan(&pages))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(DISTINCT code) FROM versions WHERE state = 'published'`).Scan(&published))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(DISTINCT subject) FROM deliveries WHERE type = 'dossier.published' AND state = 'delivered'`).Scan(&delivered))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM deposits WHERE state = 'published' AND channel = 'online'`).Scan(&online)) // each a dossier
	by := rapid.SampledFrom([]ReportBy{ByDepartment, ByStation, ByProcedure, ByClerk}).Draw(t, "by")
	r, err := m.c.Report(ctx, ReportQuery{Scope: Everything(), From: noon.Add(-time.Hour), To: noon.Add(time.Hour), By: by, Now: noon})
	m.no(t, err)
	var sum ReportRow
	for _, row := range r.Rows {
		if row.Deposits != row.Waiting+row.Published+row.Duplicates+row.Rejected || row.Dossiers != row.Online+row.Counter {
			t.Fatalf("%+v does not add up", row)
		}
		sum = added(sum, row)
	}
	whole := r.Total
	for _, step := range []*Step{&whole.Digitising, &whole.Transfer, &whole.Processing, &whole.Return} {
		step.Median, step.P95 = 0, 0
	}
	if sum != whole || sum.Deposits != deposits || sum.Pages != pages || sum.Dossiers != published || sum.Digitising.Count != published ||
		sum.Transfer.Count != delivered || sum.Online != online {
		t.Fatalf("the rows add up to %+v, the total is %+v; %d deposits, %d pages, %d published, %d delivered, %d online",
			sum, whole, deposits, pages, published, delivered, online)
	}
}

// added adds what can be added of two rows.
func added(a, b ReportRow) ReportRow {
	return ReportRow{
		Deposits: a.Deposits + b.Deposits, Pages: a.Pages + b.Pages, Waiting: a.Waiting + b.Waiting, Published: a.Published + b.Published,
		Duplicates: a.Duplicates + b.Duplicates, Rejected: a.Rejected + b.Rejected, Rescans: a.Rescans + b.Rescans,
		Dossiers: a.Dossiers + b.Dossiers, Online: a.Online + b.Online, Counter: a.Counter + b.Counter, Withdrawn: a.Withdrawn + b.Withdrawn, Complete: a.Complete + b.Complete,
		Incomplete: a.Incomplete + b.Incomplete, WithDue: a.WithDue + b.WithDue, Late: a.Late + b.Late, Results: a.Results + b.Results, Returned: a.Returned + b.Returned,
		Digitising: Step{Count: a.Digitising.Count + b.Digitising.Count}, Transfer: Step{Count: a.Transfer.Count + b.Transfer.Count},
		Processing: Step{Count: a.Processing.Count + b.Processing.Count}, Return: Step{Count: a.Return.Count + b.Return.Count},
	}
}
