package main

import "fmt"

// lastTemplates are one more set that no rule was written by, of what a counter sees on an ordinary day.
func lastTemplates() []template {
	return []template{
		{name: "don-xac-nhan", head: "national", copies: 2, make: request},
		{name: "quyet-dinh-ba-phu-luc", head: "national", copies: 2, make: threeAnnexes},
		{name: "chung-nhan-doanh-nghiep", head: "national", copies: 2, make: companyCertificate},
		{name: "thong-bao-thue", head: "national", copies: 2, make: taxNotice},
		{name: "hop-dong-lao-dong", head: "national", copies: 1, make: employment},
		{name: "kham-suc-khoe", head: "national", copies: 1, make: health},
		{name: "bao-cao-dai", head: "national", copies: 1, make: longReport},
		{name: "giay-phep-lai-xe", head: "national", copies: 1, make: drivingLicence},
		{name: "hoc-ba", head: "agency", copies: 1, make: schoolReport},
		{name: "bien-lai", head: "agency", copies: 2, make: receipt},
		{name: "lettre-societe", head: "letter", lang: "fra", copies: 2, make: companyLetter},
		{name: "certificat-scolarite", head: "title", lang: "fra", copies: 1, make: schooling},
		{name: "acte-naissance", head: "agency", lang: "fra", copies: 1, make: frenchBirth},
	}
}

func request(d dice) []string {
	s := sheet{size: "14pt"}
	return []string{s.html(`<p class=c>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập – Tự do – Hạnh phúc<br>---------------</p><p class="r i">` + d.province() + ", " + d.issued() + `</p><h1>ĐƠN XIN XÁC NHẬN NƠI CƯ TRÚ</h1><p><b>Kính gửi:</b> Công an ` + d.commune() + `</p>` +
		fields("Tôi tên là", d.person(), "Sinh ngày", d.day(), "Số CCCD", d.citizen(), "Hiện cư trú tại", d.address()) + d.paragraphs(6, true) + signed(d, "Người làm đơn") + `<div class=new><p class="c b">XÁC NHẬN CỦA CHÍNH QUYỀN ĐỊA PHƯƠNG</p>` + d.paragraphs(1, true) + `<p class=r>` + d.province() + ", " + d.issued() + `</p></div>`)}
}

func threeAnnexes(d dice) []string {
	number, issued := d.digits(3)+"/QĐ-UBND", d.issued()
	s := sheet{size: "13pt", font: "'Noto Serif'", top: `"Quyết định số ` + number + `"`, bare: true}
	parts := []string{s.html(official("", "ỦY BAN NHÂN DÂN<br>THÀNH PHỐ "+upper(d.of("Hoa Lư", "Tam Điệp")), "Số: "+number, d.of("Hoa Lư", "Tam Điệp"), issued) + `<h1>QUYẾT ĐỊNH</h1><h2>Về việc phê duyệt quy hoạch chi tiết</h2><p class="c b">CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ</p>` + d.paragraphs(4, true) + `<p class="c b">QUYẾT ĐỊNH:</p>` + d.paragraphs(4, true) + closing("CHỦ TỊCH", d.person(), "Như Điều 2"))}
	annexes := sheet{size: "12pt", font: "'Noto Serif'", foot: outOf}
	for i, title := range []string{"BẢNG TỔNG HỢP SỬ DỤNG ĐẤT", "DANH MỤC HẠNG MỤC HẠ TẦNG KỸ THUẬT", "TIẾN ĐỘ THỰC HIỆN"} {
		parts = append(parts, annexes.html(`<p class="c b">PHỤ LỤC `+[]string{"I", "II", "III"}[i]+`</p><p class="c b">`+title+`</p><p class="c i">(Kèm theo Quyết định số `+number+` `+issued+` của UBND thành phố)</p>`+
			table([]string{"STT", "Nội dung", "Diện tích (ha)"}, d.between(8, 40), func(int) []string { return []string{d.sentence(true)[:40], d.digits(2)} })))
	}
	return parts
}

func companyCertificate(d dice) []string {
	s := sheet{size: "13pt", font: "'Liberation Serif'"}
	return []string{s.html(`<div class=two><p>SỞ KẾ HOẠCH VÀ ĐẦU TƯ<br>TỈNH ` + upper(d.province()) + `<br><b>PHÒNG ĐĂNG KÝ KINH DOANH</b></p><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</b></p></div><h1>GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP<br>CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN</h1><p class="c b">Mã số doanh nghiệp: 27` + d.digits(8) + `</p><p class="c i">Đăng ký lần đầu: ` + d.issued() + `</p>` +
		fields("1. Tên công ty viết bằng tiếng Việt", "CÔNG TY TNHH "+upper(d.of("An Phát", "Thịnh Vượng")), "2. Địa chỉ trụ sở chính", d.address(), "3. Vốn điều lệ", "1.800.000.000 đồng", "4. Thông tin về chủ sở hữu", d.person(), "5. Người đại diện theo pháp luật", d.person()) + `<p class="r b">TRƯỞNG PHÒNG</p>`)}
}

func taxNotice(d dice) []string {
	s := sheet{size: "12pt", font: "'Liberation Serif'", foot: plain}
	return []string{s.html(`<p class="r s">Mẫu số: 01/TB-XĐTT</p><div class=two><p>CỤC THUẾ TỈNH ` + upper(d.province()) + `<br><b>CHI CỤC THUẾ KHU VỰC</b><br>Số: LTB` + d.digits(5) + `/TB-CCT</p><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</b><br><i>` + d.province() + ", " + d.issued() + `</i></p></div><h1>THÔNG BÁO NỘP TIỀN</h1><h2>Về lệ phí trước bạ nhà, đất</h2>` +
		fields("1. Tên người nộp thuế", d.person(), "2. Mã số thuế", d.digits(10), "3. Địa chỉ", d.address()) + d.paragraphs(d.between(2, 7), true) + table([]string{"STT", "Loại", "Số tiền"}, 4, func(int) []string { return []string{"Lệ phí trước bạ", d.digits(3) + ".000"} }) + `<p class="r b">CHI CỤC TRƯỞNG</p>`)}
}

func employment(d dice) []string {
	s := sheet{size: "13pt", font: "Carlito", top: `"HĐLĐ số ` + d.digits(2) + `/2024"`, foot: outOf}
	body := `<div class=two><p class=b>CÔNG TY TNHH GIÀY ADORA<br>Số: ` + d.digits(2) + `/2024/HĐLĐ</p><p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</p></div><h1>HỢP ĐỒNG LAO ĐỘNG</h1>` + fields("Chúng tôi, một bên là ông", d.person(), "Chức vụ", "Giám đốc", "Và một bên là ông/bà", d.person())
	for i := 1; i <= 12; i++ {
		body += fmt.Sprintf("<p class=b>Điều %d: %s</p>", i, d.of("Thời hạn và công việc hợp đồng", "Chế độ làm việc", "Nghĩa vụ và quyền lợi của người lao động")) + d.paragraphs(2, true)
	}
	return []string{s.html(body)}
}

func health(d dice) []string {
	s := sheet{size: "13pt", font: "'Liberation Serif'"}
	section := func(title string) string {
		return `<div class=new><p class="c b">` + title + `</p>` + table([]string{"TT", "Nội dung khám", "Kết quả"}, 9, func(int) []string {
			return []string{d.of("Tuần hoàn", "Hô hấp", "Tiêu hóa", "Mắt"), "Bình thường"}
		}) + `</div>`
	}
	return []string{s.html(`<div class=two><p class=b>SỞ Y TẾ ` + upper(d.province()) + `<br>TRUNG TÂM Y TẾ HUYỆN<br>Số: ` + d.digits(3) + `/GKSK</p><p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</p></div><h1>GIẤY KHÁM SỨC KHỎE</h1>` + fields("Họ và tên", upper(d.person()), "Giới", "Nam", "Tuổi", "35", "Số CCCD", d.citizen(), "Chỗ ở hiện tại", d.address(), "Lý do khám sức khỏe", "Xin việc") +
		section("TIỀN SỬ BỆNH CỦA ĐỐI TƯỢNG KHÁM SỨC KHỎE") + section("I. KHÁM THỂ LỰC") + section("KẾT LUẬN"))}
}

func longReport(d dice) []string {
	s := sheet{size: "14pt", top: plain, bare: true}
	body := official("UBND TỈNH "+upper(d.province()), "SỞ GIAO THÔNG VẬN TẢI", "Số: "+d.digits(3)+"/BC-SGTVT", d.province(), d.issued()) + `<h1>BÁO CÁO</h1><h2>Kết quả công tác cải cách hành chính năm 2024</h2>` + d.paragraphs(4, true)
	for _, part := range []string{"PHẦN THỨ NHẤT<br>ĐÁNH GIÁ TÌNH HÌNH THỰC HIỆN", "PHẦN THỨ HAI<br>PHƯƠNG HƯỚNG, NHIỆM VỤ"} {
		body += `<div class=new><p class="c b">` + part + `</p>` + d.paragraphs(9, true) + `</div>`
	}
	return []string{s.html(body + closing("GIÁM ĐỐC", d.person(), "Sở Nội vụ"))}
}

func drivingLicence(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "9pt", margins: "30mm"}
	return []string{
		s.html(`<div class=card><p class="c b">BỘ GTVT / MOT</p><p class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class=c>THE SOCIALIST REPUBLIC OF VIET NAM</p><p class="c b">GIẤY PHÉP LÁI XE / DRIVER'S LICENSE</p><p>Số/No: ` + d.digits(12) + `</p><p>Họ tên/Full name: ` + upper(d.person()) + `</p><p>Ngày sinh/Date of Birth: ` + d.day() + `</p><p>Hạng/Class: B2</p></div>`),
		s.html(`<div class=card><p class=b>CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN:<br>CLASSIFICATION OF MOTOR VEHICLES</p><p>B2: Ô tô chở người đến 9 chỗ ngồi; xe tải dưới 3.500 kg</p><p>Ngày trúng tuyển/Beginning date: ` + d.day() + `</p></div>`),
	}
}

func schoolReport(d dice) []string {
	s := sheet{size: "12pt", font: "'Liberation Serif'"}
	return []string{s.html(`<p class="field b">SỞ GIÁO DỤC VÀ ĐÀO TẠO ` + upper(d.province()) + `<br>TRƯỜNG THPT ` + upper(d.of("Gia Viễn B", "Kim Sơn A")) + `</p><h1>BẢNG ĐIỂM HỌC TẬP</h1>` + fields("Họ và tên học sinh", d.person(), "Lớp", "12A1", "Năm học", "2023 - 2024") +
		table([]string{"STT", "Môn học", "Học kỳ I", "Học kỳ II", "Cả năm"}, 12, func(int) []string {
			return []string{d.of("Toán", "Ngữ văn", "Vật lí", "Hóa học"), "8,1", "8,4", "8,3"}
		}) + `<div class=new><p class=b>Nhận xét của giáo viên chủ nhiệm</p>` + d.paragraphs(2, true) + `<p class="r b">HIỆU TRƯỞNG</p></div>`)}
}

func receipt(d dice) []string {
	s := sheet{size: "12pt", font: "'Liberation Sans'"}
	return []string{s.html(`<p class="field b">UBND TỈNH ` + upper(d.province()) + `<br>TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG</p><h1>BIÊN LAI THU PHÍ, LỆ PHÍ</h1><p class=c>Ký hiệu: AB/24P &nbsp; Số: ` + d.digits(7) + `</p>` + fields("Họ tên người nộp", d.person(), "Địa chỉ", d.address(), "Lý do nộp", "Lệ phí cấp giấy phép xây dựng", "Số tiền", "75.000 đồng") + `<p class=r>Người thu tiền</p>`)}
}

func companyLetter(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", margins: "20mm", foot: d.of(slash, "none")}
	return []string{s.html(`<p class="c b" style="font-size:140%">` + d.of("CABINET ROUSSEAU ARCHITECTES", "ASSURANCES DE L'OUEST") + `</p><p class="c s">22 boulevard Carnot - 87000 Limoges - www.exemple.fr</p><p class=r>À l'attention de Mme Lefort<br>Service urbanisme<br>87000 Limoges</p><p class=r>Limoges, le 03/05/2024</p><p class=field>N/Réf : CR/` + d.digits(4) + `<br>V/Réf : votre courrier du 12 avril</p><p class="field b">Objet : transmission du dossier complété</p><p>Madame, Monsieur,</p>` + d.french(d.between(3, 12)) +
		`<p>Veuillez agréer, Madame, Monsieur, l'expression de nos salutations distinguées.</p>`)}
}

func schooling(d dice) []string {
	s := sheet{font: "'Liberation Serif'", size: "12pt", margins: "25mm"}
	return []string{s.html(`<p class="field b">Académie de Limoges<br>Lycée Auguste Renoir</p><h1>CERTIFICAT DE SCOLARITÉ</h1><h2>Année scolaire 2023-2024</h2><p>Le proviseur du lycée certifie que l'élève Lucas Fabre, né le 4 mai 2007, est inscrit en classe de première.</p>` + d.french(1) + `<p class=r>Fait à Limoges, le 8 septembre 2023</p>`)}
}

func frenchBirth(d dice) []string {
	s := sheet{font: "'Liberation Serif'", size: "12pt", margins: "25mm"}
	return []string{s.html(`<p class="field b">MAIRIE DE LIMOGES</p><p class=field>Service de l'état civil</p><h1>ACTE DE NAISSANCE</h1><h2>Copie intégrale - Acte n° ` + d.digits(3) + `</h2>` + fields("Nom", "FABRE", "Prénoms", "Lucas Jean", "Né le", "4 mai 2007 à 10 heures", "Père", "Jean Fabre", "Mère", "Anne Colin") + d.french(1))}
}
