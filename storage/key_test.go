package storage_test

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/storage"
)

// names draws what may come from outside: any bytes, and often what is special in a path.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", ".", "..", "...", "/", "../..", "%", "%2E", "%-", "a/b", "-rf", "so-tu-phap", "\x00", "\xff"}),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }),
		rapid.StringN(80, 400, -1),
	)
}

func TestAnEscapedNameIsOnePartOfAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := storage.Escape(names().Draw(t, "name"))
		if err := storage.CheckKey(part); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(part, "/") || len(part) > 200 {
			t.Fatalf("%q (%d bytes)", part, len(part))
		}
	})
}

func TestAShortNameCanBeUnescaped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(1, -1, 66).Draw(t, "name")
		back, err := url.PathUnescape(storage.Escape(name))
		if err != nil || back != name {
			t.Fatalf("%q became %q, then %q (%v)", name, storage.Escape(name), back, err)
		}
	})
}

func TestTwoNamesNeverShareAnEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := names().Draw(t, "a")
		b := names().Draw(t, "b")
		if rapid.Bool().Draw(t, "escape once more") {
			b = storage.Escape(a)
		}
		if strings.HasPrefix(a, "%") && a == b {
			return
		}
		if (a == b) != (storage.Escape(a) == storage.Escape(b)) {
			t.Fatalf("%q and %q: %q and %q", a, b, storage.Escape(a), storage.Escape(b))
		}
	})
}

func TestAPlainNameIsLeftReadable(t *testing.T) {
	for name, want := range map[string]string{
		"quay-1-20260105-0007":   "quay-1-20260105-0007",
		"Scan_001.pdf":           "Scan_001.pdf",
		"":                       "%",
		".":                      "%2E",
		"..":                     "%2E.",
		"Sở Tư pháp":             "S%E1%BB%9F%20T%C6%B0%20ph%C3%A1p",
		strings.Repeat("a", 200): strings.Repeat("a", 200),
		strings.Repeat("é", 100): strings.Repeat("%C3%A9", 20) + "%-f42ec48e1e4b487e590e0b3d4e58437c8327efa855d769709f4942a4f73a7eb6",
	} {
		if got := storage.Escape(name); got != want {
			t.Errorf("Escape(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestKeysLieWhereTheDesignPutsThem(t *testing.T) {
	sha := strings.Repeat("ab", 32)
	for got, want := range map[string]string{
		storage.OriginalKey(sha):                                       "originals/ab/" + sha,
		storage.PageKey("d1-3", "layout.json.gz"):                      "pages/d1-3/layout.json.gz",
		storage.DossierKey("tư pháp", 2026, "q-1", 4, "metadata.json"): "dossiers/t%C6%B0%20ph%C3%A1p/2026/q-1/v4/metadata.json",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := storage.CheckKey(got); err != nil {
			t.Error(err)
		}
	}
}

func TestAnUncleanKeyIsRefused(t *testing.T) {
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", ".tmp/a", "a/.b", "a\x00b", "a\nb", "\xff",
		strings.Repeat("a", 256), strings.Repeat("a/", 512) + "a",
	} {
		if storage.CheckKey(key) == nil {
			t.Errorf("%q passes", key)
		}
	}
}
