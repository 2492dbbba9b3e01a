package config

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Fault is one thing wrong with the file.
type Fault struct {
	Line int    // 0 where no line is to blame
	Key  string // as the user wrote it: stations[0].folder
	code string
	args []any
}

// Faults is every fault of a file; as an error it prints one a line.
type Faults struct {
	File     string
	Language string // of the sentences
	List     []Fault
}

func (f *Faults) add(line int, key, code string, args ...any) {
	f.List = append(f.List, Fault{Line: line, Key: key, code: code, args: args})
}

// Text is the sentence for one fault, with its remedy, in the given language.
func (f Fault) Text(language string) string {
	args := make([]any, len(f.args))
	for i, a := range f.args {
		args[i] = a
		if s, ok := a.(string); ok {
			if translated, ok := kinds[s]; ok {
				args[i] = translated[languageIndex(language)]
			}
		}
	}
	sentence := sentences[f.code][languageIndex(language)]
	if f.code == "unknown_key" && args[0] == "" {
		sentence, args = sentences["unknown_key_alone"][languageIndex(language)], nil
	}
	return fmt.Sprintf(sentence, args...)
}

func (f *Faults) Error() string {
	slices.SortStableFunc(f.List, func(a, b Fault) int { return a.Line - b.Line })
	var b strings.Builder
	for i, fault := range f.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:", f.File)
		if fault.Line > 0 {
			fmt.Fprintf(&b, "%d:", fault.Line)
		}
		if fault.Key != "" {
			fmt.Fprintf(&b, " %s:", fault.Key)
		}
		b.WriteString(" " + fault.Text(f.Language))
	}
	return b.String()
}

func languageIndex(language string) int {
	switch language {
	case "vi":
		return 0
	case "fr":
		return 1
	default:
		return 2
	}
}

// SystemLanguage is the operator's language as the environment names it: vi, fr or en.
func SystemLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			for _, l := range []string{"vi", "fr"} {
				if strings.HasPrefix(value, l) {
					return l
				}
			}
			return "en"
		}
	}
	return "en"
}

// kinds name what a value must be, in vi, fr, en.
var kinds = map[string][3]string{
	"a_duration": {"một khoảng thời gian như 2s, 10m, 24h hoặc 3d", "une durée comme 2s, 10m, 24h ou 3d", "a duration such as 2s, 10m, 24h or 3d"},
	"a_period":   {"một thời hạn như 10y (năm) hoặc 90d (ngày)", "une durée comme 10y (années) ou 90d (jours)", "a period such as 10y (years) or 90d (days)"},
	"a_size":     {"một dung lượng như 500 MiB hoặc 2 GiB", "une taille comme 500 MiB ou 2 GiB", "a size such as 500 MiB or 2 GiB"},
	"a_list":     {"một danh sách, mỗi mục bắt đầu bằng dấu gạch ngang", "une liste, un tiret devant chaque élément", "a list, each item after a dash"},
	"a_text":     {"một giá trị văn bản", "un texte", "a text"},
	"a_number":   {"một số nguyên không âm", "un nombre entier, zéro ou plus", "a whole number, zero or more"},
	"a_share":    {"một số lớn hơn 0 và không quá 1, như 0.9", "un nombre au-dessus de 0 et jusqu'à 1, comme 0.9", "a number above 0 and up to 1, such as 0.9"},
	"a_yes":      {"true hoặc false", "true ou false", "true or false"},
	"a_mapping":  {"các cặp khóa: giá trị", "des paires clé: valeur", "key: value pairs"},
}

// sentences say what is wrong and what to do, in vi, fr, en.
var sentences = map[string][3]string{
	"unreadable":        {"không đọc được tệp cấu hình (%s); kiểm tra đường dẫn và quyền đọc", "fichier de configuration illisible (%s) ; vérifiez le chemin et les droits", "the file can't be read (%s); check its path and permissions"},
	"syntax":            {"YAML không hợp lệ: %s; sửa chỗ thụt dòng hoặc dấu câu tại đây", "YAML invalide : %s ; corrigez ici l'indentation ou la ponctuation", "not valid YAML: %s; mend the indentation or punctuation here"},
	"unknown_key":       {"khóa không có trong dossierd; có phải ý bạn là %q?", "clé inconnue ; vouliez-vous dire %q ?", "there is no such key; did you mean %q?"},
	"unknown_key_alone": {"khóa không có trong dossierd; xóa nó đi (`dossierd config init` liệt kê mọi khóa)", "clé inconnue ; supprimez-la (`dossierd config init` les montre toutes)", "there is no such key; remove it (`dossierd config init` shows them all)"},
	"must_be":           {"phải là %s", "doit être %s", "must be %s"},
	"unset_variable":    {"biến môi trường %s chưa được đặt; đặt biến này trước khi khởi động", "la variable d'environnement %s n'est pas définie ; définissez-la avant de démarrer", "environment variable %s is not set; set it before starting"},
	"no_anchors":        {"không dùng được &, * và << của YAML ở đây; hãy viết đầy đủ giá trị", "les &, * et << de YAML ne sont pas admis ici ; répétez les valeurs", "YAML's &, * and << can't be used here; write the values out"},
	"required":          {"thiếu khóa này; hãy thêm vào", "cette clé manque ; ajoutez-la", "this key is missing; add it"},
	"one_of":            {"%q không dùng được; chọn một trong: %s", "%q n'est pas possible ; choisissez parmi : %s", "%q is not possible; choose one of: %s"},
	"bad_name":          {"%q không hợp lệ; dùng 1 đến 32 ký tự a-z, 0-9 và dấu gạch ngang", "%q n'est pas valable ; 1 à 32 caractères a-z, 0-9 et tiret", "%q won't do; use 1 to 32 characters of a-z, 0-9 and hyphen"},
	"same_name":         {"tên %q đã dùng ở dòng %d; đặt tên khác", "le nom %q sert déjà ligne %d ; choisissez-en un autre", "the name %q is taken at line %d; choose another"},
	"same_folder":       {"thư mục này đã thuộc trạm %q (dòng %d); mỗi trạm cần một thư mục riêng", "ce dossier est déjà celui de la station %q (ligne %d) ; un dossier par station", "this folder already belongs to station %q (line %d); give each station its own"},
	"inside_folder":     {"thư mục này nằm trong thư mục của %q (dòng %d); chuyển một trong hai ra ngoài", "ce dossier est à l'intérieur de celui de %q (ligne %d) ; déplacez l'un des deux", "this folder lies inside that of %q (line %d); move one of them out"},
	"no_folder":         {"không có thư mục %s; tạo bằng: mkdir -p %s", "le dossier %s n'existe pas ; créez-le : mkdir -p %s", "there is no folder %s; create it with: mkdir -p %s"},
	"not_writable":      {"dossierd không ghi được vào %s (%s); cấp quyền đọc, ghi và vào thư mục cho người dùng chạy dossierd", "dossierd ne peut pas écrire dans %s (%s) ; donnez-lui les droits rwx", "dossierd can't write to %s (%s); give the user it runs as read, write and enter rights"},
	"bad_timezone":      {"không có múi giờ %q; dùng tên như Asia/Ho_Chi_Minh", "le fuseau %q n'existe pas ; par exemple Asia/Ho_Chi_Minh ou Europe/Paris", "there is no time zone %q; use a name such as Asia/Ho_Chi_Minh"},
	"bad_url":           {"%q không phải địa chỉ http:// hoặc https:// đầy đủ; viết như https://case.example/hooks/dossierd", "%q n'est pas une adresse complète en http:// ou https:// ; par exemple https://case.example/hooks/dossierd", "%q is not a complete http:// or https:// address; write it like https://case.example/hooks/dossierd"},
	"bad_endpoint":      {"%q không phải địa chỉ máy chủ; viết như http://minio:9000 hoặc https://minio.example, không kèm đường dẫn", "%q n'est pas l'adresse d'un serveur ; par exemple http://minio:9000 ou https://minio.example, sans chemin", "%q is not a server's address; write it like http://minio:9000 or https://minio.example, without a path"},
	"bad_bucket":        {"%q không phải tên bucket hợp lệ; dùng 3 đến 63 ký tự a-z, 0-9, dấu chấm và gạch ngang", "%q n'est pas un nom de bucket ; 3 à 63 caractères a-z, 0-9, point et tiret", "%q is no name for a bucket; use 3 to 63 characters of a-z, 0-9, dot and hyphen"},
	"bad_postgres":      {"không phải địa chỉ PostgreSQL; viết như postgres://user@host/dossierd, mật khẩu có ký tự đặc biệt thì đặt vào PGPASSWORD", "ce n'est pas une adresse PostgreSQL ; par exemple postgres://user@host/dossierd, un mot de passe à caractères spéciaux dans PGPASSWORD", "this is not a PostgreSQL address; write it like postgres://user@host/dossierd, with a password of special characters in PGPASSWORD"},
	"own_folder":        {"thư mục này và thư mục riêng %s của dossierd nằm trong nhau; chuyển một trong hai ra ngoài", "ce dossier et %s, propre à dossierd, sont l'un dans l'autre ; déplacez l'un des deux", "this folder and dossierd's own %s lie one in the other; move one of them out"},
	"bad_listen":        {"%q không phải địa chỉ dạng máy:cổng, ví dụ 127.0.0.1:8480", "%q n'est pas une adresse hôte:port, par exemple 127.0.0.1:8480", "%q is not an address of the form host:port, such as 127.0.0.1:8480"},
	"bad_network":       {"%q không phải địa chỉ hoặc mạng; viết như 10.0.0.5 hoặc 10.0.0.0/24", "%q n'est ni une adresse ni un réseau ; par exemple 10.0.0.5 ou 10.0.0.0/24", "%q is neither an address nor a network; write it like 10.0.0.5 or 10.0.0.0/24"},
	"bad_certificate":   {"%s và %s không phải một chứng chỉ và khóa của nó (%v); dùng tệp PEM với cả chuỗi chứng chỉ", "%s et %s ne sont pas un certificat et sa clé (%v) ; des fichiers PEM, avec toute la chaîne", "%s and %s are no certificate and its key (%v); use PEM files, with the whole chain"},
	"bad_domain":        {"%q không phải tên miền; viết như dossiers.example", "%q n'est pas un nom de domaine ; par exemple dossiers.example", "%q is not a domain name; write it like dossiers.example"},
	"bad_base":          {"%q phải là gốc của máy chủ, không kèm đường dẫn", "%q doit être la racine d'un serveur, sans chemin", "%q must be the root of a host, without a path"},
	"sees_nothing":      {"vai trò này không thấy hồ sơ nào; thêm departments, stations, hoặc all: true", "ce rôle ne verrait rien ; ajoutez departments, stations, ou all: true", "this role would see nothing; add departments, stations, or all: true"},
	"names_nothing":     {"danh sách này không nêu tên nào, mà token không có departments và stations thì thấy mọi hồ sơ; nêu tên, hoặc bỏ khóa này", "cette liste ne nomme rien, et un jeton sans departments ni stations voit tout ; nommez-en, ou retirez la clé", "this list names nothing, and a token without departments and stations sees everything; name some, or take the key out"},
	"bad_day":           {"%q không phải một ngày; viết như 2027-12-31", "%q n'est pas un jour ; écrivez-le comme 2027-12-31", "%q is not a day; write it like 2027-12-31"},
	"bad_secret":        {"bí mật phải bắt đầu bằng whsec_, tiếp theo là base64 của 24 đến 64 byte; tạo bằng: echo whsec_$(openssl rand -base64 32)", "le secret commence par whsec_ suivi du base64 de 24 à 64 octets ; créez-en un : echo whsec_$(openssl rand -base64 32)", "a secret is whsec_ and the base64 of 24 to 64 bytes; make one with: echo whsec_$(openssl rand -base64 32)"},
	"bad_sha256":        {"phải là 64 chữ số thập lục phân; tính bằng: printf %%s TOKEN | sha256sum", "il faut 64 chiffres hexadécimaux : printf %%s JETON | sha256sum", "must be 64 hexadecimal digits; get them with: printf %%s TOKEN | sha256sum"},
	"secret_file":       {"không đọc được tệp %s (%s); kiểm tra đường dẫn và quyền đọc", "le fichier %s est illisible (%s) ; vérifiez le chemin et les droits", "file %s can't be read (%s); check its path and permissions"},
	"both":              {"chỉ dùng một trong hai: khóa này hoặc %s", "gardez soit cette clé, soit %s", "keep either this key or %s, not both"},
	"no_model":          {"máy này không có mô hình Tesseract %q; cài bằng: apt install tesseract-ocr-%s", "le modèle Tesseract %q manque ; installez-le : apt install tesseract-ocr-%s", "this machine has no Tesseract model %q; install it with: apt install tesseract-ocr-%s"},
	"not_of_grouping":   {"grouping %q không dùng khóa này; xóa nó, hoặc chọn grouping: %s", "grouping %q n'a pas cette clé ; supprimez-la, ou choisissez grouping : %s", "grouping %q does not have this key; remove it, or choose grouping: %s"},
	"bad_expression":    {"biểu thức chính quy không hợp lệ (%s: %q); sửa nó, ví dụ ^(?P<dossier>[^_]+)_(?P<page>[0-9]+)", "expression régulière invalide (%s : %q) ; corrigez-la, par exemple ^(?P<dossier>[^_]+)_(?P<page>[0-9]+)", "not a regular expression (%s: %q); mend it, for example ^(?P<dossier>[^_]+)_(?P<page>[0-9]+)"},
	"no_dossier_group":  {"biểu thức thiếu nhóm tên dossier; đặt phần chung của các tệp vào (?P<dossier>...)", "il manque le groupe nommé dossier ; mettez la partie commune des noms dans (?P<dossier>...)", "there is no group named dossier; put what the files of a batch have in common into (?P<dossier>...)"},
	"bad_path_json":     {"%q không phải đường dẫn JSON; viết các khóa cách nhau bằng dấu chấm, như documents.*.file", "%q n'est pas un chemin JSON ; séparez les clés par des points, comme documents.*.file", "%q is no JSON path; write keys with dots between them, such as documents.*.file"},
	"bad_path_xml":      {"%q không phải đường dẫn XML; viết tên phần tử từ gốc, cách nhau bằng dấu gạch chéo, như batch/document/@file", "%q n'est pas un chemin XML ; nommez les éléments depuis la racine, séparés par des barres obliques, comme batch/document/@file", "%q is no XML path; write the elements from the root with slashes between them, such as batch/document/@file"},
	"bad_path_csv":      {"%q không phải tiêu đề cột; bỏ khoảng trắng ở đầu và cuối", "%q n'est pas un titre de colonne ; ôtez les espaces au début et à la fin", "%q is no column title; take the spaces off its beginning and end"},
	"no_kind":           {"không có loại giấy tờ %q; `dossierd kinds list` liệt kê các loại", "le type de document %q n'existe pas ; `dossierd kinds list` les montre tous", "there is no kind of paper %q; `dossierd kinds list` shows them"},
	"no_period":         {"thiếu thời hạn; viết ví dụ 10y (năm) hoặc 90d (ngày), hoặc xóa dòng này để giữ mãi", "il manque la durée ; par exemple 10y (années) ou 90d (jours), ou supprimez la ligne pour tout garder", "the period is missing; write 10y (years) or 90d (days), or remove the line to keep such papers for ever"},
	"too_small":         {"phải ít nhất là %s", "doit être au moins %s", "must be at least %s"},
}
