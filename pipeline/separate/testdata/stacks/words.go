package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// dice draws made-up words, always the same ones from a seed.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0x5eed))} }

func (d dice) of(words ...string) string { return words[d.IntN(len(words))] }

func (d dice) between(from, to int) int { return from + d.IntN(to-from+1) }

func (d dice) digits(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprint(&b, d.IntN(10))
	}
	return b.String()
}

func (d dice) person() string {
	return d.of("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh") + " " +
		d.of("Văn", "Thị", "Hữu", "Đức", "Thị Thu", "Minh", "Quang", "Ngọc", "Xuân") + " " +
		d.of("An", "Bình", "Cường", "Dũng", "Hà", "Hạnh", "Hiền", "Hòa", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Mai", "Nam",
			"Nga", "Phúc", "Phương", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thủy", "Trang", "Tuấn", "Vinh", "Yến")
}

func (d dice) day() string {
	return fmt.Sprintf("%02d/%02d/%d", d.between(1, 28), d.between(1, 12), d.between(1955, 2006))
}

func (d dice) issued() string {
	return fmt.Sprintf("ngày %02d tháng %02d năm %d", d.between(1, 28), d.between(1, 12), d.between(2019, 2026))
}

func (d dice) province() string {
	return d.of("Ninh Bình", "Nam Định", "Hà Nam", "Thanh Hóa", "Nghệ An", "Quảng Trị", "Đắk Lắk", "Bến Tre", "Hải Dương", "Lâm Đồng")
}

func (d dice) commune() string {
	return d.of("xã", "phường", "thị trấn") + " " +
		d.of("Yên Mô", "Hoa Lư", "Kim Sơn", "Gia Viễn", "Nho Quan", "Phát Diệm", "Tam Điệp", "Vân Giang", "Đông Thành", "Khánh Hòa")
}

func (d dice) address() string {
	return fmt.Sprintf("số %d đường %s, %s, tỉnh %s", d.between(2, 290),
		d.of("Trần Hưng Đạo", "Lê Lợi", "Nguyễn Huệ", "Đinh Tiên Hoàng", "Lương Văn Tụy", "Hai Bà Trưng"), d.commune(), d.province())
}

func (d dice) citizen() string { return "0" + d.digits(2) + d.of("0", "1", "2", "3") + d.digits(8) }

// sentences of the tuned and of the held-out papers have no line in common.
var tunedSentences = []string{
	"Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015 và Luật sửa đổi, bổ sung một số điều của Luật này.",
	"Các cơ quan, đơn vị có liên quan chịu trách nhiệm phối hợp chặt chẽ trong quá trình triển khai thực hiện nhiệm vụ được giao.",
	"Trong thời hạn mười lăm ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ, cơ quan tiếp nhận có trách nhiệm thẩm định và trả kết quả.",
	"Kinh phí thực hiện được bố trí từ nguồn ngân sách địa phương và các nguồn huy động hợp pháp khác theo quy định của pháp luật.",
	"Người dân có quyền theo dõi tình trạng xử lý hồ sơ trên Cổng dịch vụ công trực tuyến của tỉnh bằng mã số hồ sơ đã được cấp.",
	"Trường hợp hồ sơ chưa đầy đủ, công chức tiếp nhận hướng dẫn bằng văn bản một lần để tổ chức, cá nhân bổ sung, hoàn thiện.",
	"Đơn vị chủ trì tổng hợp báo cáo kết quả thực hiện trước ngày hai mươi hằng tháng để theo dõi, chỉ đạo kịp thời.",
	"Khi có thay đổi về thông tin đã kê khai, người nộp hồ sơ phải thông báo cho cơ quan có thẩm quyền trong thời gian sớm nhất.",
	"Việc số hóa giấy tờ phải bảo đảm tính toàn vẹn, rõ ràng và đúng với bản giấy đã tiếp nhận tại bộ phận một cửa.",
	"Cán bộ được phân công có trách nhiệm bảo quản hồ sơ gốc, không làm hư hỏng, thất lạc hoặc để lộ thông tin cá nhân của công dân.",
	"Mọi khó khăn, vướng mắc phát sinh trong quá trình thực hiện được phản ánh về phòng chuyên môn để xem xét, giải quyết.",
	"Diện tích đất xây dựng, chiều cao tầng và khoảng lùi công trình phải phù hợp với quy hoạch chi tiết đã được phê duyệt.",
	"Nội dung thanh toán được chia làm ba đợt theo tiến độ nghiệm thu từng phần, có biên bản xác nhận của hai bên.",
	"Chủ đầu tư tổ chức giám sát thi công, nghiệm thu công trình theo đúng các quy chuẩn, tiêu chuẩn kỹ thuật hiện hành.",
	"Tổ công tác tiến hành kiểm tra thực địa, lập biên bản hiện trạng và có ý kiến thống nhất của các hộ liền kề.",
}

var heldSentences = []string{
	"Theo đề nghị của Trưởng phòng Kinh tế và Hạ tầng, sau khi xem xét hồ sơ kèm theo và ý kiến của các ngành liên quan.",
	"Hằng năm, các xã, phường rà soát danh sách đối tượng thụ hưởng, niêm yết công khai tại trụ sở và nhà văn hóa thôn.",
	"Người sử dụng đất có nghĩa vụ kê khai, nộp đủ các khoản tài chính trước khi nhận kết quả giải quyết thủ tục.",
	"Dự kiến tổng nhu cầu vốn giai đoạn tới tăng khoảng tám phần trăm so với kế hoạch trung hạn đã được thông qua.",
	"Số liệu được thu thập từ các trạm quan trắc tự động và được đối chiếu với kết quả phân tích tại phòng thí nghiệm.",
	"Bên sử dụng lao động tạo điều kiện để người lao động tham gia các lớp bồi dưỡng nâng cao tay nghề ngoài giờ.",
	"Quá thời hạn nêu trên mà không có ý kiến phản hồi thì coi như đã thống nhất với nội dung dự thảo.",
	"Ban quản lý có trách nhiệm cập nhật sổ theo dõi, lưu trữ chứng từ gốc và chịu sự kiểm tra của cấp trên.",
	"Các thành viên tham dự đã thảo luận, góp ý về phương án tuyến, mặt cắt ngang và giải pháp thoát nước mặt.",
	"Doanh nghiệp cam kết sử dụng tối thiểu sáu mươi phần trăm lao động tại chỗ và tuân thủ quy định về môi trường.",
	"Đối với trường hợp đặc biệt, Hội đồng xét duyệt xem xét từng hồ sơ cụ thể và biểu quyết theo đa số.",
	"Bản đồ địa chính được lập ở tỷ lệ một phần nghìn, hệ tọa độ quốc gia, kinh tuyến trục theo quy định của tỉnh.",
}

var frenchSentences = []string{
	"Conformément aux dispositions en vigueur, le dossier complet doit être déposé au guichet avant la fin du mois suivant.",
	"Nous vous prions de bien vouloir nous transmettre les pièces manquantes dans un délai de quinze jours à compter de la réception.",
	"Le service instructeur reste à votre disposition pour tout renseignement complémentaire concernant cette procédure.",
	"Les travaux projetés respectent le plan local d'urbanisme ainsi que les servitudes d'utilité publique applicables au terrain.",
	"À défaut de réponse dans le délai indiqué, votre demande sera considérée comme abandonnée et le dossier sera classé sans suite.",
	"La décision peut être contestée devant le tribunal administratif dans les deux mois qui suivent sa notification.",
	"Le montant de la participation communale est fixé chaque année par délibération du conseil municipal.",
	"Il appartient au demandeur de signaler tout changement de situation familiale ou professionnelle intervenu depuis le dépôt.",
}

func (d dice) sentence(held bool) string {
	if held {
		return d.of(heldSentences...)
	}
	return d.of(tunedSentences...)
}

// paragraphs is prose of n paragraphs.
func (d dice) paragraphs(n int, held bool) string {
	var b strings.Builder
	for range n {
		b.WriteString("<p>")
		for range d.between(2, 4) {
			b.WriteString(d.sentence(held) + " ")
		}
		b.WriteString("</p>")
	}
	return b.String()
}

func (d dice) french(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString("<p>")
		for range d.between(2, 4) {
			b.WriteString(d.of(frenchSentences...) + " ")
		}
		b.WriteString("</p>")
	}
	return b.String()
}

// table has a first column of running numbers and rows drawn by row.
func table(head []string, rows int, row func(i int) []string) string {
	var b strings.Builder
	b.WriteString("<table class=grid><tr>")
	for _, h := range head {
		b.WriteString("<th>" + h + "</th>")
	}
	b.WriteString("</tr>")
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, "<tr><td>%d</td><td>%s</td></tr>", i, strings.Join(row(i), "</td><td>"))
	}
	b.WriteString("</table>")
	return b.String()
}

// fields are the lines of a form: a label and what was filled in.
func fields(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteString("<p class=field>" + pairs[i] + ": <b>" + pairs[i+1] + "</b></p>")
	}
	return b.String()
}
