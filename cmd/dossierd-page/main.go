// Command dossierd-page is the page worker: everything that touches the bytes of an original happens in it. The daemon
// asks on stdin and is answered on stdout, in the frames of package ocr.
//
//	dossierd-page read    opens originals and reads their pages
//	dossierd-page look    glances at pages: what is wrong with the scan, while the paper is at hand
//	dossierd-page view    draws parts of stored page images for people to look at
//	dossierd-page draw    draws PDF pages that are not one image
//	dossierd-page check   prints what it is made of and how the kernel can confine it, as JSON
//
// It owns its confinement and the wiring of pipeline/source, pipeline/look, pipeline/view, pipeline/clean and ocr/tesseract, and decides
// nothing about a page. It is the only binary with cgo. Its tests drive it through ocr.Pool over the shared corpus.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/ocr/tesseract"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/lept"
	"github.com/dossierd/dossierd/pipeline/source/draw"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dossierd-page:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return usage()
	}
	mode := args[0]
	flags := flag.NewFlagSet("dossierd-page "+mode, flag.ContinueOnError)
	var l limits
	flags.StringVar(&l.scratch, "scratch", "", "folder that originals are read from")
	flags.StringVar(&l.cache, "cache", "", "folder that a drawing worker keeps compiled code in")
	flags.Int64Var(&l.memory, "memory", 0, "bytes at which the pool kills the worker")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch mode {
	case "check":
		return check(os.Stdout)
	case "read", "look", "view", "draw":
		l.draws = mode == "draw"
		level, err := confine(l)
		if err != nil {
			return fmt.Errorf("confine: %w", err)
		}
		answers, err := onlyAnswers()
		if err != nil {
			return err
		}
		switch mode {
		case "draw":
			return serveDrawing(answers, level, l.cache)
		case "look":
			lept.Quiet()
			return ocr.Serve(os.Stdin, answers, level, &looker{})
		case "view":
			lept.Quiet()
			return ocr.Serve(os.Stdin, answers, level, &viewer{})
		}
		return serveReading(answers, level)
	}
	return usage()
}

func usage() error {
	return fmt.Errorf("usage: dossierd-page read|look|view|draw|check (dossierd starts it; see dossierd doctor)")
}

// onlyAnswers takes stdout away from everybody else: a library that prints there would spoil the protocol.
func onlyAnswers() (io.Writer, error) {
	fd, err := unix.FcntlInt(uintptr(unix.Stdout), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("keep stdout: %w", err)
	}
	if err := unix.Dup3(unix.Stderr, unix.Stdout, 0); err != nil {
		return nil, fmt.Errorf("replace stdout: %w", err)
	}
	return os.NewFile(uintptr(fd), "answers"), nil
}

func serveReading(answers io.Writer, level int) error {
	engine := &meter{Engine: tesseract.New("")}
	defer engine.Close()
	lept.Quiet()
	return ocr.Serve(os.Stdin, answers, level, &reader{engine: engine, clean: clean.NewReader(engine)})
}

func serveDrawing(answers io.Writer, level int, cache string) error {
	drawer, err := draw.New(context.Background(), cache)
	if err != nil {
		return err
	}
	defer drawer.Close()
	return ocr.Serve(os.Stdin, answers, level, &artist{drawer: drawer})
}
