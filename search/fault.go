package search

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError says what of a question can't be answered.
type SyntaxError struct {
	Position int // in characters of the question, from 0
	Code     Code
}

// Code is a reason to refuse a question.
type Code string

// The codes.
const (
	TooLong       Code = "too_long"
	TooManyWords  Code = "too_many_words"
	TooDeep       Code = "too_deep"
	ShortPrefix   Code = "short_prefix"
	NeedsValue    Code = "needs_value"
	BadDate       Code = "bad_date"
	BadConfidence Code = "bad_confidence"
	OnlyNot       Code = "only_not"
	NoWords       Code = "no_words"
)

func (l *lexer) fault(at int, code Code) *SyntaxError {
	return &SyntaxError{Position: utf8.RuneCountInString(l.text[:at]), Code: code}
}

// Error is the message in English.
func (e *SyntaxError) Error() string { return e.Message("en") }

// Message tells who asked, in lang (vi, fr, en; others get English), where the question is at fault and how to ask instead.
func (e *SyntaxError) Message(lang string) string {
	s, ok := sentences[lang]
	if !ok {
		s = sentences["en"]
	}
	return strings.ReplaceAll(s[e.Code], "{place}", strconv.Itoa(e.Position+1))
}

// sentences, by language. {place} is the character at fault, counted from 1.
var sentences = map[string]map[Code]string{
	"vi": {
		TooLong:       "Câu hỏi dài quá 10.000 ký tự. Hãy chỉ gõ vài từ cần tìm.",
		TooManyWords:  "Câu hỏi có hơn 100 từ. Hãy chỉ gõ vài từ cần tìm.",
		TooDeep:       "Ký tự {place}: có hơn 20 dấu ngoặc lồng nhau. Hãy viết đơn giản hơn.",
		ShortPrefix:   "Ký tự {place}: trước dấu * cần ít nhất hai chữ cái, ví dụ ng*.",
		NeedsValue:    "Ký tự {place}: sau dấu hai chấm cần có giá trị, ví dụ department:so-tu-phap.",
		BadDate:       "Ký tự {place}: ngày không đọc được. Hãy viết 31/01/2024, 01/2024 hoặc 2024.",
		BadConfidence: "Ký tự {place}: độ tin cậy là một số từ 0 đến 1, ví dụ confidence<0.6.",
		OnlyNot:       "Ký tự {place}: câu hỏi chỉ nói những gì không muốn tìm. Hãy thêm một từ cần tìm.",
		NoWords:       "Câu hỏi không có chữ cái hay chữ số nào. Hãy gõ một từ cần tìm.",
	},
	"fr": {
		TooLong:       "La question dépasse 10 000 caractères. Donnez seulement quelques mots à chercher.",
		TooManyWords:  "La question a plus de 100 mots. Donnez seulement quelques mots à chercher.",
		TooDeep:       "Caractère {place} : plus de 20 parenthèses emboîtées. Écrivez plus simplement.",
		ShortPrefix:   "Caractère {place} : il faut au moins deux lettres avant *, par exemple ng*.",
		NeedsValue:    "Caractère {place} : il manque une valeur après le deux-points, par exemple department:so-tu-phap.",
		BadDate:       "Caractère {place} : date illisible. Écrivez 31/01/2024, 01/2024 ou 2024.",
		BadConfidence: "Caractère {place} : la confiance est un nombre de 0 à 1, par exemple confidence<0.6.",
		OnlyNot:       "Caractère {place} : la question dit seulement ce qui n’est pas voulu. Ajoutez un mot à chercher.",
		NoWords:       "La question n’a ni lettre ni chiffre. Donnez un mot à chercher.",
	},
	"en": {
		TooLong:       "The question is longer than 10,000 characters. Type only a few words to look for.",
		TooManyWords:  "The question has more than 100 words. Type only a few words to look for.",
		TooDeep:       "Character {place}: more than 20 parentheses in one another. Ask in a simpler way.",
		ShortPrefix:   "Character {place}: at least two letters are needed before *, for example ng*.",
		NeedsValue:    "Character {place}: a value is missing after the colon, for example department:so-tu-phap.",
		BadDate:       "Character {place}: the date can't be read. Write 31/01/2024, 01/2024 or 2024.",
		BadConfidence: "Character {place}: a confidence is a number from 0 to 1, for example confidence<0.6.",
		OnlyNot:       "Character {place}: the question says only what is not wanted. Add a word to look for.",
		NoWords:       "The question has no letter and no digit. Type a word to look for.",
	},
}
