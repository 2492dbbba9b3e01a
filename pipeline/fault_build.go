//go:build fault

package pipeline

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

var passed atomic.Int64 //nolint:gochecknoglobals // exists in the test build only

// fault kills the process with SIGKILL at the hand-over that DOSSIERD_FAULT names as POINT or POINT:N, the Nth time it
// is reached.
func fault(point string) {
	name, count, _ := strings.Cut(os.Getenv("DOSSIERD_FAULT"), ":")
	if name != point {
		return
	}
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil {
		n = 1
	}
	if passed.Add(1) == n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}
