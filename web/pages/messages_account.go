package pages

// accountMessages are those of page_account.go.
var accountMessages = messages{
	"login.title":    {"Đăng nhập", "Connexion", "Sign in"},
	"login.lead":     {"Kho hồ sơ đã số hóa", "Les dossiers numérisés", "The digitised dossiers"},
	"login.name":     {"Tên đăng nhập", "Identifiant", "User name"},
	"login.password": {"Mật khẩu", "Mot de passe", "Password"},
	"login.go":       {"Đăng nhập", "Se connecter", "Sign in"},
	"login.forgot":   {"Quên mật khẩu? Hãy đề nghị quản trị viên gửi liên kết đặt lại.", "Mot de passe oublié ? Demandez à l'administrateur un lien pour en choisir un autre.", "Forgot the password? Ask the administrator for a link to set another."},
}
