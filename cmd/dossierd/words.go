package main

import "fmt"

// words are the operator's messages in one language.
type words struct {
	language string
	index    int
}

func wordsFor(language string) words {
	for i, l := range [...]string{"vi", "fr", "en"} {
		if l == language {
			return words{language: l, index: i}
		}
	}
	return words{language: "en", index: 2}
}

// say fills in one message.
func (w words) say(key string, args ...any) string {
	return fmt.Sprintf(messages[key][w.index], args...)
}

// messages are what the commands print, in vi, fr, en. What clerks read stands in package dossier, what is wrong with
// a settings file in package config.
var messages = map[string][3]string{
	"embedded_defaults":     {"giá trị mặc định", "réglages par défaut", "embedded defaults"},
	"config_good":           {"%s: hợp lệ, %d trạm, %d hệ thống nhận sự kiện", "%s : correct, %d station(s), %d abonné(s)", "%s: good, %d station(s), %d subscriber(s)"},
	"file_exists":           {"%s đã có; xóa nó hoặc chọn tên khác", "%s existe déjà ; supprimez-le ou choisissez un autre nom", "%s exists; remove it or choose another name"},
	"path_fault":            {"%s: %v; kiểm tra đường dẫn và quyền truy cập", "%s : %v ; vérifiez le chemin et les droits", "%s: %v; check the path and its permissions"},
	"no_inputs":             {"không có tệp nào trong %s", "aucun fichier dans %s", "there are no files in %s"},
	"output_exists":         {"%s đã có; dùng --force để ghi đè hoặc -o để chọn thư mục khác", "%s existe déjà ; --force l'écrase, -o choisit un autre dossier", "%s exists; use --force to overwrite it or -o to choose another folder"},
	"scan_done":             {"%s -> %s: %d trang, %d từ, độ tin cậy %.0f %%", "%s -> %s : %d page(s), %d mots, confiance %.0f %%", "%s -> %s: %d page(s), %d words, confidence %.0f %%"},
	"serving":               {"dossierd đang chạy: http://%s, dữ liệu tại %s", "dossierd est en marche : http://%s, données dans %s", "dossierd is up: http://%s, data in %s"},
	"drop_here":             {"Hãy thả bản quét vào %s", "Déposez vos numérisations dans %s", "Drop scans into %s"},
	"demo_dossier":          {"Hồ sơ %s: %d trang", "Dossier %s : %d page(s)", "Dossier %s: %d page(s)"},
	"demo_pdf":              {"  PDF/A: %s", "  PDF/A : %s", "  PDF/A: %s"},
	"demo_text":             {"  Văn bản: %s", "  Texte : %s", "  Text: %s"},
	"demo_paper":            {"  Giấy tờ: %s (từ trang %d)", "  Pièce : %s (à partir de la page %d)", "  Paper: %s (from page %d)"},
	"demo_event":            {"  Sự kiện đã nhận: %s", "  Événement reçu : %s", "  Event received: %s"},
	"already_running":       {"một dossierd khác đang dùng %s; hãy dừng nó trước", "un autre dossierd utilise déjà %s ; arrêtez-le d'abord", "another dossierd is using %s; stop it first"},
	"stopping":              {"đang dừng: hoàn tất các trang dở dang; nhấn Ctrl-C lần nữa để dừng ngay", "arrêt : les pages en cours se terminent ; Ctrl-C encore une fois arrête tout de suite", "stopping: finishing the pages in hand; Ctrl-C again stops at once"},
	"status_head":           {"TRẠM\tCHỜ\tĐANG XỬ LÝ\tĐÃ PHÁT HÀNH\tTRÙNG\tBỊ TỪ CHỐI\tTỔNG\tTHƯ MỤC", "STATION\tEN ATTENTE\tEN COURS\tPUBLIÉS\tDOUBLONS\tREFUSÉS\tTOTAL\tRÉPERTOIRE", "STATION\tWAITING\tIN WORK\tPUBLISHED\tDUPLICATE\tREJECTED\tTOTAL\tFOLDER"},
	"status_deliveries":     {"Gửi sự kiện: %d chờ, %d đã gửi, %d bỏ", "Envois : %d en attente, %d remis, %d abandonnés", "Deliveries: %d pending, %d delivered, %d dead letters"},
	"status_off":            {"Hệ thống %[1]s đã trả lời 410 và bị tắt; bật lại bằng: dossierd deliveries replay ID, với một ID trong: dossierd deliveries list --subscriber %[1]s", "L'abonné %[1]s a répondu 410 et ne reçoit plus rien ; dossierd deliveries replay ID le rétablit, avec un ID de : dossierd deliveries list --subscriber %[1]s", "Subscriber %[1]s answered 410 and is switched off; dossierd deliveries replay ID brings it back, with an ID of: dossierd deliveries list --subscriber %[1]s"},
	"status_down":           {"Tiến trình dossierd không chạy (hoặc dùng thư mục dữ liệu khác)", "Le démon ne tourne pas (ou utilise un autre répertoire de données)", "The daemon is not running (or uses another data folder)"},
	"folder_ok":             {"tốt", "bon", "good"},
	"folder_away":           {"mất từ %s: %s", "absent depuis %s : %s", "away since %s: %s"},
	"folder_paused":         {"tạm dừng: %s", "en pause : %s", "paused: %s"},
	"folder_faults":         {"không đọc hoặc chuyển được %d tệp: %s", "%d fichier(s) impossibles à lire ou à déplacer : %s", "%d file(s) can't be read or moved: %s"},
	"folder_unread":         {"có quá nhiều thư mục con, %d thư mục chưa được xem", "trop de sous-répertoires, %d ne sont pas lus", "too many subfolders, %d are not looked into"},
	"folder_untold":         {"không ghi được kết quả vào thư mục: %s", "impossible d'y écrire les résultats : %s", "outcomes can't be written into it: %s"},
	"folder_batches":        {"%d lô chưa đóng", "%d lot(s) ouvert(s)", "%d open batch(es)"},
	"batches_head":          {"TRẠM\tLÔ\tTỪ LÚC\tĐÃ NHẬN\tTRONG THƯ MỤC\tĐANG CHỜ", "STATION\tLOT\tDEPUIS\tREÇUS\tDANS LE RÉPERTOIRE\tATTEND", "STATION\tBATCH\tSINCE\tTAKEN\tIN FOLDER\tWAITS FOR"},
	"waits_more":            {"tệp tiếp theo, hoặc hết thời gian chờ", "d'autres fichiers, ou la fin du délai", "further files, or the end of the pause"},
	"waits_whole":           {"các tệp ghi xong và đọc được", "des fichiers entiers et lisibles", "its files to be whole and readable"},
	"waits_intake":          {"lưu vào kho", "l'enregistrement", "being stored"},
	"waits_missing":         {"%d tệp có trong phiếu", "%d fichier(s) du ticket", "%d file(s) that its ticket lists"},
	"waits_ticket":          {"phiếu của phần mềm máy quét", "leur ticket", "their ticket"},
	"folder_files":          {"còn %d tệp trong thư mục", "%d fichier(s) à prendre", "%d file(s) yet to be taken"},
	"report_period":         {"Nhận từ %s đến hết %s; thời gian: trung vị / p95, giờ:phút:giây", "Reçu du %s au %s inclus ; durées : médiane / p95, heures:minutes:secondes", "Received from %s to %s, both included; times: median / p95, hours:minutes:seconds"},
	"report_total":          {"TỔNG", "TOTAL", "TOTAL"},
	"kinds_head":            {"LOẠI\tTÊN\tSỐ TRƯỜNG\tTỆP\tSHA-256", "TYPE\tINTITULÉ\tCHAMPS\tFICHIER\tSHA-256", "KIND\tTITLE\tFIELDS\tFILE\tSHA-256"},
	"kind_recognised":       {"%s: nhận dạng được, %.2f (ngưỡng %.2f)", "%s : reconnu, %.2f (seuil %.2f)", "%s: recognised, %.2f (threshold %.2f)"},
	"kind_not_recognised":   {"%s: không nhận dạng được, %.2f (ngưỡng %.2f)", "%s : non reconnu, %.2f (seuil %.2f)", "%s: not recognised, %.2f (threshold %.2f)"},
	"kind_other":            {"Loại %s khớp hơn (%.2f): khi chạy thật, trang này sẽ thuộc loại đó", "Le type %s convient mieux (%.2f) : en production, la page serait de ce type", "The kind %s fits better (%.2f): in earnest the page would be of that kind"},
	"kind_clues_head":       {"DẤU HIỆU\tTRỌNG SỐ\tTHẤY", "INDICE\tPOIDS\tVU", "CLUE\tWEIGHT\tSEEN"},
	"kind_fields_head":      {"TRƯỜNG\tGIÁ TRỊ\tTIN CẬY\tTRANG\tCÁCH TÌM\tLƯU Ý", "CHAMP\tVALEUR\tCONFIANCE\tPAGE\tRÈGLE\tREMARQUES", "FIELD\tVALUE\tCONFIDENCE\tPAGE\tRULE\tREMARKS"},
	"kind_preview":          {"Ảnh xem thử: %s", "Aperçu : %s", "Preview: %s"},
	"kind_required":         {"bắt buộc", "obligatoire", "required"},
	"yes":                   {"có", "oui", "yes"},
	"no":                    {"không", "non", "no"},
	"why_no_code":           {"không có mã vạch nào chứa giá trị này", "aucun code-barres ne le dit", "no symbol says it"},
	"why_no_mrz":            {"không có dòng mã đọc máy, hoặc các số kiểm tra sai", "pas de zone lisible par machine, ou ses chiffres de contrôle sont faux", "no machine-readable zone, or its check digits are wrong"},
	"why_no_words":          {"không thấy từ nào trong danh sách", "aucun des mots n'y est", "none of the words is there"},
	"why_no_label":          {"không thấy nhãn: %s", "libellé introuvable : %s", "label not found: %s"},
	"why_nothing_there":     {"không có gì phù hợp trong vùng", "rien qui convienne dans la zone", "nothing that fits in the zone"},
	"why_nothing_beside":    {"có nhãn nhưng không có gì bên cạnh", "le libellé y est, et rien à côté", "the label is there, and nothing beside it"},
	"why_invalid":           {"có chữ nhưng giá trị không hợp lệ: %v", "trouvé, mais ce n'est pas une valeur : %v", "found, but it is no value: %v"},
	"report_head":           {"THEO\tTỆP NHẬN\tTRANG\tCHỜ\tĐÃ PHÁT HÀNH\tTRÙNG\tBỊ TỪ CHỐI\tNÊN QUÉT LẠI\tHỒ SƠ\tTRỰC TUYẾN\tTẠI QUẦY\tTHIẾU\tTRỄ / CÓ HẠN\tCÓ KẾT QUẢ\tĐÃ TRẢ\tSỐ HÓA\tCHUYỂN\tGIẢI QUYẾT\tTRẢ", "PAR\tDÉPÔTS\tPAGES\tEN ATTENTE\tPUBLIÉS\tDOUBLONS\tREFUSÉS\tÀ RENUMÉRISER\tDOSSIERS\tEN LIGNE\tAU GUICHET\tINCOMPLETS\tEN RETARD / AVEC DÉLAI\tRÉSULTATS\tREMIS\tNUMÉRISATION\tTRANSMISSION\tTRAITEMENT\tREMISE", "BY\tDEPOSITS\tPAGES\tWAITING\tPUBLISHED\tDUPLICATE\tREJECTED\tTO RESCAN\tDOSSIERS\tONLINE\tCOUNTER\tINCOMPLETE\tLATE / WITH DEADLINE\tRESULTS\tRETURNED\tDIGITISING\tTRANSFER\tPROCESSING\tRETURN"},
	"requeued":              {"%s: xử lý lại", "%s : remis en file", "%s: queued again"},
	"assigned":              {"%s: đã giao", "%s : attribué", "%s: assigned"},
	"dismissed":             {"%s: không xử lý nữa", "%s : classé sans suite", "%s: dismissed"},
	"no_reason":             {"cho biết lý do: --reason \"...\"", "dites pourquoi : --reason \"...\"", "say why: --reason \"...\""},
	"replayed":              {"gửi lại %d sự kiện", "%d événement(s) renvoyé(s)", "%d event(s) will be sent again"},
	"deposits_head":         {"MÃ\tTRẠM\tTÊN TỆP\tTRẠNG THÁI\tHỒ SƠ\tNHẬN LÚC", "ID\tSTATION\tFICHIER\tÉTAT\tDOSSIER\tREÇU", "ID\tSTATION\tFILE\tSTATE\tDOSSIER\tRECEIVED"},
	"deliveries_head":       {"MÃ\tNHẬN\tSỰ KIỆN\tĐỐI TƯỢNG\tTRẠNG THÁI\tLẦN\tLỖI CUỐI", "ID\tABONNÉ\tÉVÉNEMENT\tOBJET\tÉTAT\tESSAIS\tDERNIÈRE ERREUR", "ID\tSUBSCRIBER\tEVENT\tSUBJECT\tSTATE\tATTEMPTS\tLAST ERROR"},
	"no_such_deposit":       {"không có lần nộp %s", "il n'y a pas de dépôt %s", "there is no deposit %s"},
	"no_catalogue":          {"chưa có dữ liệu trong %s; hãy chạy `dossierd serve` trước, hoặc chỉ đúng tệp cấu hình bằng --config", "pas encore de catalogue dans %s ; lancez d'abord `dossierd serve`, ou indiquez sa configuration avec --config", "there is no catalogue in %s yet; run `dossierd serve` first, or name its settings with --config"},
	"no_such_delivery":      {"không có lần gửi nào mang mã này: %s; không gửi lại gì", "pas d'envoi de cet ID : %s ; rien n'est renvoyé", "there is no delivery of this ID: %s; nothing will be sent again"},
	"not_refused":           {"%s không phải lần nộp bị từ chối, hoặc không có bản gốc để xử lý lại", "%s n'est pas un dépôt refusé, ou son original manque pour le remettre en file", "%s is not a refused deposit, or there is no original of it to be read again"},
	"unknown_command":       {"không có lệnh %q; xem: %s --help", "la commande %q n'existe pas ; voir : %s --help", "there is no command %q; see: %s --help"},
	"argument_missing":      {"thiếu tham số: %s", "il manque un argument : %s", "an argument is missing: %s"},
	"argument_extra":        {"thừa tham số %q: %s", "l'argument %q est de trop : %s", "the argument %q is one too many: %s"},
	"flag_unknown":          {"không có tùy chọn %s; xem: %s --help", "l'option %s n'existe pas ; voir : %s --help", "there is no option %s; see: %s --help"},
	"flag_valueless":        {"tùy chọn %s cần một giá trị; xem: %s --help", "l'option %s attend une valeur ; voir : %s --help", "the option %s needs a value; see: %s --help"},
	"flag_invalid":          {"tùy chọn %s không nhận giá trị %q; xem: %s --help", "l'option %s n'accepte pas %q ; voir : %s --help", "the option %s can't be %q; see: %s --help"},
	"flag_choice":           {"tùy chọn %s không nhận giá trị %q; chọn một trong: %s", "l'option %s n'accepte pas %q ; choisissez parmi : %s", "the option %s can't be %q; choose one of: %s"},
	"flag_positive":         {"tùy chọn %s không nhận giá trị %d; phải từ 1 trở lên", "l'option %s n'accepte pas %d ; 1 au moins", "the option %s can't be %d; it must be 1 or more"},
	"flag_day":              {"tùy chọn %s không nhận giá trị %q; viết ngày có thật theo dạng 2026-01-31", "l'option %s n'accepte pas %q ; un jour qui existe, comme 2026-01-31", "the option %s can't be %q; write a day that exists, such as 2026-01-31"},
	"flag_period":           {"--to %s trước --from %s; đổi một trong hai ngày", "--to %s est avant --from %s ; changez l'un des deux", "--to %s is before --from %s; change one of them"},
	"one_name":              {"--one %s: chỉ ghi tên, không ghi thư mục; chọn thư mục bằng --output", "--one %s : un nom sans dossier ; le dossier est celui de --output", "--one %s: a name without folders; the folder is --output's"},
	"no_model":              {"máy này thiếu mô hình ngôn ngữ; cài bằng: apt install %s", "il manque un modèle de langue ; installez-le : apt install %s", "this machine lacks a language model; install it with: apt install %s"},
	"no_page_worker":        {"không chạy được dossierd-page (%v); đặt nó cạnh dossierd và cài: apt install libtesseract5 liblept5 libtiff6 libopenjp2-7 libjpeg62-turbo", "dossierd-page ne démarre pas (%v) ; placez-le à côté de dossierd et installez : apt install libtesseract5 liblept5 libtiff6 libopenjp2-7 libjpeg62-turbo", "dossierd-page does not run (%v); put it beside dossierd and install: apt install libtesseract5 liblept5 libtiff6 libopenjp2-7 libjpeg62-turbo"},
	"listen":                {"không mở được địa chỉ %s (%v); dừng chương trình đang dùng nó hoặc đổi http.listen trong tệp cấu hình", "impossible d'écouter sur %s (%v) ; arrêtez le programme qui l'occupe ou changez http.listen dans la configuration", "can't listen on %s (%v); stop the program that uses it or set http.listen in the settings"},
	"doctor_good":           {"tốt", "bon", "good"},
	"doctor_missing":        {"thiếu", "manque", "missing"},
	"doctor_warning":        {"lưu ý", "attention", "warning"},
	"doctor_no_landlock":    {"nhân Linux này không giới hạn được tiến trình đọc trang trong thư mục của nó", "ce noyau n'enferme pas les lecteurs de pages dans leurs dossiers", "this kernel does not confine page workers to their folders"},
	"doctor_what_model":     {"mô hình", "modèle", "model"},
	"doctor_what_cores":     {"số nhân CPU", "cœurs", "cores"},
	"doctor_what_settings":  {"cấu hình", "configuration", "settings"},
	"doctor_what_stations":  {"các trạm", "stations", "stations"},
	"doctor_what_data":      {"dữ liệu", "données", "data"},
	"doctor_what_catalogue": {"cơ sở dữ liệu", "catalogue", "catalogue"},
	"doctor_what_store":     {"kho đối tượng", "stockage objet", "object store"},
	"flags_together":        {"không dùng %s cùng với %s", "%s ne va pas avec %s", "%s can't go with %s"},
	"code_fault":            {"mã hồ sơ %q không hợp lệ; viết như 000.00.16.H42-240112-0003, H42.16-240112-0003 hoặc quay-1-20240112-0003, với ngày có thật", "le code de dossier %q n'est pas valable ; écrivez 000.00.16.H42-240112-0003, H42.16-240112-0003 ou quay-1-20240112-0003, avec une date qui existe", "the dossier code %q is not valid; write 000.00.16.H42-240112-0003, H42.16-240112-0003 or quay-1-20240112-0003, with a day that exists"},
	"procedure_fault":       {"mã thủ tục %q không hợp lệ; dùng nhiều nhất 64 chữ không dấu, chữ số, dấu chấm và gạch nối", "le code de démarche %q n'est pas valable ; 64 lettres sans accent, chiffres, points et traits d'union au plus", "the procedure code %q is not valid; use at most 64 plain letters, digits, dots and hyphens"},
	"rescan_fault":          {"--rescan %q phải là mã lượt quét, dấu hai chấm và số trang từ 1, ví dụ 01h2x...:12", "--rescan %q : il faut le lot, deux-points et le numéro de page à partir de 1, par exemple 01h2x...:12", "--rescan %q must be a batch, a colon and a page from 1, such as 01h2x...:12"},
	"place_fault":           {"không in được nơi để bản giấy %q; dùng một dòng, nhiều nhất 48 byte", "l'emplacement %q ne tient pas sur un bordereau ; une ligne, 48 octets au plus", "the place %q does not go on a slip; use one line of at most 48 bytes"},
	"no_such_station":       {"không có trạm %s; chọn một trong: %s", "il n'y a pas de station %s ; choisissez parmi : %s", "there is no station %s; choose one of: %s"},
	"station_needed":        {"cần biết lấy số của trạm nào; thêm --station với một trong: %s", "de quelle station prendre le numéro ? Ajoutez --station avec l'une de : %s", "whose number is it to be? Add --station with one of: %s"},
	"output_file_exists":    {"%s đã có; dùng --force để ghi đè hoặc -o để chọn tên khác", "%s existe déjà ; --force l'écrase, -o choisit un autre nom", "%s exists; use --force to overwrite it or -o to choose another name"},
	"cover_done":            {"%s: %d tờ", "%s : %d feuille(s)", "%s: %d sheet(s)"},
	"csv_encoding":          {"%s không phải UTF-8; hãy lưu lại dưới dạng CSV UTF-8", "%s n'est pas en UTF-8 ; enregistrez-le en CSV UTF-8", "%s is not UTF-8; save it as CSV UTF-8"},
	"csv_columns":           {"%s: dòng đầu phải là tên cột, trong đó có code, procedure hoặc name", "%s : la première ligne doit nommer les colonnes, dont code, procedure ou name", "%s: the first line must name the columns, among them code, procedure or name"},
	"csv_line":              {"%s, dòng %d: %s", "%s, ligne %d : %s", "%s, line %d: %s"},
	"csv_empty":             {"%s không có dòng nào", "%s ne contient aucune ligne", "%s has no lines"},
	"search_head":           {"HỒ SƠ\tTRANG\tLOẠI\tNGÀY\tTRÍCH ĐOẠN", "DOSSIER\tPAGE\tTYPE\tJOUR\tEXTRAIT", "DOSSIER\tPAGE\tKIND\tDAY\tEXCERPT"},
	"search_total":          {"%d trên %s trang", "%d page(s) sur %s", "%d of %s pages"},
	"reindexed":             {"Đã lập lại chỉ mục tìm kiếm của %d hồ sơ", "Index de recherche refait pour %d dossier(s)", "The search index of %d dossiers is made anew"},
	"doctor_all_good":       {"Máy này có đủ mọi thứ.", "Il ne manque rien à cette machine.", "This machine has everything."},
}
