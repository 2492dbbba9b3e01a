package separate

import (
	"strings"

	"github.com/dossierd/dossierd/fold"
)

// contains reports whether a pattern stands in the text with at most slips letters wrong, missing or too many (Sellers'
// algorithm).
func contains(text, pattern string, slips int) bool {
	if strings.Contains(text, pattern) {
		return true
	}
	if slips == 0 || len(text)+slips < len(pattern) {
		return false
	}
	row := make([]int, len(pattern)+1)
	for i := range row {
		row[i] = i
	}
	for t := range len(text) {
		diagonal := row[0]
		for i := 1; i <= len(pattern); i++ {
			cost := diagonal
			if pattern[i-1] != text[t] {
				cost++
			}
			diagonal = row[i]
			row[i] = min(cost, row[i]+1, row[i-1]+1)
		}
		if row[len(pattern)] <= slips {
			return true
		}
	}
	return false
}

// alike reports whether two folded texts differ by no more than slips of reading: an eighth of their letters.
func alike(a, b string) bool {
	longer := max(len(a), len(b))
	return longer-min(len(a), len(b)) <= longer/8 && fold.Distance(a, b) <= longer/8
}

// startsWith reports whether a folded text begins with one of the phrases, as whole words.
func startsWith(text string, phrases []string) (string, bool) {
	for _, p := range phrases {
		if strings.HasPrefix(text, p) && (len(text) == len(p) || text[len(p)] == ' ') {
			return p, true
		}
	}
	return "", false
}

// startsLike is startsWith for what may be read badly: a letter in six of a longer phrase may differ.
func startsLike(text string, phrases []string) (string, bool) {
	const long = 8 // letters; shorter ones are too near to other words
	if p, ok := startsWith(text, phrases); ok {
		return p, true
	}
	for _, p := range phrases {
		if len(p) >= long && len(text) >= len(p) && fold.Distance(text[:len(p)], p) <= len(p)/6 {
			return p, true
		}
	}
	return "", false
}
