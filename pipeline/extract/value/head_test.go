package value_test

import (
	"errors"
	"testing"

	"github.com/dossierd/dossierd/pipeline/extract/value"
)

func TestTheAgencyIsTheLastNameOfTheHead(t *testing.T) {
	for text, want := range map[string][3]string{
		"BỘ CÔNG THƯƠNG\nTRƯỜNG ĐẠI HỌC ĐIỆN LỰC": {"BỘ CÔNG THƯƠNG TRƯỜNG ĐẠI HỌC ĐIỆN LỰC", "BỘ CÔNG THƯƠNG", "TRƯỜNG ĐẠI HỌC ĐIỆN LỰC"},
		"BỘ CÔNG THƯƠNG CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nTRƯỜNG ĐẠI HỌC ĐIỆN LỰC Độc lập - Tự do - Hạnh phúc\n-----\nSố: 12/TB-ĐHĐL": {
			"BỘ CÔNG THƯƠNG TRƯỜNG ĐẠI HỌC ĐIỆN LỰC", "BỘ CÔNG THƯƠNG", "TRƯỜNG ĐẠI HỌC ĐIỆN LỰC",
		},
		"ỦY BAN NHÂN DÂN\nTỈNH NINH BÌNH\n_______\nSố:   /QĐ-UBND": {"ỦY BAN NHÂN DÂN TỈNH NINH BÌNH", "", "ỦY BAN NHÂN DÂN TỈNH NINH BÌNH"},
		"UBND TỈNH NINH BÌNH\nSỞ TƯ PHÁP":                          {"UBND TỈNH NINH BÌNH SỞ TƯ PHÁP", "UBND TỈNH NINH BÌNH", "SỞ TƯ PHÁP"},
		"RÉPUBLIQUE FRANÇAISE\nPRÉFECTURE DU RHÔNE":                {"PRÉFECTURE DU RHÔNE", "", "PRÉFECTURE DU RHÔNE"},
	} {
		got, err := value.Parse("agency", text, value.Options{})
		if err != nil || [3]string{got.Value, got.Parts["parent"], got.Parts["agency"]} != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập – Tự do – Hạnh phúc", "---- ~ 1", ""} {
		if got, err := value.Parse("agency", text, value.Options{}); !errors.Is(err, value.ErrAbsent) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestTheAbstractIsOneLine(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{
			"Về việc chương trình nhập học trực tiếp và lịch học đối với sinh viên\nhệ đại học chính quy khóa D20\n_____", "vie",
			"Về việc chương trình nhập học trực tiếp và lịch học đối với sinh viên hệ đại học chính quy khóa D20",
		},
		{"V/v đăng ký môn học\nhọc kỳ I năm học 2021-\n2022.", "vie", "đăng ký môn học học kỳ I năm học 2021- 2022"},
		{"V/v: công tác công dân-\nsinh viên", "vie", "công tác công dân-sinh viên"},
		{"Objet : demande de raccor-\ndement au réseau", "fra", "Objet : demande de raccordement au réseau"},
	} {
		got, err := value.Parse("abstract", c.text, value.Options{Language: c.language})
		if err != nil || got.Value != c.want {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
}

func TestRecipientsAreAList(t *testing.T) {
	for text, want := range map[string]string{
		"Nơi nhận:\n- Các đơn vị;\n- Các cổng thông tin, EPU 235;\n- Lưu: VT, ĐT, Anh LVT (01).": "Các đơn vị; Các cổng thông tin, EPU 235; Lưu: VT, ĐT, Anh LVT (01)",
		"Nơi nhận:\n- Như Điều 3;\n- Chủ tịch, các Phó Chủ tịch\nUBND tỉnh;\n- Lưu: VT, VP5./.":  "Như Điều 3; Chủ tịch, các Phó Chủ tịch UBND tỉnh; Lưu: VT, VP5",
		"Các đơn vị; Lưu: VT":              "Các đơn vị; Lưu: VT",
		"Nơi nhận:\n- Như trên\n- Lưu: VT": "Như trên; Lưu: VT",
	} {
		got, err := value.Parse("recipients", text, value.Options{})
		if err != nil || got.Value != want || got.Raw != text[got.Start:got.End] {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if _, err := value.Parse("recipients", "Nơi nhận:\n", value.Options{}); !errors.Is(err, value.ErrAbsent) {
		t.Errorf("an empty list: %v", err)
	}
}

func TestMarksAreReadWhereTheyStandAlone(t *testing.T) {
	for text, want := range map[string]string{"KHẨN": "KHẨN", "HOẢ TỐC": "HỎA TỐC", "Thượng khẩn": "THƯỢNG KHẨN"} {
		if got, err := value.Parse("urgency", text, value.Options{}); err != nil || got.Value != want || got.Repaired {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := value.Parse("secrecy", "TÔI MẬT", value.Options{}); err != nil || got.Value != "TỐI MẬT" || !got.Repaired {
		t.Errorf("%+v, %v", got, err)
	}
	found := value.Find("urgency", "UBND TỈNH\nKHẨN\nđề nghị các đơn vị khẩn trương\nkhẩn", value.Options{})
	if len(found) != 1 || found[0].Value != "KHẨN" {
		t.Errorf("%+v", found)
	}
}

func TestAnAddressIsOneLine(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{"Thôn 3, xã Gia Trấn, huyện\nGia Viễn, tỉnh Ninh Bình.", "vie", "Thôn 3, xã Gia Trấn, huyện Gia Viễn, tỉnh Ninh Bình"},
		{"12 rue de la Paix\n75002 PARIS", "fra", "12 rue de la Paix, 75002 PARIS"},
		{"12, rue de la Paix,\n75002 PARIS", "fra", "12, rue de la Paix, 75002 PARIS"},
	} {
		got, err := value.Parse("address", c.text, value.Options{Language: c.language})
		if err != nil || got.Value != c.want {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
}
