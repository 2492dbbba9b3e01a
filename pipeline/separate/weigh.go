package separate

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// running is what is known of the paper that the next page may go on with.
type running struct {
	pages   int // in the rendition
	last    sight
	symbol  symbol
	title   string
	kind    string
	number  pageNumber // the last that was seen
	since   int        // pages after it
	blanks  int        // and blank ones among or after these
	between int        // blank pages since the last page
	rows    map[string]int
	side    side
	deposit string
}

// add has the paper go on with a page.
func (r *running) add(s sight, p Page) {
	if r.pages == 0 {
		*r = running{symbol: s.symbol, title: s.head.title, kind: p.Kind, side: s.side, rows: map[string]int{}}
	}
	r.pages++
	r.since++
	if s.number.n > 0 {
		r.number, r.since, r.blanks = s.number, 0, 0
	}
	if r.symbol.number == "" && s.head.numbered {
		r.symbol = s.symbol
	}
	for _, text := range s.running {
		r.rows[text]++
	}
	r.between, r.last, r.deposit = 0, s, p.Deposit
}

func (r *running) blank() {
	r.blanks++
	r.between++
}

// scale adds evidence up.
type scale struct {
	evidence []dossier.Evidence
	sum      float64
	most     float64 // that the sum may come to
	why      string  // it may not come to more
	speaks   bool    // something but the paper itself speaks for a cut
}

func (c *scale) put(code string, weight float64, detail string) {
	c.evidence = append(c.evidence, dossier.Evidence{Code: code, Weight: weight, Detail: detail})
	c.sum += weight
	c.speaks = c.speaks || weight > 0
}

func (c *scale) putIf(is bool, code string, weight float64, detail string) {
	if is {
		c.put(code, weight, detail)
	}
}

// faint puts what is too weak to speak for a cut by itself.
func (c *scale) faint(is bool, code string, weight float64, detail string) {
	if is {
		spoke := c.speaks
		c.put(code, weight, detail)
		c.speaks = spoke
	}
}

// atMost holds the sum back, whatever else is found.
func (c *scale) atMost(sum float64, why string) {
	if sum < c.most {
		c.most, c.why = sum, why
	}
}

// confidence is rounded to what is shown of it.
func (c *scale) confidence() float64 {
	return math.Round(1000*min(maxConfidence, 1/(1+math.Exp(-min(c.sum, c.most))))) / 1000
}

// reasons are the evidence, strongest first, and what holds the sum back. Together with the weight of knowing nothing
// their weights are the log-odds of the confidence.
func (c *scale) reasons() []dossier.Evidence {
	reasons := c.evidence
	if c.sum > c.most {
		reasons = append(reasons, dossier.Evidence{Code: "held_back", Weight: hundredths(c.most - c.sum), Detail: c.why})
	}
	slices.SortStableFunc(reasons, func(a, b dossier.Evidence) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return reasons
}

func hundredths(v float64) float64 { return math.Round(100*v) / 100 }

// weigh judges whether a page begins a paper, after the pages of another.
func weigh(r *running, s sight, p Page, filesAreDocuments bool) scale {
	c := scale{sum: weightNothing, most: math.Inf(1)}
	weighHead(&c, r, s, p)
	weighAnnex(&c, r, s, p)
	weighNumber(&c, r, s)
	weighText(&c, r, s)
	weighRunning(&c, r, s)
	c.putIf(filesAreDocuments && p.Deposit != r.deposit, "file", weightFile, "")
	weighPaper(&c, r, s)
	if !c.speaks {
		c.atMost(silent, "nothing but size, resolution or language")
	}
	return c
}

func weighHead(c *scale, r *running, s sight, p Page) {
	h := s.head
	c.putIf(h.national, "national_title", weightNational, "Cộng hòa xã hội chủ nghĩa Việt Nam")
	c.putIf(h.republic && !h.national, "national_title", weightRepublic, "République française")
	c.putIf(h.agency, "agency", weightAgency, "")
	c.putIf(h.numbered, "document_number", weightNumbered, "")
	c.putIf(h.dated, "date", weightDated, "")
	c.putIf(h.subject, "subject", weightSubject, "")
	c.putIf(h.greeting, "greeting", weightGreeting, "")
	c.putIf(h.address, "address", weightAddress, "")
	c.putIf(h.sender, "sender", weightSender, "")
	c.putIf(h.form, "form_label", weightForm, "")
	weighTitle(c, r, h, p)
	c.putIf(r.pages == 1 && turns(r.side, s), "card_side", weightSide, "")
}

// turns reports whether a page shows the other side of the card before it. The back of some names the card too, and has
// no title of a state.
func turns(before side, s sight) bool {
	switch s.side {
	case sideBack:
		return before == sideFront
	case sideBoth:
		return before == sideFront && !s.head.national && !s.head.republic
	case sideFront:
		return before == sideBack
	}
	return false
}

func weighTitle(c *scale, r *running, h head, p Page) {
	again := h.title != "" && r.title != "" && alike(h.title, r.title)
	if again && r.last.cover {
		c.put("cover", weightCover, h.shown)
		return
	}
	if again && h.margin && !h.national {
		c.put("running_title", weightRunningTo, h.shown)
		return
	}
	weights := map[titleRank]float64{
		titleAttached: weightAttached, titleOfficial: weightOfficial, titlePaper: weightPaper, titleApplication: weightPaper,
	}
	kind := 0.0
	goesOn := p.Kind == r.kind && h.rank == titleNone && !h.national && !h.republic
	if p.Kind != "" && p.KindScore > 0 && !goesOn {
		kind = hundredths(weightKind * min(1, p.KindScore))
	}
	title := weights[h.rank]
	if h.aside || again && !h.national {
		title = min(title, weightAside)
	}
	switch {
	case kind > title:
		c.put("kind", kind, p.Kind)
	case title > 0:
		c.put("title", title, h.shown)
	}
}

func weighAnnex(c *scale, r *running, s sight, p Page) {
	a, national := s.annex, s.head.national || s.head.republic
	hangs := a.symbol.against(r.symbol)
	cites := !s.head.numbered && slices.ContainsFunc(a.cited, func(cited symbol) bool { return cited.against(r.symbol) == same })
	switch {
	case a.attached && hangs != same && national && s.head.rank == titleApplication:
		c.put("annex", weightForeignForm, a.symbol.String())
		c.atMost(mostOfDoubt, "annex")
	case cites, a.attached:
		c.put("annex", weightAnnex, a.symbol.String())
		c.atMost(silent, "annex")
	case a.titled && a.printed && national:
	case a.titled && national:
		c.put("annex", weightTitled, "")
		c.atMost(mostOfDoubt, "annex")
	case a.titled:
		c.put("annex", weightAnnex, "")
		c.atMost(silent, "annex")
	case national && !s.head.names() && (p.Kind == "" || p.KindScore < sureKind):
		c.atMost(mostOfDoubt, "no title")
	}
}

// unendedPaper holds a cut back.
const unendedPaper = "paper before not at its end"

func weighNumber(c *scale, r *running, s sight) {
	now, before := s.number, r.number
	if now.n > 1 {
		c.put("page_number", weightOf(now, r), strings.TrimPrefix(before.shown+" → "+now.shown, " → "))
		c.atMost(mostOfDoubt, "later page")
		return
	}
	ended := before.of > 0 && before.n == before.of
	unended := before.of > before.n+r.since
	if unended {
		c.atMost(mostOfDoubt, unendedPaper)
	}
	switch {
	case now.n == 1 && ended:
		c.put("page_number", weightRestarts+weightComplete, before.shown+" → "+now.shown)
	case now.n == 1 && before.n > 0:
		c.put("page_number", weightRestarts, before.shown+" → "+now.shown)
	case now.n == 1 && now.of > 0:
		c.put("page_number", weightRestarts, now.shown)
	case now.n == 0 && ended && r.since == 0:
		c.put("page_number", weightComplete, before.shown)
	case now.n == 0 && unended:
		c.put("page_number", weightUnended, before.shown)
	}
}

// weightOf is the weight of a number above 1.
func weightOf(now pageNumber, r *running) float64 {
	place := r.pages + 1
	switch {
	case r.number.n > 0 && follows(now, r):
		return weightContinues
	case r.number.n == 0 && (now.n == place || now.n == place+r.blanks):
		return weightPlace
	}
	return weightLater
}

// follows reports whether a number is the next after that of the paper. Pages whose number was not read, and blank
// sides, may lie between.
func follows(now pageNumber, r *running) bool {
	if now.of > 0 && r.number.of > 0 && now.of != r.number.of {
		return false
	}
	step := now.n - r.number.n
	return step == r.since+1 || step == r.since+1+r.blanks
}

func weighText(c *scale, r *running, s sight) {
	switch {
	case s.lower && r.last.open:
		c.put("sentence", weightSentence, "")
	case s.lower:
		c.put("sentence", weightLower, "")
	case r.last.closed:
		c.put("end", weightClosed, "")
	}
}

func weighRunning(c *scale, r *running, s sight) {
	known, shared, knows := false, false, false
	for text, pages := range r.rows {
		isHere := slices.ContainsFunc(s.running, func(t string) bool { return alike(t, text) })
		knows = knows || pages > 1
		known, shared = known || isHere && pages > 1, shared || isHere
	}
	switch {
	case known:
		c.put("running_head", weightKnownRunning, "")
	case shared && !s.head.national:
		c.put("running_head", weightSameRunning, "")
	case knows && s.read:
		c.put("running_head", weightLostRunning, "")
	}
	if s.head.numbered {
		return
	}
	switch s.symbol.against(r.symbol) {
	case same:
		c.put("number_stays", weightSameSymbol, s.symbol.String())
	case different:
		c.put("number_changes", weightOtherSymbol, r.symbol.String()+" → "+s.symbol.String())
	}
}

func weighPaper(c *scale, r *running, s sight) {
	a, b := r.last.paper, s.paper
	c.faint(differ(a.width, b.width, 0.08) || differ(a.height, b.height, 0.08), "size_changes", weightSize, "")
	c.faint(differ(a.dpi, b.dpi, 0.05), "resolution_changes", weightDPI, "")
	c.faint(s.read && r.last.read && s.language != r.last.language && s.language != "" && r.last.language != "",
		"language_changes", weightLanguage, r.last.language+" → "+s.language)
	c.faint(r.between > 0, "blank", weightBlank, "")
}

// differ reports whether two sizes are further apart than a share of the larger one. What is unknown differs from nothing.
func differ(a, b, by float64) bool {
	return a > 0 && b > 0 && math.Abs(a-b) > by*max(a, b)
}
