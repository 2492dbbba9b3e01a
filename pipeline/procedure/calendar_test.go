package procedure_test

import (
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/pipeline/procedure"
)

var hanoi = time.FixedZone("", 7*3600)

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, s, hanoi)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeadlinesRunOnWorkingDaysOnly(t *testing.T) {
	calendar := builtIn(t).Calendar
	for _, c := range []struct {
		received string
		days     int
		due      string
	}{
		{"2026-01-05", 0, "2026-01-05"},
		{"2026-01-10", 0, "2026-01-12"}, // a Saturday
		{"2026-01-05", 1, "2026-01-06"},
		{"2026-01-09", 1, "2026-01-12"},
		{"2026-01-10", 1, "2026-01-12"},
		{"2026-02-13", 1, "2026-02-23"}, // over Tết
		{"2026-02-16", 0, "2026-02-23"},
		{"2026-04-24", 1, "2026-04-28"}, // the Hùng Kings' Day made up for
		{"2026-04-29", 1, "2026-05-04"}, // 30/4 and 1/5, then a weekend
		{"2026-08-21", 1, "2026-08-22"}, // a Saturday that is worked on
		{"2026-08-28", 1, "2026-09-03"},
		{"2027-04-29", 1, "2027-05-04"}, // 1/5 is a Saturday: Monday is off
		{"2027-12-31", 1, "2028-01-04"}, // 1/1 is a Saturday
		{"2022-04-29", 1, "2022-05-04"}, // 30/4 and 1/5 are a weekend: Monday and Tuesday are off
	} {
		if got := calendar.Due(day(t, c.received).Add(15*time.Hour), c.days); !got.Equal(day(t, c.due)) {
			t.Errorf("%s and %d days: %s, want %s", c.received, c.days, got.Format(time.DateOnly), c.due)
		}
	}
}

func TestAFolderWithoutHolidaysHasTheFixedOnes(t *testing.T) {
	set, err := procedure.Load(fstest.MapFS{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Calendar.Due(day(t, "2026-04-29"), 1); !got.Equal(day(t, "2026-05-04")) {
		t.Error(got)
	}
	if got := set.Calendar.Due(day(t, "2026-02-13"), 1); !got.Equal(day(t, "2026-02-16")) {
		t.Error(got)
	}
}

func TestAFolderWithHolidaysHasTheseOnly(t *testing.T) {
	set, err := procedure.Load(fstest.MapFS{"holidays.yaml": {Data: []byte("yearly: [07-14]\noff: [2026-04-06]\n")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for received, want := range map[string]string{"2026-07-13": "2026-07-15", "2026-04-03": "2026-04-07", "2026-04-29": "2026-04-30", "2029-07-13": "2029-07-16"} {
		if got := set.Calendar.Due(day(t, received), 1); !got.Equal(day(t, want)) {
			t.Errorf("%s: %s", received, got)
		}
	}
}

// Deadlines of one day after another are that of their sum, and end on days that are worked on.
func TestWorkingDaysAddUp(t *testing.T) {
	calendar := builtIn(t).Calendar
	rapid.Check(t, func(t *rapid.T) {
		received := time.Date(2025, 1, 1, 8, 0, 0, 0, hanoi).AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "day"))
		a, b := rapid.IntRange(0, 30).Draw(t, "a"), rapid.IntRange(1, 30).Draw(t, "b")
		sum, parts := calendar.Due(received, a+b), calendar.Due(calendar.Due(received, a), b)
		if a == 0 { // begins on the first working day at or after
			if sum.After(parts) {
				t.Fatalf("%s: %s is after %s", received, sum, parts)
			}
		} else if !sum.Equal(parts) {
			t.Fatalf("%s: %d and %d days: %s, together %s", received, a, b, parts, sum)
		}
		if !calendar.Due(sum, 0).Equal(sum) {
			t.Fatalf("%s is not worked on", sum)
		}
	})
}
