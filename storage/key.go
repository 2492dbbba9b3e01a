package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestKey  = 1024 // bytes; S3's limit
	longestPart = 255  // bytes between two slashes; a Linux file name's limit
	longestName = 200  // bytes that Escape gives at most; leaves room for what a key builder adds
	keptOfLong  = 120  // bytes of a longer name that stay readable before its hash
)

// errBadKey is what CheckKey's errors have in common.
var errBadKey = errors.New("bad object key")

// OriginalKey is where a deposit's bytes lie, by their SHA-256 in lower-case hex.
func OriginalKey(sha string) string {
	return "originals/" + sha[:min(2, len(sha))] + "/" + sha
}

// PageKey is where an artifact of a page lies: layout.json.gz, image.<ext>, preview.jpg or thumb.jpg.
func PageKey(pageID, file string) string {
	return "pages/" + Escape(pageID) + "/" + file
}

// DossierKey is where a file of a dossier version lies: dossier.pdf, metadata.json or alto.zip.
func DossierKey(department string, year int, code string, version int, file string) string {
	return fmt.Sprintf("dossiers/%s/%04d/%s/v%d/%s", Escape(department), year, Escape(code), version, file)
}

// CheckKey says what is wrong with a key, or nil. A key is UTF-8 of at most 1,024 bytes without control characters; its
// parts between slashes are 1 to 255 bytes long and don't begin with a dot.
func CheckKey(key string) error {
	switch {
	case len(key) > longestKey:
		return fmt.Errorf("%w: %d bytes, more than %d", errBadKey, len(key), longestKey)
	case !utf8.ValidString(key):
		return fmt.Errorf("%w %q: not UTF-8", errBadKey, key)
	case strings.ContainsFunc(key, unicode.IsControl):
		return fmt.Errorf("%w %q: control character", errBadKey, key)
	}
	for part := range strings.SplitSeq(key, "/") {
		switch {
		case part == "":
			return fmt.Errorf("%w %q: empty part", errBadKey, key)
		case part[0] == '.':
			return fmt.Errorf("%w %q: part begins with a dot", errBadKey, key)
		case len(part) > longestPart:
			return fmt.Errorf("%w %q: part of more than %d bytes", errBadKey, key, longestPart)
		}
	}
	return nil
}

// Escape makes one part of a key from a name that comes from outside: at most 200 bytes of A-Z a-z 0-9 - _ . and %, not
// beginning with a dot. Other bytes are written %XX, so that url.PathUnescape gives the name back; no two names become
// one. The empty name is "%". What would be longer ends in "%-" and the hex SHA-256 of the name instead, which can't be
// undone.
func Escape(name string) string {
	if name == "" {
		return "%"
	}
	var b strings.Builder
	kept := 0
	for i := range len(name) {
		if c := name[i]; plain(c) && (c != '.' || i > 0) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
		if b.Len() <= keptOfLong {
			kept = b.Len()
		}
	}
	if b.Len() <= longestName {
		return b.String()
	}
	sum := sha256.Sum256([]byte(name))
	return b.String()[:kept] + "%-" + hex.EncodeToString(sum[:])
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}
