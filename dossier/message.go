package dossier

import (
	"strconv"
	"strings"
)

// sentences are what clerks read in one language. In them {name} stands for a file's name and {page} for the place
// " (page 3)", or nothing where the whole file is meant.
type sentences struct {
	page     string // {page}, with {number}
	rejected map[Code]string
	warned   map[string]string
	verdicts map[VerdictCode]string
}

// sentencesIn returns the sentences in vi, fr or en; English for any other language.
func sentencesIn(lang string) sentences {
	switch lang {
	case "vi":
		return vietnamese()
	case "fr":
		return french()
	default:
		return english()
	}
}

// Message tells the clerk in lang (vi, fr, en) which file was refused, what is wrong with it and what to do. name is
// the file's name as it came; it is shown by DisplayName.
func Message(lang string, r *Reason, name string) string {
	s := sentencesIn(lang)
	return s.fill(s.rejected[r.Code], name, r.Page)
}

// WarningText tells the clerk in lang (vi, fr, en) what one of the Warn... codes means. page 0 is the whole deposit. A
// code it does not know is returned as it is.
func WarningText(lang, code string, page int) string {
	s := sentencesIn(lang)
	text, known := s.warned[code]
	if !known {
		return code
	}
	return s.fill(text, "", page)
}

// VerdictText tells the clerk in lang (vi, fr, en) what is wrong with a scanned page and what to do. page 0 leaves the number
// out.
func VerdictText(lang string, code VerdictCode, page int) string {
	s := sentencesIn(lang)
	return s.fill(s.verdicts[code], "", page)
}

func (s sentences) fill(text, name string, page int) string {
	place := ""
	if page > 0 {
		place = strings.ReplaceAll(s.page, "{number}", strconv.Itoa(page))
	}
	return strings.NewReplacer("{name}", DisplayName(name), "{page}", place).Replace(text)
}
