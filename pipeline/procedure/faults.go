package procedure

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Fault is one thing wrong with a file.
type Fault struct {
	File string
	Line int    // 0 where no line is to blame
	Key  string // as the user wrote it: papers[0].kind
	code string
	args []any
}

// Faults is every fault of a folder; as an error it prints one a line, with its remedy.
type Faults struct {
	Folder   string // put before the names of the files
	Language string // of the sentences: vi, fr, en
	List     []Fault
}

func (f *Faults) add(file string, line int, key, code string, args ...any) {
	f.List = append(f.List, Fault{File: file, Line: line, Key: key, code: code, args: args})
}

// Text is the sentence for one fault in the given language.
func (f Fault) Text(language string) string {
	at := languageIndex(language)
	args := slices.Clone(f.args)
	for i, a := range args {
		if name, ok := a.(shape); ok {
			args[i] = shapes[name][at]
		}
	}
	return fmt.Sprintf(faultSentences[f.code][at], args...)
}

func (f *Faults) Error() string {
	slices.SortStableFunc(f.List, func(a, b Fault) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	lines := make([]string, len(f.List))
	for i, fault := range f.List {
		lines[i] = path.Join(f.Folder, fault.File) + ":"
		if fault.Line > 0 {
			lines[i] += fmt.Sprintf("%d:", fault.Line)
		}
		if fault.Key != "" {
			lines[i] += " " + fault.Key + ":"
		}
		lines[i] += " " + fault.Text(f.Language)
	}
	return strings.Join(lines, "\n")
}

// shape is what a value must look like.
type shape string

// shapes name them, in vi, fr, en.
var shapes = map[shape][3]string{
	"a_list":    {"một danh sách, mỗi mục bắt đầu bằng dấu gạch ngang", "une liste, un tiret devant chaque élément", "a list, each item after a dash"},
	"a_text":    {"một giá trị văn bản, không để trống", "un texte, non vide", "a text that is not empty"},
	"a_mapping": {"các cặp khóa: giá trị", "des paires clé: valeur", "key: value pairs"},
	"a_switch":  {"true hoặc false", "true ou false", "true or false"},
	"a_date":    {"một ngày có thật dạng 2026-02-16", "un jour qui existe, comme 2026-02-16", "a day that exists, such as 2026-02-16"},
	"a_day":     {"một ngày có thật dạng 09-02 (tháng-ngày)", "un jour qui existe, comme 09-02 (mois-jour)", "a day that exists, such as 09-02 (month-day)"},
	"a_span":    {"một ngày dạng 2026-02-16, hoặc một khoảng dạng 2026-02-16..2026-02-20", "un jour comme 2026-02-16 ou une période comme 2026-02-16..2026-02-20", "a day such as 2026-02-16, or a span such as 2026-02-16..2026-02-20"},
	"a_form":    {"original, copy hoặc certified", "original, copy ou certified", "original, copy or certified"},
}

// faultSentences say what is wrong and what to do, in vi, fr, en.
var faultSentences = map[string][3]string{
	"unreadable":    {"không đọc được (%s); kiểm tra đường dẫn và quyền đọc", "illisible (%s) ; vérifiez le chemin et les droits", "can't be read (%s); check its path and permissions"},
	"syntax":        {"YAML không hợp lệ: %s; sửa chỗ thụt dòng hoặc dấu câu tại đây", "YAML invalide : %s ; corrigez ici l'indentation ou la ponctuation", "not valid YAML: %s; mend the indentation or punctuation here"},
	"empty":         {"tệp trống; ghi thủ tục vào đó hoặc xóa tệp", "le fichier est vide ; écrivez-y une procédure ou supprimez-le", "the file is empty; write a procedure into it or remove it"},
	"one_document":  {"mỗi tệp chỉ chứa một thủ tục; chuyển phần này sang tệp khác", "une seule procédure par fichier ; déplacez celle-ci dans un autre", "one procedure a file; move this one into another"},
	"unknown_key":   {"không có khóa này; các khóa dùng được: %s", "clé inconnue ; clés possibles : %s", "there is no such key; choose one of: %s"},
	"must_be":       {"phải là %s", "doit être %s", "must be %s"},
	"must_number":   {"phải là số nguyên từ %d đến %d", "doit être un nombre entier de %d à %d", "must be a whole number from %d to %d"},
	"no_anchors":    {"không dùng được &, * và << của YAML ở đây; hãy viết đầy đủ giá trị", "les &, * et << de YAML ne sont pas admis ici ; répétez les valeurs", "YAML's &, * and << can't be used here; write the values out"},
	"required":      {"thiếu khóa %s; hãy thêm vào", "la clé %s manque ; ajoutez-la", "the key %s is missing; add it"},
	"no_language":   {"cần ít nhất một trong: vi, fr, en", "il faut au moins une langue : vi, fr, en", "needs at least one of: vi, fr, en"},
	"bad_code":      {"%q không hợp lệ; dùng 1 đến 64 chữ cái không dấu, chữ số, dấu chấm và gạch ngang, như 1.001193", "%q n'est pas un code ; 1 à 64 lettres sans accent, chiffres, points et tirets, comme 1.001193", "%q is no code; use 1 to 64 of A-Z, a-z, 0-9, dot and hyphen, such as 1.001193"},
	"same_code":     {"mã %s đã có trong %s, dòng %d; xóa một trong hai", "le code %s est déjà dans %s, ligne %d ; supprimez l'un des deux", "the code %s is in %s already, at line %d; remove one of them"},
	"bad_name":      {"%q không hợp lệ; dùng chữ thường không dấu, chữ số, dấu gạch ngang và gạch dưới, như vi-birth", "%q n'est pas valable ; minuscules sans accent, chiffres, tirets et tirets bas, comme vi-birth", "%q won't do; use a-z, 0-9, hyphen and underscore, such as vi-birth"},
	"unknown_kind":  {"không có loại giấy tờ %q; sửa tên, hoặc thêm loại này vào thư mục kinds", "le type de pièce %q n'existe pas ; corrigez le nom ou ajoutez ce type au dossier kinds", "there is no kind of paper %q; mend its name, or add the kind to the kinds folder"},
	"count_and_min": {"chỉ dùng count, hoặc min và max", "gardez soit count, soit min et max", "keep either count, or min and max"},
	"min_over_max":  {"min %d lớn hơn max %d; đổi một trong hai", "min %d dépasse max %d ; changez l'un des deux", "min %d is more than max %d; change one of them"},
	"bad_condition": {"%q không phải điều kiện; viết: trường | trường = giá trị | not trước một trong hai dạng đó", "%q n'est pas une condition ; écrivez : champ | champ = valeur | not devant l'une des deux", "%q is no condition; write: field | field = value | not before one of these"},
	"needs_words":   {"when cần in_words: điều kiện bằng lời cho cán bộ, như {vi: cha mẹ đã kết hôn}", "when demande in_words : la condition en toutes lettres, comme {fr: les parents sont mariés}", "when needs in_words: the condition as clerks read it, such as {en: the parents are married}"},
	"words_alone":   {"in_words cần when; thêm điều kiện hoặc xóa khóa này", "in_words demande when ; ajoutez la condition ou supprimez cette clé", "in_words needs when; add the condition or remove this key"},
	"span_backward": {"khoảng %s kết thúc trước khi bắt đầu; đổi chỗ hai ngày", "la période %s finit avant de commencer ; échangez les jours", "the span %s ends before it begins; swap its days"},
	"long_span":     {"khoảng %s dài hơn 60 ngày; kiểm tra năm", "la période %s dépasse 60 jours ; vérifiez l'année", "the span %s is longer than 60 days; check its year"},
}
