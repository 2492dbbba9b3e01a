package main

import (
	"fmt"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestTextFromOutsideCanNotSteerTheTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"đơn xin (1).pdf": "đơn xin (1).pdf", "a\nb\x1b[2J": "a?b?[2J", "\u009b2J": "?2J", "\u202efdp.exe": "?fdp.exe", "\xff": "\uFFFD",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestAFaultOfADepositIsToldInTheOperatorsLanguage(t *testing.T) {
	a := &app{words: wordsFor("fr")}
	for of, want := range map[error]string{
		catalog.ErrNotFound:    "il n'y a pas de dépôt d1",
		catalog.ErrNotRejected: "d1 n'est pas un dépôt refusé, ou son original manque pour le remettre en file",
	} {
		if got := a.depositFault("d1", fmt.Errorf("requeue d1: %w", of)).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestADepositIsShownWithItsIdentityNumberMasked(t *testing.T) {
	if got := shown(dossier.Deposit{ID: "d1", Name: "CCCD 001089012345.pdf"}); got.Name != "CCCD 001*****2345.pdf" || got.ID != "d1" {
		t.Errorf("%+v", got)
	}
}
