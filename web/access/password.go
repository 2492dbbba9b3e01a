package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The second choice of RFC 9106, for where memory is short.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	saltBytes    = 16
	keyBytes     = 32
)

// What a password must be, in characters; the longest keeps a request from being work.
const (
	passwordLeast = 12
	passwordMost  = 256
)

// PasswordFault says what is wrong with a password that somebody would have.
type PasswordFault string

// The faults.
const (
	PasswordShort PasswordFault = "short" // fewer than 12 characters
	PasswordLong  PasswordFault = "long"  // more than 256
	PasswordName  PasswordFault = "name"  // the user's name is in it, or fewer than four different characters
)

func (f PasswordFault) Error() string { return "the password will not do: " + string(f) }

// CheckPassword says what is wrong with a password for a user, as a PasswordFault, or nil.
func CheckPassword(name, password string) error {
	password = norm.NFC.String(password)
	n := utf8.RuneCountInString(password)
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	switch {
	case n < passwordLeast:
		return PasswordShort
	case n > passwordMost:
		return PasswordLong
	case len(name) >= 4 && strings.Contains(strings.ToLower(password), name), len(different) < 4:
		return PasswordName
	}
	return nil
}

// hashing does one hash at a time: each takes 64 MiB, and logins must not take the memory that pages are read in.
type hashing struct {
	line chan struct{} // who waits or hashes; more are turned away
	turn chan struct{} // who hashes
}

func newHashing() hashing {
	return hashing{line: make(chan struct{}, 8), turn: make(chan struct{}, 1)}
}

// hash returns the hash of a password as the catalogue keeps it: the form that argon2's own tools write.
func (h *hashing) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf(hashForm+"%s$%s", b64(salt), b64(key)), nil
}

// hashForm is what all hashes begin with.
var hashForm = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)

// matches reports whether a password has the hash. It takes as long where there is none.
func (h *hashing) matches(ctx context.Context, hash, password string) (bool, error) {
	salt, want := make([]byte, saltBytes), make([]byte, keyBytes)
	known := false
	if rest, ok := strings.CutPrefix(hash, hashForm); ok {
		first, second, _ := strings.Cut(rest, "$")
		s, saltErr := base64.RawStdEncoding.DecodeString(first)
		k, keyErr := base64.RawStdEncoding.DecodeString(second)
		if saltErr == nil && keyErr == nil {
			salt, want, known = s, k, true
		}
	}
	key, err := h.key(ctx, password, salt)
	return subtle.ConstantTimeCompare(key, want) == 1 && known, err
}

// key is ErrBusy where too many wait.
func (h *hashing) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.line <- struct{}{}:
		defer func() { <-h.line }()
	default:
		return nil, ErrBusy
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, argonTime, argonMemory, argonThreads, keyBytes), nil
}
