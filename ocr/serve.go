package ocr

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"syscall"
	"time"
)

// protocol is raised whenever pool and worker of different builds could misunderstand each other.
const protocol = 2

// Hello is the first thing a worker says, before any request: from then on a death is blamed on what it was asked.
type Hello struct {
	Protocol int `json:"protocol"`
	// Landlock is the version of the kernel's interface that confines the worker; 0 where it does not.
	Landlock int `json:"landlock"`
}

// Handler answers requests, one at a time. drawn is the raster of Request.Drawn.
type Handler interface {
	Handle(request Request, drawn []byte) (answer Answer, blobs [][]byte)
}

// Serve is the worker's side: it says hello, with the given level of confinement, then answers requests from r on w
// until r ends. When r ends while a request is in work nobody waits for the answer any more: Serve returns and leaves
// the handler running, for the process to end under it.
//
// A panic of the handler is answered with Failed, and returned: its traces in memory are no ground for another page.
func Serve(r io.Reader, w io.Writer, landlock int, h Handler) error {
	c := newWire(r, w)
	if err := c.send(Hello{Protocol: protocol, Landlock: landlock}); err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	requests := make(chan incoming)
	stopped := make(chan struct{})
	defer close(stopped)
	go c.listen(requests, stopped)
	var working chan outgoing
	for {
		select {
		case in := <-requests:
			if errors.Is(in.err, io.EOF) {
				return nil
			}
			if in.err != nil {
				return fmt.Errorf("read request: %w", in.err)
			}
			if working != nil {
				return fmt.Errorf("read request: %w: a second one while the first is in work", errFrame)
			}
			working = make(chan outgoing, 1)
			go func() { working <- handle(h, in) }()
		case out := <-working:
			working = nil
			if err := c.send(out.answer, out.blobs...); err != nil {
				return fmt.Errorf("send answer: %w", err)
			}
			if out.panicked != nil {
				return out.panicked
			}
		}
	}
}

type incoming struct {
	request Request
	drawn   []byte
	err     error
}

// listen reads ahead, so that the end of r is noticed at once.
func (c *wire) listen(requests chan<- incoming, stopped <-chan struct{}) {
	for {
		var in incoming
		in.err = c.receive(&in.request)
		if d := in.request.Drawn; in.err == nil && d != nil {
			in.drawn, in.err = c.raster(d)
		}
		select {
		case requests <- in:
		case <-stopped:
			return
		}
		if in.err != nil {
			return
		}
	}
}

// raster reads the blob that d describes.
func (c *wire) raster(d *Drawn) ([]byte, error) {
	size, err := d.size()
	if err != nil {
		return nil, err
	}
	return c.blob(size)
}

// size is the length of the raster in bytes.
func (d *Drawn) size() (int64, error) {
	w, h := int64(d.Width), int64(d.Height)
	if w <= 0 || h <= 0 || (d.Channels != 1 && d.Channels != 3) || w > maxFrame/3/h {
		return 0, fmt.Errorf("%w: a raster of %d by %d pixels and %d channels", errFrame, d.Width, d.Height, d.Channels)
	}
	return w * h * int64(d.Channels), nil
}

type outgoing struct {
	answer   Answer
	blobs    [][]byte
	panicked error
}

func handle(h Handler, in incoming) (out outgoing) {
	before := cpuTime()
	defer func() {
		if cause := recover(); cause != nil {
			out = outgoing{
				answer:   Answer{Failed: fmt.Sprintf("panic: %v", cause)},
				panicked: fmt.Errorf("%s page %d: panic: %v\n%s", in.request.Op, in.request.Page, cause, debug.Stack()),
			}
		}
		out.answer.Blobs = nil
		for _, blob := range out.blobs {
			out.answer.Blobs = append(out.answer.Blobs, int64(len(blob)))
		}
		out.answer.CPU = (cpuTime() - before).Seconds()
	}()
	out.answer, out.blobs = h.Handle(in.request, in.drawn)
	return out
}

// cpuTime is what this process has used so far, user and system.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
