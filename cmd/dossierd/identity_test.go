package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheIdentityKeyIsMadeOnceAndForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.key")
	first, err := identityKey(path)
	if err != nil || len(first) != identityKeyBytes {
		t.Fatal(len(first), err)
	}
	if again, err := identityKey(path); err != nil || !bytes.Equal(again, first) {
		t.Error("another key", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	for _, text := range []string{"", "abcd", "not hexadecimal, but long enough to be mistaken for a key of 32 bytes"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := identityKey(path); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
