package ocr

import (
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// Cause is how a page worker ended that did not answer.
type Cause string

// The causes.
const (
	Crashed     Cause = "crashed"       // it died, or what it said could not be understood
	TimedOut    Cause = "timed out"     // killed past its deadline
	OutOfMemory Cause = "out of memory" // killed past its memory limit, by the pool or by the kernel
)

// Code is the rejection code and the page's warning that stands for the cause.
func (c Cause) Code() dossier.Code {
	switch c {
	case TimedOut:
		return dossier.CodeWorkerTimedOut
	case OutOfMemory:
		return dossier.CodeWorkerOutOfMemory
	default:
		return dossier.CodeWorkerCrashed
	}
}

// WorkerError says that a page worker was lost while it had something in work.
type WorkerError struct {
	Page   int // 0 while opening an original
	Cause  Cause
	Detail string // what is known beyond the cause: exit status, last words
}

func (e *WorkerError) Error() string {
	text := "page worker " + string(e.Cause)
	if e.Page > 0 {
		text = fmt.Sprintf("page worker %s on page %d", e.Cause, e.Page)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}
