package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// largest is how many bytes a kind's file may have.
const largest = 1 << 20

// Load reads every *.yaml and *.yml in the top folders of the file systems. A kind of a later one replaces the kind of the
// same name of an earlier one, so that an administrator's folder after the built-in kinds has the last word. The error is
// *Faults, with everything that is wrong with any file; then no kinds are returned.
func Load(folders ...fs.FS) (*Kinds, error) {
	faults := &Faults{}
	all := map[string]*Kind{}
	for _, folder := range folders {
		for name, k := range loadFolder(folder, faults) {
			all[name] = k
		}
	}
	if len(faults.List) > 0 {
		return nil, faults
	}
	kinds := &Kinds{}
	for _, k := range all {
		kinds.list = append(kinds.list, k)
	}
	slices.SortFunc(kinds.list, func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	return kinds, nil
}

func loadFolder(folder fs.FS, faults *Faults) map[string]*Kind {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		faults.add(".", 0, "", "unreadable", err)
		return nil
	}
	kinds := map[string]*Kind{}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.IsDir() || strings.HasPrefix(e.Name(), ".") || ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			faults.add(e.Name(), 0, "", "unreadable", err)
			continue
		}
		k := parse(e.Name(), data, faults)
		if k == nil {
			continue
		}
		if other := kinds[k.Name]; other != nil {
			faults.add(k.File, 0, "name", "same_kind", k.Name, other.File)
			continue
		}
		kinds[k.Name] = k
	}
	return kinds
}

// Parse reads one kind. file names it in faults and in the record. The error is *Faults.
func Parse(file string, data []byte) (*Kind, error) {
	faults := &Faults{}
	if k := parse(file, data, faults); k != nil && len(faults.List) == 0 {
		return k, nil
	}
	return nil, faults
}

// parse returns the kind where it has a name, faults or not.
func parse(file string, data []byte, faults *Faults) *Kind {
	if len(data) > largest {
		faults.add(file, 0, "", "too_large")
		return nil
	}
	d := newDecoder(file, faults)
	w := writtenKind{Threshold: 0.6}
	if !d.decode(data, &w) {
		return nil
	}
	sum := sha256.Sum256(data)
	c := &compiler{decoder: d, kind: &Kind{File: file, SHA256: hex.EncodeToString(sum[:]), Source: string(data)}}
	return c.compile(&w)
}

// compiler turns what was written into a kind and notes what can't be meant.
type compiler struct {
	*decoder
	kind *Kind
}

// note blames the key, or the nearest one around it that is there.
func (c *compiler) note(key, code string, args ...any) {
	at := key
	for at != "" && c.Lines[at] == 0 {
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
	c.fault(max(1, c.Lines[at]), key, code, args...)
}

var slug = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

func (c *compiler) name(key, name string) {
	switch {
	case name == "" && c.Lines[key] == 0:
		c.note(key, "required")
	case !slug.MatchString(name):
		c.note(key, "bad_name", name)
	}
}

func (c *compiler) compile(w *writtenKind) *Kind {
	k := c.kind
	k.Name, k.titles, k.threshold, k.Identity, k.General = w.Name, w.Title, w.Threshold, w.Identity, w.General
	c.name("name", w.Name)
	k.Titles = titlesOf(w.Titles)
	if len(k.Titles) == 0 {
		c.note("titles", "no_title")
	}
	if w.Threshold <= 0 || w.Threshold > 1 {
		c.note("threshold", "must_be", "a_share")
	}
	c.clues(w)
	seen := map[string]int{}
	for i := range w.Fields {
		key := fmt.Sprintf("fields[%d]", i)
		f := &w.Fields[i]
		c.name(key+".name", f.Name)
		if line, twice := seen[f.Name]; twice && f.Name != "" {
			c.note(key+".name", "same_name", f.Name, line)
		}
		seen[f.Name] = c.Lines[key+".name"]
		k.fields = append(k.fields, c.field(key, f))
	}
	c.checkTitles()
	c.phrases("other_labels", w.OtherLabels)
	k.labelSets(w.OtherLabels)
	return k
}

func titlesOf(w writtenTitles) map[string]string {
	titles := map[string]string{}
	for language, text := range map[string]string{"vi": w.VI, "fr": w.FR, "en": w.EN} {
		if text = strings.TrimSpace(text); text != "" {
			titles[language] = text
		}
	}
	return titles
}

// checkTitles looks whether a document's title can be made of the fields it names.
func (c *compiler) checkTitles() {
	for i, pattern := range c.kind.titles {
		key := fmt.Sprintf("title[%d]", i)
		for _, m := range fieldRef.FindAllStringSubmatch(pattern, -1) {
			n := slices.IndexFunc(c.kind.fields, func(f field) bool { return f.name == m[1] })
			switch {
			case n < 0:
				c.note(key, "title_field", m[1])
			case c.kind.fields[n].personal:
				c.note(key, "title_personal", m[1])
			}
		}
	}
}

func (c *compiler) clues(w *writtenKind) {
	if len(w.Recognise) == 0 {
		c.note("recognise", "required")
		return
	}
	sum := 0.0
	for i, r := range w.Recognise {
		key := fmt.Sprintf("recognise[%d]", i)
		out := clue{words: c.phrases(key+".words", r.Words), mrz: r.MRZ, zone: r.Zone, weight: r.Weight}
		out.pattern, out.code = c.pattern(key+".pattern", r.Pattern), c.pattern(key+".code", r.Code)
		c.zoneName(key+".zone", r.Zone)
		if count(len(r.Words) > 0, r.Pattern != "", r.Code != "", r.MRZ) != 1 {
			c.note(key, "clue_source")
		}
		if r.Weight == 0 || r.Weight < -1 || r.Weight > 1 {
			c.note(key+".weight", "must_be", "a_weight")
		}
		sum += max(0, r.Weight)
		c.kind.clues = append(c.kind.clues, out)
	}
	if sum < w.Threshold-1e-9 {
		c.note("recognise", "unreachable", sum, w.Threshold)
	}
}

func count(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

func (c *compiler) field(key string, w *writtenField) field {
	f := field{
		name: w.Name, titles: titlesOf(w.Titles), typ: w.Type, part: w.Part, allowed: w.Allowed,
		required: w.Required, byHand: w.ByHand,
		personal: w.Personal || c.kind.Identity || slices.Contains([]string{"citizen_number", "nir", "mrz"}, w.Type),
	}
	switch {
	case w.Type == "":
		f.typ = "text"
	case !value.Known(w.Type):
		c.note(key+".type", "one_of", w.Type, strings.Join(value.Types(), ", "))
	}
	if len(w.Find) == 0 {
		c.note(key+".find", "required")
	}
	for i := range w.Find {
		f.find = append(f.find, c.way(fmt.Sprintf("%s.find[%d]", key, i), &w.Find[i], f.typ))
		f.personal = f.personal || w.Find[i].MRZ != "" // the raw text is all of the zone
	}
	return f
}

func (c *compiler) way(key string, w *writtenWay, typ string) way {
	out := way{
		labels: c.phrases(key+".label", w.Label), direction: direction(w.Direction), words: c.phrases(key+".words", w.Words),
		mrz: w.MRZ, zone: w.Zone, lines: max(1, w.Lines), reach: w.Reach, last: w.Take == "last", loose: shaped(typ),
	}
	out.until, out.after = c.phrases(key+".until", w.Until), c.phrases(key+".after", w.After)
	out.pattern, out.code = c.pattern(key+".pattern", w.Pattern), c.pattern(key+".code", w.Code)
	c.zoneName(key+".zone", w.Zone)
	switch n := count(len(w.Label) > 0, len(w.Words) > 0, w.Code != "", w.MRZ != ""); {
	case n > 1:
		c.note(key, "one_source")
	case n == 0 && (w.Zone == zone{} || typ == "text" && w.Pattern == ""):
		c.note(key, "no_source")
	}
	if w.Direction != "" && !slices.Contains([]direction{right, below, above}, out.direction) {
		c.note(key+".direction", "one_of", w.Direction, "right, below, above")
	}
	if w.Reach < 0 || w.Reach > 50 {
		c.note(key+".reach", "must_be", "a_reach")
	}
	if w.Take != "" && w.Take != "first" && w.Take != "last" {
		c.note(key+".take", "one_of", w.Take, "first, last")
	}
	for _, k := range []string{"direction", "lines", "reach", "until"} {
		if c.Lines[key+"."+k] > 0 && len(w.Label) == 0 {
			c.note(key+"."+k, "needs_label")
		}
	}
	return out
}

// shaped reports whether values of a type can be told from the words around them.
func shaped(typ string) bool {
	return !slices.Contains([]string{"text", "person_name", "address", "agency", "abstract", "signer", "recipients", "place"}, typ)
}

func (c *compiler) phrases(key string, texts []string) []phrase {
	for i, t := range texts {
		if len(newPhrase(t).words) == 0 {
			c.note(fmt.Sprintf("%s[%d]", key, i), "bad_words", t)
		}
	}
	return newPhrases(texts)
}

func (c *compiler) pattern(key, text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		c.note(key, "bad_pattern", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re
}

func (c *compiler) zoneName(key string, z zone) {
	if z.name != "" && !slices.Contains(zoneNames, z.name) {
		c.note(key, "must_be", "a_zone")
	}
}
