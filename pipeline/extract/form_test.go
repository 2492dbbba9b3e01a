package extract_test

import (
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract"
)

// form is an application with what stands below its title.
func form(below ...string) *dossier.Page {
	return sheet(append([]string{
		"180 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "230 66 Độc lập - Tự do - Hạnh phúc", "230 110 ĐƠN ĐỀ NGHỊ", "180 140 Kính gửi: UBND xã Gia Tường",
	}, below...)...)
}

// says checks the value of a field and that it has no warning.
func says(t *testing.T, doc dossier.Document, name, want string) {
	t.Helper()
	if f := field(t, doc, name); f.Value != want || len(f.Warnings) > 0 {
		t.Errorf("%s: %q %v, want %q", name, f.Value, f.Warnings, want)
	}
}

func TestANumberOfAnotherPersonThanThePaperNamesIsAWarning(t *testing.T) {
	for born, agrees := range map[string]bool{"05/01/1994": true, "05/01/1995": false} {
		for sex, same := range map[string]bool{"Nam": true, "Nữ": false} {
			doc := describe(t, nil, form("80 200 Ngày sinh: "+born, "80 220 Giới tính: "+sex, "80 240 Số CCCD: 036094001234"))
			for name, want := range map[string]bool{"citizen_number": !agrees || !same, "born_on": !agrees, "sex": !same} {
				f := field(t, doc, name)
				if warned := slices.Contains(f.Warnings, dossier.WarnDisagree); f.Value == "" || warned != want || warned != (f.Confidence < 0.61) {
					t.Errorf("%s, %s: %s %q %.2f %v", born, sex, name, f.Value, f.Confidence, f.Warnings)
				}
			}
		}
	}
}

func TestAMisreadDateIsNoEvidenceAgainstANumber(t *testing.T) {
	doc := describe(t, nil, form("80 200 Ngày sinh: 05/01/1995~", "80 240 Số CCCD: 036094001234"))
	says(t, doc, "citizen_number", "036094001234")
}

func TestARemarkInBracketsBelongsToItsLabel(t *testing.T) {
	doc := describe(t, nil, form(
		"80 200 Họ và tên (chữ in hoa)", "80 216 NGUYỄN VĂN AN", "80 240 Số điện thoại (nếu có): 0912345678", "80 260 Nơi cư trú (2): Số 3, phường Hoa Lư, tỉnh Ninh Bình",
	))
	says(t, doc, "applicant", "Nguyễn Văn An")
	says(t, doc, "phone", "+84912345678")
	says(t, doc, "address", "Số 3, phường Hoa Lư, tỉnh Ninh Bình")
}

func TestTheCommaBehindADottedLineIsTheTexts(t *testing.T) {
	doc := describe(t, nil, form("80 200 Họ và tên: Nguyễn Văn An", "80 260 Làm tại: Gia Tường ......, ngày 05 tháng 01 năm 2024"))
	says(t, doc, "place", "Gia Tường")
	says(t, doc, "written_on", "2024-01-05")
}

func TestAShortWordThatIsLikeALabelIsAValue(t *testing.T) {
	p := sheet(
		"450 50 cerfa", "180 80 DEMANDE DE LOGEMENT", "80 140 Nom de naissance", "300 140 Lieu de naissance", "80 156 MARTIN", "300 156 Lille",
		"80 200 Code postal", "300 200 Commune", "80 216 59000", "300 216 Lille", "80 260 Fait à : Lille  Le : 05/01/2024",
	)
	p.Language = "fra"
	doc := describe(t, nil, p)
	for name, want := range map[string]string{"birthplace": "Lille", "town": "Lille", "place": "Lille", "written_on": "2024-01-05"} {
		says(t, doc, name, want)
	}
}

func TestTheColumnsOfAHeadMayLieHalfALineApart(t *testing.T) {
	p := sheet(
		"110 50 ỦY BAN NHÂN DÂN THÀNH PHỐ TAM ĐIỆP", "316 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "350 66 Độc lập - Tự do - Hạnh phúc", "150 78 Số: 123/QĐ-SXD",
		"340 92 Ninh Bình, ngày 05 tháng 01 năm 2024", "250 130 QUYẾT ĐỊNH", "210 150 Về việc cấp phép xây dựng",
	)
	lines := p.Layout.Blocks[0].Paragraphs
	lines[0].Lines[0].Words = append(lines[0].Lines[0].Words, lines[1].Lines[0].Words...) // which were read as one
	p.Layout.Blocks[0].Paragraphs = slices.Delete(lines, 1, 2)
	doc := describe(t, nil, p)
	says(t, doc, "agency", "ỦY BAN NHÂN DÂN THÀNH PHỐ TAM ĐIỆP")
	says(t, doc, "place", "Ninh Bình")
}

func TestAnIdentityCardBefore2016IsOne(t *testing.T) {
	doc := describe(t, nil, sheet(
		"180 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "230 66 Độc lập - Tự do - Hạnh phúc", "225 90 CHỨNG MINH NHÂN DÂN", "230 110 Số: 163212345", "230 130 Họ và tên: NGUYỄN VĂN AN",
		"230 150 Sinh ngày: 05/01/1974", "230 170 Nguyên quán: Gia Tường, Nho Quan", "230 190 Nơi ĐKHK thường trú: Gia Tường, Nho Quan",
	))
	if doc.Kind != "vi-idcard" {
		t.Fatalf("%q", doc.Kind)
	}
	says(t, doc, "number", "163212345")
	says(t, doc, "residence", "Gia Tường, Nho Quan")
	doc = describe(t, nil, form("80 200 Họ và tên: Nguyễn Văn An", "80 220 Giấy chứng minh nhân dân số 163212345", "80 240 Nơi thường trú: Gia Tường, Nho Quan"))
	if doc.Kind != "vi-application" {
		t.Errorf("a form that names a card: %q", doc.Kind)
	}
}

func TestABirthdayIsNotTheDayOfWriting(t *testing.T) {
	doc := describe(t, nil, sheet(
		"180 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "230 66 Độc lập - Tự do - Hạnh phúc", "330 86 Ninh Bình, ngày 05 tháng 01 năm 2024", "230 110 ĐƠN ĐỀ NGHỊ",
		"180 140 Kính gửi: UBND xã Gia Tường", "80 200 Họ và tên: Nguyễn Văn An", "80 220 Sinh ngày 12/03/1994",
	))
	says(t, doc, "place", "Ninh Bình")
	says(t, doc, "written_on", "2024-01-05")
}

func TestWhatAPaperIsCalledIsNoLabel(t *testing.T) {
	doc := describe(t, nil, sheet(
		"180 50 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "200 110 KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "80 140 Mã hồ sơ: H42.16-240112-0003", "80 160 Kết quả: Từ chối giải quyết",
	))
	says(t, doc, "outcome", "Từ chối giải quyết")
}

func TestWhatTellsWhoSomebodyIsIsPersonalWhateverTheKindSays(t *testing.T) {
	const ways = "    find: [{label: Số}]\n"
	for name, text := range map[string]string{
		"an identity paper": "identity: true\nfields:\n  - name: country\n" + ways,
		"a citizen number":  "fields:\n  - name: number\n    type: citizen_number\n" + ways,
		"a zone":            "fields:\n  - name: country\n    find: [{mrz: country}]\n",
		"what is not":       "fields:\n  - name: number\n" + ways,
	} {
		k, err := extract.Parse("k.yaml", []byte("name: k\ntitles: {en: K}\nrecognise: [{words: [Số], weight: 0.6}]\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		trials, _ := k.Try([]*dossier.Page{sheet(
			"80 50 Số 036094001234", "80 600 P<FRAMARCHAND<<ANNE<CLAUDE<<<<<<<<<<<<<<<<<<", "80 620 23HA456788FRA7408122F3204153<<<<<<<<<<<<<<<0",
		)}, nil)
		if f := trials[0].Field; f == nil || f.Personal != (name != "what is not") {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestCapitalsAreDoubtedOnAPageThatLosesTheirCircumflexes(t *testing.T) {
	for title, doubted := range map[string]bool{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": false, "CỌNG HÒA XÃ HỌI CHỦ NGHĨA VIẸT NAM": true} {
		doc := describe(t, nil, sheet(
			"180 50 "+title, "230 66 Độc lập - Tự do - Hạnh phúc", "220 110 ĐƠN BIẾN ĐỌNG ĐẤT", "180 140 Kính gửi: UBND xã Gia Tường", "80 200 Họ và tên: Nguyễn Văn An",
		))
		if f := field(t, doc, "form"); f.Value != "ĐƠN BIẾN ĐỌNG ĐẤT" || slices.Contains(f.Warnings, dossier.WarnUnsure) != doubted {
			t.Errorf("%s: %+v", title, f)
		}
		says(t, doc, "applicant", "Nguyễn Văn An")
	}
}
