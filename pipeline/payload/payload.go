// Package payload knows what the text of a machine-readable symbol means.
//
// It owns the syntaxes: dossierd's own slips and separator sheets (docs/slips.md), the QR of papers by Circular
// 01/2023/TT-VPCP, the QR of the Vietnamese identity card, and the codes of dossiers and procedures, which nobody else
// checks. Masking of identity numbers is here too. It reads text and nothing else: finding symbols is for
// pipeline/barcode, what follows from a meaning for pipeline/separate and pipeline/extract. That a slip reads as it was
// written is proved for any slip, and fuzzing proves that no text harms.
package payload

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

// maxText is the longest text that is looked at, in bytes: a QR code holds 7,089 digits, other symbols less.
const maxText = 7089

// Meaning is what a symbol says: a Slip, Separator, Card, Code or Unknown.
type Meaning interface{ meaning() }

// Separator is a sheet that parts a stack and says no more: what follows is another dossier, or another document of
// the same one. The sheet itself is no paper of a dossier.
type Separator dossier.CutLevel

// Unknown is a text that means nothing to dossierd, as it was read.
type Unknown string

func (Slip) meaning()      {}
func (Separator) meaning() {}
func (Card) meaning()      {}
func (Code) meaning()      {}
func (Unknown) meaning()   {}

// Parse tells what the text of a symbol of any symbology means. What is damaged, impossible or of two minds is Unknown:
// no guess is made.
func Parse(text string) Meaning {
	if len(text) > maxText || !utf8.ValidString(text) {
		return Unknown(text)
	}
	// Scanner guns and label software end a text with Return, Tab or NUL.
	trimmed := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' })
	if ours, ok := cutPrefix(trimmed); ok {
		if m := parseOurs(ours); m != nil {
			return m
		}
		return Unknown(text)
	}
	if code, ok := ParseCode(trimmed); ok {
		return code
	}
	if card, ok := parseCard(trimmed); ok {
		return card
	}
	if slip, ok := parsePaper(trimmed); ok {
		return slip
	}
	return Unknown(text)
}
