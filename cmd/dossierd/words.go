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
	"embedded_defaults": {"giá trị mặc định", "réglages par défaut", "embedded defaults"},
	"config_good":       {"%s: hợp lệ, %d trạm, %d hệ thống nhận sự kiện", "%s : correct, %d station(s), %d abonné(s)", "%s: good, %d station(s), %d subscriber(s)"},
	"file_exists":       {"%s đã có; xóa nó hoặc chọn tên khác", "%s existe déjà ; supprimez-le ou choisissez un autre nom", "%s exists; remove it or choose another name"},
	"no_inputs":         {"không có tệp nào trong %s", "aucun fichier dans %s", "there are no files in %s"},
	"output_exists":     {"%s đã có; dùng --force để ghi đè hoặc -o để chọn thư mục khác", "%s existe déjà ; --force l'écrase, -o choisit un autre dossier", "%s exists; use --force to overwrite it or -o to choose another folder"},
	"scan_done":         {"%s -> %s: %d trang, %d từ, độ tin cậy %.0f %%", "%s -> %s : %d page(s), %d mots, confiance %.0f %%", "%s -> %s: %d page(s), %d words, confidence %.0f %%"},
	"serving":           {"dossierd đang chạy: http://%s, dữ liệu tại %s", "dossierd est en marche : http://%s, données dans %s", "dossierd is up: http://%s, data in %s"},
	"drop_here":         {"Hãy thả bản quét vào %s", "Déposez vos numérisations dans %s", "Drop scans into %s"},
	"demo_dossier":      {"Hồ sơ %s: %d trang", "Dossier %s : %d page(s)", "Dossier %s: %d page(s)"},
	"demo_pdf":          {"  PDF/A: %s", "  PDF/A : %s", "  PDF/A: %s"},
	"demo_text":         {"  Văn bản: %s", "  Texte : %s", "  Text: %s"},
	"demo_event":        {"  Sự kiện đã nhận: %s", "  Événement reçu : %s", "  Event received: %s"},
	"already_running":   {"một dossierd khác đang dùng %s; hãy dừng nó trước", "un autre dossierd utilise déjà %s ; arrêtez-le d'abord", "another dossierd is using %s; stop it first"},
	"stopping":          {"đang dừng: hoàn tất các trang dở dang; nhấn Ctrl-C lần nữa để dừng ngay", "arrêt : les pages en cours se terminent ; Ctrl-C encore une fois arrête tout de suite", "stopping: finishing the pages in hand; Ctrl-C again stops at once"},
	"status_head":       {"TRẠM\tCHỜ\tĐANG XỬ LÝ\tĐÃ PHÁT HÀNH\tTRÙNG\tBỊ TỪ CHỐI\tTỔNG\tTHƯ MỤC", "STATION\tEN ATTENTE\tEN COURS\tPUBLIÉS\tDOUBLONS\tREFUSÉS\tTOTAL\tDOSSIER", "STATION\tWAITING\tIN WORK\tPUBLISHED\tDUPLICATE\tREJECTED\tTOTAL\tFOLDER"},
	"status_deliveries": {"Gửi sự kiện: %d chờ, %d đã gửi, %d bỏ", "Envois : %d en attente, %d remis, %d abandonnés", "Deliveries: %d pending, %d delivered, %d dead letters"},
	"status_off":        {"Hệ thống %s đã trả lời 410 và bị tắt; bật lại bằng: dossierd deliveries replay", "L'abonné %s a répondu 410 et est coupé ; dossierd deliveries replay le rétablit", "Subscriber %s answered 410 and is switched off; dossierd deliveries replay brings it back"},
	"status_down":       {"Tiến trình dossierd không chạy (hoặc dùng thư mục dữ liệu khác)", "Le démon ne tourne pas (ou utilise un autre dossier de données)", "The daemon is not running (or uses another data folder)"},
	"folder_ok":         {"tốt", "bon", "good"},
	"folder_away":       {"mất từ %s: %s", "absent depuis %s : %s", "away since %s: %s"},
	"folder_paused":     {"tạm dừng: %s", "en pause : %s", "paused: %s"},
	"folder_faults":     {"không đọc hoặc chuyển được %d tệp: %s", "%d fichier(s) à lire ou à déplacer en vain : %s", "%d file(s) can't be read or moved: %s"},
	"folder_untold":     {"không ghi được kết quả vào thư mục: %s", "les résultats n'y peuvent être écrits : %s", "outcomes can't be written into it: %s"},
	"folder_files":      {"còn %d tệp trong thư mục", "%d fichier(s) à prendre", "%d file(s) yet to be taken"},
	"requeued":          {"%s: xử lý lại", "%s : remis en file", "%s: queued again"},
	"replayed":          {"gửi lại %d sự kiện", "%d événement(s) renvoyé(s)", "%d event(s) will be sent again"},
	"deposits_head":     {"MÃ\tTRẠM\tTÊN TỆP\tTRẠNG THÁI\tHỒ SƠ\tNHẬN LÚC", "ID\tSTATION\tFICHIER\tÉTAT\tDOSSIER\tREÇU", "ID\tSTATION\tFILE\tSTATE\tDOSSIER\tRECEIVED"},
	"deliveries_head":   {"MÃ\tNHẬN\tSỰ KIỆN\tĐỐI TƯỢNG\tTRẠNG THÁI\tLẦN\tLỖI CUỐI", "ID\tABONNÉ\tÉVÉNEMENT\tOBJET\tÉTAT\tESSAIS\tDERNIÈRE ERREUR", "ID\tSUBSCRIBER\tEVENT\tSUBJECT\tSTATE\tATTEMPTS\tLAST ERROR"},
	"no_such_deposit":   {"không có lần nộp %s", "il n'y a pas de dépôt %s", "there is no deposit %s"},
	"not_refused":       {"%s không phải lần nộp bị từ chối có lưu bản gốc; chỉ có thể xử lý lại những lần nộp như vậy", "%s n'est pas un dépôt refusé dont l'original est conservé ; seul un tel dépôt peut être remis en file", "%s is not a refused deposit whose original was kept; only those can be queued again"},
	"doctor_good":       {"tốt", "bon", "good"},
	"doctor_missing":    {"thiếu", "manque", "missing"},
	"doctor_warning":    {"lưu ý", "attention", "warning"},
	"doctor_all_good":   {"Máy này có đủ mọi thứ.", "Il ne manque rien à cette machine.", "This machine has everything."},
}
