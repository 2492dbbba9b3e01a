package webhook

import "time"

const (
	// GiveUpAfter is how long after its first attempt an event is tried; then it is a dead letter.
	GiveUpAfter = 72 * time.Hour

	firstPause   = 5 * time.Second
	longestPause = time.Hour
	// longestAfter bounds what a subscriber may ask for with Retry-After.
	longestAfter = 24 * time.Hour
)

// Backoff is the pause after the nth failed attempt, n from 1: 5 s, doubled each time up to an hour, and of that
// between half and all, by rnd (0 to under 1), so that many that failed together don't come back together.
func Backoff(n int, rnd float64) time.Duration {
	pause := longestPause
	if doublings := max(0, n-1); doublings < 10 {
		pause = min(longestPause, firstPause<<doublings)
	}
	return pause/2 + time.Duration(rnd*float64(pause/2))
}
