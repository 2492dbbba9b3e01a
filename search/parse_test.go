package search

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// normalForms are questions and how they are understood.
var normalForms = map[string]string{
	"nguyen thi hoa ly hon":             "nguyen thi hoa ly hon",
	"Nguyễn Hoà":                        "nguyễn hòa",
	"a OR b c | d":                      "a OR (b c) OR d",
	"a OR b c":                          "a OR (b c)",
	"a AND b && c":                      "a b c",
	"(a OR b) c":                        "(a OR b) c",
	"a NOT b -c !d":                     "a -b -c -d",
	"a -(b OR c)":                       "a -(b OR c)",
	"a NOT NOT b":                       "a b",
	`"quyết định"`:                      `"quyết định"`,
	`“quyet dinh”`:                      `"quyet dinh"`,
	`"hoa"`:                             "hoa",
	`"hoà"`:                             "=hòa",
	"=hoa":                              "=hoa",
	`="nguyen thi"`:                     `="nguyen thi"`,
	"ngh*":                              "ngh*",
	"Nghị*":                             "nghị*",
	`"nguyen thi ho*"`:                  `"nguyen thi ho*"`,
	"12/QĐ-UBND":                        "12-qđ-ubnd",
	"05/01/2024":                        `"05-01-2024"`,
	"1.000.000":                         `"1.000.000"`,
	"l'avenant":                         `"l-avenant"`,
	"department:so-tu-phap,Sở hoa":      "department:so-tu-phap,Sở hoa",
	"department:“so y te”,«b c»":        `department:"so y te","b c"`,
	`Department: "so y te"`:             `department:"so y te"`,
	"full_name:Hoa":                     "full_name:Hoa",
	"số: 12":                            "số 12",
	"Email: x":                          "email x",
	"from:2024 to:02/2024":              "from:2024-01-01 to:2024-02-29",
	"from:31/1/2024":                    "from:2024-01-31",
	"confidence < 0,6":                  "confidence<0.6",
	"confidence:>=60%":                  "confidence>=0.6",
	"confidence":                        "confidence",
	`"nguyen thi`:                       `"nguyen thi"`,
	"hoa OR":                            "hoa",
	"OR hoa OR OR lan":                  "hoa OR lan",
	"hoa * lan":                         "hoa lan",
	"hoa - lan":                         "hoa lan",
	"(hoa":                              "hoa",
	"hoa) lan":                          "hoa lan",
	"() hoa NOT":                        "hoa",
	"hoa hoa HOA":                       "hoa",
	"hoa (lan (cuc))":                   "hoa lan cuc",
	"a (b OR (c OR d))":                 "a (b OR c OR d)",
	"":                                  "",
	"Ð":                                 "đ",
	"œuvre":                             "oeuvre",
	"http://x":                          `"http x"`,
	"code:000.00.16.H42-240112-0003 -x": "code:000.00.16.H42-240112-0003 -x",
}

func TestAQuestionHasANormalForm(t *testing.T) {
	for text, want := range normalForms {
		q, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := q.String(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestAQuestionThatCannotBeAnsweredIsRefusedWhereItIsAtFault(t *testing.T) {
	for text, want := range map[string]SyntaxError{
		"hoa n*":                           {4, ShortPrefix},
		"đất ấ*":                           {4, ShortPrefix},
		"12/Q*":                            {0, ShortPrefix},
		"hoa department:":                  {15, NeedsValue},
		`code:""`:                          {5, NeedsValue},
		"hoa from:yesterday":               {4, BadDate},
		"from:2024,2025":                   {0, BadDate},
		"to:31/02/2024":                    {0, BadDate},
		"confidence<2":                     {0, BadConfidence},
		"confidence:0.5":                   {0, BadConfidence},
		"confidence>NaN":                   {0, BadConfidence},
		"-hoa":                             {0, OnlyNot},
		"  NOT hoa -lan":                   {2, OnlyNot},
		"hoa OR -lan":                      {7, OnlyNot},
		"hoa -(-lan)":                      {},
		"???":                              {0, NoWords},
		strings.Repeat("(", 21) + "hoa":    {20, TooDeep},
		strings.Repeat("a", 10_001):        {0, TooLong},
		distinctWords(101):                 {0, TooManyWords},
		`"` + distinctWords(101) + `"`:     {0, TooManyWords},
		"kind:" + strings.Repeat("a,", 90): {},
	} {
		_, err := Parse(text)
		var fault *SyntaxError
		switch {
		case want.Code == "" && err != nil:
			t.Errorf("%.40q: %v", text, err)
		case want.Code != "" && (!errors.As(err, &fault) || *fault != want):
			t.Errorf("%.40q: %v, want %+v", text, err, want)
		}
	}
}

func distinctWords(n int) string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprintf("w%d", i))
	}
	return strings.Join(words, " ")
}

func TestEveryFaultIsToldInThreeLanguages(t *testing.T) {
	codes := []Code{TooLong, TooManyWords, TooDeep, ShortPrefix, NeedsValue, BadDate, BadConfidence, OnlyNot, NoWords}
	told := map[string]bool{}
	for _, lang := range []string{"vi", "fr", "en"} {
		for _, code := range codes {
			message := (&SyntaxError{Position: 6, Code: code}).Message(lang)
			if message == "" || told[message] || strings.Contains(message, "{") {
				t.Errorf("%s in %s: %q", code, lang, message)
			}
			told[message] = true
		}
		if len(sentences[lang]) != len(codes) {
			t.Errorf("%d messages in %s, want %d", len(sentences[lang]), lang, len(codes))
		}
	}
	if (&SyntaxError{Position: 6, Code: BadDate}).Error() != "Character 7: the date can't be read. Write 31/01/2024, 01/2024 or 2024." {
		t.Error(&SyntaxError{Position: 6, Code: BadDate})
	}
}

func TestAWordTypedWithoutMarksHasNoExactForm(t *testing.T) {
	for text, want := range map[string]Term{
		"hoa":    {Folded: "hoa"},
		"Hoà":    {Folded: "hoa", Exact: "hòa"},
		"do*":    {Folded: "do", Prefix: true},
		"đo*":    {Folded: "do", Exact: "đo", Prefix: true},
		"=hoa":   {Folded: "hoa", Exact: "hoa", WantExact: true},
		`"hòa"`:  {Folded: "hoa", Exact: "hòa", WantExact: true},
		`"hoa"`:  {Folded: "hoa"},
		`"hoà*"`: {Folded: "hoa", Exact: "hòa", WantExact: true, Prefix: true},
	} {
		q, err := Parse(text)
		if err != nil || q.Root != want {
			t.Errorf("%s: %+v, %v", text, q.Root, err)
		}
	}
}

func TestACompoundIsAPhraseOfItsPartsThatKnowsItsWhole(t *testing.T) {
	for text, want := range map[string]string{
		"12/QĐ-UBND": "12-qd-ubnd", "05.01.2024": "05-01-2024", "1,000,000": "1000000", `"1 000 000"`: "1000000", "l’avenant": "l-avenant",
		"ngày05": "", `"quyết định 12/QĐ"`: "", "a..b": "",
	} {
		q, err := Parse(text)
		phrase, ok := q.Root.(Phrase)
		if err != nil || !ok || phrase.Whole != want {
			t.Errorf("%s: %+v, %v", text, q.Root, err)
		}
	}
}

// questions are of the signs that make a difference.
var questions = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"hoa", "Hoà", "đất", "a", "12", "000", "œ", "OR", "NOT", "AND", " ", " ", " ", "\n", "-", "(", ")", `"`, "“", "*", "=", "|", "/", ".", "..", ",",
		"'", ":", "<0.6", "kind:", "full_name:", "from:", "2024", "confidence", "%", "\u0301", "\u00a0", "\xff", "&", "!",
	}), 0, 14).Draw(t, "parts"), "")
})

func TestANormalFormReadsAsTheSameQuestion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkQuestion(t, questions.Draw(t, "question")) })
}

func FuzzParse(f *testing.F) {
	for text := range normalForms {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkQuestion(t, text) })
}

func checkQuestion(t rapid.TB, text string) {
	q, err := Parse(text)
	var fault *SyntaxError
	if errors.As(err, &fault) {
		if fault.Position < 0 || fault.Position > utf8.RuneCountInString(text) || fault.Message("vi") == "" {
			t.Fatalf("%q: %+v", text, fault)
		}
		return
	}
	again, err := Parse(q.String())
	if err != nil || !reflect.DeepEqual(again, q) {
		t.Fatalf("%q is %s, which is %s, %v\n%#v\n%#v", text, q, again, err, q, again)
	}
}

// longQuestions are what takes longest to understand or to refuse.
func longQuestions() []string {
	return []string{
		strings.Repeat("a", 10_000), strings.Repeat("a ", 5_000), strings.Repeat("(", 10_000), strings.Repeat("-(", 5_000), strings.Repeat(`"`, 10_000),
		strings.Repeat("- ", 5_000), strings.Repeat("a/", 5_000), strings.Repeat("kind:a,", 1_400), strings.Repeat("NOT ", 2_500) + "a",
		strings.Join(strings.Fields(distinctWords(1_001)), " OR "), strings.Repeat("hoa OR ", 1_000) + "hoa", distinctWords(1_700),
		strings.Repeat("1.000.", 1_600), strings.Repeat("000 ", 2_500), strings.Repeat("(a)", 3_333), strings.Repeat("\u0301", 10_000), strings.Repeat("a", 1_000_000),
	}
}

func TestALongQuestionIsAnsweredOrRefused(t *testing.T) {
	for _, text := range longQuestions() {
		q, err := Parse(text)
		var fault *SyntaxError
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%.20q: %v", text, err)
		}
		if err == nil && len(q.String()) > 2*len(text)+100 {
			t.Errorf("%.20q of %d bytes becomes %d", text, len(text), len(q.String()))
		}
	}
}

// The limit is 100 ms for each of them; an operation is all.
func BenchmarkLongQuestions(b *testing.B) {
	for b.Loop() {
		for _, text := range longQuestions() {
			_, _ = Parse(text)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(`nguyen thi hoa "ly hôn" 12/QĐ-UBND department:so-tu-phap from:2024`); err != nil {
			b.Fatal(err)
		}
	}
}
