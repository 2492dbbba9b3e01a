package separate

import (
	"strings"
	"unicode"
)

// bases are letters with marks under the letter that they are folded to. Ð is how engines read Đ.
var bases = func() map[rune]byte {
	m := map[rune]byte{}
	for base, marked := range map[byte]string{
		'a': "àáảãạăằắẳẵặâầấẩẫậäå", 'c': "ç", 'd': "đð", 'e': "èéẻẽẹêềếểễệë", 'i': "ìíỉĩịîï", 'n': "ñ",
		'o': "òóỏõọôồốổỗộơờớởỡợö", 'u': "ùúủũụưừứửữựûü", 'y': "ỳýỷỹỵÿ",
	} {
		for _, r := range marked {
			m[r] = base
		}
	}
	return m
}()

// fold gives the letters and digits of a text in lower case without marks, and one space for whatever lies between.
// Comparing so forgives most slips of reading: tone marks are what an engine gets wrong first.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		r = unicode.ToLower(r)
		if base, ok := bases[r]; ok {
			r = rune(base)
		}
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteByte(byte(r))
		case unicode.Is(unicode.Mn, r):
		default:
			space = true
		}
	}
	return b.String()
}

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

// distance is the number of letters to change, add or drop between two texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// alike reports whether two folded texts differ by no more than slips of reading: an eighth of their letters.
func alike(a, b string) bool {
	longer := max(len(a), len(b))
	return longer-min(len(a), len(b)) <= longer/8 && distance(a, b) <= longer/8
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
		if len(p) >= long && len(text) >= len(p) && distance(text[:len(p)], p) <= len(p)/6 {
			return p, true
		}
	}
	return "", false
}
