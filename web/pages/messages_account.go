package pages

// accountMessages are those of page_account.go.
var accountMessages = messages{
	"login.title":     {"Đăng nhập", "Connexion", "Sign in"},
	"login.lead":      {"Kho hồ sơ đã số hóa", "Les dossiers numérisés", "The digitised dossiers"},
	"login.name":      {"Tên đăng nhập", "Identifiant", "User name"},
	"login.password":  {"Mật khẩu", "Mot de passe", "Password"},
	"login.go":        {"Đăng nhập", "Se connecter", "Sign in"},
	"login.forgot":    {"Quên mật khẩu? Hãy đề nghị quản trị viên gửi liên kết đặt lại mật khẩu.", "Mot de passe oublié ? Demandez à l'administrateur un lien pour en choisir un autre.", "Forgot the password? Ask the administrator for a link to set another."},
	"login.wrong":     {"Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt.", "Identifiant ou mot de passe incorrect. Vérifiez la touche Verr. Maj. et la disposition du clavier.", "User name or password is wrong. Check Caps Lock and the keyboard's language."},
	"login.insecure":  {"Chỉ đăng nhập được qua https. Hãy mở địa chỉ bắt đầu bằng https:// hoặc hỏi quản trị viên.", "La connexion n'est possible qu'en https. Ouvrez l'adresse qui commence par https:// ou demandez-la à l'administrateur.", "Signing in needs https. Open the address that begins with https://, or ask the administrator for it."},
	"login.busy":      {"Nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau vài giây.", "Beaucoup de connexions à la fois. Réessayez dans quelques secondes.", "Many are signing in at once. Try again in a few seconds."},
	"login.throttled": {"Đã nhập sai quá nhiều lần. Hãy thử lại sau %d phút.", "Trop d'essais manqués. Réessayez dans %d minute.|Trop d'essais manqués. Réessayez dans %d minutes.", "Too many tries failed. Try again in %d minute.|Too many tries failed. Try again in %d minutes."},
	"login.left":      {"Bạn đã đăng xuất.", "Vous êtes déconnecté.", "You have signed out."},

	"password.title":        {"Đặt mật khẩu", "Choisir un mot de passe", "Set a password"},
	"password.change":       {"Đổi mật khẩu", "Changer de mot de passe", "Change the password"},
	"password.for":          {"Tài khoản %s", "Compte %s", "Account %s"},
	"password.former":       {"Mật khẩu hiện tại", "Mot de passe actuel", "Present password"},
	"password.former.wrong": {"Mật khẩu hiện tại không đúng.", "Le mot de passe actuel est incorrect.", "The present password is wrong."},
	"password.new":          {"Mật khẩu mới", "Nouveau mot de passe", "New password"},
	"password.help":         {"Ít nhất 12 ký tự. Vài từ không liên quan đến nhau thì dễ nhớ và khó đoán.", "Au moins 12 caractères. Quelques mots sans rapport sont faciles à retenir et difficiles à deviner.", "At least 12 characters. A few unrelated words are easy to remember and hard to guess."},
	"password.again":        {"Nhập lại mật khẩu mới", "Le nouveau mot de passe, encore une fois", "The new password once more"},
	"password.set":          {"Lưu mật khẩu", "Enregistrer", "Set the password"},
	"password.differ":       {"Hai mật khẩu mới không giống nhau. Hãy nhập lại.", "Les deux saisies diffèrent. Recommencez.", "The two new passwords differ. Type them again."},
	"password.short":        {"Mật khẩu quá ngắn: cần ít nhất 12 ký tự.", "Ce mot de passe est trop court : 12 caractères au moins.", "The password is too short: it needs at least 12 characters."},
	"password.long":         {"Mật khẩu quá dài: nhiều nhất 256 ký tự.", "Ce mot de passe est trop long : 256 caractères au plus.", "The password is too long: at most 256 characters."},
	"password.name":         {"Mật khẩu quá dễ đoán: không chứa tên đăng nhập và cần ít nhất bốn ký tự khác nhau.", "Ce mot de passe se devine : il ne doit pas contenir l'identifiant et doit avoir au moins quatre caractères différents.", "The password is easily guessed: leave the user name out of it and use at least four different characters."},
	"password.done":         {"Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.", "Le mot de passe est changé. Vos autres sessions sont fermées.", "The password is changed. Your other sessions have ended."},

	"fault.link":      {"Liên kết không còn dùng được", "Ce lien n'est plus valable", "This link is good no longer"},
	"fault.link.text": {"Liên kết đặt mật khẩu chỉ dùng được một lần trong vòng 24 giờ. Hãy đề nghị quản trị viên gửi liên kết mới.", "Un lien pour choisir un mot de passe ne sert qu'une fois, pendant 24 heures. Demandez-en un autre à l'administrateur.", "A link to set a password is good once, for 24 hours. Ask the administrator for another."},
}
