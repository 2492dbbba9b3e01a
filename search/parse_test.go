package search

import (
	"testing"
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
