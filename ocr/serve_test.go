package ocr

import (
	"errors"
	"io"
	"strings"
	"testing"
)

type handlerFunc func(Request, []byte) (Answer, [][]byte)

func (f handlerFunc) Handle(r Request, drawn []byte) (Answer, [][]byte) { return f(r, drawn) }

// serving is a worker in this process, and the pool's end of its pipes.
func serving(t *testing.T, h handlerFunc) (c *wire, requests io.Closer, ended <-chan error) {
	t.Helper()
	fromPool, toWorker := io.Pipe()
	fromWorker, toPool := io.Pipe()
	end := make(chan error, 1)
	go func() {
		end <- Serve(fromPool, toPool, 5, h)
		fromPool.Close()
		toPool.Close()
	}()
	t.Cleanup(func() { toWorker.Close(); fromWorker.Close() })
	c = newWire(fromWorker, toWorker)
	var hello Hello
	if err := c.receive(&hello); err != nil || hello.Landlock != 5 {
		t.Fatalf("%+v, %v", hello, err)
	}
	return c, toWorker, end
}

func TestAWorkerEndsWithItsStdin(t *testing.T) {
	_, requests, ended := serving(t, nil)
	requests.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAWorkerEndsWithItsStdinEvenWithAPageInWork(t *testing.T) {
	working, release := make(chan bool), make(chan bool)
	c, requests, ended := serving(t, func(Request, []byte) (Answer, [][]byte) {
		working <- true
		<-release
		return Answer{}, nil
	})
	defer close(release)
	if err := c.send(Request{Op: OpRead}); err != nil {
		t.Fatal(err)
	}
	<-working
	requests.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAPanicIsAnsweredAndEndsTheWorker(t *testing.T) {
	c, _, ended := serving(t, func(Request, []byte) (Answer, [][]byte) { panic("at the sight of it") })
	if err := c.send(Request{Op: OpRead, Page: 7}); err != nil {
		t.Fatal(err)
	}
	var answer Answer
	if err := c.receive(&answer); err != nil || !strings.Contains(answer.Failed, "at the sight of it") {
		t.Errorf("%+v, %v", answer, err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "page 7") {
		t.Errorf("ended with %v", err)
	}
}

func TestASecondRequestWhileOneIsInWorkIsAnError(t *testing.T) {
	release := make(chan bool)
	c, _, ended := serving(t, func(Request, []byte) (Answer, [][]byte) {
		<-release
		return Answer{}, nil
	})
	defer close(release)
	for range 2 {
		if err := c.send(Request{Op: OpRead}); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-ended; !errors.Is(err, errFrame) {
		t.Errorf("ended with %v", err)
	}
}

func TestAnAnswerAnnouncesItsBlobs(t *testing.T) {
	c, _, _ := serving(t, func(_ Request, drawn []byte) (Answer, [][]byte) { return Answer{}, [][]byte{drawn, nil} })
	if err := c.send(Request{Op: OpRead, Drawn: &Drawn{Width: 2, Height: 1, Channels: 1}}, []byte("ab")); err != nil {
		t.Fatal(err)
	}
	var answer Answer
	if err := c.receive(&answer); err != nil || len(answer.Blobs) != 2 || answer.Blobs[0] != 2 {
		t.Fatalf("%+v, %v", answer, err)
	}
	for i, want := range []string{"ab", ""} {
		if blob, err := c.blob(answer.Blobs[i]); err != nil || string(blob) != want {
			t.Errorf("blob %d is %q, %v", i, blob, err)
		}
	}
}
