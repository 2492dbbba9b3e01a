package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// identityKeyBytes is the length of the key that is made, and the least that is taken.
const identityKeyBytes = 32

// identityKey reads the key under which identity numbers are hashed, 64 hexadecimal digits or more, and makes one where there is
// none. Without the key that made them, hashes find nothing: it belongs into the backup, apart from the catalogue.
func identityKey(path string) (dossier.IdentityKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeIdentityKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the identity key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < identityKeyBytes {
		return nil, fmt.Errorf("%s is no identity key: it needs %d hexadecimal digits or more", path, 2*identityKeyBytes)
	}
	return key, nil
}

// makeIdentityKey leaves a whole key or none, and never another in place of one.
func makeIdentityKey(path string) (dossier.IdentityKey, error) {
	key := make([]byte, identityKeyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make an identity key: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".identity-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make an identity key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), path)
	}
	if errors.Is(err, fs.ErrExist) {
		return identityKey(path) // another daemon was first
	}
	if err != nil {
		return nil, fmt.Errorf("make an identity key: %w", err)
	}
	return key, nil
}
