package catalog

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// BrokenChain says where the audit log is not as it was written.
type BrokenChain struct {
	Number int64 // of the first row that is missing or not as it was
	Fault  ChainFault
}

func (b *BrokenChain) Error() string { return fmt.Sprintf("audit log, row %d: %s", b.Number, b.Fault) }

// ChainFault says what is wrong with a row.
type ChainFault string

// The faults.
const (
	ChainMissing  ChainFault = "missing"
	ChainChanged  ChainFault = "changed"  // it, or the row before it
	ChainReplaced ChainFault = "replaced" // its hash is not the one that was noted
	ChainOutside  ChainFault = "outside"  // it stands before the chain or behind its end
)

// VerifyAudit walks the chain to its end, which it returns. Its error is a *BrokenChain where a row was changed, taken out or put in,
// or where the row of an anchor, noted when it was the end, has another hash by now. Rows taken off the end are found by an anchor only.
func (c *Catalog) VerifyAudit(ctx context.Context, anchors ...AuditHead) (AuditHead, error) {
	end, err := c.AuditEnd(ctx) // rows behind it may come meanwhile
	if err != nil {
		return AuditHead{}, err
	}
	for _, a := range anchors {
		if a.Number > end.Number {
			return end, &BrokenChain{end.Number + 1, ChainMissing}
		}
	}
	at := AuditHead{}
	for at.Number < end.Number {
		next, err := c.walkAudit(ctx, at, end.Number, anchors)
		if err != nil {
			return at, err
		}
		at = next
	}
	if at.Hash != end.Hash {
		return at, &BrokenChain{end.Number, ChainChanged}
	}
	var outside int64
	err = c.db.queryRow(ctx, `SELECT coalesce(min(number), 0) FROM audit WHERE number < 1 OR number > (SELECT number FROM audit_head)`).Scan(&outside)
	if err == nil && outside != 0 {
		err = &BrokenChain{outside, ChainOutside}
	}
	return end, err
}

// walkAudit verifies some rows behind from, and returns the last of them.
func (c *Catalog) walkAudit(ctx context.Context, from AuditHead, last int64, anchors []AuditHead) (AuditHead, error) {
	const atOnce = 1000
	rows, err := collect(ctx, c.db, scanAudited, `SELECT `+auditColumns+` FROM audit WHERE number > ? AND number <= ? ORDER BY number LIMIT ?`,
		from.Number, last, atOnce)
	if err != nil {
		return from, fmt.Errorf("read the audit log: %w", err)
	}
	if len(rows) == 0 {
		return from, &BrokenChain{from.Number + 1, ChainMissing}
	}
	for _, a := range rows {
		hash, err := a.hashAfter(from.Hash)
		switch {
		case err != nil:
			return from, err
		case a.Number != from.Number+1:
			return from, &BrokenChain{from.Number + 1, ChainMissing}
		case a.Hash != hash:
			return from, &BrokenChain{a.Number, ChainChanged}
		case slices.ContainsFunc(anchors, func(noted AuditHead) bool { return noted.Number == a.Number && noted.Hash != hash }):
			return from, &BrokenChain{a.Number, ChainReplaced}
		}
		from = AuditHead{a.Number, a.Hash}
	}
	return from, nil
}

// ParseAuditHead reads what AuditHead.String writes.
func ParseAuditHead(text string) (AuditHead, error) {
	var h AuditHead
	number, hash, found := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil || n < 1 || len(hash) != 2*sha256.Size {
		return h, errors.New("an end of the audit log is its number, a colon and 64 hexadecimal digits")
	}
	return AuditHead{n, hash}, nil
}
