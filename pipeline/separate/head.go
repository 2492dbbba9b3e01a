package separate

import (
	"regexp"
	"strings"
)

// head is what a first page begins with, as far as it was seen.
type head struct {
	national bool   // the title of the Vietnamese state, or its motto
	republic bool   // the French one
	agency   bool   // who issues it, top left
	numbered bool   // Số: 12/QĐ-UBND
	dated    bool   // place and date
	subject  bool   // Objet, Subject, V/v
	greeting bool   // Kính gửi, Madame, Dear Sir
	address  bool   // a postal code and a town
	sender   bool   // SIRET, SIREN
	form     bool   // Mẫu số 01, cerfa
	aside    bool   // the title stands off the middle
	margin   bool   // in the margin at the top
	title    string // folded, of the kind of paper that the row names; "" for none
	rank     titleRank
	shown    string // the title's words as people write them
}

// titleRank is how much a title says by itself.
type titleRank int

const (
	titleNone        titleRank = iota
	titleAttached              // of what hangs on a decision as often as it stands alone: Quy chế, Đề án
	titleOfficial              // never without agency and number; the same words announce the ruling within: QUYẾT ĐỊNH
	titlePaper                 // of a paper that stands alone: an attestation, a contract
	titleApplication           // of what a citizen hands in
)

const (
	headZone  = 0.36 // of the page's height: forms have a box for the office above the national title
	headRows  = 8    // that count however low they stand: a card lies anywhere on the glass
	proseRows = 2    // lines of running text, after which nothing is a head
)

const (
	nationalTitle = "cong hoa xa hoi chu nghia viet nam"
	motto         = "doc lap tu do hanh phuc"
)

// agencies are how the names of Vietnamese offices begin, French ones below. Folded, Sở and Số, Trường and Trưởng are
// one; noAgencies are what is meant then.
var agencies = []string{
	"uy ban nhan dan", "uy ban", "ubnd", "hdnd", "hoi dong nhan dan", "hoi dong", "so", "bo", "cuc", "chi cuc", "tong cuc", "phong", "trung tam",
	"van phong", "truong dai hoc", "truong cao dang", "truong trung cap", "truong trung hoc", "truong tieu hoc", "truong mam non", "truong thpt",
	"truong thcs", "truong pho thong", "hoc vien", "benh vien", "tram y te", "cong ty", "tong cong ty", "tap doan", "doanh nghiep", "hop tac xa",
	"cong an", "bo chi huy", "ban chi huy", "toa an", "vien kiem sat", "vien nghien cuu", "vien khoa hoc", "ban quan ly", "ban chi dao", "ban to chuc",
	"ban dan toc", "ban tiep cong dan", "bao hiem xa hoi", "ngan hang", "dang uy", "tinh uy", "huyen uy", "doan thanh nien", "doan luat su", "hoi lien hiep",
	"hoi nong dan", "lien doan", "kho bac", "thanh tra", "to cong tac", "chinh phu", "quoc hoi", "mat tran to quoc", "uy ban mttq",
}

var noAgencies = []string{
	"so tien", "so luong", "so tt", "so thu tu", "so hieu", "so dien thoai", "bo phan", "bo sung", "cuc truong", "chi cuc truong", "phong ngu", "phong khach",
}

var frenchAgencies = []string{
	"prefecture", "prefet", "sous prefecture", "mairie", "commune", "ville de", "ville", "departement", "ministere", "direction", "conseil", "caisse", "tribunal",
	"rectorat", "academie", "universite", "region", "communaute", "office", "hopital", "centre hospitalier", "centre", "chambre", "sarl", "sas", "agence",
	"service", "etablissement", "societe", "republique francaise",
}

// titles are how the titles of papers begin.
var titles = map[titleRank][]string{
	titleApplication: {
		"don", "to khai", "giay de nghi", "giay yeu cau", "phieu yeu cau", "phieu dang ky", "phieu de nghi", "ban dang ky",
	},
	titlePaper: {
		"giay", "phieu", "ban cam ket", "ban cam doan", "ban khai", "ban ke khai", "ban tuong trinh", "so yeu ly lich", "ly lich tu phap", "trich luc",
		"hoa don", "bang diem", "bang tot nghiep", "bang cu nhan", "bang ky su", "chung chi", "can cuoc", "the can cuoc", "the bao hiem", "ho chieu",
		"so ho khau", "hoc ba", "hop dong", "bien ban", "bien lai", "di chuc", "van ban thoa thuan", "van ban uy quyen", "van ban phan chia",
		"van ban tu choi", "van ban cam ket", "van ban xac nhan", "vi bang", "thu moi", "ban an", "sao ke", "ket qua xet nghiem", "ket qua hoc tap",
		"bao gia",
	},
	titleOfficial: {
		"quyet dinh", "thong bao", "thong cao", "to trinh", "bao cao", "nghi quyet", "chi thi", "thong tu", "nghi dinh", "cong dien", "huong dan", "giay moi",
		"ke hoach", "ket luan", "phieu trinh",
	},
	titleAttached: {"quy dinh", "quy che", "de an", "phuong an", "chuong trinh", "du an", "noi quy", "dieu le", "thuyet minh", "bao cao tom tat", "quy trinh"},
}

// foreignTitles are French and English ones, which may stand at either side as well.
var foreignTitles = map[titleRank][]string{
	titleApplication: {"demande de", "demande d", "formulaire", "application"},
	titlePaper: {
		"attestation", "certificat", "facture", "declaration", "contrat", "quittance", "avis de", "avis d", "convocation", "procuration", "extrait", "acte de", "acte d",
		"proces verbal", "bulletin", "releve", "compte rendu", "autorisation", "recepisse", "devis", "deliberation", "notification", "bail",
		"permis", "carte nationale", "carte d", "passeport", "passport", "livret", "arrete du", "arrete n", "arrete municipal", "arrete prefectoral", "arrete portant", "decision du", "decision n", "decision portant",
		"certificate", "invoice", "contract", "agreement", "statement", "receipt", "power of attorney", "permit", "licence", "license",
	},
	titleOfficial: {"arrete", "decide", "decision", "note", "notice", "report"},
}

// internal are titles within a paper.
var internal = []string{
	"danh sach", "danh muc", "bang ke", "bieu", "bang tong hop", "phan", "chuong", "muc", "dieu", "phu luc", "annexe", "annex", "appendix", "loi chung", "xac nhan cua",
	"y kien", "noi nhan", "don vi", "don gia", "giay to",
}

var (
	vietnameseDate = regexp.MustCompile(`[a-z]+ ngay( \w+){0,2} thang( \w+){0,2} nam`)
	frenchDate     = regexp.MustCompile(`\b(\d{1,2}|1er|ler) (janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) \d{4}\b|^[a-z ]+ le \d{1,2} \d{1,2} \d{4}$`)
	englishDate    = regexp.MustCompile(`\b(\d{1,2}(st|nd|rd|th)? (january|february|march|april|may|june|july|august|september|october|november|december)|` +
		`(january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(st|nd|rd|th)?) \d{4}\b`)
	postal       = regexp.MustCompile(`(^|\s)\d{5}\s+\p{Lu}[\p{L}' -]{2,}$`)
	numberRow    = regexp.MustCompile(`(?i)^[^\p{L}]*s[oóốồổộôỏõò06]{1,2}\s?[\s:.;,\d][^/]{0,16}/\s?\p{L}`)
	senderNumber = regexp.MustCompile(`\b(siret|siren|rcs|tva intracommunautaire)\b`)
	formLabel    = regexp.MustCompile(`^(mau|bieu mau|form)( so| tp| ct| dk| don)?( \w+){0,4}$|\bcerfa\b`)
)

// zoneOf gives the rows among which a head may be: those at the top, until running text begins.
func zoneOf(rows []row) []row {
	prose := 0
	for i, r := range rows {
		if i >= headRows && r.y0 > headZone {
			return rows[:i]
		}
		if r.isProse() {
			if prose++; prose == proseRows {
				return rows[:i+1]
			}
		}
	}
	return rows
}

// headOf looks for a first page's head in the zone. rows are all of the page.
func headOf(zone, rows []row) head {
	const large = 1.25 // times the letters of most rows: a title in small letters
	var h head
	h.seeState(zone)
	left, right := margins(rows)
	body := medianSize(rows)
	for i, whole := range zone {
		if isReference(zone, i) {
			continue
		}
		for _, r := range whole.apart() {
			h.seeSender(r)
			h.seeLetter(r)
			if h.rank == titleNone && (r.capitals > 0.6 || r.size > large*body && isCentred(r, left, right)) {
				h.seeTitle(r, isCentred(r, left, right))
			}
		}
	}
	return h
}

// seeSender looks for who a paper is from.
func (h *head) seeSender(r row) {
	const short = 0.6 // of the page's width
	h.agency = h.agency || isAgency(r)
	h.numbered = h.numbered || isNumberRow(r)
	h.form = h.form || formLabel.MatchString(r.text)
	h.address = h.address || r.width() < short && postal.MatchString(r.raw)
	h.sender = h.sender || !r.isProse() && senderNumber.MatchString(r.text)
}

// seeState looks for the title of a state, which may be parted over lines, or mixed with the agency's column.
func (h *head) seeState(zone []row) {
	texts := make([]string, len(zone))
	for i, r := range zone {
		texts[i] = r.text
		h.republic = h.republic || contains(r.text, "republique francaise", 3) || contains(r.text, "liberte egalite fraternite", 4)
	}
	all := strings.Join(texts, " ")
	h.national = contains(all, nationalTitle, 6) || contains(all, motto, 3)
}

// isNumberRow reports whether a row begins with the paper's own number: Số: 12/QĐ-UBND. In running text it is another's.
func isNumberRow(r row) bool { return r.x0 < 0.5 && !r.isProse() && numberRow.MatchString(r.raw) }

// isOfState reports whether a row is part of the title of a state.
func isOfState(text string) bool {
	return contains(text, "cong hoa xa hoi", 4) || contains(text, motto, 5) || contains(text, "republique francaise", 4)
}

func isAgency(r row) bool {
	if r.x0 > 0.4 {
		return false
	}
	if _, no := startsWith(r.text, noAgencies); no {
		return false
	}
	if _, ok := startsWith(r.text, agencies); ok && r.capitals > 0.7 {
		return true
	}
	_, ok := startsWith(r.text, frenchAgencies)
	return ok && r.width() < 0.5 && r.words <= 8
}

// seeLetter looks for what letters begin with.
func (h *head) seeLetter(r row) {
	const short = 0.6 // of the page's width
	_, subject := startsWith(r.text, []string{"objet", "subject", "re"})
	h.subject = h.subject || subject && strings.Contains(r.raw, ":") || strings.HasPrefix(r.text, "v v ")
	if r.isProse() {
		return
	}
	vi := vietnameseDate.MatchString(r.text) && r.x1 > 0.55 && !strings.HasPrefix(r.text, "can cu") && !strings.HasPrefix(r.text, "hom nay")
	foreign := r.width() < short && r.words <= 9 && !strings.HasPrefix(r.text, "fait a") &&
		(frenchDate.MatchString(r.text) || englishDate.MatchString(r.text))
	h.dated = h.dated || vi || foreign
	_, vietnameseGreeting := startsWith(r.text, []string{"kinh gui"})
	_, greeting := startsWith(r.text, []string{"madame", "monsieur", "mesdames", "messieurs", "cher", "chere", "dear"})
	h.greeting = h.greeting || vietnameseGreeting || greeting && r.words <= 6 && strings.HasSuffix(strings.TrimSpace(r.raw), ",")
}

// seeTitle takes a row of capitals for the title where it names a kind of paper. Vietnamese titles stand in the middle.
func (h *head) seeTitle(r row, centred bool) {
	if _, no := startsLike(r.text, internal); no || strings.HasSuffix(r.raw, ":") {
		return
	}
	for i, starts := range []func(string, []string) (string, bool){startsWith, startsLike} {
		if i > 0 && isOfState(r.text) { // which is like a title or two
			return
		}
		for _, rank := range []titleRank{titleApplication, titleOfficial, titleAttached, titlePaper} {
			words, ok := starts(r.text, titles[rank])
			if !ok || !centred {
				words, ok = starts(r.text, foreignTitles[rank])
			}
			if ok {
				h.title, h.rank, h.shown, h.aside, h.margin = r.text, rank, words, !centred, isInMargin(r)
				return
			}
		}
	}
}

// names reports whether the head says what paper begins: the title of a state alone may stand over an annex whose marks
// were not read.
func (h head) names() bool {
	return h.rank >= titleOfficial || h.numbered || h.greeting || h.subject
}

// margins are where most of a page's text begins and ends, as shares of its width.
func margins(rows []row) (left, right float64) {
	left, right = 1, 0
	for _, r := range rows {
		if r.width() > 0.4 {
			left, right = min(left, r.x0), max(right, r.x1)
		}
	}
	if left >= right {
		return 0, 1
	}
	return left, right
}

// isCentred reports whether a row stands in the middle of the page, or of its text.
func isCentred(r row, left, right float64) bool {
	const off = 0.07
	near := func(at float64) bool { return r.middle() > at-off && r.middle() < at+off }
	return near(0.5) || near((left+right)/2)
}
