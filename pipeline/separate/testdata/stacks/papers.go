package main

import (
	"fmt"
	"strings"
)

// template makes papers of one layout: their parts in HTML, each printed on its own, so that page numbers begin anew.
type template struct {
	name   string
	held   bool
	head   string
	lang   string
	copies int
	make   func(d dice) []string
}

func (t template) language() string {
	if t.lang == "" {
		return "vie"
	}
	return t.lang
}

func templates() []template { return append(tunedTemplates(), heldTemplates()...) }

func upper(s string) string { return strings.ToUpper(s) }

func tunedTemplates() []template {
	return []template{
		{name: "quyet-dinh", head: "national", copies: 4, make: decision},
		{name: "quyet-dinh-quy-dinh", head: "national", copies: 2, make: regulation},
		{name: "don-cap-phep", head: "national", copies: 3, make: permit},
		{name: "to-khai-khai-sinh", head: "national", copies: 3, make: birthForm},
		{name: "can-cuoc", head: "national", copies: 3, make: citizenCard},
		{name: "giay-khai-sinh", head: "national", copies: 2, make: birth},
		{name: "cong-van", head: "national", copies: 3, make: officialLetter},
		{name: "thong-bao", head: "national", copies: 3, make: notice},
		{name: "giay-chung-nhan-dat", head: "national", copies: 2, make: land},
		{name: "hop-dong", head: "national", copies: 2, make: contract},
		{name: "bien-ban", head: "national", copies: 2, make: minutes},
		{name: "giay-xac-nhan", head: "national", copies: 2, make: confirmation},
		{name: "ket-qua-xet-nghiem", head: "agency", copies: 2, make: labResult},
		{name: "bang-ke", head: "none", copies: 2, make: list},
		{name: "lettre-prefecture", head: "letter", lang: "fra", copies: 3, make: prefecture},
		{name: "lettre-citoyen", head: "letter", lang: "fra", copies: 2, make: citizenLetter},
		{name: "phieu-ly-lich", head: "national", copies: 2, make: record},
	}
}

func decision(d dice) []string {
	number := fmt.Sprintf("%d/QĐ-UBND", d.between(12, 3900))
	p, issued := d.province(), d.issued()
	s := sheet{top: plain, bare: true, font: d.of("'Liberation Serif'", "'Noto Serif'"), size: d.of("13pt", "14pt")}
	main := official("", d.of("ỦY BAN NHÂN DÂN<br>TỈNH "+upper(p), "ỦY BAN NHÂN DÂN<br>HUYỆN "+upper(d.of("Yên Khánh", "Hải Hậu", "Kim Bảng"))), "Số: "+number, p, issued) +
		`<h1>QUYẾT ĐỊNH</h1><h2>` + d.of("Về việc phê duyệt kế hoạch số hóa hồ sơ năm 2025", "Về việc thu hồi đất để thực hiện dự án đường liên xã",
		"V/v công nhận kết quả đánh giá chất lượng phục vụ") + `</h2><p class="c b">` + d.of("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH", "ỦY BAN NHÂN DÂN TỈNH "+upper(p)) + `</p>` +
		d.paragraphs(2, false) + `<p class="c b">QUYẾT ĐỊNH:</p>`
	for i := 1; i <= d.between(3, 5); i++ {
		main += fmt.Sprintf("<p><b>Điều %d.</b> %s %s</p>", i, d.sentence(false), d.sentence(false)) + d.paragraphs(d.between(0, 2), false)
	}
	main += closing("CHỦ TỊCH", d.person(), "Như Điều 3", "Thường trực Tỉnh ủy", "Các sở, ban, ngành")
	ref := fmt.Sprintf("(Kèm theo Quyết định số %s %s của UBND tỉnh)", number, issued)
	annex := `<p class="c b">PHỤ LỤC` + d.of("", " I") + `</p><p class="c b">` + d.of("DANH SÁCH CÁC HỘ GIA ĐÌNH CÓ ĐẤT THU HỒI", "DANH MỤC NHIỆM VỤ VÀ KINH PHÍ THỰC HIỆN") +
		`</p><p class="c i">` + ref + `</p>` + table([]string{"STT", "Họ và tên", "Địa chỉ", "Diện tích (m²)"}, d.between(12, 44), func(int) []string {
		return []string{d.person(), d.commune(), d.digits(3)}
	})
	if d.IntN(2) == 0 {
		return []string{s.html(main), s.html(annex)}
	}
	return []string{s.html(main + `<div class=new>` + annex + `</div>`)}
}

func regulation(d dice) []string {
	number := fmt.Sprintf("%d/%d/QĐ-UBND", d.between(10, 70), d.between(2020, 2025))
	p, issued := d.province(), d.issued()
	s := sheet{top: plain, bare: true, size: "14pt"}
	main := official("", "ỦY BAN NHÂN DÂN<br>TỈNH "+upper(p), "Số: "+number, p, issued) +
		`<h1>QUYẾT ĐỊNH</h1><h2>Ban hành Quy định về quản lý hồ sơ điện tử trên địa bàn tỉnh</h2>` + d.paragraphs(3, false) +
		`<p class="c b">QUYẾT ĐỊNH:</p><p><b>Điều 1.</b> Ban hành kèm theo Quyết định này Quy định về quản lý hồ sơ điện tử.</p>` + d.paragraphs(1, false) +
		closing("TM. ỦY BAN NHÂN DÂN<br>KT. CHỦ TỊCH<br>PHÓ CHỦ TỊCH", d.person(), "Văn phòng Chính phủ", "Sở Tư pháp")
	annex := official("", "ỦY BAN NHÂN DÂN<br>TỈNH "+upper(p), "", p, issued) + `<h1>QUY ĐỊNH</h1><h2>Về quản lý hồ sơ điện tử trên địa bàn tỉnh</h2><p class="c i">(Ban hành kèm theo Quyết định số ` +
		number + " " + issued + ` của Ủy ban nhân dân tỉnh)</p><p class="c b">Chương I<br>QUY ĐỊNH CHUNG</p>`
	if d.IntN(2) == 0 {
		annex = `<h1>QUY ĐỊNH</h1><h2>Về quản lý hồ sơ điện tử trên địa bàn tỉnh</h2><p class="c i">(Ban hành kèm theo Quyết định số ` +
			number + " " + issued + ` của Ủy ban nhân dân tỉnh)</p><p class="c b">Chương I<br>QUY ĐỊNH CHUNG</p>`
	}
	for i := 1; i <= 7; i++ {
		annex += fmt.Sprintf("<p><b>Điều %d. %s</b></p>", i, d.of("Phạm vi điều chỉnh", "Đối tượng áp dụng", "Giải thích từ ngữ", "Trách nhiệm thi hành")) + d.paragraphs(2, false)
		if i == 4 {
			annex += `<p class="c b">Chương II<br>TỔ CHỨC THỰC HIỆN</p>`
		}
	}
	return []string{s.html(main), s.html(annex)}
}

func permit(d dice) []string {
	s := sheet{foot: d.of(outOf, outOf, "none"), font: d.of("'Liberation Serif'", "Carlito"), size: "13pt"}
	body := `<p class="r i">` + d.of("Mẫu số 01", "Phụ lục số 1<br>(Ban hành kèm theo Thông tư số 15/2016/TT-BXD ngày 30/6/2016 của Bộ Xây dựng)") + `</p>` +
		national(motto) + `<h1>ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG</h1><h2>(Sử dụng cho công trình: ` + d.of("Nhà ở riêng lẻ", "Không theo tuyến") + `)</h2>` +
		`<p class=c>Kính gửi: Sở Xây dựng tỉnh ` + d.province() + `</p>` +
		fields("1. Tên chủ đầu tư", d.person(), "- Người đại diện", d.person(), "- Địa chỉ liên hệ", d.address(), "- Số điện thoại", "09"+d.digits(8),
			"2. Thông tin công trình", "", "- Địa điểm xây dựng", d.address(), "- Lô đất số", d.digits(3), "- Diện tích", d.digits(3)+" m²",
			"3. Tổ chức lập thiết kế", "Công ty cổ phần tư vấn "+d.of("Tràng An", "Sông Đáy", "Hoàng Long"), "- Mã số chứng chỉ", d.digits(8)) +
		d.paragraphs(d.between(1, 5), false) + `<p>4. Tổ chức thẩm tra thiết kế:</p>` +
		fields("- Tên tổ chức", "Trung tâm kiểm định "+d.province(), "5. Cam kết", "tôi xin cam đoan làm theo đúng giấy phép được cấp") +
		d.paragraphs(d.between(1, 4), false) + signed(d, d.of("NGƯỜI LÀM ĐƠN", "CHỦ ĐẦU TƯ"))
	return []string{s.html(body)}
}

func birthForm(d dice) []string {
	s := sheet{size: d.of("12pt", "14pt")}
	return []string{s.html(national("Độc lập – Tự do – Hạnh phúc") + `<h1>TỜ KHAI ĐĂNG KÝ KHAI SINH</h1><p class=c>Kính gửi: Ủy ban nhân dân ` + d.commune() + `</p>` +
		fields("Họ, chữ đệm, tên người yêu cầu", upper(d.person()), "Nơi cư trú", d.address(), "Giấy tờ tùy thân", "Căn cước công dân số "+d.citizen(),
			"Quan hệ với người được khai sinh", d.of("Cha", "Mẹ"), "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây", "", "Họ, chữ đệm, tên", upper(d.person()),
			"Ngày, tháng, năm sinh", d.day(), "Giới tính", d.of("Nam", "Nữ"), "Dân tộc", "Kinh", "Quốc tịch", "Việt Nam", "Nơi sinh", "Bệnh viện đa khoa "+d.province(),
			"Họ, chữ đệm, tên người mẹ", upper(d.person()), "Năm sinh", "19"+d.digits(2), "Họ, chữ đệm, tên người cha", upper(d.person())) +
		`<p>Tôi cam đoan nội dung đề nghị đăng ký khai sinh trên đây là đúng sự thật, được sự thỏa thuận nhất trí của các bên liên quan theo quy định pháp luật.</p>` +
		signed(d, "Người yêu cầu"))}
}

func citizenCard(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "9pt", margins: d.of("10mm", "20mm", "40mm 10mm 10mm 10mm")}
	number, name := d.citizen(), upper(d.person())
	front := `<div class=card><p class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class="c s">Độc lập - Tự do - Hạnh phúc<br>SOCIALIST REPUBLIC OF VIET NAM<br>Independence - Freedom - Happiness</p>` +
		`<p class="c b">CĂN CƯỚC CÔNG DÂN<br><i>Citizen Identity Card</i></p><p><i>Số / No.:</i> <b>` + number + `</b></p><p>Họ và tên / Full name:<br><b>` + name +
		`</b></p><p>Ngày sinh / Date of birth: ` + d.day() + `</p><p>Giới tính / Sex: Nam &nbsp; Quốc tịch / Nationality: Việt Nam</p><p>Quê quán / Place of origin: ` + d.commune() + ", " + d.province() +
		`</p></div>`
	back := `<div class=card><p>Đặc điểm nhân dạng / <i>Personal identification</i>:<br>Nốt ruồi C: 1cm dưới mép phải</p><p>Ngày, tháng, năm / <i>Date, month, year</i>: ` + d.day() +
		`</p><p class=c><b>CỤC TRƯỞNG CỤC CẢNH SÁT<br>QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI</b></p><p>Ngón trỏ trái / Left index finger</p><p>Ngón trỏ phải / Right index finger</p>` +
		`<p style="font:8pt 'OCR B'">IDVNM` + d.digits(10) + "&lt;&lt;" + d.digits(1) + `<br>` + d.digits(7) + "M" + d.digits(7) + `VNM&lt;&lt;&lt;&lt;&lt;<br>NGUYEN&lt;&lt;VAN&lt;AN&lt;&lt;&lt;&lt;&lt;&lt;</p></div>`
	return []string{s.html(front), s.html(back)}
}

func birth(d dice) []string {
	s := sheet{font: "'Noto Serif'", size: "12pt", css: "body { border: 3px double #733; padding: 8mm }", margins: "15mm"}
	return []string{s.html(national(motto) + `<h1 style="font-size:150%">GIẤY KHAI SINH</h1>` + d.of("", `<p class=c>(BẢN SAO)</p>`) +
		fields("Họ, chữ đệm, tên", upper(d.person()), "Ngày, tháng, năm sinh", d.day(), "Ghi bằng chữ", "Ngày hai mươi tháng ba năm một nghìn chín trăm chín mươi", "Giới tính", "Nam",
			"Dân tộc", "Kinh", "Quốc tịch", "Việt Nam", "Nơi sinh", "Trạm y tế "+d.commune(), "Quê quán", d.province(), "Số định danh cá nhân", d.citizen(),
			"Họ, chữ đệm, tên người mẹ", upper(d.person()), "Họ, chữ đệm, tên người cha", upper(d.person()), "Nơi đăng ký khai sinh", "UBND "+d.commune(), "Ngày, tháng, năm đăng ký", d.day()) +
		`<div class=two style="margin-top:10mm"><p></p><p class=b>NGƯỜI KÝ GIẤY KHAI SINH<br><br><br>` + d.person() + `</p></div>`)}
}

func officialLetter(d dice) []string {
	p := d.province()
	s := sheet{top: plain, bare: true, size: d.of("13pt", "14pt"), font: d.of("'Liberation Serif'", "'Noto Serif'")}
	return []string{s.html(official("UBND TỈNH "+upper(p), d.of("SỞ TƯ PHÁP", "SỞ Y TẾ", "SỞ XÂY DỰNG"), fmt.Sprintf("Số: %d/%s", d.between(10, 2900), d.of("STP-HCTP", "SYT-NVY", "SXD-QLN"))+
		"<br><span class=s>V/v "+d.of("phối hợp xác minh hồ sơ", "trả lời kiến nghị của công dân", "bổ sung thành phần hồ sơ")+"</span>", p, d.issued()) +
		`<p class=c style="margin-top:12pt">Kính gửi: ` + d.of("Ủy ban nhân dân các huyện, thành phố", "Trung tâm Phục vụ hành chính công tỉnh") + `.</p>` +
		d.paragraphs(d.between(2, 9), false) + `<p>Trân trọng./.</p>` + closing("KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC", d.person(), "Như trên", "UBND tỉnh (để b/c)"))}
}

func notice(d dice) []string {
	p, issued := d.province(), d.issued()
	number := fmt.Sprintf("%d/TB-%s", d.between(10, 900), d.of("STC", "SNV", "SGDĐT"))
	s := sheet{top: d.of(plain, dashes), bare: true, size: "14pt"}
	main := official("UBND TỈNH "+upper(p), d.of("SỞ TÀI CHÍNH", "SỞ NỘI VỤ", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"), "Số: "+number, p, issued) + `<h1>THÔNG BÁO</h1><h2>` +
		d.of("Kết quả kiểm tra, sát hạch tiếp nhận viên chức", "Về việc tổ chức kỳ thi tuyển dụng năm 2025") + `</h2>` + d.paragraphs(2, false)
	for i := 1; i <= 4; i++ {
		main += fmt.Sprintf("<p><b>%d. %s</b></p>", i, d.of("Thời gian", "Địa điểm", "Thành phần", "Tổ chức thực hiện")) + `<p>(Chi tiết xem Phụ lục ` + fmt.Sprint(i%2+1) + ` kèm theo)</p>` + d.paragraphs(d.between(1, 2), false)
	}
	main += closing("GIÁM ĐỐC", d.person(), "Các phòng, ban", "Cổng thông tin điện tử")
	annex := func(n int) string {
		return fmt.Sprintf(`<div><p class="c b">Phụ lục %d</p><p class="c b">%s</p><p class="c i">(Kèm theo Thông báo số %s %s)</p>`, n, d.of("LỊCH LÀM VIỆC CỦA HỘI ĐỒNG", "DANH SÁCH THÍ SINH DỰ THI"), number, issued) +
			table([]string{"TT", "Nội dung", "Thời gian", "Ghi chú"}, d.between(8, 26), func(int) []string { return []string{d.sentence(false)[:60], d.day(), ""} }) + `</div>`
	}
	restarted := sheet{foot: outOf, size: "13pt"}
	return []string{s.html(main), restarted.html(annex(1)), restarted.html(annex(2))}
}

func land(d dice) []string {
	s := sheet{font: "'Noto Serif'", size: "13pt", margins: "25mm 20mm"}
	one := national(motto) + `<h1 style="margin-top:30mm;font-size:150%">GIẤY CHỨNG NHẬN</h1><h2>QUYỀN SỬ DỤNG ĐẤT<br>QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT</h2>` +
		`<p class=b>I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất</p>` + fields("Ông", d.person(), "Sinh năm", "1970", "Địa chỉ thường trú", d.address()) + `<p class=r>` + d.of("CT", "BA") + " " + d.digits(6) + `</p>`
	two := `<p class=b>II. Thửa đất, nhà ở và tài sản khác gắn liền với đất</p><p>1. Thửa đất:</p>` + fields("a) Thửa đất số", d.digits(3)+", tờ bản đồ số "+d.digits(2), "b) Địa chỉ", d.address(),
		"c) Diện tích", d.digits(3)+" m²", "d) Hình thức sử dụng", "Sử dụng riêng", "đ) Mục đích sử dụng", "Đất ở tại nông thôn", "e) Thời hạn", "Lâu dài", "g) Nguồn gốc sử dụng", "Nhận chuyển nhượng đất") +
		`<p>2. Nhà ở: -/-</p><p>3. Công trình xây dựng khác: -/-</p><p class=b>III. Ghi chú: Không</p><p class=r><i>` + d.province() + ", " + d.issued() + `</i></p><p class="r b">TM. ỦY BAN NHÂN DÂN HUYỆN<br>CHỦ TỊCH</p>`
	three := `<p class=b>III. Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất</p><div style="width:90mm;height:70mm;border:2px solid #000;margin:20mm auto"></div><p class=c>Tỷ lệ 1/500</p>`
	four := `<p class=b>IV. Những thay đổi sau khi cấp giấy chứng nhận</p>` + table([]string{"Nội dung thay đổi và cơ sở pháp lý", "Xác nhận của cơ quan có thẩm quyền"}, 2, func(int) []string { return []string{d.sentence(false), ""} })
	return []string{s.html(one), s.html(two), s.html(three), s.html(four)}
}

func contract(d dice) []string {
	s := sheet{foot: d.of(slash, dashes), corner: d.of("none", `"Hợp đồng số `+d.digits(3)+`/2024/HĐ-TN"`), font: d.of("'Liberation Serif'", "Caladea"), size: "13pt"}
	body := national(motto) + `<h1>HỢP ĐỒNG THUÊ NHÀ</h1><p class=c>Số: ` + d.digits(3) + `/2024/HĐ-TN</p><p>Hôm nay, ` + d.issued() + `, tại ` + d.address() + `, chúng tôi gồm:</p><p class=b>BÊN CHO THUÊ (BÊN A):</p>` +
		fields("Ông/Bà", d.person(), "CCCD số", d.citizen(), "Địa chỉ", d.address()) + `<p class=b>BÊN THUÊ (BÊN B):</p>` + fields("Ông/Bà", d.person(), "CCCD số", d.citizen(), "Địa chỉ", d.address())
	for i := 1; i <= d.between(6, 11); i++ {
		body += fmt.Sprintf(`<p class="b c">ĐIỀU %d<br>%s</p>`, i, d.of("ĐỐI TƯỢNG CỦA HỢP ĐỒNG", "GIÁ THUÊ VÀ PHƯƠNG THỨC THANH TOÁN", "QUYỀN VÀ NGHĨA VỤ CỦA BÊN A", "TRÁCH NHIỆM DO VI PHẠM HỢP ĐỒNG", "CAM ĐOAN CỦA CÁC BÊN")) + d.paragraphs(d.between(1, 3), false)
	}
	body += `<div class=two><p class=b>BÊN A<br><br><br>` + d.person() + `</p><p class=b>BÊN B<br><br><br>` + d.person() + `</p></div>`
	if d.IntN(2) == 0 {
		body += `<div class=new><p class="c b">LỜI CHỨNG CỦA CÔNG CHỨNG VIÊN</p>` + d.paragraphs(3, false) + `<p class="r b">CÔNG CHỨNG VIÊN</p></div>`
	}
	return []string{s.html(body)}
}

func minutes(d dice) []string {
	s := sheet{size: "14pt", top: d.of("none", plain), bare: true}
	return []string{s.html(`<div class=two><p class=b>UBND ` + upper(d.commune()) + `<br>TỔ CÔNG TÁC</p><p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>` + motto + `</p></div><h1>BIÊN BẢN LÀM VIỆC</h1><h2>Về việc ` +
		d.of("kiểm tra hiện trạng sử dụng đất", "xác minh nguồn gốc thửa đất") + `</h2><p>Hôm nay, hồi 8 giờ 30 phút, ` + d.issued() + `, tại ` + d.commune() + `, chúng tôi gồm:</p>` +
		fields("1. Ông", d.person(), "2. Bà", d.person(), "3. Ông", d.person()) + d.paragraphs(d.between(4, 8), false) +
		`<div class=two><p class=b>ĐẠI DIỆN HỘ GIA ĐÌNH<br><br><br>` + d.person() + `</p><p class=b>CÁN BỘ ĐỊA CHÍNH<br><br><br>` + d.person() + `</p></div>`)}
}

func confirmation(d dice) []string {
	s := sheet{font: d.of("Carlito", "'DejaVu Serif'"), size: "12pt"}
	return []string{s.html(official("UBND HUYỆN "+upper(d.of("Yên Mô", "Nga Sơn")), "UBND XÃ "+upper(d.of("Khánh Thịnh", "Yên Phong")), "Số: "+d.digits(2)+"/GXN-UBND", d.province(), d.issued()) +
		`<h1>GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN</h1><p>Xét đề nghị của ông/bà ` + d.person() + `, về việc cấp Giấy xác nhận tình trạng hôn nhân,</p><p class="c b">XÁC NHẬN:</p>` +
		fields("Họ, chữ đệm, tên", d.person(), "Ngày, tháng, năm sinh", d.day(), "Giấy tờ tùy thân", d.citizen(), "Nơi cư trú", d.address(), "Tình trạng hôn nhân", "Hiện tại chưa đăng ký kết hôn với ai") +
		`<p class="r b">CÔNG CHỨC TƯ PHÁP - HỘ TỊCH</p>`)}
}

func labResult(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", foot: outOf}
	return []string{s.html(`<p class="b field">SỞ Y TẾ TỈNH ` + upper(d.province()) + `<br>BỆNH VIỆN ĐA KHOA ` + upper(d.province()) + `</p><p class="field s">Khoa Hóa sinh - ĐT: 0229 3871 ` + d.digits(3) + `</p><h1>PHIẾU KẾT QUẢ XÉT NGHIỆM</h1>` +
		fields("Họ tên người bệnh", d.person(), "Năm sinh", "1980", "Địa chỉ", d.address(), "Chẩn đoán", "Khám sức khỏe định kỳ") +
		table([]string{"STT", "Tên xét nghiệm", "Kết quả", "Trị số bình thường", "Đơn vị"}, d.between(14, 40), func(int) []string {
			return []string{d.of("Glucose", "Ure", "Creatinin", "Cholesterol", "Triglycerid", "AST (GOT)", "ALT (GPT)", "Acid uric"), d.digits(1) + "," + d.digits(1), "3,9 - 6,4", "mmol/L"}
		}) + `<p class=r>Trưởng khoa xét nghiệm</p>`)}
}

func list(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", foot: d.of("none", plain)}
	return []string{s.html(`<p class="c b">BẢNG KÊ CHI TIẾT CÁC KHOẢN ĐÓNG GÓP</p>` + table([]string{"STT", "Họ tên", "Nội dung", "Số tiền"}, d.between(20, 70), func(int) []string {
		return []string{d.person(), d.of("Quỹ vì người nghèo", "Quỹ khuyến học", "Quỹ phòng chống thiên tai"), d.digits(3) + ".000"}
	}))}
}

func prefecture(d dice) []string {
	s := sheet{font: "'Liberation Sans'", size: "11pt", foot: d.of(slash, `"Page " counter(page) " sur " counter(pages)`, "none"), margins: "20mm"}
	town := d.of("Lyon", "Grenoble", "Limoges", "Nantes")
	body := `<p class="field b">RÉPUBLIQUE FRANÇAISE</p><p class="field s i">Liberté - Égalité - Fraternité</p><p class="field b">` + d.of("PRÉFECTURE DU RHÔNE", "Préfecture de l'Isère", "DIRECTION DÉPARTEMENTALE DES TERRITOIRES") +
		`</p><p class="field s">Bureau de l'urbanisme<br>Affaire suivie par : Claire Martin<br>Réf. : DDT/` + d.digits(4) + `/2024</p><p class=r>` + town + `, le ` + fmt.Sprint(d.between(2, 28)) + d.of(" janvier 2024", " mars 2025", " octobre 2023") +
		`</p><p class=r>Madame Jeanne Moreau<br>12 rue des Lilas<br>690` + d.digits(2) + " " + upper(town) + `</p><p class="field b">Objet : ` + d.of("demande de permis de construire", "demande de pièces complémentaires") + `</p><p>Madame,</p>` +
		d.french(d.between(3, 10)) + `<p>Je vous prie d'agréer, Madame, l'expression de ma considération distinguée.</p><p class=r>Pour le préfet,<br>le chef de bureau</p>`
	parts := []string{s.html(body)}
	if d.IntN(2) == 0 {
		parts = append(parts, s.html(`<p class="c b">ANNEXE 1</p><p class="c b">LISTE DES PIÈCES À FOURNIR</p>`+table([]string{"N°", "Pièce", "Exemplaires"}, 12, func(int) []string {
			return []string{d.of("Plan de situation", "Plan de masse", "Notice descriptive"), "2"}
		})))
	}
	return parts
}

func citizenLetter(d dice) []string {
	s := sheet{font: d.of("'Liberation Serif'", "Carlito"), size: "12pt", margins: "25mm"}
	return []string{s.html(`<p class=field>Paul Durand<br>8 avenue de la Gare<br>380` + d.digits(2) + ` Grenoble<br>Tél. 06 ` + d.digits(2) + " " + d.digits(2) + " " + d.digits(2) + ` 12</p><p class=r>Monsieur le Maire<br>Hôtel de Ville<br>38000 Grenoble</p><p class=r>Grenoble, le ` +
		fmt.Sprint(d.between(2, 28)) + d.of(" février 2024", " juin 2025") + `</p><p class=field><b>Objet :</b> ` + d.of("demande d'acte de naissance", "recours gracieux") + `</p><p>Monsieur le Maire,</p>` + d.french(d.between(2, 8)) +
		`<p class=r>Paul Durand</p>`)}
}

func record(d dice) []string {
	s := sheet{size: "13pt", foot: d.of("none", plain)}
	return []string{s.html(`<p class="r s">Mẫu số 03/2024/LLTP</p>` + national(motto) + `<h1>TỜ KHAI YÊU CẦU CẤP PHIẾU LÝ LỊCH TƯ PHÁP</h1><p class=c>Kính gửi: Sở Tư pháp tỉnh ` + d.province() + `</p>` +
		fields("1. Tên tôi là", upper(d.person()), "2. Tên gọi khác", "Không", "3. Ngày, tháng, năm sinh", d.day(), "4. Nơi sinh", d.province(), "5. Quốc tịch", "Việt Nam", "6. Nơi thường trú", d.address(), "7. Nơi tạm trú", d.address(), "8. Giấy CMND/CCCD", d.citizen()) +
		`<p class="c b">PHẦN KHAI VỀ CHA, MẸ, VỢ/CHỒNG</p>` + fields("Họ và tên cha", d.person(), "Họ và tên mẹ", d.person(), "Họ và tên vợ/chồng", d.person()) + `<p class="c b">QUÁ TRÌNH CƯ TRÚ CỦA BẢN THÂN</p>` +
		table([]string{"STT", "Từ tháng, năm đến tháng, năm", "Nơi thường trú/tạm trú", "Nghề nghiệp"}, d.between(6, 24), func(int) []string { return []string{"01/2001 - 12/2005", d.commune(), "Công nhân"} }) +
		`<p>Tôi xin cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật về lời khai của mình.</p>` + signed(d, "Người khai"))}
}
