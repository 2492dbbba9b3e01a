package pdfa

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

// ref is the reference to an object.
func ref(number int) string { return strconv.Itoa(number) + " 0 R" }

// num formats a number with at most four decimals: 0.0001 of a point is 0.035 micrometres.
func num(v float64) string { return decimals(v, 1e4) }

// decimals formats v rounded to the next 1/scale.
func decimals(v, scale float64) string {
	v = math.Round(v*scale) / scale
	if v == 0 {
		v = 0 // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// nums formats numbers with spaces between.
func nums(values ...float64) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = num(v)
	}
	return strings.Join(parts, " ")
}

// text is a text string object: literal where ASCII suffices, else hexadecimal.
func text(s string) string {
	b := textBytes(s)
	if len(b) > 0 && b[0] == 0xfe {
		return "<" + hex.EncodeToString(b) + ">"
	}
	return "(" + strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).Replace(s) + ")"
}

// textBytes are the bytes of a text string: ASCII where it suffices, else UTF-16 with its mark.
func textBytes(s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return []byte(s)
	}
	b := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

// name escapes a name, without the leading slash.
func name(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c > '~' || strings.IndexByte("#/()<>[]{}%", c) >= 0 {
			b.WriteByte('#')
			b.WriteString(hex.EncodeToString([]byte{c}))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// date is a date string to the second, which is what XMP is given too.
func date(t time.Time) string {
	zone := strings.Replace(t.Format("-07:00"), ":", "'", 1) + "'"
	return "(D:" + t.Format("20060102150405") + zone + ")"
}

// xmpDate says the same as date.
func xmpDate(t time.Time) string { return t.Format("2006-01-02T15:04:05-07:00") }

// plain makes a string that both a text string and XML can carry: control characters become spaces.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return strings.TrimSpace(s)
}
