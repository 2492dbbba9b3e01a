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

// Why says why a field has no value.
type Why string

// The reasons, from the least to the most that was found.
const (
	WhyNoCode        Why = "no_code"        // no symbol on the paper says it
	WhyNoMRZ         Why = "no_mrz"         // there is no machine-readable zone, or it has no such part
	WhyNoWords       Why = "no_words"       // none of the words is there
	WhyNoLabel       Why = "no_label"       // the label was not found in its zone
	WhyNothingThere  Why = "nothing_there"  // nothing of the type, or the pattern, is in the zone
	WhyNothingBeside Why = "nothing_beside" // there is a label, and nothing beside it
	WhyInvalid       Why = "invalid"        // something stands there and is no value of the type: see Trial.Err
)

// Trial is what came of looking for one field.
type Trial struct {
	Name     string
	title    map[string]string
	Required bool
	Field    *dossier.Field // nil where there is no value
	Why      Why            // where Field is nil
	Err      error          // of the type, where Why is WhyInvalid
	Label    *[4]float64    // where the label stands, pt, if one was found
	Page     int            // of the label, from 1
	Labels   []string       // that were looked for, as the kind writes them
}

// Title is the field's title in a language, or its name.
func (t *Trial) Title(language string) string {
	return (&field{name: t.Name, titles: t.title}).title(language)
}

// Try looks for the kind's fields on the pages of a paper whether or not it is of that kind, and says of each what came of it,
// in the kind's order. score is what Recognise gives for the first page.
func (k *Kind) Try(pages []*dossier.Page, codes []string) (trials []Trial, score float64) {
	l := newLook(pages, codes)
	if len(l.sheets) == 0 {
		return nil, 0
	}
	return k.try(l), min(1, k.score(l.sheets[0], l.codes))
}

// Threshold is the score from which a page is of this kind.
func (k *Kind) Threshold() float64 { return k.threshold }

// Confidences.
const (
	surely     = 0.90 // below this of its weakest word a value is unsure
	surelyMany = 0.94 // the same of a value of many words: each may be the wrong one
	many       = 8
	inHand     = 0.75 // below this a value that may be written by hand is taken to be
	surelyHand = 0.60 // below this the number of a symbol is not believed at all
	cap        = 0.49 // of what is in hand
	codeIsSure = 0.99 // of a symbol's text: its error correction leaves little to doubt
	disagreed  = 0.6  // at most, where two sources say different things
)

// try looks for all fields.
func (k *Kind) try(l *look) []Trial {
	labels := make([][]hit, len(l.sheets))
	for i, s := range l.sheets {
		labels[i] = slices.DeleteFunc(s.findLabels(k.labels), func(h hit) bool {
			return !s.holdsWords(k.zones[h.phrase], h.first, h.last)
		})
	}
	trials := make([]Trial, 0, len(k.fields))
	for i := range k.fields {
		trials = append(trials, l.tryField(&k.fields[i], labels))
	}
	compareNumbers(trials)
	return trials
}

// rank orders the reasons by how much was found.
func (w Why) rank() int {
	return slices.Index([]Why{WhyNoCode, WhyNoMRZ, WhyNoWords, WhyNoLabel, WhyNothingThere, WhyNothingBeside, WhyInvalid}, w)
}

// tryField goes the field's ways in their order. The first value counts; a symbol's or a machine-readable zone's is compared
// with what is printed.
func (l *look) tryField(f *field, labels [][]hit) Trial {
	t := Trial{Name: f.name, title: f.titles, Required: f.required, Why: ""}
	var printed *dossier.Field
	for i := range f.find {
		w := &f.find[i]
		for _, p := range w.labels {
			t.Labels = append(t.Labels, p.written)
		}
		if t.Field != nil && (w.code != nil || w.mrz != "" || printed != nil) {
			continue
		}
		got := l.walk(f, w, labels, &t)
		switch {
		case got == nil:
		case t.Field == nil:
			t.Field = got
			if w.code == nil && w.mrz == "" {
				printed = got
			}
		default:
			printed = got
			compareSources(t.Field, got)
		}
		if t.Field != nil && printed == t.Field {
			break
		}
	}
	if t.Field != nil {
		t.Why, t.Err = "", nil
	}
	return t
}

// compareSources notes where print says something else than the symbol or zone that is believed.
func compareSources(believed, printed *dossier.Field) {
	if alike(believed.Value, printed.Value) {
		return
	}
	believed.OtherRaw = printed.Raw
	disagree(believed)
}

// alike compares values but for case and tone marks, which a machine-readable zone lacks and reading loses.
func alike(a, b string) bool { return folded(a) == folded(b) }

// walk goes one way, on each page that it may lead over.
func (l *look) walk(f *field, w *way, labels [][]hit, t *Trial) *dossier.Field {
	if w.code != nil {
		return l.fromCode(f, w, t)
	}
	order := make([]int, 0, len(l.sheets))
	for i := range l.sheets {
		order = append(order, i)
	}
	switch {
	case w.zone.ofHead():
		order = order[:min(1, len(order))]
	case w.zone.ofFoot():
		slices.Reverse(order)
	}
	for _, n := range order {
		s := l.sheets[n]
		if w.mrz != "" {
			if got := s.fromMRZ(f, w); got != nil {
				got.Page = n + 1
				return got
			}
			t.note(WhyNoMRZ, nil)
			continue
		}
		if got := s.fromPrint(f, w, labels[n], n+1, t); got != nil {
			got.Page = n + 1
			return got
		}
	}
	return nil
}

// note keeps the reason that says most.
func (t *Trial) note(why Why, err error) {
	if t.Why == "" || why.rank() > t.Why.rank() {
		t.Why, t.Err = why, err
	}
}

// fromCode takes the value from a symbol's text.
func (l *look) fromCode(f *field, w *way, t *Trial) *dossier.Field {
	for _, code := range l.codes {
		start, end, ok := named(w.code, code)
		if !ok {
			continue
		}
		p, err := f.parse(code[start:end])
		if err != nil {
			t.note(WhyInvalid, err)
			continue
		}
		got := &dossier.Field{
			Name: f.name, Type: f.typ, Value: p.Value, Raw: p.Raw, Page: 1, Confidence: codeIsSure, Rule: w.rule(""), Personal: f.personal,
		}
		for n, s := range l.sheets {
			for _, b := range s.page.Barcodes {
				if b.Text == code {
					got.Page, got.Box = n+1, s.pt(b.Box)
				}
			}
		}
		return got
	}
	t.note(WhyNoCode, nil)
	return nil
}

func (s *sheet) pt(b dossier.Box) [4]float64 {
	scale := s.width / max(1, float64(s.page.Width))
	return [4]float64{b.X0 * scale, b.Y0 * scale, b.X1 * scale, b.Y1 * scale}
}

// parse makes a value of a text; a part of it where the field is one.
func (f *field) parse(text string) (value.Parsed, error) {
	p, err := value.Parse(f.typ, text, value.Options{Allowed: f.allowed})
	if err != nil {
		return p, err
	}
	return f.take(p)
}

// take gives the part of a value that the field wants.
func (f *field) take(p value.Parsed) (value.Parsed, error) {
	if f.part == "" {
		return p, nil
	}
	part, ok := p.Parts[f.part]
	if !ok || part == "" {
		return p, value.ErrAbsent
	}
	p.Value = part
	return p, nil
}

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
