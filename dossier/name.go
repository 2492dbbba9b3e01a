package dossier

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameShown is the most characters of a file's name that a sentence shows; Windows Explorer shows about as many.
const nameShown = 60

// DisplayName makes a file's name fit to be shown in a sentence: composed letters (NFC, as far as Vietnamese and
// French go), nothing invisible, identity numbers masked, and at most 60 characters, of which the extension is kept.
func DisplayName(name string) string {
	visible := func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}
	shown := MaskText(compose(strings.Map(visible, strings.ToValidUTF8(name, "\uFFFD"))))
	letters := []rune(shown)
	if len(letters) <= nameShown {
		return shown
	}
	ext := []rune(path.Ext(shown))
	if len(ext) > nameShown/4 {
		ext = nil
	}
	return string(letters[:nameShown-1-len(ext)]) + "…" + string(ext)
}

// compose joins letters and the marks that follow them. macOS writes names decomposed, and many fonts then put the
// marks of Vietnamese beside their letter.
func compose(s string) string {
	out := make([]rune, 0, utf8.RuneCountInString(s))
	for _, r := range s {
		if n := len(out); n > 0 {
			if joined, ok := joinMark(out[n-1], r); ok {
				out[n-1] = joined
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// joinMark returns the one letter that base with mark is.
func joinMark(base, mark rune) (rune, bool) {
	var bases, joined string
	switch mark {
	case '\u0300': // grave
		bases, joined = "AEIOUYaeiouyÂÊÔâêôĂăƠơƯư", "ÀÈÌÒÙỲàèìòùỳẦỀỒầềồẰằỜờỪừ"
	case '\u0301': // acute
		bases, joined = "AEIOUYaeiouyÂÊÔâêôĂăƠơƯư", "ÁÉÍÓÚÝáéíóúýẤẾỐấếốẮắỚớỨứ"
	case '\u0309': // hook above
		bases, joined = "AEIOUYaeiouyÂÊÔâêôĂăƠơƯư", "ẢẺỈỎỦỶảẻỉỏủỷẨỂỔẩểổẲẳỞởỬử"
	case '\u0303': // tilde
		bases, joined = "AEIOUYaeiouyÂÊÔâêôĂăƠơƯưNn", "ÃẼĨÕŨỸãẽĩõũỹẪỄỖẫễỗẴẵỠỡỮữÑñ"
	case '\u0323': // dot below
		bases, joined = "AEIOUYaeiouyƠơƯư", "ẠẸỊỌỤỴạẹịọụỵỢợỰự"
	case '\u0302': // circumflex; after a dot below too, the order of NFD
		bases, joined = "AEIOUaeiouẠẸỌạẹọ", "ÂÊÎÔÛâêîôûẬỆỘậệộ"
	case '\u0306': // breve
		bases, joined = "AaẠạ", "ĂăẶặ"
	case '\u031B': // horn
		bases, joined = "OUou", "ƠƯơư"
	case '\u0308': // diaeresis
		bases, joined = "AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"
	case '\u0327': // cedilla
		bases, joined = "Cc", "Çç"
	}
	b, j := []rune(bases), []rune(joined)
	for i := range b {
		if b[i] == base {
			return j[i], true
		}
	}
	return 0, false
}
