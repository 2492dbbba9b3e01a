package web

import "net/http"

// sentence is what a client hears under a code.
type sentence struct {
	status int
	text   [3]string // English, Vietnamese, French
}

// sentences are all that a client may hear, by code. A code stays what it is: programs go by it.
var sentences = map[string]sentence{
	"bad_request": {http.StatusUnprocessableEntity, [3]string{
		"The request does not fit the API's description; errors says what.",
		"Yêu cầu không đúng với mô tả của API; xem errors để biết chỗ sai.",
		"La requête ne correspond pas à la description de l'API ; errors dit en quoi.",
	}},
	"fault": {http.StatusInternalServerError, [3]string{
		"Something went wrong here, not with the request.",
		"Đã có lỗi ở phía máy chủ, không phải do yêu cầu.",
		"Une erreur s'est produite ici, la requête n'y est pour rien.",
	}},
	"nothing_here": {http.StatusNotFound, [3]string{
		"Nothing is here.", "Không có gì ở địa chỉ này.", "Il n'y a rien ici.",
	}},
	"wrong_method": {http.StatusMethodNotAllowed, [3]string{
		"Only %s is answered here.", "Ở đây chỉ trả lời %s.", "Seul %s reçoit une réponse ici.",
	}},
	"not_ready": {http.StatusServiceUnavailable, [3]string{
		"dossierd can't work now.", "dossierd hiện không làm việc được.", "dossierd ne peut pas travailler en ce moment.",
	}},
	"token_needed": {http.StatusUnauthorized, [3]string{
		"Log in, or send a bearer token.", "Hãy đăng nhập, hoặc gửi mã truy cập (bearer token).",
		"Connectez-vous, ou envoyez un jeton d'accès (bearer).",
	}},
	"token_unknown": {http.StatusUnauthorized, [3]string{
		"The bearer token is not known, or no longer.", "Mã truy cập này không đúng hoặc đã hết hạn.",
		"Ce jeton d'accès n'est pas connu, ou ne l'est plus.",
	}},
	"too_many_requests": {http.StatusTooManyRequests, [3]string{
		"Too many requests: ask again in %d s.", "Quá nhiều yêu cầu: hãy thử lại sau %d giây.",
		"Trop de requêtes : réessayez dans %d s.",
	}},
	"catalogue_away": {http.StatusServiceUnavailable, [3]string{
		"The catalogue can't be reached.", "Không kết nối được với danh mục.", "Le catalogue est injoignable.",
	}},
	"store_away": {http.StatusServiceUnavailable, [3]string{
		"Object storage can't be reached.", "Không kết nối được với kho lưu trữ.", "Le stockage des objets est injoignable.",
	}},
	"bad_cursor": {http.StatusBadRequest, [3]string{
		"This is no cursor that was given for this list.", "Con trỏ này không phải do danh sách này đưa ra.",
		"Ce curseur n'a pas été donné pour cette liste.",
	}},
	"bad_query": {http.StatusUnprocessableEntity, [3]string{"%s", "%s", "%s"}},
	"bad_period": {http.StatusUnprocessableEntity, [3]string{
		"The period ends before it begins.", "Khoảng thời gian kết thúc trước khi bắt đầu.", "La période finit avant de commencer.",
	}},
	"forbidden": {http.StatusForbidden, [3]string{
		"You may not do this: another role or right is needed.", "Bạn không được phép làm việc này: cần vai trò hoặc quyền khác.",
		"Vous n'avez pas le droit de faire cela : il faut un autre rôle ou un autre droit.",
	}},
	"not_personal": {http.StatusForbidden, [3]string{
		"You may not read what is personal.", "Bạn không được phép đọc dữ liệu cá nhân.",
		"Vous n'avez pas le droit de lire ce qui est personnel.",
	}},
	"unknown_deposit": {http.StatusNotFound, [3]string{
		"No deposit has this id.", "Không có lần nộp nào mang mã này.", "Aucun dépôt n'a cet identifiant.",
	}},
	"unknown_page": {http.StatusNotFound, [3]string{
		"No page has this id.", "Không có trang nào mang mã này.", "Aucune page n'a cet identifiant.",
	}},
	"page_unread": {http.StatusConflict, [3]string{
		"The page is not read yet: ask again later.", "Trang này chưa được đọc: hãy thử lại sau.",
		"La page n'est pas encore lue : réessayez plus tard.",
	}},
	"no_picture": {http.StatusNotFound, [3]string{
		"There is no such picture of this page.", "Trang này không có ảnh như vậy.", "Il n'y a pas une telle image de cette page.",
	}},
	"unknown_dossier": {http.StatusNotFound, [3]string{
		"No dossier has this code.", "Không có hồ sơ nào mang mã này.", "Aucun dossier n'a ce code.",
	}},
	"unknown_version": {http.StatusNotFound, [3]string{
		"The dossier has no such published version.", "Hồ sơ không có phiên bản đã công bố như vậy.",
		"Le dossier n'a pas de version publiée de ce numéro.",
	}},
	"unknown_object": {http.StatusNotFound, [3]string{
		"No object has this key.", "Không có đối tượng nào mang khóa này.", "Aucun objet n'a cette clé.",
	}},
	"unknown_delivery": {http.StatusNotFound, [3]string{
		"No delivery has this id.", "Không có lần gửi nào mang mã này.", "Aucune livraison n'a cet identifiant.",
	}},
	"unknown_subscriber": {http.StatusNotFound, [3]string{
		"The settings name no such subscriber.", "Cấu hình không có hệ thống nhận nào tên như vậy.",
		"La configuration ne connaît pas cet abonné.",
	}},
	"unknown_station": {http.StatusNotFound, [3]string{
		"There is no such station.", "Không có trạm quét này.", "Cette station n'existe pas.",
	}},
	"unknown_procedure": {http.StatusNotFound, [3]string{
		"No procedure has this code.", "Không có thủ tục nào mang mã này.", "Aucune procédure n'a ce code.",
	}},
	"unknown_kind": {http.StatusNotFound, [3]string{
		"No kind has this name.", "Không có loại giấy tờ nào tên như vậy.", "Aucun type de pièce n'a ce nom.",
	}},
	"object_unreadable": {http.StatusInternalServerError, [3]string{
		"The object can't be read.", "Không đọc được đối tượng.", "L'objet ne peut pas être lu.",
	}},
	"erased": {http.StatusGone, [3]string{
		"The dossier was erased on %s.", "Hồ sơ đã bị xóa vào %s.", "Le dossier a été effacé le %s.",
	}},
	"withdrawn": {http.StatusGone, [3]string{
		"The dossier was withdrawn.", "Hồ sơ đã được rút.", "Le dossier a été retiré.",
	}},
	"no_etag": {http.StatusPreconditionFailed, [3]string{
		"If-Match must be the ETag of the dossier.", "If-Match phải là ETag của hồ sơ.", "If-Match doit être l'ETag du dossier.",
	}},
	"stale": {http.StatusPreconditionFailed, [3]string{
		"The dossier is not as you read it any more: read it again.", "Hồ sơ đã thay đổi từ khi bạn đọc: hãy đọc lại.",
		"Le dossier n'est plus tel que vous l'avez lu : relisez-le.",
	}},
	"busy": {http.StatusConflict, [3]string{
		"A version of the dossier is being made: ask again in a moment.", "Một phiên bản của hồ sơ đang được tạo: hãy thử lại sau giây lát.",
		"Une version du dossier est en préparation : réessayez dans un instant.",
	}},
	"past_state": {http.StatusConflict, [3]string{
		"The dossier is past that state.", "Hồ sơ đã qua trạng thái đó.", "Le dossier a dépassé cet état.",
	}},
	"not_rejected": {http.StatusConflict, [3]string{
		"The deposit is not refused, or its bytes were never stored.", "Lần nộp này không bị từ chối, hoặc dữ liệu của nó chưa từng được lưu.",
		"Le dépôt n'est pas refusé, ou ses octets n'ont jamais été gardés.",
	}},
	"no_reason": {http.StatusUnprocessableEntity, [3]string{
		"Say in reason why nothing more is to be done.", "Hãy cho biết trong reason vì sao không cần làm gì thêm.",
		"Dites dans reason pourquoi il n'y a plus rien à faire.",
	}},
	"misfit": {http.StatusUnprocessableEntity, [3]string{
		"The decision does not fit the dossier: %s", "Quyết định không phù hợp với hồ sơ: %s",
		"La décision ne convient pas au dossier : %s",
	}},
	"not_a_number": {http.StatusUnprocessableEntity, [3]string{
		"This is no number.", "Đây không phải là một số.", "Ce n'est pas un numéro.",
	}},

	"no_idempotency_key": {http.StatusBadRequest, [3]string{
		"An Idempotency-Key of 1 to %d bytes is needed.", "Cần có Idempotency-Key dài từ 1 đến %d byte.",
		"Une Idempotency-Key de 1 à %d octets est nécessaire.",
	}},
	"key_in_progress": {http.StatusConflict, [3]string{
		"A request with this Idempotency-Key is in progress.", "Một yêu cầu với Idempotency-Key này đang được xử lý.",
		"Une requête avec cette Idempotency-Key est en cours.",
	}},
	"key_reused": {http.StatusUnprocessableEntity, [3]string{
		"This Idempotency-Key was used for another request.", "Idempotency-Key này đã được dùng cho một yêu cầu khác.",
		"Cette Idempotency-Key a servi à une autre requête.",
	}},
	"not_multipart": {http.StatusUnsupportedMediaType, [3]string{
		"The body must be multipart/form-data with a boundary.", "Nội dung phải là multipart/form-data có boundary.",
		"Le corps doit être du multipart/form-data avec une boundary.",
	}},
	"body_broken": {http.StatusBadRequest, [3]string{
		"The body breaks off, or is no multipart/form-data.", "Nội dung bị ngắt quãng hoặc không phải là multipart/form-data.",
		"Le corps s'interrompt, ou n'est pas du multipart/form-data.",
	}},
	"body_stalled": {http.StatusRequestTimeout, [3]string{
		"Nothing came for too long.", "Đã quá lâu không nhận được dữ liệu.", "Rien n'est venu pendant trop longtemps.",
	}},
	"file_too_large": {http.StatusRequestEntityTooLarge, [3]string{
		"A file may have %d bytes at most.", "Mỗi tệp dài nhất %d byte.", "Un fichier peut avoir %d octets au plus.",
	}},
	"disk_short": {http.StatusServiceUnavailable, [3]string{
		"Nothing is taken in now: disk space is short.", "Hiện không tiếp nhận được: ổ đĩa sắp đầy.",
		"Rien n'est accepté en ce moment : le disque est presque plein.",
	}},
	"upload_failed": {http.StatusServiceUnavailable, [3]string{
		"The file can't be taken in now. Send it again under the same Idempotency-Key.",
		"Hiện không tiếp nhận được tệp. Hãy gửi lại với cùng Idempotency-Key.",
		"Le fichier ne peut pas être accepté en ce moment. Renvoyez-le sous la même Idempotency-Key.",
	}},
	"part_unknown": {http.StatusUnprocessableEntity, [3]string{
		"The parts are station, file, code, procedure and fields, and no other.",
		"Chỉ có các phần station, file, code, procedure và fields.",
		"Les parties sont station, file, code, procedure et fields, et nulle autre.",
	}},
	"part_missing": {http.StatusUnprocessableEntity, [3]string{
		"The part %s is missing.", "Thiếu phần %s.", "La partie %s manque.",
	}},
	"part_twice": {http.StatusUnprocessableEntity, [3]string{
		"The part %s stands there twice.", "Phần %s có hai lần.", "La partie %s s'y trouve deux fois.",
	}},
	"part_text": {http.StatusUnprocessableEntity, [3]string{
		"The part %s must be UTF-8 and at most %d bytes.", "Phần %s phải là UTF-8 và dài nhất %d byte.",
		"La partie %s doit être de l'UTF-8, de %d octets au plus.",
	}},
	"part_filename": {http.StatusUnprocessableEntity, [3]string{
		"The part file needs a filename, of at most %d bytes in UTF-8.", "Phần file cần có tên tệp, dài nhất %d byte theo UTF-8.",
		"La partie file a besoin d'un nom de fichier, de %d octets au plus en UTF-8.",
	}},
	"part_station": {http.StatusUnprocessableEntity, [3]string{
		"There is no such station.", "Không có trạm quét này.", "Cette station n'existe pas.",
	}},
	"part_code": {http.StatusUnprocessableEntity, [3]string{
		"The part code is no dossier code.", "Phần code không phải là mã hồ sơ.", "La partie code n'est pas un code de dossier.",
	}},
	"part_procedure": {http.StatusUnprocessableEntity, [3]string{
		"The part procedure is no code of a procedure.", "Phần procedure không phải là mã thủ tục.",
		"La partie procedure n'est pas un code de procédure.",
	}},
	"part_fields": {http.StatusUnprocessableEntity, [3]string{
		`The part fields must be a JSON object of texts: {"applicant": "..."}.`,
		`Phần fields phải là một đối tượng JSON gồm các chuỗi: {"applicant": "..."}.`,
		`La partie fields doit être un objet JSON de textes : {"applicant": "..."}.`,
	}},
	"part_field_name": {http.StatusUnprocessableEntity, [3]string{
		"The names of fields are 1 to 64 of a-z, A-Z, 0-9, hyphen, dot and underscore.",
		"Tên trường gồm 1 đến 64 ký tự a-z, A-Z, 0-9, gạch nối, dấu chấm và gạch dưới.",
		"Les noms des champs ont de 1 à 64 caractères : a-z, A-Z, 0-9, tiret, point et tiret bas.",
	}},
}
