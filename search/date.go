package search

import (
	"strconv"
	"strings"
)

// months are the folded names of the months and their numbers.
var months = func() map[string]int {
	names := map[string]int{}
	for _, year := range []string{
		"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
		"january february march april may june july august september october november december",
	} {
		for i, name := range strings.Fields(year) {
			names[name] = i + 1
		}
	}
	return names
}()

// writtenDate makes one token of a date in words of which the day is atoms[i], ngày 5 tháng 1 năm 2024 or 5 janvier 2024: it is
// that of 05/01/2024.
func writtenDate(atoms []atom, i int) (date Token, ok bool) {
	day := strings.TrimSuffix(atoms[i].folded, "er")
	if !digits(day, 1, 2) || i+2 >= len(atoms) {
		return Token{}, false
	}
	month, last := months[atoms[i+1].folded], i+2
	if atoms[i+1].folded == "thang" && i+4 < len(atoms) && atoms[i+3].folded == "nam" && digits(atoms[i+2].folded, 1, 2) {
		month, _ = strconv.Atoi(atoms[i+2].folded)
		last = i + 4
	}
	if month < 1 || month > 12 || !digits(atoms[last].folded, 4, 4) {
		return Token{}, false
	}
	text := dateForm(day, strconv.Itoa(month), atoms[last].folded)
	return Token{Exact: text, Folded: text, Word: atoms[i].word, Position: i, Aside: true, Start: atoms[i].start, End: atoms[last].end}, true
}

// dateForm is the one form of a date in numbers.
func dateForm(day, month, year string) string {
	return twoDigits(day) + "-" + twoDigits(month) + "-" + year
}

func twoDigits(number string) string {
	if len(number) == 1 {
		return "0" + number
	}
	return number
}
