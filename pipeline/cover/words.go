package cover

// words are what stands on the sheets in one language.
type words struct {
	title                                                          string // of the file
	slip, slipNote                                                 string
	rescan, rescanNote                                             string
	dossier, document                                              separatorWords
	code, procedure, station, date, place, page, batch, dateLayout string
}

type separatorWords struct{ title, note string }

// Titles break where they fill the band best.
var languages = map[string]words{
	"vi": {
		title: "Phiếu cho máy quét",
		slip:  "PHIẾU\nTIẾP NHẬN\nHỒ SƠ",
		slipNote: "Đặt phiếu này lên trên giấy tờ của hồ sơ rồi quét cùng một lượt. " +
			"Phiếu chỉ để máy nhận ra hồ sơ, không phải là giấy tờ của hồ sơ.",
		rescan: "QUÉT LẠI\nTRANG",
		rescanNote: "Đặt phiếu này lên trên trang cần quét lại rồi quét cùng một lượt. " +
			"Trang quét sau phiếu thay cho trang có số ghi ở trên.",
		dossier: separatorWords{
			"HỒ SƠ\nTIẾP THEO",
			"Đặt tờ này giữa hai hồ sơ trong cùng một lượt quét. Giấy tờ sau tờ này thuộc hồ sơ khác. Có thể dùng lại nhiều lần.",
		},
		document: separatorWords{
			"GIẤY TỜ\nTIẾP THEO",
			"Đặt tờ này giữa hai giấy tờ của cùng một hồ sơ. Sau tờ này là một giấy tờ khác. Có thể dùng lại nhiều lần.",
		},
		code: "Mã hồ sơ", procedure: "Thủ tục", station: "Quầy tiếp nhận", date: "Ngày tiếp nhận", place: "Nơi để bản giấy",
		page: "Trang số", batch: "Lượt quét", dateLayout: "02/01/2006",
	},
	"fr": {
		title: "Feuilles pour le scanner",
		slip:  "BORDEREAU\nDE DOSSIER",
		slipNote: "À poser sur les papiers du dossier et à numériser avec eux. " +
			"Cette feuille sert à reconnaître le dossier ; elle n'en fait pas partie.",
		rescan: "PAGE À\nREFAIRE",
		rescanNote: "À poser sur la page à numériser de nouveau et à numériser avec elle. " +
			"La page qui suit remplace celle dont le numéro figure ci-dessus.",
		dossier: separatorWords{
			"DOSSIER\nSUIVANT",
			"À placer entre deux dossiers d'une même pile. Ce qui suit appartient à un autre dossier. Feuille réutilisable.",
		},
		document: separatorWords{
			"DOCUMENT\nSUIVANT",
			"À placer entre deux documents d'un même dossier. Ce qui suit est un autre document. Feuille réutilisable.",
		},
		code: "Code du dossier", procedure: "Démarche", station: "Guichet", date: "Reçu le", place: "Emplacement du papier",
		page: "Page", batch: "Lot", dateLayout: "02/01/2006",
	},
	"en": {
		title: "Sheets for the scanner",
		slip:  "DOSSIER\nCOVER SLIP",
		slipNote: "Lay this sheet on top of the dossier's papers and scan it with them. " +
			"It tells the dossier by its code and does not become part of it.",
		rescan: "SCAN\nAGAIN",
		rescanNote: "Lay this sheet on top of the page to be scanned again and scan both. " +
			"The page that follows replaces the one whose number stands above.",
		dossier: separatorWords{
			"NEXT\nDOSSIER",
			"Lay this sheet between two dossiers of a stack. What follows belongs to another dossier. Use it as often as you like.",
		},
		document: separatorWords{
			"NEXT\nDOCUMENT",
			"Lay this sheet between two documents of one dossier. What follows is another document. Use it as often as you like.",
		},
		code: "Dossier code", procedure: "Procedure", station: "Counter", date: "Received on", place: "Where the paper lies",
		page: "Page", batch: "Batch", dateLayout: "2 January 2006",
	},
}
