package value

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// dossierCode is a dossier's code as Circular 01/2018/TT-VPCP writes it (000.00.16.H42-240112-0003) and as the agency codes
// of Decision 20/2020/QD-TTg do (H42.16-240112-0003), with the letters that may stand for digits. Groups: agency, date, serial.
var dossierCode = regexp.MustCompile(
	`(?:^|[^\p{L}\p{N}.-])((?:` + d3 + dot + d2 + dot + d2 + dot + `[A-Z]` + d2 + `)|(?:[A-Z]` + d2 + `(?:` + dot + `[0-9OoIlóÓ]{1,3}){0,3}))` +
		hyphen + `([0-9OoIlóÓ]{6})` + hyphen + `([0-9OoIlóÓ]{4})(?:$|[^\p{L}\p{N}])`)

const (
	d2     = `[0-9OoIlóÓ]{2}`
	d3     = `[0-9OoIlóÓ]{3}`
	dot    = ` ?\. ?`
	hyphen = ` ?[-–—] ?`
)

// dossierCodeSpans are the places that look like a dossier's code.
func dossierCodeSpans(text string) []span {
	var spans []span
	for _, g := range dossierCode.FindAllStringSubmatchIndex(text, -1) {
		spans = append(spans, span{g[2], g[7]})
	}
	return spans
}

// parseDossierCode reads the code of a Vietnamese dossier (mã hồ sơ), both forms. Its six digits are the date of reception
// (yymmdd) and must be one, which also proves a letter mended in the code. Normal form: no blanks. Parts: agency, date, serial.
func parseDossierCode(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the dossier code is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	g := dossierCode.FindStringSubmatch(raw)
	if g == nil || g[0] != raw {
		return Parsed{}, fault("a dossier code is written 000.00.16.H42-240112-0003 or H42.16-240112-0003")
	}
	day, serial := digits(g[2]), digits(g[3])
	date, err := dossierDate(day)
	if err != nil {
		return Parsed{}, err
	}
	agency := mendAgency(squeeze(g[1]))
	p := Parsed{
		Value: agency + "-" + day + "-" + serial, Raw: raw, Start: s.start, End: s.end,
		Parts: map[string]string{"agency": agency, "date": date, "serial": serial},
	}
	if agency != squeeze(g[1]) || day != g[2] || serial != g[3] {
		p.Repaired, p.OtherRaw = true, p.Value
	}
	return p, nil
}

// dossierDate is the date of six digits; dossiers have had such codes since 2018.
func dossierDate(yymmdd string) (string, error) {
	year, _ := strconv.Atoi(yymmdd[:2])
	month, _ := strconv.Atoi(yymmdd[2:4])
	day, _ := strconv.Atoi(yymmdd[4:])
	date, err := isoDate(2000+year, month, day)
	if err != nil {
		return "", fault("the six digits of the code are no date: %s", err)
	}
	return date, nil
}

// squeeze takes the blanks out.
func squeeze(text string) string { return strings.ReplaceAll(text, " ", "") }

// mendAgency mends the digits of an agency's code and leaves its letter alone: before the first group, or the fourth.
func mendAgency(agency string) string {
	groups := strings.Split(agency, ".")
	lettered := 0
	if len(groups) > 3 && len(groups[3]) == 3 && 'A' <= groups[3][0] && groups[3][0] <= 'Z' {
		lettered = 3
	}
	for i, g := range groups {
		if i == lettered && g != "" {
			groups[i] = g[:1] + digits(g[1:])
		} else {
			groups[i] = digits(g)
		}
	}
	return strings.Join(groups, ".")
}

// procedureCode is a code of the national database of administrative procedures, alone or with its agency's code.
var procedureCode = regexp.MustCompile(`[1-9]\.[0-9]{6}(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?`)

// procedureCodeSpans are the places that look like a procedure's code.
func procedureCodeSpans(text string) []span {
	return apart(text, procedureCode.FindAllStringIndex(text, -1))
}

// apart keeps the matches that no letter, digit or sign inside a number touches.
func apart(text string, matches [][]int) []span {
	var spans []span
	for _, g := range matches {
		before, after := text[:g[0]], text[g[1]:]
		if !endsInside(before) && !beginsInside(after) {
			spans = append(spans, span{g[0], g[1]})
		}
	}
	return spans
}

var (
	insideBefore = regexp.MustCompile(`[\p{L}\p{N}]$|[\p{N}][.,/-]$`)
	insideAfter  = regexp.MustCompile(`^[\p{L}\p{N}]|^[.,/-][\p{N}]`)
)

func endsInside(before string) bool {
	return insideBefore.MatchString(before[max(0, len(before)-8):])
}

func beginsInside(after string) bool { return insideAfter.MatchString(after[:min(8, len(after))]) }

// parseProcedureCode reads the code of an administrative procedure: 1.004227, or 1.004227.000.00.00.H42 where the agency
// follows. Letters are mended only where Options.Allowed has the result, and with it no other code is accepted.
func parseProcedureCode(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the procedure code is not given: %w", ErrAbsent)
	}
	p := Parsed{Raw: text[s.start:s.end], Start: s.start, End: s.end}
	joined := squeeze(p.Raw)
	p.Value = joined
	if mended := digits(joined); slices.Contains(opt.Allowed, mended) && mended != joined {
		p.Value, p.Repaired, p.OtherRaw = mended, true, mended
	}
	switch {
	case procedureCode.FindString(p.Value) != p.Value:
		return Parsed{}, fault("a procedure code is written 1.004227")
	case len(opt.Allowed) > 0 && !slices.Contains(opt.Allowed, p.Value):
		return Parsed{}, fault("no procedure with this code is known")
	}
	return p, nil
}

// provinces are the codes of the provinces where a birth is registered, first in a citizen number: Circular 07/2016/TT-BCA,
// annex 1, kept by 59/2021/TT-BCA. Numbers keep the code of their day when provinces merge. Births registered abroad have
// codes of countries from 101 on, which are not in this list.
var provinces = map[string]string{
	"001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang", "010": "Lào Cai",
	"011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái", "017": "Hòa Bình", "019": "Thái Nguyên",
	"020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang", "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh",
	"030": "Hải Dương", "031": "Hải Phòng", "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định",
	"037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
	"046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định", "054": "Phú Yên",
	"056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum", "064": "Gia Lai", "066": "Đắk Lắk",
	"067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước", "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai",
	"077": "Bà Rịa - Vũng Tàu", "079": "Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
	"086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ", "093": "Hậu Giang",
	"094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}

// oldProvinces is the highest of the two-digit codes that began the identity numbers of nine digits.
const oldProvinces = 38

// parseCitizenNumber reads a Vietnamese citizen number (Decree 137/2015/ND-CP, article 13): twelve digits, of which three are
// the province, one century and sex (even male, odd female; 0-1 for 19xx, 2-3 for 20xx), two the year of birth; or the nine
// of an identity card before 2016. Normal form: digits. Parts: province, sex, birth_year (none for nine digits).
func parseCitizenNumber(text string, _ Options) (Parsed, error) {
	n, p, err := readNumber(text, "citizen number")
	if err != nil {
		return Parsed{}, err
	}
	switch len(n) {
	case 12:
		p.Parts, err = citizen(n)
	case 9:
		if province := n[:2]; province == "00" || mod(province, 100) > oldProvinces {
			err = fault("no identity number of nine digits began with %s", province)
		}
	default:
		err = fault("a citizen number has 12 digits, or 9 on old cards, not %d", len(n))
	}
	if err == nil && p.Repaired {
		err = errUnproved
	}
	if err != nil {
		return Parsed{}, err
	}
	return p, nil
}

// citizen reads what twelve digits say.
func citizen(n string) (map[string]string, error) {
	province, ok := provinces[n[:3]]
	if !ok {
		return nil, fault("%s is no province's code", n[:3])
	}
	century := int(n[3] - '0')
	birth := 1900 + 100*(century/2) + mod(n[4:6], 100)
	if century > 3 {
		return nil, fault("nobody was born in %d yet", birth)
	}
	return map[string]string{"province": province, "sex": []string{"M", "F"}[century%2], "birth_year": strconv.Itoa(birth)}, nil
}

// taxWeights are those of the check digit of a Vietnamese tax code.
var taxWeights = []int{31, 29, 23, 19, 17, 13, 7, 5, 3}

// parseTaxCode reads a Vietnamese tax code (Circular 105/2020/TT-BTC, article 5): ten digits, the last of which is
// 10 - sum mod 11, and for a branch three more (001-999). Since July 2025 (Circular 86/2024/TT-BTC) the code of a person is
// the citizen number. Normal form: 0123456789 or 0123456789-001. Part: branch.
func parseTaxCode(text string, opt Options) (Parsed, error) {
	n, p, err := readNumber(text, "tax code")
	if err != nil {
		return Parsed{}, err
	}
	switch len(n) {
	case 10, 13:
	case 12:
		return parseCitizenNumber(text, opt)
	default:
		return Parsed{}, fault("a tax code has 10 or 13 digits, or the 12 of a citizen number, not %d", len(n))
	}
	if !taxCheck(n[:10]) {
		return Parsed{}, fault("the check digit of the tax code is wrong")
	}
	p.Checked = true
	if branch := n[10:]; branch == "000" {
		return Parsed{}, fault("no branch has the number 000")
	} else if branch != "" {
		p.Value = n[:10] + "-" + branch
		p.Parts = map[string]string{"branch": branch}
	}
	return p, nil
}

// taxCheck proves the tenth digit.
func taxCheck(n string) bool {
	sum := 0
	d := asDigits(n)
	for i, w := range taxWeights {
		sum += w * d[i]
	}
	return 10-sum%11 == d[9]
}
