package catalog

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// looking is a search that is going on.
type looking struct {
	*Catalog
	Search
	at      place
	scope   expression        // what may be found at all
	strict  expression        // what was asked for
	wide    expression        // and what it may have been misread as; strict where there is no such thing
	from    int64             // lowest id
	before  int64             // lowest id that is too high
	words   []search.Term     // that were asked for, those of phrases too
	similar map[string][]term // by folded words
	cut     []string
	// What is known for the count: the newest that fit wide, whether these are all, and whether more would take too long.
	newest    []int64
	all, late bool
	counting  chan inAll // what comes of counting beside; nil where that has not begun
}

// mostSimilar is how many words are looked for beside a rare one, mostBegun how many that begin so.
const (
	mostSimilar = 16
	mostBegun   = 256
	mostRows    = 64 // phrases, for one that ends in a prefix
	mostDays    = 1000
)

// plan turns the query into conditions on the index.
func (l *looking) plan(ctx context.Context) error {
	l.from, l.before = 0, math.MaxInt64
	l.scope = l.scopeOf(l.Who)
	var asked expression
	if l.Query.Root != nil {
		node := l.narrow(l.Query.Root)
		var err error
		if asked, err = l.compile(ctx, node, nil); err != nil {
			return err
		}
		l.words = wordsAsked(l.Query.Root, nil)
	}
	l.strict = l.seen(asked)
	l.wide = l.strict
	if err := l.findSimilar(ctx); err != nil || len(l.similar) == 0 {
		return err
	}
	wide, err := l.compile(ctx, l.narrow(l.Query.Root), l.similar)
	l.wide = l.seen(wide)
	return err
}

// scopeOf is what a principal may find.
func (l *looking) scopeOf(who dossier.Principal) expression {
	var e expression = term(everyPage)
	if !who.Scope.All {
		var of []expression
		for _, d := range who.Scope.Departments {
			of = append(of, term(knownTerm("department", d)))
		}
		for _, s := range who.Scope.Stations {
			of = append(of, term(knownTerm("station", s)))
		}
		e = either(of)
	}
	if l.Within != "" {
		e = both(term(knownTerm("code", l.Within)), e)
	}
	return e
}

// seen narrows a condition to the scope.
func (l *looking) seen(asked expression) expression {
	e := both(asked, l.scope)
	if asked != nil && l.scope == term(everyPage) {
		e = asked
	}
	if !l.Who.Clear {
		e = but{e, term(personalPage)}
	}
	return e
}

// narrow takes the days out of what all hits must fit, for they are known by their ids.
func (l *looking) narrow(n search.Node) search.Node {
	switch n := n.(type) {
	case search.And:
		var rest search.And
		for _, of := range n {
			if of = l.narrow(of); of != nil {
				rest = append(rest, of)
			}
		}
		if len(rest) == 0 {
			return nil
		}
		return rest
	case search.Filter:
		day, ok := dayNamed(n)
		switch {
		case !ok:
		case n.Field == "from":
			l.from = max(l.from, firstOfDay(day))
			return nil
		case n.Field == "to":
			l.before = min(l.before, firstOfDay(day+1))
			return nil
		}
	}
	return n
}

func dayNamed(f search.Filter) (int, bool) {
	if f.Field != "from" && f.Field != "to" {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, f.Values[0])
	return dayOfDate(t.Date()), err == nil
}

// compile makes a condition of a node; nil for none. similar are words that may stand for those asked for.
func (l *looking) compile(ctx context.Context, n search.Node, similar map[string][]term) (expression, error) {
	switch n := n.(type) {
	case nil:
		return nil, nil
	case search.And:
		return l.compileAnd(ctx, n, similar)
	case search.Or:
		var of []expression
		for _, n := range n {
			e, err := l.compile(ctx, n, similar)
			if err != nil {
				return nil, err
			}
			of = append(of, e)
		}
		return either(of), nil
	case search.Term:
		return l.compileTerm(ctx, n, similar[n.Folded])
	case search.Phrase:
		return l.compilePhrase(ctx, n)
	case search.Filter:
		return l.compileFilter(ctx, n)
	}
	return nil, fmt.Errorf("what is %T", n)
}

func (l *looking) compileAnd(ctx context.Context, n search.And, similar map[string][]term) (expression, error) {
	var wanted, unwanted []expression
	for _, n := range n {
		not, is := n.(search.Not)
		if is {
			n = not.Node
		}
		e, err := l.compile(ctx, n, similar)
		switch {
		case err != nil:
			return nil, err
		case is:
			unwanted = append(unwanted, e)
		default:
			wanted = append(wanted, e)
		}
	}
	if len(wanted) == 0 { // the days alone are wanted
		wanted = []expression{term(everyPage)}
	}
	if len(unwanted) == 0 {
		return both(wanted...), nil
	}
	return but{both(wanted...), either(unwanted)}, nil
}

func (l *looking) compileTerm(ctx context.Context, t search.Term, similar []term) (expression, error) {
	switch {
	case t.Prefix:
		words, err := l.begun(ctx, t.Folded, mostBegun)
		return either(terms(words)), err
	case t.WantExact && t.Exact != t.Folded:
		return term(exactTerm(t.Exact)), nil
	case t.WantExact: // that it stands there without marks is seen in the text
		return term(t.Folded), nil
	}
	of := []expression{term(t.Folded)}
	for _, s := range similar {
		of = append(of, s)
	}
	return either(of), nil
}

// begun lists the words that begin so, the most frequent first.
func (l *looking) begun(ctx context.Context, prefix string, most int) ([]string, error) {
	// Most words are on one page that was not counted. Only of the others the order is to be made.
	words, err := collect(ctx, l.db, scanOne[string], `SELECT word FROM search_words WHERE word >= ? AND word < ? AND pages > 1
		ORDER BY pages DESC, word LIMIT ?`, prefix, prefix+"\U0010FFFF", most+1)
	if err == nil && len(words) <= most {
		var once []string
		once, err = collect(ctx, l.db, scanOne[string], `SELECT word FROM search_words WHERE word >= ? AND word < ? AND pages = 1
			ORDER BY word LIMIT ?`, prefix, prefix+"\U0010FFFF", most+1-len(words))
		words = append(words, once...)
	}
	if len(words) > most {
		l.wasCut("prefix")
		words = words[:most]
	}
	return words, err
}

func (l *looking) wasCut(what string) {
	if !slices.Contains(l.cut, what) {
		l.cut = append(l.cut, what)
	}
}

// compilePhrase also looks for all words with their marks, where these are wanted: whether they stand in a row with them is seen in
// the text. The parts of a compound that some page has whole are looked for where one of the marks between them is left: without one
// they are words that stand in a row on many pages, and take a tenth of a second.
func (l *looking) compilePhrase(ctx context.Context, p search.Phrase) (expression, error) {
	words := make([]string, 0, len(p.Terms))
	for _, t := range p.Terms {
		words = append(words, t.Folded)
	}
	row := []expression{phrase(words)}
	last := len(words) - 1
	if p.Terms[last].Prefix {
		ends, err := l.begun(ctx, words[last], mostRows)
		if err != nil {
			return nil, err
		}
		row = nil
		for _, end := range ends {
			row = append(row, append(phrase(slices.Clone(words[:last])), end))
		}
	}
	if p.Whole != "" {
		if runs := runsOf(words); p.Whole == strings.Join(words, "-") && len(runs) > 0 && !p.Terms[last].Prefix {
			known, err := l.frequencies(ctx, []string{p.Whole})
			if err != nil {
				return nil, err
			}
			if known[p.Whole] > 0 {
				row = []expression{both(either(terms(runs)), phrase(words))}
			}
		}
		row = append(row, term(p.Whole))
	}
	e := either(row)
	if p.WantExact {
		for _, t := range p.Terms {
			if !t.Prefix && t.Exact != t.Folded {
				e = both(term(exactTerm(t.Exact)), e)
			}
		}
	}
	return e, nil
}

// runsOf lists what is left of a compound's whole where some of the marks in it were lost, but not all.
func runsOf(words []string) []string {
	var runs []string
	for first := range words {
		for end := first + 2; end <= len(words) && end-first < len(words); end++ {
			runs = append(runs, strings.Join(words[first:end], "-"))
		}
	}
	return runs
}

func (l *looking) compileFilter(ctx context.Context, f search.Filter) (expression, error) {
	switch f.Field {
	case "from", "to":
		return l.compileDays(ctx, f)
	case "confidence":
		return compileConfidence(f)
	case "department", "station", "procedure", "kind", "code":
		var of []expression
		for _, v := range f.Values {
			if t := knownTerm(f.Field, v); fitting(t) { // the index has no others, and PostgreSQL fails over long ones
				of = append(of, term(t))
			}
		}
		return either(of), nil
	}
	var of []expression
	for _, v := range f.Values {
		of = append(of, fieldValue(f.Field, v))
	}
	return either(of), nil
}

// fieldValue is a condition on a field: that it has the whole compound, or all the words.
func fieldValue(field, value string) expression {
	tokens := search.Tokens(value, "")
	var words []expression
	for _, t := range tokens {
		e := term(fieldTerm(field, t.Folded))
		if t.Aside && !t.Part && t.Start == tokens[0].Start && t.End >= tokens[len(tokens)-1].End {
			return e
		}
		if !t.Aside {
			words = append(words, e)
		}
	}
	if len(words) == 0 {
		return term(noPage)
	}
	return both(words...)
}

// compileDays is for days that not all hits must be of.
func (l *looking) compileDays(ctx context.Context, f search.Filter) (expression, error) {
	day, _ := dayNamed(f)
	sign := ">="
	if f.Field == "to" {
		sign = "<="
	}
	days, err := collect(ctx, l.db, scanOne[int], `SELECT day FROM search_days WHERE pages > 0 AND day `+sign+` ? ORDER BY day DESC LIMIT ?`, day, mostDays+1)
	if len(days) > mostDays {
		l.wasCut(f.Field)
		days = days[:mostDays]
	}
	var of []expression
	for _, d := range days {
		of = append(of, term(dayTerm(d)))
	}
	return either(of), err
}

func compileConfidence(f search.Filter) (expression, error) {
	share, err := strconv.ParseFloat(f.Values[0], 64)
	if err != nil {
		return nil, err
	}
	limit := share * 100
	var of []expression
	for h := range 101 {
		n := float64(h)
		var fits bool
		switch f.Op {
		case "<":
			fits = n < limit-1e-9
		case "<=":
			fits = n <= limit+1e-9
		case ">":
			fits = n > limit+1e-9
		case ">=":
			fits = n >= limit-1e-9
		}
		if fits {
			of = append(of, term(confidenceTerm(h)))
		}
	}
	return either(of), nil
}

// wordsAsked lists the terms of a query that hits are to have, those of phrases among them.
func wordsAsked(n search.Node, list []search.Term) []search.Term {
	switch n := n.(type) {
	case search.And:
		for _, n := range n {
			list = wordsAsked(n, list)
		}
	case search.Or:
		for _, n := range n {
			list = wordsAsked(n, list)
		}
	case search.Term:
		list = append(list, n)
	case search.Phrase:
		list = append(list, n.Terms...)
	}
	return list
}
