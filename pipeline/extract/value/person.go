package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names have at most so many words and letters.
const (
	mostWords    = 8
	mostLetters  = 60
	longestWord  = 25
	fewestOfFull = 2 // words of a Vietnamese name: family and given
)

// honorifics stand before a name and are no part of it: forms of address and academic titles.
var honorifics = regexp.MustCompile(`^(?i:(?:ông|bà|anh|chị|cô|chú|em|monsieur|madame|mademoiselle|mme|mlle|mr|mrs|ms|miss|dr|pr|me|m)\.?\s+` +
	`|(?:gs|pgs|ts|ths|bs|cn|ks|cv|ls|bscki|bsckii)\.(?:\s*(?:gs|pgs|ts|ths|bs)\.)*\s*)+`)

// particles stay small inside a name in capitals, in French and the names of its neighbours.
var particles = []string{"de", "du", "des", "la", "le", "von", "van", "der", "den", "da", "dos", "di", "ben", "el", "al"}

// parsePersonName reads a person's name, Vietnamese (family first) or French. Normal form: NFC, capitals at the beginning of
// words where it was printed in capitals ("NGUYỄN VĂN AN" is Nguyễn Văn An); the order stays. Forms of address and titles
// before it are dropped. What no name looks like (digits, capitals inside words, words without a vowel) is refused.
func parsePersonName(text string, opt Options) (Parsed, error) {
	s := trim(text)
	s.start += len(honorifics.FindString(text[s.start:s.end]))
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the name is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	if strings.ContainsRune(raw, '\n') {
		return Parsed{}, fault("a name stands on one line")
	}
	words := strings.Fields(norm.NFC.String(strings.ReplaceAll(raw, "’", "'")))
	if len(words) > mostWords || utf8.RuneCountInString(raw) > mostLetters {
		return Parsed{}, fault("it is too long for a name")
	}
	if opt.Language == "vie" && len(words) < fewestOfFull {
		return Parsed{}, fault("a Vietnamese name has two words or more")
	}
	for i, w := range words {
		if err := checkName(w); err != nil {
			return Parsed{}, err
		}
		words[i] = nameCase(w, opt.Language, i == 0)
	}
	return Parsed{Value: strings.Join(words, " "), Raw: raw, Start: s.start, End: s.end}, nil
}

// checkName refuses a word that is in no name.
func checkName(word string) error {
	if utf8.RuneCountInString(word) > longestWord {
		return fault("it has a word too long for a name")
	}
	for _, part := range nameParts(word) {
		letters := strings.TrimSuffix(part, ".")
		switch first, size := utf8.DecodeRuneInString(letters); {
		case letters == "" || strings.IndexFunc(letters, notLetter) >= 0:
			return fault("a name has letters only")
		case unicode.IsLower(first) && !slices.Contains(particles, letters) && letters != "d" && letters != "l":
			return fault("each word of a name begins with a capital")
		case !isCapitals(letters) && strings.IndexFunc(letters[size:], unicode.IsUpper) >= 0 && !strings.HasPrefix(letters, "Mc"):
			return fault("a name has no capitals inside its words")
		case utf8.RuneCountInString(letters) > 1 && !hasVowel(letters) && letters != "St" && letters == part:
			return fault("a word of the name has no vowel")
		}
	}
	return nil
}

// nameParts are the pieces of a word between hyphens and apostrophes.
func nameParts(word string) []string {
	return strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '\'' || r == '‑' })
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }

// hasVowel is for any letter that a vowel is under the accents of.
func hasVowel(word string) bool { return strings.ContainsAny(foldText(word).text, "aeiouyœæø") }

// nameCase writes a word in capitals with a capital at the beginning of each part.
func nameCase(word, language string, first bool) string {
	if !isCapitals(word) || utf8.RuneCountInString(word) < 2 {
		return word
	}
	lower := strings.ToLower(word)
	if language == "fra" && !first && slices.Contains(particles, lower) {
		return lower
	}
	begin := true
	return strings.Map(func(r rune) rune {
		if begin {
			r = unicode.ToUpper(r)
		}
		begin = r == '-' || r == '\'' || r == '‑' || r == '.'
		return r
	}, lower)
}

// positions are words of the office that signs, folded: a line with one is no name.
var positions = regexp.MustCompile(`\b(?:chu tich|giam doc|chanh|hieu truong|vien truong|cuc truong|bo truong|thu truong|truong phong|` +
	`pho|to truong|tong|thu ky|cong chung vien|nguoi ky|ky ten|uy ban|maire|adjoint|directeur|directrice|prefet|prefete|` +
	`president|presidente|chef|cheffe|secretaire|responsable|notaire|director|manager|secretary|registrar|mayor|officer)\b`)

// capacities begin the line of the office: on behalf of, for, acting (Decree 30/2020/ND-CP, annex I, part II, 7).
var capacities = regexp.MustCompile(`^(?:TM|KT|TL|TUQ|Q)\.?\s|^(?:TM|KT|TL|TUQ|Q)\.|^(?i:pour\s|p/|p\.o)`)

// isPosition reports whether a line of a signature block names an office.
func isPosition(line string) bool {
	upper := isCapitals(line)
	lower := strings.ToLower(norm.NFC.String(line))
	return capacities.MatchString(line) || strings.Contains(lower, "trưởng") || positions.MatchString(foldText(line).text) ||
		upper && strings.Contains(foldString(line), "truong")
}

// parseSigner reads the block under a document: the office in capitals, the name below it. Normal form: the name, as
// person_name. Parts: position, the lines of the office. ErrAbsent where only the office can be read: the name is under
// seal and signature.
func parseSigner(text string, opt Options) (Parsed, error) {
	var office []string
	var name *Parsed
	for _, s := range lineSpans(text) {
		line := text[s.start:s.end]
		if isPosition(line) {
			inner := trim(line)
			office = append(office, plain(line[inner.start:inner.end]))
			name = nil // a name above an office is another signer's
			continue
		}
		if p, err := parsePersonName(line, opt); err == nil && strings.Contains(p.Value, " ") {
			p.Start, p.End = p.Start+s.start, p.End+s.start
			name = &p
		}
	}
	if name == nil {
		return Parsed{}, fmt.Errorf("no name can be read under the office: %w", ErrAbsent)
	}
	if office != nil {
		name.Parts = map[string]string{"position": strings.Join(office, " ")}
	}
	return *name, nil
}

// parseSex reads a sex as forms print it in Vietnamese, French and English. Normal form: M or F.
func parseSex(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the sex is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	p := Parsed{Raw: raw, Start: s.start, End: s.end}
	switch foldString(raw) {
	case "nam", "m", "male", "masculin", "homme", "h":
		p.Value = "M"
	case "nu", "f", "female", "feminin", "femme":
		p.Value = "F"
	default:
		return Parsed{}, fault("it names no sex")
	}
	return p, nil
}

// sexSeen are the words of a sex; "Việt Nam" is none.
var sexSeen = regexp.MustCompile(`[\p{L}\p{M}]+`)

// sexSpans are the words in a text that name a sex in full.
func sexSpans(text string) []span {
	var spans []span
	before := ""
	for _, g := range sexSeen.FindAllStringIndex(text, -1) {
		word := foldString(text[g[0]:g[1]])
		_, err := parseSex(word, Options{})
		if err == nil && len(word) > 1 && before != "viet" {
			spans = append(spans, span{g[0], g[1]})
		}
		before = word
	}
	return spans
}
