package storage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/storage"
)

func digestOf(data []byte) storage.Digest {
	sum := sha256.Sum256(data)
	return storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
}

// readers wraps a reader in each of the ways in which a reader may give its bytes.
func readers() *rapid.Generator[func(io.Reader) io.Reader] {
	return rapid.SampledFrom([]func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader,
	})
}

func TestAVerifierPassesTheRightBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		v := storage.NewVerifier(readers().Draw(t, "reader")(bytes.NewReader(data)), digestOf(data))
		got, err := io.ReadAll(readers().Draw(t, "outer")(v))
		if err != nil || v.Err() != nil || !bytes.Equal(got, data) {
			t.Fatalf("%x for %x, %v, %v", got, data, err, v.Err())
		}
	})
}

func TestAVerifierNeverGivesAllOfTheWrongBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		want := rapid.SliceOf(rapid.Byte()).Filter(func(b []byte) bool { return !bytes.Equal(b, data) }).Draw(t, "want")
		v := storage.NewVerifier(readers().Draw(t, "reader")(bytes.NewReader(data)), digestOf(want))
		got, err := io.ReadAll(v)
		if !errors.Is(err, storage.ErrDigest) || !errors.Is(v.Err(), storage.ErrDigest) {
			t.Fatalf("error %v", err)
		}
		if len(want) > 0 && len(got) >= len(want) {
			t.Fatalf("%d bytes of %d got through", len(got), len(want))
		}
	})
}

func TestAVerifierTellsTheSourcesError(t *testing.T) {
	broken := errors.New("disk torn out")
	data := []byte("half of it")
	v := storage.NewVerifier(io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken)), digestOf(append(data, "more"...)))
	if _, err := io.ReadAll(v); !errors.Is(err, broken) || !errors.Is(v.Err(), broken) {
		t.Fatalf("got %v", err)
	}
}
