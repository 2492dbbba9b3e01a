package main

import "fmt"

// heldTemplates are kept aside: nothing in package separate was set by looking at what it does with them.
func heldTemplates() []template {
	return []template{
		{name: "quyet-dinh-so", held: true, head: "national", copies: 3, make: departmentDecision},
		{name: "to-trinh-de-an", held: true, head: "national", copies: 2, make: proposal},
		{name: "don-bien-dong", held: true, head: "national", copies: 3, make: landForm},
		{name: "giay-ket-hon", held: true, head: "national", copies: 2, make: marriage},
		{name: "chung-minh", held: true, head: "national", copies: 2, make: oldCard},
		{name: "cong-ty", held: true, head: "national", copies: 2, make: company},
		{name: "dang-ky-doanh-nghiep", held: true, head: "national", copies: 2, make: business},
		{name: "so-yeu-ly-lich", held: true, head: "national", copies: 2, make: resume},
		{name: "hoa-don", held: true, head: "title", copies: 2, make: invoice},
		{name: "so-do", held: true, head: "none", copies: 2, make: plan},
		{name: "arrete", held: true, head: "agency", lang: "fra", copies: 2, make: order},
		{name: "attestation", held: true, head: "letter", lang: "fra", copies: 2, make: attestation},
		{name: "letter", held: true, head: "letter", lang: "eng", copies: 2, make: english},
	}
}

func departmentDecision(d dice) []string {
	number, issued := fmt.Sprintf("%d/QĐ-STNMT", d.between(10, 999)), d.issued()
	s := sheet{foot: outOf, font: "'Noto Serif'", size: "12pt"}
	body := `<div class=two style="font-size:90%"><p>UBND TỈNH ` + upper(d.province()) + `<br><b>SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG</b><br>Số: ` + number + `</p><p><b>CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập – Tự do – Hạnh phúc</b><br><i>` + d.province() + ", " + issued + `</i></p></div>` +
		`<h1>QUYẾT ĐỊNH</h1><h2>` + d.of("Về việc cấp giấy phép khai thác nước dưới đất", "Về việc điều chỉnh thời hạn sử dụng đất") + `</h2><p class="c b">GIÁM ĐỐC SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG</p>` + d.paragraphs(3, true) + `<p class="c b">QUYẾT ĐỊNH:</p>`
	for i := 1; i <= d.between(4, 6); i++ {
		body += fmt.Sprintf("<p><b>Điều %d.</b> %s</p>", i, d.sentence(true)) + d.paragraphs(d.between(1, 2), true)
	}
	body += closing("KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC", d.person(), "Như Điều 4", "Bộ TN&MT (để báo cáo)")
	annex := `<p class="r b">Phụ lục I</p><p class="c b">TỌA ĐỘ CÁC ĐIỂM GÓC KHU VỰC KHAI THÁC</p><p class="c i">(Ban hành kèm theo Quyết định số ` + number + ` ` + issued + ` của Giám đốc Sở Tài nguyên và Môi trường)</p>` +
		table([]string{"Điểm", "X (m)", "Y (m)"}, d.between(10, 50), func(int) []string { return []string{"22" + d.digits(5), "58" + d.digits(4)} })
	if d.IntN(2) == 0 {
		return []string{s.html(body + `<div class=new>` + annex + `</div>`)}
	}
	return []string{s.html(body), s.html(annex)}
}

func proposal(d dice) []string {
	number, issued := fmt.Sprintf("%d/TTr-UBND", d.between(10, 400)), d.issued()
	s := sheet{top: dashes, bare: true, size: "14pt"}
	head := func(n string) string {
		return official("ỦY BAN NHÂN DÂN", "HUYỆN "+upper(d.of("Nghĩa Hưng", "Quảng Xương")), n, d.of("Nghĩa Hưng", "Quảng Xương"), issued)
	}
	main := head("Số: "+number) + `<h1>TỜ TRÌNH</h1><h2>Về việc thông qua Đề án phát triển hạ tầng giao thông nông thôn</h2><p class=c>Kính gửi: Hội đồng nhân dân huyện</p>` + d.paragraphs(d.between(4, 7), true) + closing("CHỦ TỊCH", d.person(), "Thường trực Huyện ủy", "HĐND huyện")
	annex := head("") + `<h1>ĐỀ ÁN</h1><h2>Phát triển hạ tầng giao thông nông thôn giai đoạn 2024 - 2030</h2><p class="c i">(Kèm theo Tờ trình số ` + number + ` ` + issued + ` của UBND huyện)</p>` +
		`<p class="c b">PHẦN I<br>SỰ CẦN THIẾT XÂY DỰNG ĐỀ ÁN</p>` + d.paragraphs(6, true) + `<p class="c b">PHẦN II<br>NỘI DUNG ĐỀ ÁN</p>` + d.paragraphs(5, true)
	return []string{s.html(main), s.html(annex)}
}

func landForm(d dice) []string {
	s := sheet{foot: plain, font: "'Liberation Serif'", size: "12pt"}
	return []string{s.html(`<p class="r b">Mẫu số 11/ĐK</p><div style="border:1px solid #000;width:70mm;padding:3mm;float:right" class="s flat"><p class=b>PHẦN GHI CỦA NGƯỜI NHẬN HỒ SƠ</p><p>Đã kiểm tra nội dung đơn đầy đủ, rõ ràng</p><p>Vào sổ tiếp nhận hồ sơ số: ` + d.digits(3) + `</p></div>` +
		`<p class="c b" style="clear:both">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class="c b">` + motto + `</p><h1>ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT</h1><p class=c>Kính gửi: Văn phòng Đăng ký đất đai</p><p class=b>PHẦN KÊ KHAI CỦA NGƯỜI ĐĂNG KÝ</p>` +
		fields("1.1. Tên", upper(d.person()), "1.2. Địa chỉ", d.address(), "2.1. Số vào sổ cấp giấy chứng nhận", "CH"+d.digits(5), "2.2. Số phát hành", "BK "+d.digits(6), "3. Nội dung biến động về", d.of("chuyển nhượng quyền sử dụng đất", "thừa kế"),
			"3.1. Nội dung trên Giấy chứng nhận", d.sentence(true), "3.2. Nội dung sau khi biến động", d.sentence(true), "4. Lý do biến động", d.sentence(true)) + d.paragraphs(d.between(2, 5), true) +
		`<p>Tôi cam đoan nội dung kê khai trên đơn là đúng sự thật, nếu sai tôi hoàn toàn chịu trách nhiệm trước pháp luật.</p>` + signed(d, "Người viết đơn") +
		`<p class=b>II. XÁC NHẬN CỦA ỦY BAN NHÂN DÂN CẤP XÃ</p>` + d.paragraphs(2, true) + `<div class=two><p>Công chức địa chính</p><p class=b>TM. Ủy ban nhân dân<br>Chủ tịch</p></div><p class=b>III. Ý KIẾN CỦA CƠ QUAN ĐĂNG KÝ ĐẤT ĐAI</p>` + d.paragraphs(2, true))}
}

func marriage(d dice) []string {
	s := sheet{font: "'DejaVu Serif'", size: "11pt", margins: "20mm"}
	return []string{s.html(`<div class=two><p class=b>UBND ` + upper(d.commune()) + `</p><p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</p></div><h1 style="font-size:160%;letter-spacing:2px">GIẤY CHỨNG NHẬN KẾT HÔN</h1><p class=c>Số: ` + d.digits(2) + `/2023</p>` +
		`<div class="two flat" style="text-align:left"><div>` + fields("Họ, chữ đệm, tên chồng", d.person(), "Ngày sinh", d.day(), "Dân tộc", "Kinh", "Nơi cư trú", d.commune()) + `</div><div>` + fields("Họ, chữ đệm, tên vợ", d.person(), "Ngày sinh", d.day(), "Dân tộc", "Tày", "Nơi cư trú", d.commune()) +
		`</div></div><p class=field>Nơi đăng ký kết hôn: UBND ` + d.commune() + `</p><div class=two><p>Chồng<br><br>` + d.person() + `</p><p>Vợ<br><br>` + d.person() + `</p><p class=b>NGƯỜI KÝ<br><br>` + d.person() + `</p></div>`)}
}

func oldCard(d dice) []string {
	s := sheet{font: "'Liberation Serif'", size: "9pt", margins: d.of("60mm 10mm 10mm 30mm", "15mm")}
	front := `<div class=card><p class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class=c>Độc lập - Tự do - Hạnh phúc</p><p class="c b">GIẤY CHỨNG MINH NHÂN DÂN</p><p class=c>SỐ ` + d.digits(9) + `</p><p>Họ tên: <b>` + upper(d.person()) + `</b></p><p>Sinh ngày: ` + d.day() + `</p><p>Nguyên quán: ` + d.commune() + `</p><p>Nơi ĐKHK thường trú: ` + d.address() + `</p></div>`
	back := `<div class=card><p>Dân tộc: Kinh &nbsp;&nbsp; Tôn giáo: Không</p><p class=b>DẤU VẾT RIÊNG VÀ DỊ HÌNH</p><p>Sẹo chấm cách 2cm trên sau đuôi mắt trái</p><p>NGÓN TRỎ TRÁI</p><p>NGÓN TRỎ PHẢI</p><p class=c>Ngày 12 tháng 05 năm 2011</p><p class=c>GIÁM ĐỐC CÔNG AN TỈNH</p></div>`
	return []string{s.html(front), s.html(back)}
}

func company(d dice) []string {
	name := d.of("CÔNG TY CỔ PHẦN ĐẦU TƯ TRÀNG AN", "CÔNG TY TNHH MAY MẶC SÔNG VÂN")
	s := sheet{font: "'Liberation Sans'", size: "11pt", foot: `"Địa chỉ: ` + d.address() + ` - Điện thoại: 0229 3` + d.digits(6) + `"`, corner: outOf, margins: "18mm 18mm 22mm 25mm"}
	return []string{s.html(`<div class=two><p class=b>` + name + `<br>Số: ` + d.digits(3) + `/CV-TA</p><p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `<br><i style="font-weight:normal">` + d.province() + ", " + d.issued() + `</i></p></div><p class="s i field">V/v đề nghị thẩm định thiết kế cơ sở</p>` +
		`<p class=c>Kính gửi: Sở Kế hoạch và Đầu tư</p>` + d.paragraphs(d.between(5, 10), true) + `<p>Hồ sơ kèm theo công văn này gồm: bản vẽ, thuyết minh và dự toán.</p>` + closing("TỔNG GIÁM ĐỐC", d.person(), "Như trên"))}
}

func business(d dice) []string {
	s := sheet{size: "13pt", top: plain, bare: true}
	body := `<p class="c b">Phụ lục I-2</p><p class="c i">(Ban hành kèm theo Thông tư số 01/2021/TT-BKHĐT ngày 16 tháng 3 năm 2021 của Bộ trưởng Bộ Kế hoạch và Đầu tư)</p>` + national(motto) + `<p class="r i">` + d.province() + ", " + d.issued() + `</p><h1>GIẤY ĐỀ NGHỊ ĐĂNG KÝ DOANH NGHIỆP</h1><h2>CÔNG TY TNHH MỘT THÀNH VIÊN</h2>` +
		`<p class=c>Kính gửi: Phòng Đăng ký kinh doanh tỉnh ` + d.province() + `</p>` + fields("Tôi là", upper(d.person()), "Sinh ngày", d.day(), "Số giấy tờ pháp lý", d.citizen(), "1. Tình trạng thành lập", "Thành lập mới", "2. Tên công ty", "CÔNG TY TNHH "+upper(d.of("Hoàng Gia", "Phú Thịnh"))) +
		d.paragraphs(3, true) + table([]string{"STT", "Tên ngành", "Mã ngành"}, d.between(10, 30), func(int) []string {
		return []string{d.of("Xây dựng nhà để ở", "Bán lẻ lương thực", "Vận tải hàng hóa bằng đường bộ"), d.digits(4)}
	}) +
		d.paragraphs(3, true) + signed(d, "CHỦ SỞ HỮU CÔNG TY")
	list := `<p class="c b">Phụ lục I-10</p><p class="c i">(Ban hành kèm theo Thông tư số 01/2021/TT-BKHĐT ngày 16 tháng 3 năm 2021 của Bộ trưởng Bộ Kế hoạch và Đầu tư)</p><p class="c b">DANH SÁCH CHỦ SỞ HỮU HƯỞNG LỢI CỦA DOANH NGHIỆP</p>` +
		table([]string{"STT", "Họ và tên", "Ngày sinh", "Quốc tịch"}, 5, func(int) []string { return []string{d.person(), d.day(), "Việt Nam"} })
	return []string{s.html(body), s.html(list)}
}

func resume(d dice) []string {
	s := sheet{size: "14pt", foot: d.of("none", slash)}
	return []string{s.html(national("Độc lập-Tự do-Hạnh phúc") + `<h1>SƠ YẾU LÝ LỊCH</h1><h2>TỰ THUẬT</h2><p class=b>I. PHẦN BẢN THÂN</p>` + fields("Họ và tên", upper(d.person()), "Nam, nữ", "Nữ", "Sinh ngày", d.day(), "Nơi ở hiện nay", d.address(), "Trình độ văn hóa", "12/12", "Kết nạp Đoàn", d.day()) +
		`<p class="new b c">HOÀN CẢNH GIA ĐÌNH</p>` + fields("Họ và tên cha", d.person(), "Nghề nghiệp", "Làm ruộng", "Họ và tên mẹ", d.person()) + d.paragraphs(2, true) + `<p class="b c">QUÁ TRÌNH HOẠT ĐỘNG CỦA BẢN THÂN</p>` +
		table([]string{"STT", "Từ tháng năm", "Làm công tác gì", "Ở đâu"}, 12, func(int) []string { return []string{"09/2010", "Học sinh", d.commune()} }) + signed(d, "Người khai ký tên") +
		`<div class=new><p class="c b">XÁC NHẬN CỦA ỦY BAN NHÂN DÂN XÃ</p>` + d.paragraphs(2, true) + `<p class="r b">CHỦ TỊCH</p></div>`)}
}

func invoice(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", corner: d.of("none", `"Trang " counter(page)`)}
	return []string{s.html(`<h1>HÓA ĐƠN GIÁ TRỊ GIA TĂNG</h1><p class=c>` + d.issued() + `</p><p class=r>Ký hiệu: 1C24TAA<br>Số: ` + d.digits(6) + `</p>` + fields("Đơn vị bán hàng", "CÔNG TY TNHH "+upper(d.of("Minh Phát", "Đại Lợi")), "Mã số thuế", "27"+d.digits(8), "Địa chỉ", d.address(), "Họ tên người mua hàng", d.person()) +
		table([]string{"STT", "Tên hàng hóa, dịch vụ", "Đơn vị tính", "Số lượng", "Thành tiền"}, d.between(5, 30), func(int) []string {
			return []string{"Vật tư " + d.digits(2), "cái", d.digits(1), d.digits(3) + ".000"}
		}) + `<div class=two><p>Người mua hàng</p><p>Người bán hàng</p></div>`)}
}

func plan(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "12pt"}
	return []string{s.html(`<div style="border:2px solid #000;height:150mm;position:relative"><div style="position:absolute;left:30mm;top:20mm;width:60mm;height:90mm;border:3px solid #000"></div><p style="position:absolute;left:40mm;top:60mm">Thửa ` + d.digits(3) + `</p></div><p class=c>` + d.of("Mặt bằng tầng 1", "Mặt bằng tổng thể") + ` - Tỷ lệ 1/100</p>` +
		table([]string{"STT", "Hạng mục", "Diện tích"}, 5, func(int) []string {
			return []string{d.of("Phòng khách", "Phòng ngủ", "Bếp"), d.digits(2) + " m²"}
		}))}
}

func order(d dice) []string {
	s := sheet{font: d.of("'Liberation Serif'", "Caladea"), size: "12pt", foot: d.of(slash, dashes), margins: "22mm"}
	number := "2024-" + d.digits(3)
	body := `<p class="field b">COMMUNE DE ` + d.of("SAINT-MARTIN-LE-VINOUX", "VILLENEUVE-SUR-LOT") + `<br><span class=s>Département de l'Isère</span></p><h1>ARRÊTÉ DU MAIRE N° ` + number + `</h1><h2>portant réglementation de la circulation</h2><p>Le Maire,</p><p>Vu le code général des collectivités territoriales ;</p>` + d.french(3) + `<p class="c b">ARRÊTE</p>`
	for i := 1; i <= 6; i++ {
		body += fmt.Sprintf("<p><b>Article %d</b> : %s</p>", i, d.of(frenchSentences...)) + d.french(1)
	}
	body += `<p class=r>Fait à Villeneuve, le 12 mars 2024<br>Le Maire</p>`
	annex := `<p class="c b">Annexe à l'arrêté n° ` + number + `</p><p class="c b">PLAN DE DÉVIATION</p>` + d.french(3)
	return []string{s.html(body), s.html(annex)}
}

func attestation(d dice) []string {
	s := sheet{font: "Carlito", size: "12pt", margins: "25mm"}
	return []string{s.html(`<div class=two style="text-align:left"><p>SARL ` + d.of("Les Vergers du Sud", "Atelier Bois et Lumière") + `<br>ZA des Platanes<br>47300 Villeneuve-sur-Lot<br>SIRET 732 829 320 00074</p><p></p></div><h1>ATTESTATION DE TRAVAIL</h1><p>Je soussigné, Marc Lefèvre, gérant, certifie employer :</p>` + d.french(d.between(2, 4)) +
		`<p>Attestation établie pour servir et valoir ce que de droit.</p><p class=r>Fait à Villeneuve-sur-Lot, le 3 avril 2024</p>`)}
}

func english(d dice) []string {
	s := sheet{font: "'Liberation Serif'", size: "12pt", margins: "25mm", foot: d.of("none", `"Page " counter(page) " of " counter(pages)`)}
	var body string
	for range d.between(4, 9) {
		body += `<p>We refer to your application and confirm that the documents submitted have been received and registered. Please note that the original certificates must be presented at the counter before the permit can be issued. Should any information change, the applicant is required to inform the office in writing.</p>`
	}
	return []string{s.html(`<p class=field>Green River Trading Ltd<br>45 Harbour Road<br>Singapore 079` + d.digits(3) + `</p><p class=field>12 March 2024</p><p class=field>Department of Planning<br>Ninh Binh Province</p><p class=field><b>Subject: Supporting documents for the construction permit</b></p><p class=field>Dear Sir or Madam,</p>` + body + `<p class=field>Yours faithfully,</p><p class=field>J. Tan<br>Director</p>`)}
}
