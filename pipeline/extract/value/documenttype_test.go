package value_test

import (
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestTheTypeOfADocumentIsKnownByTitleAbbreviationAndSymbol(t *testing.T) {
	for text, want := range map[string]string{
		"THÔNG BÁO": "Thông báo", "Quyết định": "Quyết định", "QĐ": "Quyết định", "QÐ": "Quyết định", "TTr": "Tờ trình",
		"12/TB-ĐHĐL": "Thông báo", "/QĐ-UBND": "Quyết định", "45/UBND-VX": "Công văn", "BẢN THOẢ THUẬN": "Bản thỏa thuận",
		"30/2020/NĐ-CP": "Nghị định", "GIẤY MỜI.": "Giấy mời",
	} {
		if got, err := value.Parse("document_type", text, value.Options{}); err != nil || got.Value != want || got.Repaired {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestAMisreadTitleIsMendedByTheListOfTypes(t *testing.T) {
	for text, want := range map[string]string{"THÔNG BẢO": "Thông báo", "NGHỊ LỊNH": "Nghị định", "QUYÉT ĐỊNH": "Quyết định", "BÁO CẢO": "Báo cáo"} {
		got, err := value.Parse("document_type", text, value.Options{})
		if err != nil || got.Value != want || !got.Repaired || got.OtherRaw == "" || got.Raw != text {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"THÔNG TIN", "BẢO CHÍ", "GIẤY MÁ", "XYZ", "592/KQ-TTHC", "45/2019/QH14"} {
		if got, err := value.Parse("document_type", text, value.Options{}); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
