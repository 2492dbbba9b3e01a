package separate

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// made is a paper of testdata/stacks, which was made, scanned and read once.
type made struct {
	Template string          `json:"template"`
	Seed     uint64          `json:"seed"`
	Held     bool            `json:"held"`
	Head     string          `json:"head"`
	Pages    []*dossier.Page `json:"pages"`
}

// The sets of papers: those that weights were set by, those of other templates that were kept aside meanwhile, those that
// were thought up afterwards to go against the weights, and those that changed no rule.
const (
	setTuned = "tuned"
	setHeld  = "held"
	setLate  = "late"
	setLast  = "last"
)

var allSets = []string{setTuned, setHeld, setLate, setLast}

var papers = sync.OnceValues(func() (map[string][]made, error) {
	sets := map[string][]made{}
	for _, name := range []string{"papers", setLate, setLast} {
		all, err := load("testdata/stacks/" + name + ".json.gz")
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			set := name
			if name == "papers" {
				set = setTuned
				if m.Held {
					set = setHeld
				}
			}
			sets[set] = append(sets[set], m)
		}
	}
	return sets, nil
})

func load(path string) ([]made, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var all []made
	return all, json.NewDecoder(z).Decode(&all)
}

func madePapers(t testing.TB, set string) []made {
	t.Helper()
	sets, err := papers()
	if err != nil {
		t.Fatal(err)
	}
	return sets[set]
}

// stack is a composed stack and where its papers begin.
type stack struct {
	pages  []Page
	begins map[int]made // by place in the stack; the first paper is not among them
	slips  map[int]bool // where a dossier begins, at its slip
}

// compose lays papers on each other as a clerk does. With slips, one lies on each dossier of one to three papers; with
// backs, the stack was scanned on both sides: papers of an odd number of pages end in a blank one, and those printed on one
// side have one after each page.
func compose(d *rand.Rand, papers []made, slips, backs bool) stack {
	s := stack{begins: map[int]made{}, slips: map[int]bool{}}
	until := 0
	for i, m := range papers {
		if slips && i == until {
			until += 1 + d.IntN(3)
			if i > 0 {
				s.slips[len(s.pages)+1] = true
			}
			s.pages = append(s.pages, Page{Page: &dossier.Page{}, Marker: MarkerSlip, Code: fmt.Sprintf("H42.16-240112-%04d", i)})
		} else if i > 0 {
			s.begins[len(s.pages)+1] = m
		}
		oneSided := backs && d.IntN(2) == 0
		for n, p := range m.Pages {
			s.pages = append(s.pages, Page{Page: p})
			if oneSided || backs && n == len(m.Pages)-1 && n%2 == 0 {
				s.pages = append(s.pages, Page{Page: &dossier.Page{Blank: true}})
			}
		}
	}
	return s
}

// score counts what became of the places where papers begin, and of cuts elsewhere.
type score struct {
	cutRight, cutWrong           int
	proposedRight, proposedWrong int
	headed, headedFound          int // the next paper has a head; cut or proposed
	bare, bareFound              int
	faults                       []string
}

func (c *score) add(s stack, plan Plan) {
	found := map[int]bool{}
	for _, cut := range plan.Cuts {
		if cut.Level == dossier.CutDossier {
			continue
		}
		_, right := s.begins[cut.Page]
		found[cut.Page] = true
		switch {
		case right && cut.Made:
			c.cutRight++
		case right:
			c.proposedRight++
		case cut.Made:
			c.cutWrong++
		default:
			c.proposedWrong++
		}
		if !right {
			c.fault("false", cut.Page, cut)
		}
	}
	for at, m := range s.begins {
		if m.Head == "none" {
			c.bare++
			if found[at] {
				c.bareFound++
			}
			continue
		}
		c.headed++
		if found[at] {
			c.headedFound++
		} else {
			c.fault("missed "+m.Template, at, dossier.Cut{})
		}
	}
}

func (c *score) fault(what string, at int, cut dossier.Cut) {
	c.faults = append(c.faults, fmt.Sprintf("%s at page %d: %.3f %+v", what, at, cut.Confidence, cut.Reasons))
}

func (c *score) precision() float64 {
	return float64(c.cutRight) / math.Max(1, float64(c.cutRight+c.cutWrong))
}

func (c *score) recall() float64 { return float64(c.headedFound) / math.Max(1, float64(c.headed)) }

func (c *score) String() string {
	return fmt.Sprintf("cut %d right %d wrong (precision %.4f), proposed %d right %d wrong, with a head found %d of %d (recall %.4f), without %d of %d",
		c.cutRight, c.cutWrong, c.precision(), c.proposedRight, c.proposedWrong, c.headedFound, c.headed, c.recall(), c.bareFound, c.bare)
}

// Stacks of each set: as many as the figures are told of, and fewer where each would show the same.
const (
	stacks    = 100
	fewStacks = 25
)

// everyStack yields n stacks of a set: each fourth is one paper alone, each third was scanned on both sides.
func everyStack(t testing.TB, set string, n uint64, slips bool, yield func(stack)) {
	t.Helper()
	all := madePapers(t, set)
	for seed := range n {
		d := rand.New(rand.NewPCG(seed, 7))
		papers := 2 + d.IntN(7)
		if seed%4 == 0 && !slips {
			papers = 1
		}
		some := slices.Clone(all)
		d.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		yield(compose(d, some[:papers], slips, seed%3 == 0))
	}
}

func TestStacksWithoutSlipsAreCutWhereItIsSure(t *testing.T) {
	for _, set := range allSets {
		t.Run(set, func(t *testing.T) {
			var c score
			everyStack(t, set, stacks, false, func(s stack) {
				plan := cuts(s.pages, Options{})
				checkWhole(t, s.pages, plan)
				c.add(s, plan)
			})
			c.check(t, 0.99, 0.95)
		})
	}
}

func (c *score) check(t *testing.T, precision, recall float64) {
	t.Helper()
	t.Log(c)
	slices.Sort(c.faults)
	for _, f := range slices.Compact(c.faults) {
		t.Log(f)
	}
	if c.precision() < precision {
		t.Errorf("precision of cuts is %.4f, below %.2f", c.precision(), precision)
	}
	if c.recall() < recall {
		t.Errorf("recall before heads is %.4f, below %.2f", c.recall(), recall)
	}
}

// TestBadReadingMakesNoWrongCuts has one letter in twelve wrong and one line in twelve missing. The late papers are spared:
// there a single line tells an annex from a paper, and when it is gone nothing does.
func TestBadReadingMakesNoWrongCuts(t *testing.T) {
	for _, set := range []string{setTuned, setHeld} {
		t.Run(set, func(t *testing.T) {
			var c score
			d := rand.New(rand.NewPCG(5, 5))
			everyStack(t, set, fewStacks, false, func(s stack) {
				for i := range s.pages {
					s.pages[i].Page = garbled(d, s.pages[i].Page)
				}
				c.add(s, cuts(s.pages, Options{}))
			})
			c.check(t, 0.99, 0.8)
		})
	}
}

func garbled(d *rand.Rand, p *dossier.Page) *dossier.Page {
	const oneIn = 12
	letters := []rune("aeiouáệọnmtrlcdg1I.,-'")
	bad := *p
	bad.Layout.Blocks = nil
	var par dossier.Paragraph
	for line := range p.Layout.Lines {
		if d.IntN(oneIn) == 0 {
			continue
		}
		copied := *line
		copied.Words = slices.Clone(line.Words)
		for i, w := range copied.Words {
			text := []rune(w.Text)
			for j := range text {
				if d.IntN(oneIn) == 0 {
					text[j] = letters[d.IntN(len(letters))]
				}
			}
			copied.Words[i].Text = string(text)
		}
		par.Lines = append(par.Lines, copied)
	}
	bad.Layout.Blocks = []dossier.Block{{Paragraphs: []dossier.Paragraph{par}}}
	return &bad
}

func TestStacksWithSlipsBecomeTheirDossiers(t *testing.T) {
	for _, set := range allSets {
		everyStack(t, set, fewStacks, true, func(s stack) {
			plan := cuts(s.pages, Options{})
			checkWhole(t, s.pages, plan)
			var want []int
			for page := range s.slips {
				want = append(want, page)
			}
			slices.Sort(want)
			if got := madeAt(plan, dossier.CutDossier); !slices.Equal(got, want) {
				t.Fatalf("dossiers begin at %v, want %v", got, want)
			}
			for i, page := range append([]int{1}, want...) {
				if got := plan.Dossiers[i].Code; got != s.pages[page-1].Code {
					t.Errorf("dossier %d has code %q, its slip says %q", i, got, s.pages[page-1].Code)
				}
			}
		})
	}
}

func TestNoPaperIsCutInTwo(t *testing.T) {
	for _, set := range allSets {
		for _, m := range madePapers(t, set) {
			s := compose(rand.New(rand.NewPCG(m.Seed, 1)), []made{m}, false, false)
			for _, c := range cuts(s.pages, Options{}).Cuts {
				t.Errorf("%s %d, cut %+v", m.Template, m.Seed, c)
			}
		}
	}
}

func BenchmarkCuts(b *testing.B) {
	var pages []Page
	for _, m := range madePapers(b, setTuned) {
		pages = append(pages, compose(nil, []made{m}, false, false).pages...)
	}
	b.ResetTimer()
	for b.Loop() {
		cuts(pages, Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(pages)), "µs/page")
}

// TestWeights prints how often each evidence is seen where a paper begins and within one, and the log-odds that follow.
// The weights of weights.go are these, rounded.
func TestWeights(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("prints a table")
	}
	var counts [2]map[string]float64
	var total [2]float64
	counts[0], counts[1] = map[string]float64{}, map[string]float64{}
	everyStack(t, setTuned, stacks, false, func(s stack) {
		var r running
		for i, p := range s.pages {
			if p.Blank {
				r.blank()
				continue
			}
			sight := see(p.Page)
			_, begins := s.begins[i+1]
			if r.pages > 0 {
				at := 0
				if begins {
					at = 1
				}
				total[at]++
				for _, e := range weigh(&r, sight, p, false).evidence {
					counts[at][fmt.Sprintf("%-16s %+.1f", e.Code, e.Weight)]++
				}
			}
			if begins {
				r = running{}
			}
			r.add(sight, p)
		}
	})
	var lines []string
	for code := range merged(counts[0], counts[1]) {
		in, at := counts[0][code], counts[1][code]
		lines = append(lines, fmt.Sprintf("%-24s within %4.0f of %.0f, at cuts %4.0f of %.0f: %+.1f", code, in, total[0], at, total[1],
			math.Log((at+.5)/(total[1]+1))-math.Log((in+.5)/(total[0]+1))))
	}
	slices.Sort(lines)
	t.Log("\n" + strings.Join(lines, "\n"))
}

func merged(a, b map[string]float64) map[string]bool {
	all := map[string]bool{}
	for code := range a {
		all[code] = true
	}
	for code := range b {
		all[code] = true
	}
	return all
}
