package extract

import (
	"errors"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// fromPrint takes the value from the words that a way leads to.
func (s *sheet) fromPrint(f *field, w *way, labels []hit, page int, t *Trial) *dossier.Field {
	found := s.passages(w, labels)
	if len(found) == 0 {
		switch {
		case len(w.words) > 0:
			t.note(WhyNoWords, nil)
		case len(w.labels) > 0:
			t.note(WhyNoLabel, nil)
		default:
			t.note(WhyNothingThere, nil)
		}
	}
	for _, p := range found {
		if p.label != (box{}) && t.Label == nil {
			t.Label, t.Page = &[4]float64{p.label.x0, p.label.y0, p.label.x1, p.label.y1}, page
		}
		if p.why != "" {
			t.note(p.why, nil)
			continue
		}
		got, why, err := s.valueOf(f, w, p)
		if got != nil {
			return got
		}
		t.note(why, err)
	}
	return nil
}

// valueOf makes a field of a passage.
func (s *sheet) valueOf(f *field, w *way, p passage) (*dossier.Field, Why, error) {
	text, offsets := s.join(p.words)
	from, to := 0, len(text)
	if w.pattern != nil {
		var ok bool
		if from, to, ok = named(w.pattern, text); !ok {
			return nil, WhyNothingThere, nil
		}
	}
	var parsed value.Parsed
	var err error
	if p.choice != "" {
		parsed = value.Parsed{Value: p.choice, Raw: text, End: len(text)}
		if made, err := f.parse(p.choice); err == nil {
			parsed.Value = made.Value
		}
	} else if parsed, err = s.search(f, w, text[from:to]); err != nil {
		if errors.Is(err, value.ErrAbsent) {
			return nil, WhyNothingBeside, nil
		}
		return nil, WhyInvalid, err
	} else if parsed.Value == "" {
		return nil, WhyNothingThere, nil
	}
	words := s.covering(p.words, offsets, from+parsed.Start, from+parsed.End)
	if len(words) == 0 {
		return nil, WhyNothingThere, nil
	}
	if f.byHand && f.typ == "symbol" && s.weakest(words) < surelyHand {
		if rest, err := f.parse(parsed.Raw[strings.IndexByte(parsed.Raw, '/')+0:]); err == nil && f.part == "" {
			start := from + parsed.Start + strings.IndexByte(parsed.Raw, '/')
			parsed, words = rest, s.covering(p.words, offsets, start, from+parsed.End)
		}
	}
	if f.part != "" {
		words = s.narrow(words, parsed.Value)
	}
	return s.field(f, w, p, words, &parsed), "", nil
}

// search reads a text that should be a value, or one that holds a value somewhere.
func (s *sheet) search(f *field, w *way, text string) (value.Parsed, error) {
	opt := value.Options{Language: s.page.Language, Allowed: f.allowed}
	p, err := value.Parse(f.typ, text, opt)
	if loose := len(w.labels) == 0 && w.pattern == nil; err != nil || loose {
		found := value.Find(f.typ, text, opt)
		switch {
		case len(found) == 0 && loose:
			return value.Parsed{}, nil
		case len(found) == 0:
			return p, err
		case w.last:
			p = found[len(found)-1]
		default:
			p = found[0]
		}
	}
	return f.take(p)
}

// covering are the words of which the text from start to end consists.
func (s *sheet) covering(words, offsets []int, start, end int) []int {
	var in []int
	for n, i := range words {
		if a := offsets[n]; a < end && a+len(s.words[i].text) > start {
			in = append(in, i)
		}
	}
	return in
}

// narrow keeps the words that a part of their value consists of, where they say it as it stands.
func (s *sheet) narrow(words []int, part string) []int {
	for first := range words {
		for last := len(words); last > first; last-- {
			if text, _ := s.join(words[first:last]); folded(text) == folded(part) {
				return words[first:last]
			}
		}
	}
	return words
}

// field writes the record of a value.
func (s *sheet) field(f *field, w *way, p passage, words []int, parsed *value.Parsed) *dossier.Field {
	b := s.around(words)
	got := &dossier.Field{
		Name: f.name, Type: f.typ, Value: parsed.Value, Raw: parsed.Raw, OtherRaw: parsed.OtherRaw,
		Box: [4]float64{b.x0, b.y0, b.x1, b.y1}, Confidence: s.weakest(words), Rule: w.rule(p.phrase), Personal: f.personal,
	}
	if parsed.Repaired {
		got.Warnings = append(got.Warnings, dossier.WarnRepaired)
	}
	switch {
	case f.byHand && got.Confidence < inHand:
		got.Warnings = append(got.Warnings, dossier.WarnHandwritten)
		got.Confidence = min(got.Confidence, cap)
	case !parsed.Checked && (got.Confidence < surely || len(words) >= many && got.Confidence < surelyMany || oddCase(parsed.Raw) || s.cutShort(words) || s.hatless && dotted(parsed.Raw)):
		got.Warnings = append(got.Warnings, dossier.WarnUnsure)
	}
	slices.Sort(got.Warnings)
	return got
}

// cutShort reports whether a comma ends what was read, and what follows stands oddly: it was not found.
func (s *sheet) cutShort(words []int) bool {
	last := words[len(words)-1]
	next := last + 1
	if !strings.HasSuffix(s.words[last].text, ",") || next >= len(s.words) {
		return false
	}
	return sameRow(s.words[last].box, s.words[next].box) != (s.words[next].run == s.words[last].run)
}

// oddCase reports whether a word goes on in capitals after small letters ("thỦ tục"), or stands in capitals with a tone mark
// among words in small letters ("xã Yên TỪ"; abbreviations have no tone marks): reading lost track of its shape.
func oddCase(text string) bool {
	mixed := small(text) > 0
	for w := range strings.FieldsSeq(text) {
		if mixed && len([]rune(w)) > 1 && small(w) == 0 && toneMarked(w) {
			return true
		}
		before := ' '
		for _, r := range w {
			if unicode.IsLower(before) && unicode.IsUpper(r) {
				return true
			}
			before = r
		}
	}
	return false
}

// toneMarked reports whether a word has a tone mark: grave, acute, tilde, hook above or dot below.
func toneMarked(word string) bool {
	return strings.ContainsAny(norm.NFD.String(word), "\u0300\u0301\u0303\u0309\u0323")
}

// weakest is the confidence of the weakest word.
func (s *sheet) weakest(words []int) float64 {
	weakest := 1.0
	for _, i := range words {
		if s.words[i].fold != "" || len(words) == 1 {
			weakest = min(weakest, s.words[i].conf)
		}
	}
	return math.Round(weakest*1000) / 1000
}
