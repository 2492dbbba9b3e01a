package scanners

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// receiptWords are the words of a receipt in one language.
type receiptWords struct {
	published, duplicate             string // with {name}
	dossier, pages, note, id, before string // each with its colon
}

func receiptWordsIn(lang string) receiptWords {
	switch lang {
	case "vi":
		return receiptWords{
			published: "Đã tiếp nhận tệp {name}.",
			duplicate: "Tệp {name} đã được tiếp nhận trước đó, nên không lập hồ sơ mới.",
			dossier:   "Hồ sơ:", pages: "Số trang:", note: "Lưu ý:", id: "Mã tiếp nhận:", before: "Mã tiếp nhận trước của tệp cùng tên:",
		}
	case "fr":
		return receiptWords{
			published: "{name} a été reçu.",
			duplicate: "{name} avait déjà été reçu ; aucun nouveau dossier n'a été créé.",
			dossier:   "Dossier :", pages: "Pages :", note: "Remarque :", id: "Dépôt :", before: "Dépôt précédent du même nom :",
		}
	default:
		return receiptWords{
			published: "{name} was received.",
			duplicate: "{name} had been received before; no new dossier was made.",
			dossier:   "Dossier:", pages: "Pages:", note: "Note:", id: "Deposit:", before: "Earlier deposit of this name:",
		}
	}
}

// receipt tells the clerk what a deposit became. Its last line ends with the deposit's id. before is the id of the receipt
// that it takes the place of, or "".
func receipt(lang string, n dossier.Notice, before string) []string {
	w := receiptWordsIn(lang)
	first := w.published
	if n.Deposit.State == dossier.StateDuplicate {
		first = w.duplicate
	}
	lines := []string{strings.ReplaceAll(first, "{name}", dossier.DisplayName(n.Deposit.Name)), ""}
	add := func(word, value string) {
		if value != "" {
			lines = append(lines, word+" "+value)
		}
	}
	add(w.dossier, strings.Join(n.Codes, ", "))
	if n.Pages > 0 {
		add(w.pages, strconv.Itoa(n.Pages))
	}
	warnings := slices.Concat(n.Warning, n.Deposit.Warnings)
	slices.Sort(warnings)
	for _, code := range slices.Compact(warnings) {
		add(w.note, dossier.WarningText(lang, code, 0))
	}
	add(w.before, before)
	add(w.id, n.Deposit.ID)
	return lines
}

// text joins lines the way every Windows editor shows them.
func text(lines []string) []byte {
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// receiptOf reads the deposit id out of a receipt; "" where it is none.
func receiptOf(text []byte) string {
	fields := strings.Fields(string(text))
	if len(fields) == 0 {
		return ""
	}
	id := fields[len(fields)-1]
	if _, ok := idTime(id); !ok {
		return ""
	}
	return id
}
