package main

import "testing"

func TestTextFromOutsideCanNotSteerTheTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"đơn xin (1).pdf": "đơn xin (1).pdf", "a\nb\x1b[2J": "a?b?[2J", "\u009b2J": "?2J", "\u202efdp.exe": "?fdp.exe", "\xff": "\uFFFD",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
