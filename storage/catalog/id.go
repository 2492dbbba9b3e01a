package catalog

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// crockford leaves out the letters that are taken for digits; its order is that of ASCII, so that ids sort by time.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// newID makes an id that is unique and, to the millisecond, later than those made before: 26 characters of 48 bits
// of time and 82 of chance.
func newID(prefix string, now time.Time) string {
	var b [17]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // never fails
	return prefix + base32.NewEncoding(crockford).WithPadding(base32.NoPadding).EncodeToString(b[:])[:26]
}
