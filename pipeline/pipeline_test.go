package pipeline

import (
	"testing"
	"time"
)

func TestDepositsOfAStationThatWasRemovedAreReadAsItWanted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Default.Language = "en" }, nil)
	h.Apply(Settings{})
	if st := h.station(quay); st.Language != "vi" || len(st.Profile.Languages) != 1 {
		t.Errorf("%+v", st)
	}
	if st := h.station("unheard-of"); st.Language != "en" || st.Name != "unheard-of" {
		t.Errorf("%+v", st)
	}
	changed := h.settings
	changed.Stations[0].Language = "fr"
	h.Apply(changed)
	if st := h.station(quay); st.Language != "fr" {
		t.Errorf("%+v", st)
	}
}

func TestRetriesAreSoonThenEveryTenSeconds(t *testing.T) {
	for attempt, most := range map[int]time.Duration{0: retryFirst, 2: retryFirst, 3: 2 * retryFirst, 8: retryLongest, 1_000_000: retryLongest} {
		if pause := Retry(attempt); pause < most/2 || pause >= most {
			t.Errorf("before attempt %d: %v, want at most %v", attempt, pause, most)
		}
	}
}
