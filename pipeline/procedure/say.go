package procedure

import (
	"fmt"
	"slices"
	"strings"
)

// languages are the languages of the sentences; the last one stands for any other.
var languages = []string{"vi", "fr", "en"}

func languageIndex(language string) int {
	if i := slices.Index(languages, language); i >= 0 {
		return i
	}
	return len(languages) - 1
}

// said are the sentences for the clerk, in vi, fr, en.
var said = map[string][3]string{
	"complete":     {"Đủ giấy tờ theo thủ tục: %s.", "Dossier complet : %s.", "Complete: %s."},
	"missing":      {"Còn thiếu: %s (%s).", "Pièce manquante : %s (%s).", "Missing: %s (%s)."},
	"needed":       {"Còn thiếu: %s (%s), vì %s.", "Pièce manquante : %s (%s), car %s.", "Missing: %s (%s), because %s."},
	"undecided":    {"Cần thêm nếu %[3]s: %[1]s (%[2]s).", "À fournir si %[3]s : %[1]s (%[2]s).", "Needed if %[3]s: %[1]s (%[2]s)."},
	"by_eye":       {"Đề nghị kiểm tra bằng mắt: %s (%s).", "À vérifier à l’œil : %s (%s).", "Check by eye: %s (%s)."},
	"maybe":        {"Có thể nằm trong giấy tờ chưa nhận dạng được (%s).", "Peut-être parmi les pièces non reconnues (%s).", "Maybe among the papers that were not recognised (%s)."},
	"unrecognised": {"Giấy tờ chưa nhận dạng được: %s.", "Pièces non reconnues : %s.", "Papers that were not recognised: %s."},
	"unexpected":   {"Không có trong thành phần hồ sơ: %s (%s).", "Pièce non demandée : %s (%s).", "Not asked for: %s (%s)."},
	"too_many":     {"Thừa: %s (%s).", "En trop : %s (%s).", "More than asked for: %s (%s)."},
	"page":         {"trang %s", "page %s", "page %s"},
	"pages":        {"trang %s", "pages %s", "pages %s"},
}

// counted names numbers of papers: one, several.
var counted = map[Form][3][2]string{
	"":        {{"%02d bản", "%02d bản"}, {"%d exemplaire", "%d exemplaires"}, {"%d", "%d"}},
	Original:  {{"%02d bản chính", "%02d bản chính"}, {"%d original", "%d originaux"}, {"%d original", "%d originals"}},
	Copy:      {{"%02d bản sao", "%02d bản sao"}, {"%d copie", "%d copies"}, {"%d copy", "%d copies"}},
	Certified: {{"%02d bản sao có chứng thực", "%02d bản sao có chứng thực"}, {"%d copie certifiée conforme", "%d copies certifiées conformes"}, {"%d certified copy", "%d certified copies"}},
}

// Sentences tell a clerk the result, one a paper, what is missing first. language is vi, fr or en. They carry the titles
// of unexpected documents as they are: the caller has masked personal data in them.
func (r *Result) Sentences(language string) []string {
	at := languageIndex(language)
	say := func(key string, args ...any) string { return fmt.Sprintf(said[key][at], args...) }
	var list []string
	if r.Complete {
		list = append(list, say("complete", r.Name.In(language)))
	}
	for _, m := range r.Missing {
		if m.Words == (Text{}) {
			list = append(list, say("missing", m.Name.In(language), m.number(at)))
		} else {
			list = append(list, say("needed", m.Name.In(language), m.number(at), m.Words.In(language)))
		}
	}
	for _, m := range r.Undecided {
		list = append(list, say("undecided", m.Name.In(language), m.number(at), m.Words.In(language)))
	}
	for _, m := range r.ByEye {
		list = append(list, say("by_eye", m.Name.In(language), m.number(at)))
	}
	switch {
	case len(r.Unrecognised) == 0:
	case len(r.Missing)+len(r.Undecided) > 0:
		list = append(list, say("maybe", pages(at, r.Unrecognised...)))
	default:
		list = append(list, say("unrecognised", pages(at, r.Unrecognised...)))
	}
	for _, u := range r.Unexpected {
		key := "unexpected"
		if u.TooMany {
			key = "too_many"
		}
		name := u.Title
		if name == "" {
			name = u.Kind
		}
		list = append(list, say(key, name, pages(at, u.Pages)))
	}
	return list
}

func (m *Missing) number(language int) string {
	form := counted[m.As][language][0]
	if m.Count > 1 {
		form = counted[m.As][language][1]
	}
	return fmt.Sprintf(form, m.Count)
}

// pages names pages: page 3; pages 3–5, 9.
func pages(language int, list ...Pages) string {
	key, parts := "page", make([]string, len(list))
	for i, p := range list {
		parts[i] = fmt.Sprint(p.First)
		if p.Last > p.First {
			parts[i] = fmt.Sprintf("%d–%d", p.First, p.Last)
			key = "pages"
		}
	}
	if len(list) > 1 {
		key = "pages"
	}
	return fmt.Sprintf(said[key][language], strings.Join(parts, ", "))
}
