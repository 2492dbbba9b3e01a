package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// translate puts the help of cmd and of all below it into the operator's language.
func (a *app) translate(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.PersistentFlags().BoolP("help", "h", false, "show this help")
	root.InitDefaultVersionFlag()
	if a.words.language == "en" {
		return
	}
	text := func(english string) string {
		if t, ok := helpTexts[english]; ok {
			return t[a.words.index]
		}
		return english
	}
	headings := make([]string, 0, 2*len(helpHeadings))
	for english, t := range helpHeadings {
		headings = append(headings, english, t[a.words.index])
	}
	root.SetUsageTemplate(strings.NewReplacer(headings...).Replace(root.UsageTemplate()))
	eachCommand(root, func(cmd *cobra.Command) {
		cmd.Short, cmd.Long = text(cmd.Short), text(cmd.Long)
		for _, flags := range []*pflag.FlagSet{cmd.LocalNonPersistentFlags(), cmd.PersistentFlags()} {
			flags.VisitAll(func(f *pflag.Flag) { f.Usage = text(f.Usage) })
		}
	})
}

// eachCommand visits cmd and all below it, but not what completion scripts are made of.
func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	if cmd.Name() == "completion" {
		return
	}
	for _, below := range cmd.Commands() {
		eachCommand(below, visit)
	}
}

// helpHeadings are the words of cobra's template, in vi and fr.
var helpHeadings = map[string][2]string{
	"Usage:":                                 {"Cách dùng:", "Usage :"},
	"Examples:":                              {"Ví dụ:", "Exemples :"},
	"Available Commands:":                    {"Các lệnh:", "Commandes :"},
	"Global Flags:":                          {"Tùy chọn chung:", "Options générales :"},
	"\nFlags:":                               {"\nTùy chọn:", "\nOptions :"},
	"Use \"":                                 {"Dùng \"", "\""},
	" for more information about a command.": {" để biết thêm về một lệnh.", " en dit plus sur une commande."},
}

// helpTexts are the texts of the commands and flags, in vi and fr.
var helpTexts = map[string][2]string{
	"Turns scans into searchable, archivable dossiers":                                     {"Biến bản quét thành hồ sơ điện tử tìm kiếm được, lưu trữ được", "Fait de numérisations des dossiers consultables et archivables"},
	"Run the daemon (without a settings file: on defaults in ./dossierd-data)":             {"Chạy tiến trình nền (không có tệp cấu hình: dùng giá trị mặc định trong ./dossierd-data)", "Lancer le démon (sans fichier de configuration : réglages par défaut dans ./dossierd-data)"},
	"Turn files or folders into PDF/A, without daemon or database":                         {"Chuyển tệp hoặc thư mục thành PDF/A, không cần tiến trình nền hay cơ sở dữ liệu", "Convertir fichiers ou dossiers en PDF/A, sans démon ni base de données"},
	"Write or check a settings file":                                                       {"Ghi hoặc kiểm tra tệp cấu hình", "Écrire ou vérifier un fichier de configuration"},
	"Write a commented settings file (default: to standard output)":                        {"Ghi tệp cấu hình có chú thích (mặc định: ra đầu ra chuẩn)", "Écrire un fichier de configuration commenté (par défaut : sur la sortie standard)"},
	"Name every fault with its key, line and remedy":                                       {"Nêu mọi lỗi kèm khóa, dòng và cách sửa", "Nommer chaque faute avec sa clé, sa ligne et son remède"},
	"Say what is missing on this machine, and the command that installs it":                {"Cho biết máy này thiếu gì và lệnh để cài", "Dire ce qui manque à cette machine et la commande qui l'installe"},
	"Show what waits, is in work, done and refused, by station":                            {"Cho biết số đang chờ, đang xử lý, đã xong và bị từ chối của từng trạm", "Montrer ce qui attend, est en cours, publié et refusé, par station"},
	"List deposits, newest first":                                                          {"Liệt kê các lần nộp, mới nhất trước", "Lister les dépôts, les plus récents d'abord"},
	"Show one deposit as JSON":                                                             {"Xem một lần nộp dưới dạng JSON", "Montrer un dépôt en JSON"},
	"Try refused deposits again":                                                           {"Xử lý lại các lần nộp bị từ chối", "Retenter des dépôts refusés"},
	"List events on their way to subscribers, or send some again":                          {"Liệt kê các sự kiện gửi đến hệ thống nhận, hoặc gửi lại", "Lister les envois d'événements aux abonnés, ou en renvoyer"},
	"List deliveries, newest first":                                                        {"Liệt kê các lần gửi, mới nhất trước", "Lister les envois, les plus récents d'abord"},
	"Send events again, and switch their subscribers on":                                   {"Gửi lại sự kiện và bật lại hệ thống nhận", "Renvoyer des événements et rétablir leurs abonnés"},
	"Make cover slips and separator sheets to print, as PDF":                               {"Tạo phiếu tiếp nhận hồ sơ và tờ phân cách để in, dạng PDF", "Faire des bordereaux et des feuilles de séparation à imprimer, en PDF"},
	"Count what was received in a period, how it ended and how long it took":               {"Thống kê số nhận trong một kỳ, kết quả và thời gian xử lý", "Compter ce qui a été reçu sur une période, ce qu'il en est advenu et en combien de temps"},
	"List kinds of papers, or try one on a scan":                                           {"Liệt kê các loại giấy tờ, hoặc thử một loại trên bản quét", "Lister les types de documents, ou en essayer un sur une numérisation"},
	"List the built-in kinds, and those in folders":                                        {"Liệt kê các loại có sẵn và các loại trong thư mục", "Lister les types intégrés et ceux de dossiers"},
	"Try a kind on a scan: each field, where it was found, and why not":                    {"Thử một loại trên bản quét: từng trường, vị trí tìm thấy, và lý do không thấy", "Essayer un type sur une numérisation : chaque champ, où il est, et sinon pourquoi"},
	"List, add or change those who may log in":                                             {"Liệt kê, thêm hoặc đổi những người được đăng nhập", "Lister, ajouter ou changer ceux qui peuvent se connecter"},
	"List users by their names":                                                            {"Liệt kê người dùng theo tên", "Lister les utilisateurs par nom"},
	"Add a user, and make the link by which a password is set":                             {"Thêm người dùng và tạo liên kết để đặt mật khẩu", "Ajouter un utilisateur, et faire le lien pour choisir un mot de passe"},
	"Change what a user is, sees and may; whoever is logged in by that name is logged out": {"Đổi vai trò, phạm vi và quyền của người dùng; các phiên đang mở bị kết thúc", "Changer le rôle, la portée et les droits d'un utilisateur ; ses sessions se terminent"},
	"Let a user log in again":                                                              {"Cho người dùng đăng nhập lại", "Laisser un utilisateur se connecter de nouveau"},
	"Let a user in no more, at once":                                                       {"Khóa người dùng ngay lập tức", "Ne plus laisser entrer un utilisateur, tout de suite"},
	"Make a link by which a user sets a password, once, within a day":                      {"Tạo liên kết để người dùng đặt mật khẩu, một lần, trong một ngày", "Faire un lien pour choisir un mot de passe, une fois, dans la journée"},
	"List the tokens of programs, or make one":                                             {"Liệt kê mã truy cập của các chương trình, hoặc tạo mới", "Lister les jetons des programmes, ou en faire un"},
	"List the tokens of the settings":                                                      {"Liệt kê mã truy cập trong tệp cấu hình", "Lister les jetons de la configuration"},
	"Help about any command":                                                               {"Xem trợ giúp về một lệnh", "Aide sur une commande"},
	"Make a token, and the line that lets its bearer in":                                   {"Tạo mã truy cập và dòng cấu hình của nó", "Faire un jeton, et la ligne qui le fait admettre"},
	"Walk through the audit log, and name the first row that is not as it was written":     {"Kiểm tra nhật ký và nêu dòng đầu tiên không còn như đã ghi", "Parcourir le journal d'audit, et nommer la première ligne qui n'est plus telle qu'écrite"},
	"`ROLE`: clerk, archivist, operator, administrator":                                    {"vai trò `ROLE`: clerk, archivist, operator, administrator", "`ROLE`, le rôle : clerk, archivist, operator, administrator"},
	"`ROLE`: case_system, clerk, archivist, operator, administrator":                       {"vai trò `ROLE`: case_system, clerk, archivist, operator, administrator", "`ROLE`, le rôle : case_system, clerk, archivist, operator, administrator"},
	"sees the records of department `NAME`; may be given several times":                    {"thấy hồ sơ của sở `NAME`; có thể lặp lại", "voit les dossiers du service `NAME` ; peut se répéter"},
	"sees the records of station `NAME`; may be given several times":                       {"thấy hồ sơ của trạm `NAME`; có thể lặp lại", "voit les dossiers de la station `NAME` ; peut se répéter"},
	"sees all records": {"thấy mọi hồ sơ", "voit tous les dossiers"},
	"`NAME` of the language: vi, fr or en (default: that of the settings)": {"ngôn ngữ `NAME`: vi, fr hoặc en (mặc định: theo cấu hình)", "langue `NAME` : vi, fr ou en (à défaut : celle de la configuration)"},
	"may read what is personal; each read is logged":                       {"được đọc dữ liệu cá nhân; mỗi lần đọc đều được ghi lại", "peut lire les données personnelles ; chaque lecture est notée"},
	"may erase dossiers for good":                                          {"được xóa hẳn hồ sơ", "peut effacer des dossiers pour de bon"},
	"may upload files":                                                     {"được tải tệp lên", "peut envoyer des fichiers"},
	"last `DAY` on which it is good, as 2027-12-31 (default: for good)":    {"ngày cuối cùng `DAY` còn hiệu lực, như 2027-12-31 (mặc định: không hết hạn)", "dernier jour `DAY` où il vaut, comme 2027-12-31 (à défaut : sans fin)"},
	"the audit log": {"nhật ký kiểm tra", "le journal d'audit"},
	"`NUMBER:HASH` that was the log's end once, as an earlier run or the daemon's log told": {"`NUMBER:HASH` từng là cuối nhật ký, theo lần chạy trước hoặc nhật ký của tiến trình nền", "`NUMBER:HASH`, une fin passée du journal, d'après une exécution précédente ou le journal du démon"},
	"Generate the autocompletion script for the specified shell":                            {"In tập lệnh tự hoàn thành cho shell", "Produire le script de complétion pour un shell"},
	"List deposits, show one, or see to refused ones":                                       {"Liệt kê, xem các lần nộp, hoặc xử lý các lần bị từ chối", "Lister les dépôts, en montrer un ou s'occuper des refusés"},
	"Say who sees to refused deposits":                                                      {"Giao các lần nộp bị từ chối cho một người", "Attribuer des dépôts refusés"},
	"End what is to be done about refused deposits; they stay counted":                      {"Không xử lý nữa các lần nộp bị từ chối; vẫn được tính", "Classer des dépôts refusés sans suite ; ils restent comptés"},
	"read them the safest way, after worker_* faults":                                       {"đọc theo cách an toàn nhất, sau lỗi worker_*", "les lire de la façon la plus sûre, après une erreur worker_*"},
	"`NAME`; nobody without it":                                                             {"`NAME`; để trống: không giao cho ai", "`NAME` ; personne sans elle"},
	"`TEXT` why, for who asks later":                                                        {"lý do `TEXT`, cho người hỏi sau này", "`TEXT` : pourquoi, pour qui le demandera"},

	"show this help":       {"xem trợ giúp này", "montrer cette aide"},
	"version for dossierd": {"xem phiên bản", "montrer la version"},
	"settings `FILE` (default $DOSSIERD_CONFIG, then /etc/dossierd.yaml, then embedded defaults)": {"tệp cấu hình `FILE` (mặc định: $DOSSIERD_CONFIG, rồi /etc/dossierd.yaml, rồi giá trị mặc định)", "fichier de configuration `FILE` (à défaut $DOSSIERD_CONFIG, puis /etc/dossierd.yaml, puis les réglages par défaut)"},
	"drop this sample `FILE`, receive the events, and print what comes out":                       {"thả tệp mẫu `FILE`, nhận sự kiện và in kết quả", "déposer ce `FILE` d'exemple, recevoir les événements et montrer le résultat"},
	"a JSON object a line": {"mỗi dòng một đối tượng JSON", "un objet JSON par ligne"},
	"one JSON object":      {"một đối tượng JSON", "un objet JSON"},
	"only those in `STATE`: received, reading, assembling, published, duplicate, rejected": {"chỉ trạng thái `STATE`: received, reading, assembling, published, duplicate, rejected", "seulement à l'état `STATE` : received, reading, assembling, published, duplicate, rejected"},
	"only those in `STATE`: pending, delivered, dead":                                      {"chỉ trạng thái `STATE`: pending, delivered, dead", "seulement à l'état `STATE` : pending, delivered, dead"},
	"only those of `NAME`":   {"chỉ của trạm `NAME`", "seulement ceux de `NAME`"},
	"only those to `NAME`":   {"chỉ gửi đến `NAME`", "seulement ceux vers `NAME`"},
	"at most `N`":            {"nhiều nhất `N` dòng", "`N` au plus"},
	"`DIR` for what is made": {"thư mục kết quả `DIR`", "dossier `DIR` des résultats"},
	"tessdata `NAMES`; of several, one is chosen per page":                                           {"tên mô hình `NAMES` của Tesseract; nếu có nhiều, chọn cho từng trang", "noms `NAMES` des modèles Tesseract ; s'il y en a plusieurs, choix page par page"},
	"page worker processes":                                                                          {"số tiến trình đọc trang", "processus de lecture des pages"},
	"PDF/A level: 2u, 1b or 3u":                                                                      {"mức PDF/A: 2u, 1b hoặc 3u", "niveau PDF/A : 2u, 1b ou 3u"},
	"write the text beside the PDF (.txt)":                                                           {"ghi văn bản cạnh tệp PDF (.txt)", "écrire le texte à côté du PDF (.txt)"},
	"write ALTO 4 beside the PDF (.alto.xml)":                                                        {"ghi ALTO 4 cạnh tệp PDF (.alto.xml)", "écrire l'ALTO 4 à côté du PDF (.alto.xml)"},
	"write hOCR beside the PDF (.hocr)":                                                              {"ghi hOCR cạnh tệp PDF (.hocr)", "écrire le hOCR à côté du PDF (.hocr)"},
	"put all inputs into one PDF called `NAME`.pdf":                                                  {"gộp mọi tệp vào một PDF tên là `NAME`.pdf", "réunir toutes les entrées dans un PDF nommé `NAME`.pdf"},
	"print a JSON object a line for each input":                                                      {"in một dòng JSON cho mỗi tệp", "écrire une ligne JSON par entrée"},
	"print nothing but errors":                                                                       {"chỉ in lỗi", "n'écrire que les erreurs"},
	"`CODE` of the dossier (default: the next number of the station)":                                {"mã hồ sơ `CODE` (mặc định: số tiếp theo của trạm)", "`CODE` du dossier (par défaut : le prochain numéro de la station)"},
	"a slip for each line of `FILE`, with columns code, procedure and name (of the procedure)":       {"mỗi dòng của `FILE` một phiếu, với các cột code, procedure và name (tên thủ tục)", "un bordereau par ligne de `FILE`, colonnes code, procedure et name (de la démarche)"},
	"sheets that part dossiers or documents and say no more: `KIND` dossier or document":             {"tờ phân cách không ghi gì khác: `KIND` là dossier (giữa hai hồ sơ) hoặc document (giữa hai giấy tờ)", "feuilles qui ne font que séparer : `KIND` dossier ou document"},
	"a slip for a page to be scanned again: `BATCH` and page, as 01h2x...:12":                        {"phiếu cho trang cần quét lại: lượt quét `BATCH` và số trang, như 01h2x...:12", "un bordereau pour une page à refaire : `BATCH`, le lot, et la page, comme 01h2x...:12"},
	"`N` separator sheets, or slips with the next numbers":                                           {"`N` tờ phân cách, hoặc phiếu với các số tiếp theo", "`N` feuilles de séparation, ou bordereaux aux prochains numéros"},
	"`NAME` of the station (default: the only one)":                                                  {"tên trạm `NAME` (mặc định: trạm duy nhất)", "`NAME`, nom de la station (par défaut : la seule)"},
	"`CODE` of the procedure":                                                                        {"mã thủ tục `CODE`", "`CODE` de la démarche"},
	"`TEXT` that names the procedure to people (default: the name in the procedures' files)":         {"tên thủ tục `TEXT` in trên phiếu (mặc định: tên trong các tệp thủ tục)", "`TEXT`, nom de la démarche en clair (par défaut : celui des fichiers de procédures)"},
	"`TEXT` that says where the paper lies: box, shelf":                                              {"nơi để bản giấy `TEXT`: hộp, kệ", "`TEXT` qui dit où se trouve le papier : boîte, étagère"},
	"language of the sheets: `NAME` vi, fr or en (default: the station's)":                           {"ngôn ngữ của tờ in: `NAME` là vi, fr hoặc en (mặc định: của trạm)", "langue des feuilles : `NAME` vi, fr ou en (par défaut : celle de la station)"},
	"`FILE` for the PDF; - is standard output":                                                       {"tệp PDF `FILE`; - là đầu ra chuẩn", "`FILE` pour le PDF ; - est la sortie standard"},
	"overwrite what is there":                                                                        {"ghi đè lên tệp đã có", "écraser ce qui existe"},
	"first `DAY`, as 2026-01-31 (default: the first of this month)":                                  {"ngày đầu `DAY`, như 2026-01-31 (mặc định: ngày 1 tháng này)", "premier jour `DAY`, comme 2026-01-31 (à défaut : le premier du mois)"},
	"last `DAY` (default: today)":                                                                    {"ngày cuối `DAY` (mặc định: hôm nay)", "dernier jour `DAY` (à défaut : aujourd'hui)"},
	"a row each `WHAT`: department, station, procedure, clerk":                                       {"mỗi dòng theo `WHAT`: department, station, procedure, clerk", "une ligne par `WHAT` : department, station, procedure, clerk"},
	"what came by station `NAME` alone":                                                              {"chỉ những gì vào từ trạm `NAME`", "seulement ce qui est venu par la station `NAME`"},
	"`FORMAT`: table, csv, json":                                                                     {"định dạng `FORMAT`: table, csv, json", "`FORMAT` : table, csv, json"},
	"also draw each field's box on `FILE`.png":                                                       {"vẽ khung của từng trường vào `FILE`.png", "dessiner aussi le cadre de chaque champ dans `FILE`.png"},
	"Find pages by what they say":                                                                    {"Tìm trang theo nội dung", "Trouver des pages par ce qu'elles disent"},
	"Make the search index anew from the object store, beside a daemon that may be running":          {"Lập lại chỉ mục tìm kiếm từ kho lưu trữ, kể cả khi tiến trình nền đang chạy", "Refaire l'index de recherche depuis le stockage d'objets, même à côté d'un démon en marche"},
	"`ORDER` of the hits: relevance, newest, oldest":                                                 {"thứ tự kết quả `ORDER`: relevance, newest, oldest", "`ORDER`, ordre des résultats : relevance, newest, oldest"},
	"every hit, however many there are":                                                              {"mọi kết quả, dù nhiều đến đâu", "tous les résultats, quel qu'en soit le nombre"},
	"`URL` of the daemon to ask, or settings: the one that those name (default: read the catalogue)": {"địa chỉ `URL` của tiến trình nền cần hỏi, hoặc settings: địa chỉ trong tệp cấu hình (mặc định: đọc thẳng cơ sở dữ liệu)", "`URL` du démon à interroger, ou settings : celui de la configuration (à défaut : lire le catalogue)"},
	"`FILE` that holds the token for --server (default: $DOSSIERD_TOKEN)":                            {"tệp `FILE` chứa mã truy cập cho --server (mặc định: $DOSSIERD_TOKEN)", "`FILE` qui contient le jeton pour --server (à défaut : $DOSSIERD_TOKEN)"},
	"only words with the marks they are typed with":                                                  {"chỉ tìm từ đúng dấu như đã gõ", "seulement les mots avec les accents tels que tapés"},
}
