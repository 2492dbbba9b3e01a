package value

import (
	"strings"
)

// coerce writes letters where the format has letters only, and reads the fillers behind the names as such.
func (f *mrzFormat) coerce(z []byte) {
	spans := []span{f.country, f.nationality, f.names, f.family, f.given}
	if f.lines > 1 {
		spans = append(spans, span{0, 2})
	}
	for _, s := range spans {
		copy(z[s.start:s.end], strings.ReplaceAll(letters(string(z[s.start:s.end])), string(sixOrO), "O"))
	}
	if f.lines > 1 && (z[1] == 'K' || z[1] == 'C' && z[0] == 'P') {
		z[1] = '<'
	}
	for _, s := range []span{f.names, f.family, f.given} {
		if i := strings.Index(string(z[s.start:s.end]), "<<<"); i >= 0 {
			fillTail(z[s.start+i : s.end])
		}
	}
}

// readAsFiller are letters that fillers are read as.
const readAsFiller = "<KCLESG"

// fillTail makes fillers of what stands behind three of them, where it may be: no name goes on there.
func fillTail(tail []byte) {
	if strings.Trim(string(tail), readAsFiller) == "" {
		copy(tail, strings.Repeat("<", len(tail)))
	}
}

// checkFields mends and proves number, birth and expiry.
func (f *mrzFormat) checkFields(z []byte, numericNumber bool) error {
	number := eitherOnce
	if numericNumber {
		number = onlyDigits
	}
	for _, field := range []struct {
		wrong    error
		at       span
		readings func([]byte) []string
	}{
		{fault("the check digit of the number in the zone is wrong"), f.number, number},
		{fault("the check digit of the date of birth in the zone is wrong"), f.birth, onlyDigits},
		{fault("the check digit of the date of expiry in the zone is wrong"), f.expiry, onlyDigits},
	} {
		if field.at == (span{}) {
			continue
		}
		if !settle(z[field.at.start:field.at.end+1], field.readings) {
			return field.wrong
		}
	}
	return nil
}

// settle writes the one reading of a field and the check digit behind it that is right. As it stands comes first.
func settle(field []byte, readings func([]byte) []string) bool {
	last := len(field) - 1
	var right []string
	for _, check := range onlyDigits(field[last:]) {
		for i, reading := range readings(field[:last]) {
			if check[0] == mrzCheck(reading) {
				right = append(right, reading+check)
				if i == 0 {
					break
				}
			}
		}
	}
	if len(right) != 1 {
		return false
	}
	copy(field, right[0])
	return true
}

// mrzCheck is the check digit of ICAO Doc 9303, part 3, 4.9: weights 7, 3, 1, letters from 10 to 35, fillers 0, modulo 10.
func mrzCheck(field string) byte {
	sum := 0
	for i := range len(field) {
		weight := [...]int{7, 3, 1}[i%3]
		switch c := field[i]; {
		case isDigit(c):
			sum += weight * int(c-'0')
		case 'A' <= c && c <= 'Z':
			sum += weight * (int(c-'A') + 10)
		}
	}
	return byte('0' + sum%10)
}

// most is how many readings of a field are tried; a field with more doubts is not worth proving.
const most = 16

// onlyDigits are the readings of a field that has digits and fillers only; none where a letter has no digit of its shape.
func onlyDigits(field []byte) []string {
	readings := []string{""}
	for _, c := range field {
		var choices string
		switch {
		case isDigit(c) || c == '<':
			choices = string(c)
		case c == sixOrO:
			choices = "60"
		case c == 'D' || c == 'Q':
			choices = "0"
		case c == 'L':
			choices = "1"
		case c == 'G':
			choices = "6"
		default:
			if choices = numberSlips.Replace(string(c)); !isDigits(choices) {
				return nil
			}
		}
		var next []string
		for _, r := range readings {
			for i := range len(choices) {
				next = append(next, r+choices[i:i+1])
			}
		}
		if readings = next; len(readings) > most {
			return nil
		}
	}
	return readings
}

// alike are pairs of a digit and the letter that is read for it, and it for.
const alike = "0O1I5S8B"

// eitherOnce are the readings of a field of letters and digits: as it stands, then with one letter or digit exchanged for
// the one of its shape.
func eitherOnce(field []byte) []string {
	if i := strings.IndexByte(string(field), sixOrO); i >= 0 {
		var readings []string
		for _, c := range "6O0" {
			readings = append(readings, string(field[:i])+string(c)+string(field[i+1:]))
		}
		return readings
	}
	read := string(field)
	readings := []string{read}
	for i := range field {
		if pair := strings.IndexByte(alike, field[i]); pair >= 0 {
			readings = append(readings, read[:i]+alike[pair^1:pair^1+1]+read[i+1:])
		}
	}
	return readings
}

// settlePersonal finds the reading of the optional data that makes the last check digit right.
func (f *mrzFormat) settlePersonal(z []byte, vietnamese bool) bool {
	read := string(z[f.personal.start:f.personal.end])
	readings := []string{read, fillersBeside(read)}
	if strings.IndexByte(read, sixOrO) >= 0 {
		readings = nil
		for _, r := range []string{"6", "O", "0"} {
			readings = append(readings, strings.ReplaceAll(read, string(sixOrO), r))
		}
	}
	if vietnamese {
		readings = append(onlyDigits([]byte(fillersBeside(read))), readings...)
		if len(read) > 12 {
			readings = append(readings, read[:3]+string(z[f.number.start:f.number.end])+read[12:])
		}
	}
	spare := string(z[f.spare.start:f.spare.end])
	for _, check := range onlyDigits(z[f.composite : f.composite+1]) {
		for _, reading := range readings {
			for _, spare := range []string{spare, fillersBeside(spare)} {
				copy(z[f.personal.start:f.personal.end], reading)
				copy(z[f.spare.start:f.spare.end], spare)
				if f.composedCheck(z) == check[0] && f.personalRight(z) {
					z[f.composite] = check[0]
					return true
				}
			}
		}
	}
	return false
}

// fillersBeside makes fillers of the letters that touch one and are read for it.
func fillersBeside(read string) string {
	z := []byte(read)
	for i := range z {
		if i > 0 && z[i-1] == '<' && strings.IndexByte(readAsFiller, z[i]) >= 0 {
			z[i] = '<'
		}
	}
	return string(z)
}

// composedCheck is the check digit over several fields.
func (f *mrzFormat) composedCheck(z []byte) byte {
	var b strings.Builder
	for _, s := range f.composed {
		b.Write(z[s.start:s.end])
	}
	return mrzCheck(b.String())
}

// personalRight proves the check digit that passports have behind the optional data; a filler stands for 0 if there are none.
func (f *mrzFormat) personalRight(z []byte) bool {
	if f.personalCheck == 0 {
		return true
	}
	check := mrzCheck(string(z[f.personal.start:f.personal.end]))
	return z[f.personalCheck] == check || check == '0' && z[f.personalCheck] == '<'
}
