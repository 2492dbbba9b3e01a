package extract

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a kind's file.
type Fault struct {
	File string // as the file system that was loaded names it
	Line int    // 0 where no line is to blame
	Key  string // as it was written: fields[0].type
	code string
	args []any
}

// Faults is every fault of the files that were loaded; as an error it prints one a line, in Language: vi, fr or en.
type Faults struct {
	Language string
	List     []Fault
}

func (f *Faults) add(file string, line int, key, code string, args ...any) {
	f.List = append(f.List, Fault{File: file, Line: line, Key: key, code: code, args: args})
}

// Text is the sentence for one fault, with its remedy.
func (f Fault) Text(language string) string {
	args := make([]any, len(f.args))
	for i, a := range f.args {
		args[i] = a
		if name, ok := a.(string); ok {
			if n, ok := nounsOf[name]; ok {
				args[i] = n[languageIndex(language)]
			}
		}
	}
	code := f.code
	if code == "unknown_key" && args[0] == "" {
		code, args = "unknown_key_alone", nil
	}
	return fmt.Sprintf(sentences[code][languageIndex(language)], args...)
}

func (f *Faults) Error() string {
	slices.SortStableFunc(f.List, func(a, b Fault) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
	var b strings.Builder
	for i, fault := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(fault.File + ":")
		if fault.Line > 0 {
			fmt.Fprintf(&b, "%d:", fault.Line)
		}
		if fault.Key != "" {
			b.WriteString(" " + fault.Key + ":")
		}
		b.WriteString(" " + fault.Text(f.Language))
	}
	return b.String()
}

func languageIndex(language string) int {
	return max(0, slices.Index([]string{"en", "vi", "fr"}, language))
}

// nounsOf name what a value must be, in en, vi, fr.
var nounsOf = map[string][3]string{
	"a_list":    {"a list, each item after a dash", "một danh sách, mỗi mục bắt đầu bằng dấu gạch ngang", "une liste, un tiret devant chaque élément"},
	"a_text":    {"a text", "một giá trị văn bản", "un texte"},
	"a_number":  {"a number", "một số", "un nombre"},
	"a_count":   {"a whole number from 1 to 20", "một số nguyên từ 1 đến 20", "un nombre entier de 1 à 20"},
	"a_reach":   {"a number of heights of letters from 0 to 50", "số lần chiều cao chữ, từ 0 đến 50", "un nombre de hauteurs de lettres, de 0 à 50"},
	"a_share":   {"a number from 0 to 1", "một số từ 0 đến 1", "un nombre de 0 à 1"},
	"a_weight":  {"a number from -1 to 1, not 0", "một số từ -1 đến 1, khác 0", "un nombre de -1 à 1, autre que 0"},
	"a_yes":     {"true or false", "true hoặc false", "true ou false"},
	"a_mapping": {"key: value pairs", "các cặp khóa: giá trị", "des paires clé: valeur"},
	"a_zone": {
		"the name of a zone (" + strings.Join(zoneNames, ", ") + ") or left, top, right and bottom from 0 to 1",
		"tên một vùng (" + strings.Join(zoneNames, ", ") + ") hoặc left, top, right và bottom từ 0 đến 1",
		"le nom d'une zone (" + strings.Join(zoneNames, ", ") + ") ou left, top, right et bottom de 0 à 1",
	},
}

// sentences say what is wrong and what to do, in en, vi, fr.
var sentences = map[string][3]string{
	"unreadable":        {"the file can't be read (%v); check its path and permissions", "không đọc được tệp (%v); kiểm tra đường dẫn và quyền đọc", "fichier illisible (%v) ; vérifiez le chemin et les droits"},
	"too_large":         {"the file is larger than 1 MiB; a kind takes a few kilobytes", "tệp lớn hơn 1 MiB; một loại giấy tờ chỉ cần vài kilobyte", "le fichier dépasse 1 Mio ; un type de document tient en quelques kilo-octets"},
	"syntax":            {"not valid YAML: %s; mend the indentation or punctuation here", "YAML không hợp lệ: %s; sửa chỗ thụt dòng hoặc dấu câu tại đây", "YAML invalide : %s ; corrigez ici l'indentation ou la ponctuation"},
	"one_document":      {"a file holds one kind; put the others into files of their own", "mỗi tệp chỉ chứa một loại giấy tờ; đưa các loại khác vào tệp riêng", "un fichier contient un seul type ; mettez les autres dans leurs propres fichiers"},
	"no_anchors":        {"YAML's &, * and << can't be used here; write the values out", "không dùng được &, * và << của YAML ở đây; hãy viết đầy đủ giá trị", "les &, * et << de YAML ne sont pas admis ici ; répétez les valeurs"},
	"unknown_key":       {"there is no such key; did you mean %q?", "không có khóa này; có phải ý bạn là %q?", "clé inconnue ; vouliez-vous dire %q ?"},
	"unknown_key_alone": {"there is no such key; remove it (docs/kinds.md lists them all)", "không có khóa này; xóa nó đi (docs/kinds.md liệt kê mọi khóa)", "clé inconnue ; supprimez-la (docs/kinds.md les décrit toutes)"},
	"must_be":           {"must be %s", "phải là %s", "doit être %s"},
	"required":          {"this key is missing; add it", "thiếu khóa này; hãy thêm vào", "cette clé manque ; ajoutez-la"},
	"bad_name":          {"%q won't do; use 1 to 40 characters of a-z, 0-9, - and _, a letter first", "%q không hợp lệ; dùng 1 đến 40 ký tự a-z, 0-9, - và _, bắt đầu bằng chữ cái", "%q n'est pas valable ; 1 à 40 caractères a-z, 0-9, - et _, une lettre d'abord"},
	"same_name":         {"the name %q is taken by line %d; choose another", "tên %q đã dùng ở dòng %d; đặt tên khác", "le nom %q sert déjà ligne %d ; choisissez-en un autre"},
	"same_kind":         {"the kind %q is also defined in %s; rename or remove one", "loại %q cũng được định nghĩa trong %s; đổi tên hoặc xóa một tệp", "le type %q est aussi défini dans %s ; renommez ou supprimez l'un des deux"},
	"no_title":          {"give a title in at least one of vi, fr and en", "hãy ghi tên bằng ít nhất một trong vi, fr và en", "donnez un titre en vi, fr ou en au moins"},
	"one_of":            {"%q is not possible; choose one of: %s", "%q không dùng được; chọn một trong: %s", "%q n'est pas possible ; choisissez parmi : %s"},
	"bad_pattern":       {"the pattern is not valid (%s); see https://github.com/google/re2/wiki/Syntax", "mẫu không hợp lệ (%s); xem https://github.com/google/re2/wiki/Syntax", "le motif n'est pas valable (%s) ; voir https://github.com/google/re2/wiki/Syntax"},
	"bad_words":         {"%q has no letter or digit to look for; write the words as they are printed", "%q không có chữ cái hay chữ số nào để tìm; hãy viết đúng như được in", "%q n'a ni lettre ni chiffre à chercher ; écrivez les mots comme ils sont imprimés"},
	"one_source":        {"keep one of label, words, code and mrz; a second way to find the field is another item of find", "chỉ giữ một trong label, words, code và mrz; cách tìm thứ hai là một mục khác của find", "gardez label, words, code ou mrz ; une autre façon de trouver le champ est un autre élément de find"},
	"no_source":         {"say where the value is: label, words, code, mrz, or a zone (with a pattern for a type without a shape of its own)", "hãy cho biết giá trị ở đâu: label, words, code, mrz, hoặc zone (kèm pattern nếu kiểu không có dạng riêng)", "dites où est la valeur : label, words, code, mrz, ou une zone (avec pattern pour un type sans forme propre)"},
	"clue_source":       {"a clue is one of words, pattern, code and mrz; write each as an item of its own", "mỗi dấu hiệu là một trong words, pattern, code và mrz; viết mỗi cái thành một mục riêng", "un indice est words, pattern, code ou mrz ; écrivez chacun comme un élément à part"},
	"needs_label":       {"this key needs a label beside it; add label or remove it", "khóa này cần có label bên cạnh; thêm label hoặc xóa nó", "cette clé demande un label à côté ; ajoutez label ou supprimez-la"},
	"unreachable":       {"the weights above 0 add up to %.2f, less than the threshold %.2f; no page will ever be this kind", "tổng các trọng số dương là %.2f, thấp hơn ngưỡng %.2f; sẽ không trang nào thuộc loại này", "les poids positifs font %.2f, moins que le seuil %.2f ; aucune page ne sera jamais de ce type"},
	"title_field":       {"the title names the field %q, which this kind does not have; add the field or mend the name", "title nhắc đến trường %q mà loại này không có; thêm trường hoặc sửa tên", "title cite le champ %q que ce type n'a pas ; ajoutez-le ou corrigez le nom"},
	"title_personal":    {"the title names the field %q, which is personal; titles are shown to everybody", "title nhắc đến trường %q là dữ liệu cá nhân; tên giấy tờ ai cũng xem được", "title cite le champ %q, qui est personnel ; les titres sont visibles de tous"},
	"no_part":           {"values of the type %s have no part %q", "giá trị kiểu %s không có phần %q", "les valeurs du type %s n'ont pas de partie %q"},
	"empty":             {"the file is empty; write a kind (docs/kinds.md has an example)", "tệp trống; hãy viết một loại giấy tờ (docs/kinds.md có ví dụ)", "le fichier est vide ; écrivez un type (docs/kinds.md donne un exemple)"},
}
