package scanners

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// idLetters leaves out the letters that are taken for digits; in this order ids sort by time.
const idLetters = "0123456789abcdefghjkmnpqrstvwxyz"

const idLength = 26

func idEncoding() *base32.Encoding {
	return base32.NewEncoding(idLetters).WithPadding(base32.NoPadding)
}

// newID makes a deposit id: 48 bits of time in milliseconds, then 82 of chance.
func newID(now time.Time) string {
	var b [17]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // never fails
	return idEncoding().EncodeToString(b[:])[:idLength]
}

// idTime returns the time in a deposit id; ok is false for anything else.
func idTime(id string) (at time.Time, ok bool) {
	if len(id) != idLength {
		return time.Time{}, false
	}
	b, err := idEncoding().DecodeString(id + "00")
	if err != nil {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b) >> 16)).UTC(), true
}
