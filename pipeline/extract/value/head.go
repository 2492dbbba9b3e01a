package value

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// national are the title and motto that the right column of a head prints, and a French one's, folded, to the end of their
// line: rows of two columns are read into one.
var national = regexp.MustCompile(`(?m)(?:cong hoa xa hoi|xa hoi chu nghia|doc lap ?[-.,]? ?tu do|tu do ?[-.,]? ?hanh phuc|` +
	`republique francaise|liberte ?[-.,]? ?egalite)[^\n]*$`)

// belowAgency begins the first line under the agency.
var belowAgency = regexp.MustCompile(`^(?:s[o0] ?[:.;]? ?[^a-z]*/|s[o0] ?[:;]|v/v|so +[0-9]|[^a-z]*, ?ngay )`)

// agencyBeginnings begin the name of an agency, folded; another such line under a name is the next level's.
var agencyBeginnings = regexp.MustCompile(`^(?:bo|so|uy ban|ubnd|hoi dong|hdnd|truong|dai hoc|hoc vien|phong|cuc|chi cuc|tong cuc|vu|van phong|` +
	`trung tam|ban|hoi|cong an|toa an|vien|benh vien|cong ty|tap doan|tong cong ty|ngan hang|bao hiem|kho bac|dang uy|tinh uy|lien doan|` +
	`quy|thanh tra|buu dien|doan|mairie|prefecture|ministere|direction|service|academie|tribunal|agence|caisse|universite)\b`)

// parseAgency reads the head of a document, left column: one or more lines, of which the last name is the agency that issues it
// and the one before it the agency above. National title, motto and rules are dropped. Normal form: the lines joined by
// blanks, as printed. Parts: agency; parent, if there is one.
func parseAgency(text string, _ Options) (Parsed, error) {
	f := foldText(text)
	var names []string
	whole := span{-1, -1}
	start := 0
	for line := range strings.Lines(f.text) {
		at := start
		start += len(line)
		if g := national.FindStringIndex(line); g != nil {
			line = line[:g[0]]
		}
		if belowAgency.MatchString(strings.TrimLeftFunc(line, func(r rune) bool { return !isWordRune(r) })) {
			break
		}
		s := f.source(span{at, at + len(line)})
		inner := trim(text[s.start:s.end])
		s = span{s.start + inner.start, s.start + inner.end}
		if strings.HasPrefix(text[s.end:], ",") && strings.Contains(text[s.end:], "\n") {
			s.end++ // the name goes on
		}
		if name := plain(text[s.start:s.end]); hasName(name) {
			names = addLine(names, name)
			if whole.start < 0 {
				whole.start = s.start
			}
			whole.end = s.end
		}
	}
	if names == nil {
		return Parsed{}, fmt.Errorf("no agency is named: %w", ErrAbsent)
	}
	if last := &names[len(names)-1]; strings.HasSuffix(*last, ",") { // it went on in a line that is no part of it
		*last = strings.TrimSuffix(*last, ",")
		whole.end--
	}
	value := strings.Join(names, " ")
	if national.MatchString(foldString(value)) {
		return Parsed{}, fault("the national title stands in the name of the agency")
	}
	if utf8.RuneCountInString(value) > longestAgency {
		return Parsed{}, fault("it is too long for the name of an agency")
	}
	p := Parsed{Value: value, Raw: text[whole.start:whole.end], Start: whole.start, End: whole.end}
	p.Parts = map[string]string{"agency": names[len(names)-1]}
	if len(names) > 1 {
		p.Parts["parent"] = strings.Join(names[:len(names)-1], " ")
	}
	return p, nil
}

// longestAgency is how many letters the names of agency and parent may have together.
const longestAgency = 250

// addLine adds a line to the names: as the next name if it begins like one, else as the end of the last. A word alone is the
// end of a name: "PHÒNG TÀI NGUYÊN VÀ MÔI / TRƯỜNG".
func addLine(names []string, line string) []string {
	if len(names) > 0 && len(names[len(names)-1]) < longestAgency &&
		(!strings.Contains(line, " ") || !agencyBeginnings.MatchString(foldString(line))) {
		names[len(names)-1] += " " + line
		return names
	}
	return append(names, line)
}

// hasName tells lines of words from rules and specks: letters make up most of it, three or more.
func hasName(line string) bool {
	letters, others := 0, 0
	for _, r := range line {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r):
			others++
		}
	}
	return letters >= 3 && others <= letters/2
}

// beforeAbstract is the "V/v" of a letter.
var beforeAbstract = regexp.MustCompile(`^(?:v ?/ ?v\b[^a-z0-9"(]*)+`)

// parseAbstract reads the abstract (trích yếu) of a document, over as many lines as it has: "V/v" of a letter is dropped,
// "Về việc" stays as printed; words parted at the end of a line are joined. Normal form: one line.
func parseAbstract(text string, opt Options) (Parsed, error) {
	s := trimAbstract(text, span{0, len(text)})
	f := foldText(text[s.start:s.end])
	if g := beforeAbstract.FindStringIndex(f.text); g != nil {
		s = trimAbstract(text, span{s.start + f.at[g[1]], s.end})
	}
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the abstract is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	value := joinLines(raw, opt.Language, " ")
	if inner := trimAbstract(value, span{0, len(value)}); strings.IndexFunc(value, unicode.IsLetter) >= 0 {
		return Parsed{Value: value[inner.start:inner.end], Raw: raw, Start: s.start, End: s.end}, nil
	}
	return Parsed{}, fault("an abstract has words")
}

// trimAbstract trims a range of a text, and the rule of hyphens that is drawn under it.
func trimAbstract(text string, s span) span {
	inner := trim(text[s.start:s.end])
	rest := strings.TrimRight(text[s.start+inner.start:s.start+inner.end], " \n-–—_=.,;:/|")
	return span{s.start + inner.start, s.start + inner.start + len(rest)}
}

// lineHyphen is a hyphen at the end of a line between letters.
var lineHyphen = regexp.MustCompile(`([\p{L}\p{M}])(?:-|\x{ad})[ \t]*\n[ \t]*(\p{Ll})`)

// joinLines writes lines as one. French and English part words at the end of a line; Vietnamese does not, its hyphens stay.
func joinLines(text, language, between string) string {
	if language == "fra" || language == "eng" || language == "" && !vietnamese(text) {
		text = lineHyphen.ReplaceAllString(text, "$1$2")
	} else {
		text = lineHyphen.ReplaceAllString(text, "$1-$2")
	}
	var lines []string
	for _, s := range lineSpans(text) {
		if line := plain(text[s.start:s.end]); strings.IndexFunc(line, isWordRune) >= 0 {
			lines = append(lines, line)
		}
	}
	for i := range max(0, len(lines)-1) {
		lines[i] = strings.TrimRight(lines[i], strings.TrimSpace(between)+" ")
	}
	joined := strings.Join(lines, between)
	s := trim(joined)
	return joined[s.start:s.end]
}

// vietnamese reports whether a text has letters that only Vietnamese writes.
func vietnamese(text string) bool {
	return strings.ContainsAny(strings.ToLower(text), "đơưăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
}

// parseAddress reads an address over one or more lines. Normal form: one line; lines of French and English addresses are
// parted by commas, Vietnamese ones run on.
func parseAddress(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the address is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	between := " "
	if opt.Language == "fra" || opt.Language == "eng" || opt.Language == "" && !vietnamese(raw) {
		between = ", "
	}
	value := joinLines(raw, opt.Language, between)
	if strings.IndexFunc(value, unicode.IsLetter) < 0 {
		return Parsed{}, fault("an address has words")
	}
	return Parsed{Value: value, Raw: raw, Start: s.start, End: s.end}, nil
}

// beforeRecipients is the label of the list, folded.
var beforeRecipients = regexp.MustCompile(`^(?:(?:noi nhan|destinataires?|copies? a|ampliations?|copy to|cc)(?:$|[\s.]*[:;\n][^a-z0-9]*))+`)

// parseRecipients reads the list "Nơi nhận:" at the foot of a document: an item a line, begun by a hyphen and ended by a
// semicolon; longer ones run on. Normal form: the items joined by "; ".
func parseRecipients(text string, _ Options) (Parsed, error) {
	s := trim(text)
	var items strings.Builder
	open := false // the last item goes on
	for line := range strings.Lines(text[s.start:s.end]) {
		begun := strings.IndexAny(strings.TrimSpace(line), "-–—+•*") == 0
		for i, part := range strings.SplitAfter(line, ";") {
			item := listItem(part)
			switch {
			case strings.IndexFunc(item, isWordRune) < 0:
				continue
			case items.Len() == 0:
			case open && i == 0 && !begun:
				items.WriteString(" ")
			default:
				items.WriteString("; ")
			}
			items.WriteString(item)
			open = !strings.Contains(part, ";")
		}
	}
	value := listItem(items.String()) // the label may have stood on two lines
	if value == "" {
		return Parsed{}, fmt.Errorf("no recipient is named: %w", ErrAbsent)
	}
	return Parsed{Value: value, Raw: text[s.start:s.end], Start: s.start, End: s.end}, nil
}

// listItem is an item without what begins and ends it, the label of the list included.
func listItem(part string) string {
	begin := func(r rune) bool { return isSpeck(r) || strings.ContainsRune(".,;:/-–—+•*", r) }
	part = strings.TrimLeftFunc(part, begin)
	f := foldText(part)
	if g := beforeRecipients.FindStringIndex(f.text); g != nil {
		part = strings.TrimLeftFunc(part[f.at[g[1]]:], begin)
	}
	s := trim(part)
	return plain(part[s.start:s.end])
}

// marks gives the parser of a stamp that says one of a few things. Tone marks may be misread: the list proves them.
func marks(what string, names ...string) func(string, Options) (Parsed, error) {
	return func(text string, _ Options) (Parsed, error) {
		s := trim(text)
		if s.start == s.end {
			return Parsed{}, fmt.Errorf("no %s is given: %w", what, ErrAbsent)
		}
		raw := text[s.start:s.end]
		for _, name := range names {
			if foldString(raw) != foldString(name) {
				continue
			}
			p := Parsed{Value: name, Raw: raw, Start: s.start, End: s.end}
			if oldTones(strings.ToLower(plain(raw))) != oldTones(strings.ToLower(name)) {
				p.Repaired, p.OtherRaw = true, name
			}
			return p, nil
		}
		return Parsed{}, fault("it is none of %s", strings.Join(names, ", "))
	}
}

// markSpans are the lines in capitals: in small letters the words of a stamp are words.
func markSpans(text string) []span {
	var spans []span
	for _, s := range lineSpans(text) {
		if line := text[s.start:s.end]; len(line) < 60 && isCapitals(line) {
			spans = append(spans, s)
		}
	}
	return spans
}
