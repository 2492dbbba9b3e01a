// Package accuracy scores text that was read against text that a person transcribed.
//
// It owns the rules of scoring and of finding truths; who read the text it does not know. Its rules are those of the
// corpus's README: NFC, white space folded to one space, {{...}} (handwriting, stamps) dropped from the truth. Its
// tests are sums done by hand, and properties of the edit distance.
package accuracy

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Score compares one reading with its truth. Scores of several pages add up field by field.
type Score struct {
	Characters int // of the truth
	Edits      int // characters to insert, delete or replace
	Words      int // of the truth
	Found      int // of those, how many were read, each as often as it was read, in any order, upper case or lower
}

// CER is edits over the truth's characters: 0 for a perfect reading, over 1 where more was made up than there is.
func (s Score) CER() float64 { return ratio(s.Edits, s.Characters) }

// Recall is the share of the truth's words that were found, 0 to 1.
func (s Score) Recall() float64 { return ratio(s.Found, s.Words) }

// Plus adds up two scores.
func (s Score) Plus(o Score) Score {
	return Score{s.Characters + o.Characters, s.Edits + o.Edits, s.Words + o.Words, s.Found + o.Found}
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Of scores a reading.
func Of(truth, read string) Score {
	truth, read = Truth(truth), fold(read)
	t, r := []rune(truth), []rune(read)
	score := Score{Characters: len(t), Edits: distance(t, r)}
	bag := make(map[string]int)
	for w := range strings.FieldsSeq(strings.ToLower(read)) {
		bag[w]++
	}
	for w := range strings.FieldsSeq(strings.ToLower(truth)) {
		score.Words++
		if bag[w] > 0 {
			bag[w]--
			score.Found++
		}
	}
	return score
}

// Truth is a transcript as it is scored.
func Truth(transcript string) string { return fold(Printed(transcript)) }

// Printed is a transcript without handwriting and stamps, line by line.
func Printed(transcript string) string {
	return regexp.MustCompile(`(?s)\{\{.*?\}\}`).ReplaceAllString(transcript, "")
}

func fold(text string) string { return strings.Join(strings.Fields(norm.NFC.String(text)), " ") }

// distance is Levenshtein's.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			least := corner
			if x != y {
				least = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], least
		}
	}
	return row[len(b)]
}
