package scanners

// receiptWords are the words of a receipt in one language.
type receiptWords struct {
	language                               string
	headline, advice                       map[outcome]string
	todo, facts, page, pages, footer       string
	dossier, count, note, slip, id, before string
	dismissed                              string // %s is why
}

func receiptWordsIn(lang string) receiptWords {
	switch lang {
	case "vi":
		return vietnameseReceipt()
	case "fr":
		return frenchReceipt()
	default:
		return englishReceipt()
	}
}

func vietnameseReceipt() receiptWords {
	return receiptWords{
		language:  "vi",
		dismissed: "Không xử lý tiếp tệp này: %s",
		headline: map[outcome]string{
			outcomeChecking: "Đang kiểm tra", outcomeGood: "Ảnh quét đạt", outcomeRescan: "Quét lại", outcomeRejected: "Không nhận được",
			outcomeClean: "Lau kính máy quét", outcomeReceived: "Đã tiếp nhận", outcomeDuplicate: "Đã nhận trước đó",
			outcomeIncomplete: "Còn thiếu giấy tờ",
		},
		advice: map[outcome]string{
			outcomeChecking: "Vui lòng giữ giấy tờ lại cho đến khi kiểm tra xong.", outcomeGood: "Không cần quét lại. Hệ thống đang đọc nội dung.",
			outcomeRescan:   "Vui lòng quét lại khi giấy tờ còn ở đây.",
			outcomeRejected: "Tệp nằm trong thư mục _rejected, kèm lý do.", outcomeClean: "Nhiều trang có cùng một vệt sọc. Không cần quét lại các trang này.",
			outcomeReceived: "Không cần làm gì thêm.", outcomeDuplicate: "Không lập hồ sơ mới.",
			outcomeIncomplete: "Hãy báo cho công dân các giấy tờ còn thiếu nêu dưới đây.",
		},
		todo: "Việc cần làm", facts: "Thông tin", page: "Trang", pages: "Trang", footer: "Phiếu này tự xóa sau một ngày.",
		dossier: "Hồ sơ", count: "Số trang", note: "Lưu ý", slip: "Phiếu quét lại", id: "Mã tiếp nhận", before: "Mã tiếp nhận trước của tệp cùng tên",
	}
}

func frenchReceipt() receiptWords {
	return receiptWords{
		language:  "fr",
		dismissed: "Ce fichier est classé sans suite : %s",
		headline: map[outcome]string{
			outcomeChecking: "Vérification", outcomeGood: "Bonne image", outcomeRescan: "À renumériser", outcomeRejected: "Refusé",
			outcomeClean: "Vitre à nettoyer", outcomeReceived: "Reçu", outcomeDuplicate: "Déjà reçu",
			outcomeIncomplete: "Pièces manquantes",
		},
		advice: map[outcome]string{
			outcomeChecking: "Gardez les papiers jusqu'à la fin de la vérification.", outcomeGood: "Rien n'est à numériser de nouveau. Le texte est en cours de lecture.",
			outcomeRescan:   "Numérisez de nouveau tant que les papiers sont là.",
			outcomeRejected: "Le fichier se trouve dans _rejected, avec la raison.", outcomeClean: "La même rayure traverse plusieurs pages, qui ne sont pas à numériser de nouveau.",
			outcomeReceived: "Il n'y a rien à faire.", outcomeDuplicate: "Aucun nouveau dossier n'a été créé.",
			outcomeIncomplete: "Dites à l'usager quelles pièces manquent, nommées ci-dessous.",
		},
		todo: "À faire", facts: "Informations", page: "Page", pages: "Pages", footer: "Ce reçu s'efface au bout d'un jour.",
		dossier: "Dossier", count: "Nombre de pages", note: "Remarque", slip: "Fiche de reprise", id: "Dépôt", before: "Dépôt précédent du même nom",
	}
}

func englishReceipt() receiptWords {
	return receiptWords{
		language:  "en",
		dismissed: "Nothing more is done about this file: %s",
		headline: map[outcome]string{
			outcomeChecking: "Being checked", outcomeGood: "Good scan", outcomeRescan: "Scan again", outcomeRejected: "Refused",
			outcomeClean: "Clean the glass", outcomeReceived: "Received", outcomeDuplicate: "Received before",
			outcomeIncomplete: "Papers missing",
		},
		advice: map[outcome]string{
			outcomeChecking: "Keep the papers until the check is done.", outcomeGood: "Nothing has to be scanned again. The text is being read.",
			outcomeRescan:   "Scan again while the papers are here.",
			outcomeRejected: "The file lies in _rejected, with the reason.", outcomeClean: "The same streak runs through several pages, which need not be scanned again.",
			outcomeReceived: "Nothing needs to be done.", outcomeDuplicate: "No new dossier was made.",
			outcomeIncomplete: "Tell the citizen which papers are missing; they are named below.",
		},
		todo: "What to do", facts: "Details", page: "Page", pages: "Pages", footer: "This receipt goes away after a day.",
		dossier: "Dossier", count: "Number of pages", note: "Note", slip: "Rescan slip", id: "Deposit", before: "Earlier deposit of this name",
	}
}
