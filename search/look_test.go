package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const page = `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/QĐ-UBND ngày 05/01/2024
Xét đơn của bà Nguyễn Thị Hoà, sinh năm 1970,
về việc ly hôn với ông Trần Văn Binb tại Đà Lạt
lệ phí 1.000.000 đồng; đơn do bà Hoa viết tay`

func mustParse(t rapid.TB, text string) Query {
	q, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

// lit writes the words that a query hits.
func lit(t *testing.T, text, language, question string) string {
	words := strings.Fields(text)
	var b []string
	for _, i := range Read(text, language).Words(mustParse(t, question)) {
		b = append(b, words[i])
	}
	return strings.Join(b, " ")
}

func TestTheWordsThatAQueryHitsAreFound(t *testing.T) {
	for question, want := range map[string]string{
		"hoa":                        "HÒA Hoà, Hoa",
		"hòa":                        "HÒA Hoà, Hoa",
		"=hoa":                       "Hoa",
		`"hoà"`:                      "HÒA Hoà,",
		`"nguyen thi hoa"`:           "Nguyễn Thị Hoà,",
		`"Nguyễn Thị Hoà"`:           "Nguyễn Thị Hoà,",
		`"Nguyên Thị Hoà"`:           "",
		"ngh*":                       "NGHĨA",
		`"nguyen th*"`:               "Nguyễn Thị",
		"12/QĐ-UBND":                 "12/QĐ-UBND",
		"qd":                         "12/QĐ-UBND",
		"QĐ-UBND":                    "12/QĐ-UBND",
		"5/1/2024":                   "05/01/2024",
		"5/1/2023":                   "",
		"2024":                       "05/01/2024",
		"05-01-2024":                 "05/01/2024",
		"1000000":                    "1.000.000",
		"1.000.000":                  "1.000.000",
		"ly hôn -lan":                "ly hôn",
		"lan OR (đà lạt)":            "Đà Lạt",
		"-hoa dalat OR department:x": "",
		"binh":                       "Binb",
		"nguyến":                     "Nguyễn",
		"nguyễm":                     "Nguyễn",
		`"tran van binh"`:            "Trần Văn Binb",
		"=binh":                      "",
		"kind:x":                     "",
	} {
		if got := lit(t, page, "vie", question); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
}

func TestAShortWordThatWasReadWithoutDoubtIsNoMisreading(t *testing.T) {
	p := Read("Trần Văn Binb sinh tại quyêti", "vie")
	for _, c := range []struct {
		doubted  []int
		question string
		want     []int
	}{
		{nil, "binh", []int{2}},
		{[]int{}, "binh", nil},
		{[]int{0, 3}, "binh", []int{3}},
		{[]int{}, "quyetl", []int{5}},
	} {
		p.Doubted = c.doubted
		if got := p.Words(mustParse(t, c.question)); !slices.Equal(got, c.want) {
			t.Errorf("%s, %v in doubt: %v, want %v", c.question, c.doubted, got, c.want)
		}
	}
}

func TestADateInWordsIsFoundByItsNumbers(t *testing.T) {
	if got, want := lit(t, "Đà Lạt, ngày 05 tháng 01 năm 2024", "vie", "5/1/2024"), "05 tháng 01 năm 2024"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAWordThatTheEndOfALineCutIsLitInBothItsPieces(t *testing.T) {
	for question, want := range map[string]string{
		"gouvernement": "gouverne- ment,", "ment": "ment,", "gouverne-ment": "gouverne- ment,", `"le gouvernement"`: "le gouverne- ment,",
	} {
		if got := lit(t, "Que le gouverne-\nment, ici", "fra", question); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
}

func TestAPageFitsAsSurelyAsItsLeastSureWord(t *testing.T) {
	for question, want := range map[string]Mark{
		"hòa": Exact, "hoá": Folded, "hoa": Exact, "nguyen": Folded, "nguyễn hoa": Exact, "nguyên hòa": Folded, "binh hoa": Similar, "lan": NoMark,
		"hoa lan": NoMark, "hoa OR lan": Exact, "binh OR nguyên": Folded, "hoa -lan": Exact, "hoa -nguyen": NoMark, "hoa -binh": Exact,
		"kind:x": Exact, "": Exact, "=hoá": NoMark, `"thi hoa" -"hoa thi"`: Folded, "hò*": Exact, "hoà*": Exact, "12/QĐ-UBND": Exact, "12/QD-UBND": Folded,
		`"12/QD-UBND"`: Folded, `="12/QD-UBND"`: NoMark, `"12/QĐ-UBND"`: Exact, `"1 000 000"`: Exact,
		`="5/1/2024"`: Exact, `"5/1/2024"`: Exact, `="12/QĐ"`: Exact,
	} {
		if got := Read(page, "vie").Fits(mustParse(t, question)); got != want {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}

func TestThePrefixOfAWordHasItsToneWhereTheWordHasIt(t *testing.T) {
	for question, want := range map[string]Mark{"hòa*": Exact, "hoà*": Exact, "hoàn*": Exact, "hoá*": Folded} {
		if got := Read("hoàng", "vie").Fits(mustParse(t, question)); got != want {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}

// marked writes a snippet with each mark's first letter.
func marked(fragments []Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		if f.Mark == NoMark {
			b.WriteString(f.Text)
			continue
		}
		fmt.Fprintf(&b, "[%c:%s]", f.Mark[0], f.Text)
	}
	return b.String()
}

func TestASnippetShowsWhereMostOfTheQuestionStands(t *testing.T) {
	for _, c := range []struct {
		question string
		width    int
		want     string
	}{
		{"nguyen thi hoa ly hon", 60, "của bà [f:Nguyễn] [f:Thị] [f:Hoà], sinh năm 1970, về việc [e:ly] [f:hôn] với ông"},
		{"12/QĐ-UBND", 30, "Số: [e:12/QĐ-UBND] ngày 05/01/2024"},
		{"qd", 16, "12/[f:QĐ]-UBND ngày"},
		{"binh", 20, "Trần Văn [s:Binb] tại Đà"},
		{`"ly hôn"`, 20, "việc [e:ly hôn] với ông"},
		{"lan", 20, "CỘNG HÒA XÃ HỘI CHỦ"},
		{"hoa", 7, "bà [e:Hoa]"},
		{"", 12, "CỘNG HÒA XÃ"},
		{`"nguyen thi hoa"`, 12, "[f:Nguyễn Thị]"},
	} {
		if got := marked(Read(page, "vie").Snippet(mustParse(t, c.question), c.width)); got != c.want {
			t.Errorf("%s, %d:\n%s, want\n%s", c.question, c.width, got, c.want)
		}
	}
}

func TestASnippetOfAWordThatIsTooLongIsAPartOfIt(t *testing.T) {
	text := strings.Repeat("ấ", 39) + "/" + strings.Repeat("b", 39) + "/" + strings.Repeat("c", 500)
	got := marked(Read(text, "").Snippet(mustParse(t, strings.Repeat("b", 39)), 50))
	if want := "[e:" + strings.Repeat("b", 39) + "]/" + strings.Repeat("c", 10); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestASnippetIsAPartOfThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkSnippet(t, texts.Draw(t, "text"), questions.Draw(t, "question"), rapid.IntRange(1, 40).Draw(t, "width"))
	})
}

func FuzzSnippet(f *testing.F) {
	for question := range normalForms {
		f.Add(page, question, 40)
	}
	f.Add("Que le gouverne-\nment, ici", "gouvernement", 12)
	f.Fuzz(func(t *testing.T, text, question string, width int) {
		checkSnippet(t, text, question, max(1, min(width, 10_000)))
	})
}

// checkSnippet holds a snippet against what Snippet promises, for a text as layouts have it: one blank between words.
func checkSnippet(t rapid.TB, text, question string, width int) {
	q, err := Parse(question)
	if err != nil || !utf8.ValidString(text) {
		return
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
	p := Read(text, "fra")
	var all strings.Builder
	lights := false
	for _, f := range p.Snippet(q, width) {
		all.WriteString(f.Text)
		lights = lights || f.Mark != NoMark
	}
	snippet, flat := all.String(), strings.ReplaceAll(text, "\n", " ")
	if !strings.Contains(flat, snippet) {
		t.Fatalf("%q is no part of %q", snippet, flat)
	}
	if n := utf8.RuneCountInString(snippet); n > width {
		t.Fatalf("%d letters in %q", n, snippet)
	}
	if lights != (len(p.Words(q)) > 0) {
		t.Fatalf("%s lights %v in %q", q, p.Words(q), snippet)
	}
	if lights && p.Fits(q) == NoMark && !strings.ContainsAny(q.String(), " -") {
		t.Fatalf("%s lights %q and does not fit", q, snippet)
	}
	if !strings.Contains(" "+flat+" ", " "+snippet+" ") && longestWord(flat) <= width {
		t.Fatalf("%q cuts a word of %q", snippet, flat)
	}
}

func longestWord(text string) int {
	longest := 0
	for _, w := range strings.Split(text, " ") {
		longest = max(longest, len([]rune(w)))
	}
	return longest
}

func TestAWordOfThePageFindsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		p := Read(text, "fra")
		for _, token := range p.tokens {
			typed := text[token.Start:token.End]
			q, err := Parse(`="` + typed + `"`)
			if strings.ContainsAny(typed, "\"\n") || err != nil { // what the end of a line cut is typed in one piece
				continue
			}
			if !slices.Contains(p.Words(q), token.Word) || p.Fits(q) != Exact {
				t.Fatalf("%s fits %q: %q, in %v", q, text, p.Fits(q), p.Words(q))
			}
		}
	})
}

// What a hit on a list of results costs: taking in its page, its words and its snippet.
func BenchmarkHit(b *testing.B) {
	text := strings.Repeat(notice, 5)
	q, err := Parse(`nghi dinh "mot cua" thu* hoà`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p := Read(text, "vie")
		if p.Fits(q) == NoMark || len(p.Words(q)) == 0 || p.Snippet(q, 200) == nil {
			b.Fatal("nothing found")
		}
	}
}

// What it costs to look for the misreadings of a word on a page of 10,000 words.
func BenchmarkLikest(b *testing.B) {
	p := Read(strings.Repeat(notice, 140), "vie")
	q, err := Parse("nothing")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if p.Words(q) != nil {
			b.Fatal("found")
		}
	}
}
