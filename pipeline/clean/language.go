package clean

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// The languages that can be told apart, by their tessdata names.
const (
	vietnamese = "vie"
	french     = "fra"
	english    = "eng"
)

// chooseLanguage settles which model the page is read with: the station's one, or of several the one that a strip of
// the text speaks for. The station's first language is taken where the strip says nothing.
func (r *Reader) chooseLanguage(p *page, languages []string, glance bool) error {
	p.language = english
	if len(languages) > 0 {
		p.language = languages[0]
	}
	if len(languages) < 2 || !glance || len(p.letters) == 0 {
		return nil
	}
	scout := p.language
	if slices.Contains(languages, vietnamese) {
		scout = vietnamese
	}
	layout, err := r.strip(p.work, p.letters, p.workDPI(), 0, 6, scout)
	if errors.Is(err, ocr.ErrNoModel) {
		return nil
	}
	if err != nil {
		return err
	}
	if spoken := languageOf(&layout, languages); spoken != "" {
		p.language = spoken
	}
	return nil
}

// languageOf says which of the languages a text is in, "" where it cannot tell.
func languageOf(l *dossier.Layout, languages []string) string {
	const (
		tones = 0.10 // share of letters only Vietnamese has; its pages have .117 to .245, others at most .089
		least = 0.04 // of what speaks for French or English
	)
	var letters, toned, accented, words, fr, en int
	for line := range l.Lines {
		for _, w := range line.Words {
			words++
			for _, c := range strings.ToLower(w.Text) {
				switch {
				case !unicode.IsLetter(c):
					continue
				case isToned(c):
					toned++
				case strings.ContainsRune("éèêàç", c):
					accented++
				}
				letters++
			}
			switch word := strings.Trim(strings.ToLower(w.Text), ".,;:()'\""); {
			case slices.Contains(frenchWords(), word):
				fr++
			case slices.Contains(englishWords(), word):
				en++
			}
		}
	}
	if letters == 0 {
		return ""
	}
	share := func(part, whole int) float64 { return float64(part) / float64(whole) }
	if share(toned, letters) >= tones {
		return among(vietnamese, languages)
	}
	forFrench, forEnglish := share(fr, words)+2*share(accented, letters), share(en, words)
	best, score := french, forFrench
	if forEnglish > forFrench {
		best, score = english, forEnglish
	}
	if score < least {
		return ""
	}
	return among(best, languages)
}

func among(language string, languages []string) string {
	if slices.Contains(languages, language) {
		return language
	}
	return ""
}

// isToned tells the letters that only Vietnamese has; à, è, é, ê, ô and their like it shares with French.
func isToned(c rune) bool {
	return c >= 0x1EA0 && c <= 0x1EF9 || strings.ContainsRune("ăđơư", c)
}

func frenchWords() []string {
	return []string{
		"le", "la", "les", "de", "des", "du", "un", "une", "et", "est", "en", "que", "qui", "dans", "pour", "par", "sur", "au",
		"aux", "avec", "ce", "cette", "il", "elle", "ne", "pas", "plus", "se", "sont", "ou", "vous", "nous",
	}
}

func englishWords() []string {
	return []string{
		"the", "of", "and", "to", "in", "is", "that", "for", "it", "with", "as", "was", "on", "be", "by", "at", "this", "are",
		"from", "or", "have", "an", "not", "which", "you", "we", "has", "were", "will", "your", "our", "their",
	}
}
