package extract

import (
	"slices"

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
