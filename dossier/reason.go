package dossier

import "fmt"

// Code says for machines why a deposit was refused.
type Code string

// The rejection codes.
const (
	CodeEmpty         Code = "empty"
	CodeUnknownFormat Code = "unknown_format"
	CodeTruncated     Code = "truncated"
	CodeDamaged       Code = "damaged"
	CodeEncrypted     Code = "encrypted"
	CodeTooManyPixels Code = "too_many_pixels"
	CodeTooManyPages  Code = "too_many_pages"
	CodeTooLarge      Code = "too_large"
	CodeNoPages       Code = "no_pages"
	CodeNotAFile      Code = "not_a_file" // a symbolic link, FIFO, socket or device in a drop folder
	CodeBadTicket     Code = "bad_ticket" // a ticket of a scanner's software that can't be read, or names no file

	CodeWorkerCrashed     Code = "worker_crashed"
	CodeWorkerTimedOut    Code = "worker_timed_out"
	CodeWorkerOutOfMemory Code = "worker_out_of_memory"
)

// Codes lists every rejection code.
func Codes() []Code {
	return []Code{
		CodeEmpty, CodeUnknownFormat, CodeTruncated, CodeDamaged, CodeEncrypted, CodeTooManyPixels, CodeTooManyPages,
		CodeTooLarge, CodeNoPages, CodeNotAFile, CodeBadTicket, CodeWorkerCrashed, CodeWorkerTimedOut, CodeWorkerOutOfMemory,
	}
}

// Reason is why a deposit was refused. As an error it means: the deposit is bad, trying again will not help.
type Reason struct {
	Code Code `json:"code"`
	Page int  `json:"page,omitempty"` // 0: the deposit as a whole
	// Detail is technical, in English, for the operator ("page 3: strip 7 lies beyond the end of the file"). The
	// clerk's sentence is made from Code by Message.
	Detail string `json:"detail,omitempty"`
}

// Reject makes a Reason about the deposit as a whole.
func Reject(code Code, format string, args ...any) *Reason {
	return &Reason{Code: code, Detail: fmt.Sprintf(format, args...)}
}

func (r *Reason) Error() string {
	if r.Detail == "" {
		return string(r.Code)
	}
	return string(r.Code) + ": " + r.Detail
}
