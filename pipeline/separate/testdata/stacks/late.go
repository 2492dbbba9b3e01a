package main

import "fmt"

// lateTemplates were written when all weights were set, to go against them: heads within papers, titles off the middle,
// letterheads on every page.
func lateTemplates() []template {
	return []template{
		{name: "hop-dong-mua-ban", head: "national", copies: 2, make: saleContract},
		{name: "bao-cao-thuyet-minh", head: "title", copies: 2, make: coveredReport},
		{name: "giay-tieu-de", head: "agency", copies: 2, make: letterhead},
		{name: "giay-ra-vien", head: "national", copies: 2, make: discharge},
		{name: "quyet-dinh-mau-don", head: "national", copies: 2, make: decisionWithForm},
		{name: "giay-uy-quyen", head: "national", copies: 2, make: mandate},
		{name: "giay-hen", head: "national", copies: 2, make: appointment},
		{name: "bang-tot-nghiep", head: "national", copies: 2, make: diploma},
		{name: "ke-hoach", head: "national", copies: 2, make: workPlan},
		{name: "the-can-cuoc", head: "national", copies: 2, make: newCard},
		{name: "bail", head: "title", lang: "fra", copies: 2, make: lease},
		{name: "facture", head: "title", lang: "fra", copies: 2, make: frenchInvoice},
		{name: "convocation", head: "letter", lang: "fra", copies: 2, make: summons},
		{name: "demande", head: "title", lang: "fra", copies: 2, make: frenchForm},
	}
}

func saleContract(d dice) []string {
	s := sheet{size: "12pt", font: "'Noto Serif'", foot: d.of(plain, outOf)}
	number := d.digits(2) + "/2025/HĐMB"
	main := national(motto) + `<p class=c>---o0o---</p><h1>HỢP ĐỒNG MUA BÁN HÀNG HÓA</h1><p class="c i">Số: ` + number + `</p>` + d.paragraphs(9, true) + `<div class=two><p class=b>ĐẠI DIỆN BÊN A</p><p class=b>ĐẠI DIỆN BÊN B</p></div>`
	annex := `<div class=new>` + national(motto) + `<h1>PHỤ LỤC HỢP ĐỒNG SỐ 01</h1><p class="c i">(Kèm theo Hợp đồng số ` + number + ` ` + d.issued() + `)</p>` + table([]string{"STT", "Tên hàng", "Đơn giá"}, 9, func(int) []string { return []string{"Xi măng", d.digits(3) + ".000"} }) + `</div>`
	return []string{s.html(main + annex)}
}

func coveredReport(d dice) []string {
	s := sheet{size: "13pt", top: `"Báo cáo thuyết minh dự án hồ chứa nước"`, foot: outOf}
	return []string{s.html(`<p class="c b">UBND TỈNH ` + upper(d.province()) + `</p><p class="c b">BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ XÂY DỰNG</p><h1 style="margin-top:70mm;font-size:180%">BÁO CÁO THUYẾT MINH</h1><h2>DỰ ÁN HỒ CHỨA NƯỚC ` + upper(d.of("Đồng Chương", "Yên Thắng")) + `</h2><p class=c style="margin-top:60mm">Tháng 5 năm 2025</p>` +
		`<div class=new>` + official("UBND TỈNH "+upper(d.province()), "BAN QUẢN LÝ DỰ ÁN", "Số: "+d.digits(2)+"/BC-BQLDA", d.province(), d.issued()) + `<h1>BÁO CÁO THUYẾT MINH</h1><h2>Dự án hồ chứa nước</h2>` + d.paragraphs(10, true) + `</div>`)}
}

func letterhead(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", top: `"CÔNG TY CỔ PHẦN XÂY DỰNG SÔNG HỒNG · Hotline 1900 6868"`, foot: `"www.songhong.example - Tầng 5, 12 Lê Lợi"`}
	return []string{s.html(`<p class="field b">CÔNG TY CỔ PHẦN XÂY DỰNG SÔNG HỒNG</p><p class=field>Số: ` + d.digits(3) + `/2025/SH-CV</p><p class="r i">` + d.province() + ", " + d.issued() + `</p><p class="field b">Kính gửi: Phòng Quản lý đô thị</p><p class=field>Về việc: đề nghị gia hạn giấy phép</p>` +
		d.paragraphs(d.between(5, 9), true) + `<p class="r b">GIÁM ĐỐC</p>`)}
}

func discharge(d dice) []string {
	s := sheet{size: "12pt", font: "'Liberation Serif'"}
	return []string{s.html(`<div class=two style="font-size:85%"><p>Sở Y tế ` + d.province() + `<br><b>BỆNH VIỆN SẢN NHI</b></p><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>` + motto + `</p><p>MS: 01/BV-01<br>Số lưu trữ: ` + d.digits(4) + `</p></div><h1>GIẤY RA VIỆN</h1>` +
		fields("- Họ tên người bệnh", d.person(), "- Ngày/tháng/năm sinh", d.day(), "- Dân tộc", "Kinh", "- Địa chỉ", d.address(), "- Vào viện lúc", "8 giờ 15 phút", "- Chẩn đoán", "Theo dõi sau sinh") + `<div class=two><p>TRƯỞNG KHOA</p><p>GIÁM ĐỐC BỆNH VIỆN</p></div>`)}
}

func decisionWithForm(d dice) []string {
	number, issued := fmt.Sprintf("%d/QĐ-STTTT", d.between(100, 990)), d.issued()
	s := sheet{size: "14pt"}
	main := official("UBND TỈNH "+upper(d.province()), "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Số: "+number, d.province(), issued) + `<h1>QUYẾT ĐỊNH</h1><h2>Về việc ban hành mẫu đơn dùng trong giải quyết thủ tục</h2>` + d.paragraphs(5, true) + `<p class="c b">QUYẾT ĐỊNH:</p>` + d.paragraphs(3, true) + closing("GIÁM ĐỐC", d.person(), "Như Điều 3")
	form := `<p class="r b">Mẫu số 01</p><p class="c i">(Ban hành kèm theo Quyết định số ` + number + ` ` + issued + `)</p>` + national(motto) + `<h1>ĐƠN ĐỀ NGHỊ CẤP PHÉP</h1><p class=c>Kính gửi: ....................................</p>` + fields("Họ và tên", "........................", "Địa chỉ", "..............................", "Điện thoại", "...................") + `<p>Tôi cam đoan những nội dung kê khai trên là đúng.</p>`
	return []string{s.html(main), s.html(form)}
}

func mandate(d dice) []string {
	s := sheet{size: "14pt", font: "'Noto Serif'", foot: "none"}
	return []string{s.html(national("Độc lập - Tự do - Hạnh phúc") + `<p class=c>***</p><h1>GIẤY ỦY QUYỀN</h1><p class="c i">(Dành cho cá nhân)</p><p>Hôm nay, ` + d.issued() + `, chúng tôi gồm có:</p><p class=b>I. BÊN ỦY QUYỀN</p>` + fields("Họ tên", d.person(), "Địa chỉ", d.address(), "Số CCCD", d.citizen()) + `<p class=b>II. BÊN ĐƯỢC ỦY QUYỀN</p>` + fields("Họ tên", d.person(), "Địa chỉ", d.address()) +
		`<p class=b>III. NỘI DUNG ỦY QUYỀN</p>` + d.paragraphs(4, true) + `<p class=b>IV. CAM KẾT</p>` + d.paragraphs(3, true) + `<div class=two><p>BÊN ỦY QUYỀN</p><p>BÊN ĐƯỢC ỦY QUYỀN</p></div><p class="c b">XÁC NHẬN CỦA CƠ QUAN CÓ THẨM QUYỀN</p>`)}
}

func appointment(d dice) []string {
	s := sheet{size: "12pt", font: "Carlito"}
	return []string{s.html(`<div class=two><p>UBND TỈNH ` + upper(d.province()) + `<br><b>TRUNG TÂM PHỤC VỤ<br>HÀNH CHÍNH CÔNG</b><br>Số: ` + d.digits(4) + `/TTPVHCC</p><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</b></p></div><h1>GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ</h1><p class=c>Mã hồ sơ: H42.16-` + "250112-" + d.digits(4) + `</p>` +
		fields("Bộ phận tiếp nhận", "Quầy số 3", "Tiếp nhận hồ sơ của", d.person(), "Địa chỉ", d.address(), "Nội dung yêu cầu giải quyết", "Cấp giấy phép xây dựng", "Thời gian nhận hồ sơ", d.day()) + table([]string{"STT", "Tên giấy tờ", "Số bản"}, 5, func(int) []string {
		return []string{d.of("Đơn đề nghị", "Bản vẽ", "Giấy chứng nhận"), "01"}
	}) + `<div class=two><p>NGƯỜI NỘP HỒ SƠ</p><p>NGƯỜI TIẾP NHẬN</p></div>`)}
}

func diploma(d dice) []string {
	s := sheet{size: "13pt", font: "'Noto Serif'", margins: "40mm 25mm"}
	return []string{s.html(national(motto) + `<p class=c>GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO ` + upper(d.province()) + `</p><p class=c>cấp</p><h1 style="font-size:170%">BẰNG TỐT NGHIỆP<br>TRUNG HỌC PHỔ THÔNG</h1>` + fields("Cho", d.person(), "Ngày sinh", d.day(), "Nơi sinh", d.province(), "Học sinh trường", "THPT Hoa Lư A", "Khóa thi", d.day()) + `<p class=r>` + d.province() + ", " + d.issued() + `</p>`)}
}

func workPlan(d dice) []string {
	number, issued := d.digits(3)+"/KH-UBND", d.issued()
	s := sheet{size: "14pt", top: `"Kế hoạch số ` + number + `"`, foot: plain, bare: true}
	main := official("", "ỦY BAN NHÂN DÂN<br>HUYỆN "+upper(d.of("Gia Viễn", "Ý Yên")), "Số: "+number, d.of("Gia Viễn", "Ý Yên"), issued) + `<h1>KẾ HOẠCH</h1><h2>Tuyên truyền, phổ biến pháp luật năm 2025</h2>` + d.paragraphs(9, true) + closing("PHÓ CHỦ TỊCH", d.person(), "UBND tỉnh")
	annex := `<p class="c b">BIỂU TỔNG HỢP NHIỆM VỤ</p><p class="c i">(Kèm theo Kế hoạch số ` + number + ` ` + issued + `)</p>` + table([]string{"TT", "Nhiệm vụ", "Đơn vị chủ trì"}, d.between(9, 30), func(int) []string { return []string{d.sentence(true)[:50], "Phòng Tư pháp"} })
	return []string{s.html(main + `<div class=new>` + annex + `</div>`)}
}

func newCard(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "9pt", margins: "25mm"}
	front := `<div class=card><p class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class="c s">SOCIALIST REPUBLIC OF VIET NAM</p><p class=c>Độc lập - Tự do - Hạnh phúc</p><p class="c b">CĂN CƯỚC<br>IDENTITY CARD</p><p>Số định danh cá nhân / Personal identification number: ` + d.citizen() + `</p><p>Họ, chữ đệm và tên khai sinh / Full name: <b>` + upper(d.person()) + `</b></p><p>Ngày, tháng, năm sinh / Date of birth: ` + d.day() + `</p></div>`
	back := `<div class=card><p>Nơi cư trú / Place of residence: ` + d.address() + `</p><p>Nơi đăng ký khai sinh / Place of birth: ` + d.commune() + `</p><p>Ngày, tháng, năm cấp / Date of issue: ` + d.day() + `</p><p class="c b">BỘ CÔNG AN / MINISTRY OF PUBLIC SECURITY</p><p style="font:8pt 'OCR B'">IDVNM` + d.digits(10) + `&lt;&lt;8<br>` + d.digits(7) + "F" + d.digits(7) + `VNM&lt;&lt;&lt;&lt;4<br>LE&lt;&lt;THI&lt;LAN&lt;&lt;&lt;&lt;&lt;&lt;&lt;</p></div>`
	return []string{s.html(front), s.html(back)}
}

func lease(d dice) []string {
	s := sheet{font: "Carlito", size: "11pt", foot: d.of(`"Paraphes :            page " counter(page) "/" counter(pages)`, slash), margins: "20mm"}
	body := `<h1>CONTRAT DE LOCATION</h1><h2>Locaux vides à usage d'habitation</h2><p class=b>Entre les soussignés :</p><p class=field>Monsieur Alain Petit, demeurant 4 rue Haute, 31000 Toulouse, ci-après le bailleur,</p><p class=field>et Madame Sophie Bernard, ci-après le locataire,</p>`
	for i := 1; i <= 8; i++ {
		body += fmt.Sprintf(`<p class="c b">ARTICLE %d - %s</p>`, i, d.of("DURÉE DU CONTRAT", "CONDITIONS FINANCIÈRES", "OBLIGATIONS DU LOCATAIRE", "CLAUSE RÉSOLUTOIRE")) + d.french(2)
	}
	return []string{s.html(body + `<p>Fait à Toulouse, le 2 mai 2024, en deux exemplaires.</p>`)}
}

func frenchInvoice(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "10pt", margins: "18mm"}
	return []string{s.html(`<div class="two flat" style="text-align:left"><p><b>Menuiserie Fontaine</b><br>14 route de Lyon<br>01000 Bourg-en-Bresse<br>SIRET 552 100 554 00025</p><p>Client :<br>Mairie de Viriat<br>01440 Viriat</p></div><p class="field b" style="font-size:150%">FACTURE N° 2024-` + d.digits(3) + `</p><p class=field>Date : 12/03/2024 &nbsp; Échéance : 11/04/2024</p>` +
		table([]string{"N°", "Désignation", "Qté", "Prix HT"}, d.between(4, 9), func(int) []string {
			return []string{d.of("Fenêtre bois", "Pose", "Déplacement"), "2", d.digits(3) + ",00"}
		}) + `<p class=r>Total TTC : 1 ` + d.digits(3) + `,00 €</p>`)}
}

func summons(d dice) []string {
	s := sheet{font: "'Liberation Serif'", size: "12pt", margins: "25mm"}
	return []string{s.html(`<div class="two flat" style="text-align:left"><p><b>Ville de ` + d.of("Mâcon", "Annecy") + `</b><br>Service de l'état civil<br>Nos réf. : EC/` + d.digits(3) + `</p><p>M. Hugo Girard<br>3 impasse du Puits<br>71000 Mâcon</p></div><p class=r>Mâcon, le lundi 8 avril 2024</p><p class="field b">Objet : convocation à un entretien</p><p>Monsieur,</p>` + d.french(d.between(2, 8)) + `<p class=r>L'officier de l'état civil</p>`)}
}

func frenchForm(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "10pt", margins: "15mm", foot: outOf2}
	return []string{s.html(`<div class=two><p class=s>cerfa<br>N° 13406*` + d.digits(2) + `</p><p class=s>Ministère chargé de l'urbanisme</p></div><h1 style="font-size:170%">Demande de permis de construire</h1><p class=c>pour une maison individuelle et/ou ses annexes</p><p class=b>1 - Identité du demandeur</p>` + fields("Nom", "Girard", "Prénom", "Hugo", "Date de naissance", d.day(), "Adresse", "3 impasse du Puits") +
		`<p class=b>2 - Terrain</p>` + fields("Adresse du terrain", "route des Crêtes", "Section", "AB", "Parcelle", d.digits(3)) + d.french(8) + `<p class=b>3 - Description du projet</p>` + d.french(7) + `<p class=b>4 - Engagement du déclarant</p>` + d.french(3))}
}

const outOf2 = `counter(page) " / " counter(pages)`
