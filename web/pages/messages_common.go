package pages

// commonMessages are those of the layout and of what all pages share.
var commonMessages = messages{
	"layout.skip":         {"Đến nội dung chính", "Aller au contenu", "Skip to the content"},
	"layout.find":         {"Tìm trong hồ sơ", "Chercher dans les dossiers", "Search the dossiers"},
	"layout.find.example": {"Tìm tên người, số giấy tờ, nội dung", "Un nom, un numéro, des mots", "A name, a number, any words"},
	"layout.settings":     {"Ngôn ngữ và giao diện", "Langue et affichage", "Language and appearance"},
	"layout.code":         {"VI", "FR", "EN"},
	"layout.language":     {"Ngôn ngữ", "Langue", "Language"},
	"layout.theme":        {"Giao diện", "Affichage", "Appearance"},
	"layout.theme.auto":   {"Theo thiết bị", "Comme l'appareil", "As the device"},
	"layout.theme.light":  {"Sáng", "Clair", "Light"},
	"layout.theme.dark":   {"Tối", "Sombre", "Dark"},
	"layout.account":      {"Tài khoản: %s", "Compte : %s", "Account: %s"},
	"layout.keys":         {"Phím tắt", "Raccourcis clavier", "Keyboard shortcuts"},
	"layout.logout":       {"Đăng xuất", "Se déconnecter", "Sign out"},
	"layout.nav":          {"Các trang", "Pages", "Pages"},

	"role.clerk":         {"Cán bộ một cửa", "Agent d'accueil", "Counter clerk"},
	"role.archivist":     {"Cán bộ lưu trữ", "Archiviste", "Archivist"},
	"role.operator":      {"Người vận hành", "Exploitant", "Operator"},
	"role.administrator": {"Quản trị viên", "Administrateur", "Administrator"},
	"role.case_system":   {"Hệ thống nghiệp vụ", "Application métier", "Case system"},

	"keys.title": {"Phím tắt", "Raccourcis clavier", "Keyboard shortcuts"},
	"keys.find":  {"Đến ô tìm kiếm", "Aller au champ de recherche", "Go to the search box"},
	"keys.move":  {"Đến kết quả sau, kết quả trước", "Résultat suivant, précédent", "Next result, previous result"},
	"keys.open":  {"Mở kết quả", "Ouvrir le résultat", "Open the result"},
	"keys.close": {"Đóng, hoặc rời ô nhập", "Fermer, ou quitter le champ", "Close, or leave the box"},
	"keys.show":  {"Hiện bảng này", "Afficher cette liste", "Show this list"},
	"keys.done":  {"Đóng", "Fermer", "Close"},

	"tick.all":   {"Chọn tất cả", "Tout choisir", "Choose all"},
	"tick.count": {"Đã chọn: #", "Choisis : #", "Chosen: #"},

	"number":       {"%d", "%d", "%d"},
	"number.about": {"~%d", "~%d", "~%d"},

	"ago.now":     {"vừa xong", "à l'instant", "just now"},
	"ago.minutes": {"%d phút trước", "il y a %d minute|il y a %d minutes", "%d minute ago|%d minutes ago"},
	"ago.hours":   {"%d giờ trước", "il y a %d heure|il y a %d heures", "%d hour ago|%d hours ago"},
	"ago.days":    {"%d ngày trước", "il y a %d jour|il y a %d jours", "%d day ago|%d days ago"},

	"fault.home":           {"Về trang đầu", "Retour à l'accueil", "To the first page"},
	"fault.search":         {"Tìm “%s”", "Chercher « %s »", "Search for “%s”"},
	"fault.nothing":        {"Không có trang này", "Cette page n'existe pas", "There is no such page"},
	"fault.nothing.text":   {"Địa chỉ có thể đã cũ hoặc gõ nhầm. Nếu đang tìm một hồ sơ, hãy gõ mã hồ sơ vào ô tìm kiếm.", "L'adresse est peut-être ancienne ou mal saisie. Pour retrouver un dossier, saisissez son code dans le champ de recherche.", "The address may be old, or mistyped. If you are after a dossier, type its code into the search box."},
	"fault.forbidden":      {"Trang này không dành cho tài khoản của bạn", "Votre compte n'a pas accès à cette page", "This page is not for your account"},
	"fault.forbidden.text": {"Tài khoản của bạn không có quyền mở trang này. Nếu công việc cần đến, hãy đề nghị quản trị viên cấp quyền.", "Votre compte n'a pas ce droit. Si votre travail l'exige, demandez-le à l'administrateur.", "Your account lacks the right to it. If your work needs it, ask the administrator."},
	"fault.gone":           {"Hồ sơ này không còn", "Ce dossier n'existe plus", "This dossier is gone"},
	"fault.gone.text":      {"Hồ sơ đã được rút hoặc đã được tiêu hủy theo quyết định. Lịch sử hồ sơ ghi ai đã quyết định và khi nào.", "Il a été retiré, ou détruit par décision. Son historique dit qui en a décidé, et quand.", "It was withdrawn, or destroyed by decision. Its history says who decided it, and when."},
	"fault.often":          {"Quá nhiều yêu cầu cùng lúc", "Trop de demandes à la fois", "Too much at once"},
	"fault.often.text":     {"Tài khoản hoặc địa chỉ này đang mở quá nhiều trang. Hãy đóng bớt trang và thử lại sau ít giây.", "Ce compte ou cette adresse en demande trop. Fermez des pages et réessayez dans quelques secondes.", "This account, or this address, asks for too much. Close some pages and try again in a few seconds."},
	"fault.away":           {"Hệ thống tạm thời không trả lời được", "Le service est momentanément indisponible", "The service can't answer for the moment"},
	"fault.away.text":      {"Không có dữ liệu nào bị mất. Hãy thử lại sau ít phút; nếu vẫn không được, hãy báo quản trị viên.", "Rien n'est perdu. Réessayez dans quelques instants ; si cela persiste, prévenez l'administrateur.", "Nothing is lost. Try again in a moment; if it goes on, tell the administrator."},
}
