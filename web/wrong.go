package web

import (
	"regexp"

	"github.com/danielgtaylor/huma/v2"
)

// wrong is a way in which a part of a request does not fit its description.
type wrong struct {
	said *regexp.Regexp // how huma says it
	text [3]string      // English, Vietnamese, French; $1 is what huma names
}

// wrongs are those that huma finds in requests of this API. The first one counts; the last one is for whatever else it may find.
var wrongs = []wrong{
	{regexp.MustCompile(`^(?:unexpected property|unknown query parameter)$`), [3]string{
		"There is no such part.", "Không có phần này.", "Cette partie n'existe pas.",
	}},
	{regexp.MustCompile(`^expected required property (.+) to be present$`), [3]string{
		"$1 is missing.", "Thiếu $1.", "Il manque $1.",
	}},
	{regexp.MustCompile(`^(?:required \w+ parameter is missing|request body is required)$`), [3]string{
		"It is missing.", "Thiếu phần này.", "Cette partie manque.",
	}},
	{regexp.MustCompile(`^expected value to be one of "(.+)"$`), [3]string{
		"It must be one of: $1.", "Phải là một trong: $1.", "Il faut l'un de : $1.",
	}},
	{regexp.MustCompile(`^expected number >= (.+)$`), [3]string{
		"It must be $1 or more.", "Phải từ $1 trở lên.", "Il faut $1 ou plus.",
	}},
	{regexp.MustCompile(`^expected number <= (.+)$`), [3]string{
		"It must be $1 or less.", "Không được quá $1.", "Il faut $1 ou moins.",
	}},
	{regexp.MustCompile(`^expected length >= (\d+)$`), [3]string{
		"It needs $1 characters or more.", "Cần ít nhất $1 ký tự.", "Il faut au moins $1 caractère(s).",
	}},
	{regexp.MustCompile(`^expected length <= (\d+)$`), [3]string{
		"It may have $1 characters at most.", "Dài nhất $1 ký tự.", "$1 caractères au plus.",
	}},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), [3]string{
		"The list needs $1 items or more.", "Danh sách cần ít nhất $1 phần tử.", "La liste doit avoir au moins $1 élément(s).",
	}},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), [3]string{
		"The list may have $1 items at most.", "Danh sách có nhiều nhất $1 phần tử.", "La liste peut avoir $1 éléments au plus.",
	}},
	{regexp.MustCompile(`^(?:expected integer|invalid integer)$`), [3]string{
		"It must be a whole number.", "Phải là số nguyên.", "Il faut un nombre entier.",
	}},
	{regexp.MustCompile(`^(?:expected number|invalid float)$`), [3]string{
		"It must be a number.", "Phải là một số.", "Il faut un nombre.",
	}},
	{regexp.MustCompile(`^(?:expected boolean|invalid boolean)$`), [3]string{
		"It must be true or false.", "Phải là true hoặc false.", "Il faut true ou false.",
	}},
	{regexp.MustCompile(`^expected string$`), [3]string{"It must be a text.", "Phải là chuỗi ký tự.", "Il faut un texte."}},
	{regexp.MustCompile(`^expected array$`), [3]string{"It must be a list.", "Phải là một danh sách.", "Il faut une liste."}},
	{regexp.MustCompile(`^expected object$`), [3]string{
		"It must be a JSON object.", "Phải là một đối tượng JSON.", "Il faut un objet JSON.",
	}},
	{regexp.MustCompile(`^(?:expected string to be RFC 3339 date|invalid value: parsing time .+)$`), [3]string{
		"It must be a day that exists, such as 2026-01-31.", "Phải là ngày có thật, như 2026-01-31.", "Il faut un jour qui existe, comme 2026-01-31.",
	}},
	{regexp.MustCompile(`^unknown content type`), [3]string{
		"Send it as application/json.", "Hãy gửi dạng application/json.", "Envoyez-le en application/json.",
	}},
	{regexp.MustCompile(`(?s).*`), [3]string{
		"It can't be read as what it must be.", "Không đọc được theo đúng dạng cần có.", "Cela ne se lit pas comme ce qu'il faut.",
	}},
}

// spokenErrors says in a language what is wrong with which part of a request.
func spokenErrors(found []*huma.ErrorDetail, lang int) []*huma.ErrorDetail {
	all := make([]*huma.ErrorDetail, 0, len(found))
	for _, f := range found {
		for _, w := range wrongs {
			if w.said.MatchString(f.Message) {
				all = append(all, &huma.ErrorDetail{Message: w.said.ReplaceAllString(f.Message, w.text[lang]), Location: f.Location, Value: f.Value})
				break
			}
		}
	}
	return all
}
