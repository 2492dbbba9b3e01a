package dossier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// IdentityKey is a secret of the installation, 32 bytes. With it an identity number is found again without being kept: the
// numbers are so few that a hash without a key tells them.
type IdentityKey []byte

// Hash is the keyed hash, lower-case hex, of an identity number however it is written: only its letters and digits count. It
// is "" for a text that has none.
func (k IdentityKey) Hash(number string) string {
	normal := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, number)
	if normal == "" {
		return ""
	}
	return k.sum("number", normal)
}

// Salt is a text that nobody can guess without the key, the same each time for the same name.
func (k IdentityKey) Salt(name string) string { return k.sum("salt", name) }

func (k IdentityKey) sum(use, text string) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(use + "\x00" + text))
	return hex.EncodeToString(mac.Sum(nil))
}
