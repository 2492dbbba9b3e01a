package procedure

import (
	"slices"
	"time"
)

// Calendar says which days are worked on: Monday to Friday without holidays. The zero Calendar has no holidays.
type Calendar struct {
	Yearly []Day // of every year
	// MakeUp gives the next working day off for a yearly holiday that falls on a weekend (article 111.3 of Vietnam's
	// Labour Code).
	MakeUp bool
	Off    []time.Time // further days off, midnight UTC: those that the moon or the government sets
	Worked []time.Time // weekend days that are worked on instead of another
}

// Day is a day of every year.
type Day struct {
	Month time.Month
	Day   int
}

// Due is the last day, at its midnight, of a deadline of working days that runs from the day after reception, in the
// zone of received. A deadline of 0 ends on the day of reception, or on the first working day after.
func (c *Calendar) Due(received time.Time, workingDays int) time.Time {
	y, m, d := received.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for !c.working(day) && workingDays == 0 {
		day = day.AddDate(0, 0, 1)
	}
	for workingDays > 0 {
		day = day.AddDate(0, 0, 1)
		if c.working(day) {
			workingDays--
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, received.Location())
}

// working takes a midnight in UTC, where all days are of 24 hours.
func (c *Calendar) working(day time.Time) bool {
	switch {
	case slices.Contains(c.Worked, day):
		return true
	case weekend(day) || c.yearly(day) || slices.Contains(c.Off, day):
		return false
	}
	return !c.MakeUp || !c.madeUp(day)
}

func weekend(day time.Time) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}

func (c *Calendar) yearly(day time.Time) bool {
	return slices.Contains(c.Yearly, Day{Month: day.Month(), Day: day.Day()})
}

// madeUp tells whether a day, none of the others off, is so for a holiday that fell on a weekend before it.
func (c *Calendar) madeUp(day time.Time) bool {
	// Holidays in a row can push the day off further than the Monday; two weeks back there is no debt left.
	owed := 0
	for at := day.AddDate(0, 0, -14); at.Before(day); at = at.AddDate(0, 0, 1) {
		switch {
		case weekend(at) && c.yearly(at):
			owed++
		case owed > 0 && !weekend(at) && !c.yearly(at) && !slices.Contains(c.Off, at):
			owed--
		}
	}
	return owed > 0
}
