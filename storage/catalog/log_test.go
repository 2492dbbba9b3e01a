package catalog

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheSameMessageIsLoggedOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		log := slog.New(newSeldom(slog.NewTextHandler(&b, nil)))
		for range 110 {
			log.Error("away", "error", "refused")
			log.With("queue", "page").Error("away")
			time.Sleep(time.Second)
		}
		log.Error("something else")
		if n, other := strings.Count(b.String(), "msg=away"), strings.Count(b.String(), "something else"); n != 2 || other != 1 {
			t.Error(b.String())
		}
	})
}
