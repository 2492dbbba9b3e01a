package catalog

import "github.com/dossierd/dossierd/dossier"

// Misfit is a decision that does not fit the dossier it is about.
type Misfit struct {
	sentence string // in English, of misfits
	args     []any
}

// NewMisfit says what can't be done by one of the sentences of Misfit, in English, and what is put into it.
func NewMisfit(sentence string, args ...any) *Misfit { return &Misfit{sentence, args} }

func misfit(sentence string, args ...any) error { return NewMisfit(sentence, args...) }

// Error is the message in English.
func (m *Misfit) Error() string { return m.Message("en") }

// Why is in lang what the value is wrong with, without capital and full stop; "" of what is about no value.
func (m *Misfit) Why(lang string) string {
	for _, a := range m.args {
		if r, ok := a.(interface{ Message(lang string) string }); ok {
			return r.Message(lang)
		}
	}
	return ""
}

// Message tells who decided, in lang (vi, fr, en; others get English), what can't be done.
func (m *Misfit) Message(lang string) string {
	return dossier.Sentence(lang, m.sentence, misfits, m.args...)
}

// misfits are the sentences in vi and fr, by the English one.
var misfits = map[string][2]string{
	"%q is no state that can be set.":                               {"Không đặt được trạng thái %q.", "%q n'est pas un état que l'on puisse fixer."},
	"Nothing of dossier %s is published yet.":                       {"Hồ sơ %s chưa có phiên bản nào được công bố.", "Rien du dossier %s n'est encore publié."},
	"Dossier %s is withdrawn, erased or not there yet.":             {"Hồ sơ %s đã rút, đã xóa hoặc chưa có.", "Le dossier %s est retiré, effacé ou pas encore là."},
	"%q can't be the code of a dossier.":                            {"%q không thể là mã hồ sơ.", "%q ne peut pas être le code d'un dossier."},
	"Nobody is here who judges corrections.":                        {"Ở đây không kiểm tra được nội dung sửa.", "Personne ici ne peut juger d'une correction."},
	"Say in \"reason\" why the dossier is erased.":                  {"Hãy cho biết trong \"reason\" vì sao xóa hồ sơ.", "Dites dans \"reason\" pourquoi le dossier est effacé."},
	"Say in \"reason\" why nothing more is to be done.":             {"Hãy cho biết trong \"reason\" vì sao không cần làm gì thêm.", "Dites dans \"reason\" pourquoi il n'y a plus rien à faire."},
	"Say in \"to\" which code the dossier is to have.":              {"Hãy cho biết trong \"to\" mã mới của hồ sơ.", "Dites dans \"to\" quel code le dossier doit avoir."},
	"Dossier %s is there already: join this one to it.":             {"Đã có hồ sơ %s: hãy ghép hồ sơ này vào đó.", "Le dossier %s existe déjà : joignez-y celui-ci."},
	"Say in \"reason\" why the dossier is withdrawn.":               {"Hãy cho biết trong \"reason\" vì sao rút hồ sơ.", "Dites dans \"reason\" pourquoi le dossier est retiré."},
	"%q is nothing that can be decided.":                            {"Không có quyết định nào là %q.", "%q n'est pas une décision."},
	"A cut lies before one of the pages 2 to %d.":                   {"Chỉ tách được trước một trang từ 2 đến %d.", "On coupe avant l'une des pages 2 à %d."},
	"A document begins at page %d already.":                         {"Đã có giấy tờ bắt đầu từ trang %d.", "Une pièce commence déjà à la page %d."},
	"Dossier %s is there already: move the pages to it.":            {"Đã có hồ sơ %s: hãy chuyển các trang vào đó.", "Le dossier %s existe déjà : déplacez-y les pages."},
	"There is no other dossier %s.":                                 {"Không có hồ sơ %s nào khác.", "Il n'y a pas d'autre dossier %s."},
	"No document but the first begins at page %d.":                  {"Không có giấy tờ nào, ngoài giấy đầu tiên, bắt đầu từ trang %d.", "Aucune pièce, hors la première, ne commence à la page %d."},
	"Page %d is one of those that are moved.":                       {"Trang %d nằm trong số các trang được chuyển.", "La page %d est de celles qui sont déplacées."},
	"There is no page %d.":                                          {"Không có trang %d.", "Il n'y a pas de page %d."},
	"The box does not lie on page %d.":                              {"Khung không nằm trên trang %d.", "Le cadre n'est pas sur la page %d."},
	"A document needs a page.":                                      {"Mỗi giấy tờ cần có ít nhất một trang.", "Une pièce a au moins une page."},
	"Each of the %d pages must be named once.":                      {"Mỗi trang trong %d trang phải được nêu đúng một lần.", "Chacune des %d pages doit être nommée une fois."},
	"No page %q was left out.":                                      {"Không có trang %q nào bị bỏ ra.", "Aucune page %q n'a été écartée."},
	"Page %d is named twice.":                                       {"Trang %d được nêu hai lần.", "La page %d est nommée deux fois."},
	"Say in \"pages\" which pages are to be moved.":                 {"Hãy cho biết trong \"pages\" những trang cần chuyển.", "Dites dans \"pages\" quelles pages sont à déplacer."},
	"There is no page %d to put them before.":                       {"Không có trang %d để đặt vào trước.", "Il n'y a pas de page %d devant laquelle les mettre."},
	"Page %d is of no document.":                                    {"Trang %d không thuộc giấy tờ nào.", "La page %d n'est d'aucune pièce."},
	"What is not on the paper has no value.":                        {"Trường không có trên giấy thì không có giá trị.", "Ce qui n'est pas sur la pièce n'a pas de valeur."},
	"Say in \"reason\" why it stands there all the same.":           {"Hãy cho biết trong \"reason\" vì sao trên giấy vẫn ghi như vậy.", "Dites dans \"reason\" pourquoi c'est pourtant écrit ainsi."},
	"Say in \"value\" what stands there, or that it is \"absent\".": {"Hãy ghi trong \"value\" nội dung trên giấy, hoặc \"absent\" nếu không có.", "Dites dans \"value\" ce qui y est écrit, ou que c'est \"absent\"."},
	"Say in \"field\" what the field is called: small letters, digits and low lines.": {
		"Hãy ghi trong \"field\" tên trường: chữ thường, chữ số và gạch dưới.",
		"Dites dans \"field\" comment s'appelle le champ : minuscules, chiffres et tirets bas.",
	},
	"That can't be the %s, which is of the type %s: %s. If it stands there all the same, say \"force\" and why in \"reason\".": {
		"Giá trị này không hợp với trường %s, thuộc kiểu %s: %s. Nếu trên giấy vẫn ghi như vậy, hãy gửi \"force\" và lý do trong \"reason\".",
		"Cela ne peut pas être le champ %s, qui est du type %s : %s. Si c'est pourtant écrit ainsi, dites \"force\", et pourquoi dans \"reason\".",
	},
}
