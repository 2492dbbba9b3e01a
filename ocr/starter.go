package ocr

import (
	"log/slog"
	"runtime"

	"golang.org/x/sys/unix"
)

// starter starts processes from one thread: they end with the thread that started them, and inherit how nice it is.
type starter struct {
	starts chan func()
	done   chan struct{} // the thread has ended
}

func newStarter() *starter { return &starter{starts: make(chan func()), done: make(chan struct{})} }

// run starts what spawn is given until stop is called.
func (s *starter) run(nice int, log *slog.Logger) {
	defer close(s.done)
	runtime.LockOSThread() // and never unlocked, so that the thread ends here and its niceness with it
	if nice > 0 {
		if err := unix.Setpriority(unix.PRIO_PROCESS, 0, nice); err != nil {
			log.Warn("page workers run at the usual priority", "error", err)
		}
	}
	for start := range s.starts {
		start()
	}
}

// spawn calls f on the thread.
func (s *starter) spawn(f func() error) error {
	result := make(chan error, 1)
	s.starts <- func() { result <- f() }
	return <-result
}

// stop ends the thread. Nothing that it started may be alive.
func (s *starter) stop() {
	close(s.starts)
	<-s.done
}
