package payload

import (
	"regexp"
	"strings"
	"time"
)

// Code is a dossier code in its normal form. There are three:
//
//	000.00.16.H42-240112-0003   Circular 01/2018/TT-VPCP
//	H42.16-240112-0003          with the agency codes of Decision 20/2020/QD-TTg
//	quay-1-20240112-0003        dossierd's own: station, day, number of the station's day
type Code string

var (
	// The day stands in yymmdd, its year in this century: the circular is of 2018.
	nationalCode = regexp.MustCompile(`^(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,3})-(\d{6})-\d{4}$`)
	// A day's number grows beyond four digits where it must.
	ownCode = regexp.MustCompile(`^([a-z0-9-]{1,32})-(\d{8})-(\d{4}|[1-9]\d{4,6})$`)
)

// ValidCode reports whether s is a dossier code in its normal form, with a day that exists.
func ValidCode(s string) bool {
	_, ok := dayOf(s)
	return ok
}

// ParseCode reads a dossier code as people and symbols without lower case write it.
func ParseCode(s string) (Code, bool) {
	s = strings.TrimSpace(s)
	for _, normal := range [...]string{strings.ToUpper(s), strings.ToLower(s)} {
		if ValidCode(normal) {
			return Code(normal), true
		}
	}
	return "", false
}

// Day is the day that a valid code carries, at midnight UTC.
func (c Code) Day() time.Time {
	day, _ := dayOf(string(c))
	return day
}

// Station is the station that gave out the code, "" for a code of another authority. A number of somebody else's may
// look like ours: whether there is such a station, the caller knows.
func (c Code) Station() string {
	if m := ownCode.FindStringSubmatch(string(c)); m != nil {
		return m[1]
	}
	return ""
}

func dayOf(s string) (day time.Time, ok bool) {
	if m := nationalCode.FindStringSubmatch(s); m != nil {
		return parseDay("20060102", "20"+m[1])
	}
	if m := ownCode.FindStringSubmatch(s); m != nil {
		return parseDay("20060102", m[2])
	}
	return time.Time{}, false
}

// firstYear is the first that a day may have: the oldest bearers of identity cards were born after it.
const firstYear = 1900

func parseDay(layout, s string) (day time.Time, ok bool) {
	day, err := time.Parse(layout, s)
	return day, err == nil && day.Year() >= firstYear
}

// nationalProcedure is the code of an administrative procedure in the national database, alone or with the agency's.
var nationalProcedure = regexp.MustCompile(`^[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2,3})?$`)

// anyProcedure is what a slip of ours may name: a national code or the administration's own.
var anyProcedure = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$`)

// ValidProcedure reports whether s can be the code of a procedure: a national one (1.001234, 1.001234.000.00.00.H42)
// or an administration's own, of at most 64 letters, digits, dots and hyphens.
func ValidProcedure(s string) bool { return anyProcedure.MatchString(s) }

var stationName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
