package procedure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/strictyaml"
)

// reader turns one file's tree into what it describes, and notes every fault instead of stopping at the first.
type reader struct {
	file   string
	faults *Faults
	known  func(kind string) bool
	lines  map[string]int // of the keys at the top
}

// The largest numbers that a file may hold: a typing mistake beyond them would make days of work out of a deadline.
const (
	maxDeadline = 1000 // working days
	maxCount    = 1000
)

var (
	codeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$`)
	nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
)

func (r *reader) fault(line int, key, code string, args ...any) {
	r.faults.add(r.file, line, key, code, args...)
}

// key is a key of a mapping and what reads its value.
type key struct {
	name     string
	required bool
	read     func(node ast.Node, path string)
}

// mapping reads each pair by its key, and returns the line of each key that is there. What is null counts as absent.
func (r *reader) mapping(node ast.Node, path string, keys []key) map[string]int {
	lines := map[string]int{}
	pairs, ok := strictyaml.Pairs(node)
	if !ok {
		r.shape(node, path, "a_mapping")
		return lines
	}
	for _, pair := range pairs {
		name, line := pair.Key.GetToken().Value, lineOf(pair.Key)
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		switch _, empty := pair.Value.(*ast.NullNode); {
		case i < 0:
			r.fault(line, within(path, name), "unknown_key", namesOf(keys))
		case !empty && pair.Value != nil:
			lines[name] = line
			keys[i].read(pair.Value, within(path, name))
		}
	}
	for _, k := range keys {
		if _, there := lines[k.name]; k.required && !there {
			r.fault(lineOf(node), path, "required", k.name)
		}
	}
	return lines
}

func within(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func namesOf(keys []key) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return strings.Join(names, ", ")
}

// shape notes that a value is not what it must be.
func (r *reader) shape(node ast.Node, path string, want shape) {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		r.fault(lineOf(node), path, "no_anchors")
	default:
		r.fault(lineOf(node), path, "must_be", want)
	}
}

func lineOf(node ast.Node) int {
	if node == nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// scalar is a scalar's text, whatever YAML takes it for: the code 1.001193 is a text.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.LiteralNode: // a block after | or >
		return strings.TrimSpace(n.Value.Value), true
	case *ast.NullNode:
		return "", false
	case ast.ScalarNode:
		if n.GetToken() == nil {
			return "", false
		}
		return n.GetToken().Value, true
	}
	return "", false
}

// text reads a text that must not be empty, in NFC.
func (r *reader) text(v *string) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		s, ok := scalar(node)
		if s = strings.TrimSpace(norm.NFC.String(s)); !ok || s == "" {
			r.shape(node, path, "a_text")
			return
		}
		*v = s
	}
}

func (r *reader) number(v *int, least, most int) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		s, ok := scalar(node)
		n, err := strconv.Atoi(s)
		if !ok || err != nil || n < least || n > most {
			r.fault(lineOf(node), path, "must_number", least, most)
			return
		}
		*v = n
	}
}

func (r *reader) toggle(v *bool) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		b, ok := node.(*ast.BoolNode)
		if !ok {
			r.shape(node, path, "a_switch")
			return
		}
		*v = b.Value
	}
}

// list reads each item of a list.
func (r *reader) list(item func(ast.Node, string)) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			r.shape(node, path, "a_list")
			return
		}
		for i, value := range list.Values {
			item(value, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// words reads a text in up to three languages, one at least.
func (r *reader) words(v *Text) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		before := len(r.faults.List)
		r.mapping(node, path, []key{{"vi", false, r.text(&v.VI)}, {"fr", false, r.text(&v.FR)}, {"en", false, r.text(&v.EN)}})
		if *v == (Text{}) && len(r.faults.List) == before {
			r.fault(lineOf(node), path, "no_language")
		}
	}
}

// matched reads a text of a form.
func (r *reader) matched(form *regexp.Regexp, fault string, set func(string)) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		var s string
		r.text(&s)(node, path)
		switch {
		case s == "": // a fault already
		case !form.MatchString(s):
			r.fault(lineOf(node), path, fault, s)
		default:
			set(s)
		}
	}
}

// kind reads the name of a kind.
func (r *reader) kind(names *[]string) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		r.matched(nameForm, "bad_name", func(name string) {
			if r.known != nil && !r.known(name) {
				r.fault(lineOf(node), path, "unknown_kind", name)
			}
			*names = append(*names, name)
		})(node, path)
	}
}

// kinds reads one name of a kind, or a list of them.
func (r *reader) kinds(names *[]string) func(ast.Node, string) {
	return func(node ast.Node, path string) {
		if _, several := node.(*ast.SequenceNode); several {
			r.list(r.kind(names))(node, path)
			return
		}
		r.kind(names)(node, path)
	}
}

func (r *reader) procedure(node ast.Node) *Procedure {
	p := new(Procedure)
	r.lines = r.mapping(node, "", []key{
		{"code", true, r.matched(codeForm, "bad_code", func(s string) { p.Code = s })},
		{"name", true, r.words(&p.Name)},
		{"department", true, r.matched(nameForm, "bad_name", func(s string) { p.Department = s })},
		{"titles", false, r.list(func(node ast.Node, path string) {
			var title string
			if r.text(&title)(node, path); title != "" {
				p.Titles = append(p.Titles, title)
			}
		})},
		{"deadline", true, r.number(&p.Deadline, 0, maxDeadline)},
		{"papers", true, r.list(func(node ast.Node, path string) { p.Papers = append(p.Papers, r.paper(node, path)) })},
		{"results", false, r.list(r.kind(&p.Results))},
	})
	return p
}

func (r *reader) paper(node ast.Node, path string) Paper {
	p := Paper{Min: 1}
	var count int
	var form string
	lines := r.mapping(node, path, []key{
		{"kind", true, r.kinds(&p.Kinds)},
		{"name", true, r.words(&p.Name)},
		{"as", false, func(node ast.Node, path string) {
			form, _ = scalar(node)
			if p.As = Form(form); p.As != Original && p.As != Copy && p.As != Certified {
				r.shape(node, path, "a_form")
			}
		}},
		{"count", false, r.number(&count, 1, maxCount)},
		{"min", false, r.number(&p.Min, 0, maxCount)},
		{"max", false, r.number(&p.Max, 1, maxCount)},
		{"when", false, func(node ast.Node, path string) {
			s, _ := scalar(node)
			var ok bool
			if p.When, ok = parseCondition(s); !ok {
				r.fault(lineOf(node), path, "bad_condition", s)
			}
		}},
		{"in_words", false, r.words(&p.Words)},
	})
	r.amount(&p, count, lines, path)
	switch when, words := lines["when"], lines["in_words"]; {
	case when > 0 && words == 0:
		r.fault(when, within(path, "when"), "needs_words")
	case words > 0 && when == 0:
		r.fault(words, within(path, "in_words"), "words_alone")
	}
	return p
}

// amount makes one of count, min and max.
func (r *reader) amount(p *Paper, count int, lines map[string]int, path string) {
	switch {
	case lines["count"] > 0 && lines["min"]+lines["max"] > 0:
		r.fault(lines["count"], within(path, "count"), "count_and_min")
	case count > 0:
		p.Min, p.Max = count, count
	case p.Max > 0 && p.Min > p.Max:
		r.fault(lines["max"], within(path, "max"), "min_over_max", p.Min, p.Max)
	}
}

func (r *reader) calendar(node ast.Node) Calendar {
	var c Calendar
	r.mapping(node, "", []key{
		{"yearly", false, r.list(func(node ast.Node, path string) {
			s, _ := scalar(node)
			day, err := time.Parse("2006-01-02", "2000-"+s) // a leap year
			if err != nil {
				r.shape(node, path, "a_day")
				return
			}
			c.Yearly = append(c.Yearly, Day{Month: day.Month(), Day: day.Day()})
		})},
		{"make_up", false, r.toggle(&c.MakeUp)},
		{"off", false, r.list(r.span(&c.Off))},
		{"worked", false, r.list(func(node ast.Node, path string) {
			s, _ := scalar(node)
			day, err := time.Parse(time.DateOnly, s)
			if err != nil {
				r.shape(node, path, "a_date")
				return
			}
			c.Worked = append(c.Worked, day)
		})},
	})
	return c
}

// span reads a day, or a first and a last one with two dots between.
func (r *reader) span(days *[]time.Time) func(ast.Node, string) {
	const longest = 60
	return func(node ast.Node, path string) {
		s, _ := scalar(node)
		from, to, several := strings.Cut(s, "..")
		if !several {
			to = from
		}
		first, err1 := time.Parse(time.DateOnly, strings.TrimSpace(from))
		last, err2 := time.Parse(time.DateOnly, strings.TrimSpace(to))
		switch {
		case err1 != nil || err2 != nil:
			r.shape(node, path, "a_span")
		case last.Before(first):
			r.fault(lineOf(node), path, "span_backward", s)
		case last.Sub(first) > longest*24*time.Hour:
			r.fault(lineOf(node), path, "long_span", s)
		default:
			for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
				*days = append(*days, day)
			}
		}
	}
}

// vietnam is the calendar of a folder that has none: New Year, Reunification Day, Labour Day, National Day.
func vietnam() Calendar {
	return Calendar{Yearly: []Day{{1, 1}, {4, 30}, {5, 1}, {9, 2}}, MakeUp: true}
}
