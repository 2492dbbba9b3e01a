package iiif

import (
	"fmt"
	"strconv"
	"time"
)

// text is what a manifest says to people, by language; "none" where it is in none.
type text map[string][]string

func said(vi, fr, en string) text { return text{"vi": {vi}, "fr": {fr}, "en": {en}} }

func plain(s string) text { return text{"none": {s}} }

func pageLabel(n int) text {
	number := strconv.Itoa(n)
	return said("Trang "+number, "Page "+number, "Page "+number)
}

func documentLabel(title string, n int) text {
	if title != "" {
		return plain(title)
	}
	return said(fmt.Sprintf("Giấy tờ %d", n), fmt.Sprintf("Document %d", n), fmt.Sprintf("Document %d", n))
}

func dossierLabel(code string) text {
	return said("Hồ sơ "+code, "Dossier "+code, "Dossier "+code)
}

// pair is a label and what stands beside it.
type pair struct {
	Label text `json:"label"`
	Value text `json:"value"`
}

// pairs leaves out those of which nothing is known. Days are those of a place.
func pairs(m *metadata, place *time.Location) []pair {
	all := []pair{
		{said("Mã hồ sơ", "Code du dossier", "Dossier code"), plain(m.Dossier.Code)},
		{said("Thủ tục", "Démarche", "Procedure"), plain(m.Dossier.Procedure)},
		{said("Sở, ngành", "Service", "Department"), plain(m.Dossier.Department)},
		{said("Quầy tiếp nhận", "Guichet", "Station"), plain(m.Dossier.Station)},
		{said("Ngày tiếp nhận", "Reçu le", "Received on"), plain(m.Dossier.CreatedAt.In(place).Format(time.DateOnly))},
		{said("Phiên bản", "Version", "Version"), plain(strconv.Itoa(m.Dossier.Version))},
	}
	var known []pair
	for _, p := range all {
		if p.Value["none"][0] != "" {
			known = append(known, p)
		}
	}
	return known
}

func statement() *pair {
	return &pair{
		said("Sử dụng", "Utilisation", "Use"),
		said("Bản số hóa hồ sơ hành chính, chỉ dùng cho công việc được giao.",
			"Numérisation d'un dossier administratif, réservée au service.",
			"Digitised administrative file, for official use only."),
	}
}

func personalNote() text {
	return said("Trang này là giấy tờ tùy thân; bạn không có quyền xem.",
		"Cette page est une pièce d'identité ; vous n'avez pas le droit de la voir.",
		"This page is an identity paper, which you may not see.")
}

func noImageNote() text {
	return said("Không giữ được hình ảnh của trang này.", "Aucune image de cette page n'a pu être gardée.", "No image of this page could be kept.")
}

func cutNote() text {
	return said("Việc tìm bị ngắt vì quá lâu: có thể còn kết quả khác.",
		"La recherche a été interrompue, elle durait trop : il peut manquer des résultats.",
		"The search was cut short, for it took too long: hits may be missing.")
}
