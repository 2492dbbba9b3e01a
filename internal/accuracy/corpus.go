package accuracy

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Page is one page of the corpus that has a truth.
type Page struct {
	Set      string // folder: vi, fr, en
	Name     string // file name
	Path     string
	Language string // tessdata name
	Truth    string // as transcribed
}

// Sets lists the folders of the corpus that have truths.
func Sets() []string { return []string{"vi", "fr", "en"} }

// Language is the tessdata name of a set's language.
func Language(set string) string {
	return map[string]string{"vi": "vie", "fr": "fra", "en": "eng"}[set]
}

// Pages lists the pages of a set, by name. A truth X.txt belongs to the first file X.* that is an image or a PDF.
func Pages(corpus, set string) ([]Page, error) {
	truths, err := filepath.Glob(filepath.Join(corpus, set, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list pages of %s: %w", set, err)
	}
	slices.Sort(truths)
	var pages []Page
	for _, truth := range truths {
		text, err := os.ReadFile(truth)
		if err != nil {
			return nil, fmt.Errorf("read truth: %w", err)
		}
		stem := strings.TrimSuffix(truth, ".txt")
		for _, ext := range []string{".jpg", ".png", ".tif", ".tiff", ".pdf"} {
			if _, err := os.Stat(stem + ext); err == nil {
				pages = append(pages, Page{set, filepath.Base(stem + ext), stem + ext, Language(set), string(text)})
				break
			}
		}
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("list pages of %s: no page with a truth in %s", set, filepath.Join(corpus, set))
	}
	return pages, nil
}

// Find looks for the corpus from the working directory upwards, as ../shared/corpus of the project's root. It returns
// "" where there is none.
func Find() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		corpus := filepath.Join(dir, "..", "shared", "corpus")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			if _, err := os.Stat(corpus); err != nil {
				return ""
			}
			return corpus
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// Need is Find for a test: where the corpus is missing the test is skipped; in CI it fails, unless -short.
func Need(t testing.TB) string {
	t.Helper()
	corpus := Find()
	switch {
	case corpus != "":
	case os.Getenv("CI") == "true" && !testing.Short():
		t.Fatal("the corpus is missing")
	default:
		t.Skip("the corpus is missing")
	}
	return corpus
}
