package main

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"text/template"

	"golang.org/x/text/unicode/norm"
)

// values makes up what forms are filled in with.
type values struct{ *rand.Rand }

func (v *values) of(list string) string {
	all := strings.Split(list, "|")
	return all[v.IntN(len(all))]
}

func (v *values) digits(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('0' + v.IntN(10)))
	}
	return b.String()
}

type date struct{ y, m, d int }

// Slash is 05/01/2024; Words is "ngày 05 tháng 01 năm 2024"; French is "5 janvier 2024".
func (d date) Slash() string { return fmt.Sprintf("%02d/%02d/%d", d.d, d.m, d.y) }

func (d date) Words() string {
	month := fmt.Sprint(d.m)
	if d.m < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.d, month, d.y)
}

func (d date) French() string {
	months := strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	day := fmt.Sprint(d.d)
	if d.d == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, months[d.m-1], d.y)
}
func (d date) six() string { return fmt.Sprintf("%02d%02d%02d", d.y%100, d.m, d.d) }

// Packed is 05012024, as the symbol of an identity card says it.
func (d date) Packed() string { return fmt.Sprintf("%02d%02d%d", d.d, d.m, d.y) }

func (v *values) person(sex string) string {
	family := v.of("Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Phan|Đinh|Tạ")
	if sex == "Nữ" {
		return family + " Thị " + v.of("Hoa|Lan|Hương|Thu Hà|Ngọc Ánh|Bích Thủy|Minh Nguyệt|Hồng Nhung|Kim Oanh|Tuyết Mai|Phương Thảo|Quỳnh Trang")
	}
	return family + " " + v.of("Văn|Đức|Quang|Hữu|Xuân|Công|Minh|Đình") + " " + v.of("Hùng|Dũng|Thắng|Tuấn|Sơn|Hải|Nam|Phúc|Khánh|Toàn|Mạnh|Cường|Bình|Trường")
}

func (v *values) address() string {
	return fmt.Sprintf("Số %d, đường %s, phường %s, tỉnh %s", 1+v.IntN(300),
		v.of("Trần Hưng Đạo|Lê Lợi|Nguyễn Huệ|Hai Bà Trưng|Lý Thường Kiệt|Quang Trung|Phan Đình Phùng|Đinh Tiên Hoàng"),
		v.of("Hoa Lư|Tam Điệp|Đông Thành|Nam Bình|Tân Thành|Bích Đào|Vân Giang|Phúc Thành"),
		v.of("Ninh Bình|Thanh Hóa|Nghệ An|Hưng Yên|Bắc Ninh|Lào Cai|Quảng Ninh"))
}

func (v *values) frenchPerson() string {
	return v.of("Jean|Marie|Pierre|Hélène|Luc|Chloé|François|Agnès|Benoît|Inès|Hugo|Élodie") + " " +
		v.of("Dupont|Lefèvre|Moreau|Girard|Besançon|Roux|Mercier|Garnier|Chevalier|Perrin|Béranger|Fontaine")
}

func (v *values) siren() string {
	for {
		s := v.digits(9)
		if s[0] != '0' && luhn(s) {
			return s
		}
	}
}

func (v *values) siret(siren string) string {
	for {
		if s := siren + "000" + v.digits(2); luhn(s) {
			return s
		}
	}
}

func luhn(s string) bool {
	sum := 0
	for i := range s {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func mod97(s string) int {
	r := 0
	for _, c := range s {
		r = (r*10 + int(c-'0')) % 97
	}
	return r
}

func (v *values) iban() string {
	bban := v.digits(23)
	return fmt.Sprintf("FR%02d", 98-mod97(bban+"152700")) + bban
}

func (v *values) nir(sex byte, born date) string {
	body := fmt.Sprintf("%c%02d%02d", sex, born.y%100, born.m) + v.of("75|69|13|33|59") + v.digits(3) + v.digits(3)
	return body + fmt.Sprintf("%02d", 97-mod97(body))
}

// tax is a Vietnamese tax code with its check digit.
func (v *values) tax() string {
	for {
		s, sum := v.digits(9), 0
		for i, w := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
			sum += int(s[i]-'0') * w
		}
		if check := 10 - sum%11; check < 10 && s[0] != '9' {
			return s + fmt.Sprint(check)
		}
	}
}

// citizen is a citizen's number: province, century and sex, year, serial.
func (v *values) citizen(sex string, born date) string {
	century := 2 * (born.y/100 - 19)
	if sex == "Nữ" {
		century++
	}
	return v.of("037|001|038|040|026|079|048") + fmt.Sprint(century) + fmt.Sprintf("%02d", born.y%100) + v.digits(6)
}

func grouped(s, sep string, sizes ...int) string {
	var parts []string
	for i := 0; len(s) > 0; i++ {
		n := min(len(s), sizes[min(i, len(sizes)-1)])
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return strings.Join(parts, sep)
}

// money writes an amount in thousands with the given separator.
func (v *values) money(sep string) string {
	s := fmt.Sprint(100+v.IntN(90000)) + "000"
	head := len(s) % 3
	if head == 0 {
		head = 3
	}
	return grouped(s, sep, head, 3)
}

func euros(cents int) string {
	s := fmt.Sprint(cents / 100)
	if len(s) > 3 {
		s = s[:len(s)-3] + " " + s[len(s)-3:]
	}
	return fmt.Sprintf("%s,%02d", s, cents%100)
}

func check(s string) string {
	sum := 0
	for i, c := range s {
		n := 0
		switch {
		case c >= '0' && c <= '9':
			n = int(c - '0')
		case c >= 'A' && c <= 'Z':
			n = int(c-'A') + 10
		}
		sum += n * [...]int{7, 3, 1}[i%3]
	}
	return fmt.Sprint(sum % 10)
}

func fillers(s string, n int) string { return (s + strings.Repeat("<", n))[:n] }

// plain is a name in the letters of a machine-readable zone.
func plain(s string) string {
	s = strings.NewReplacer("Đ", "D", "đ", "d", "-", "<", " ", "<", "'", "").Replace(s)
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if r < 128 {
			b.WriteRune(r)
		}
	}
	return strings.ToUpper(b.String())
}

func mrzName(name string) string {
	family, given, _ := strings.Cut(name, " ")
	return plain(family) + "<<" + plain(given)
}

// td3 is the zone of a passport, td1 that of a card: lines of 44 and 30.
func td3(country, name, number string, born date, sex string, expires date) string {
	first := fillers("P<"+country+mrzName(name), 44)
	number = fillers(number, 9)
	second := number + check(number) + country + born.six() + check(born.six()) + sex + expires.six() + check(expires.six()) + fillers("", 14) + "<"
	return first + "\n" + second + check(second[:10]+second[13:20]+second[21:43])
}

func td1(code, country, number, optional, name string, born date, sex string, expires date) string {
	first := fillers(code+country+fillers(number, 9)+check(fillers(number, 9))+optional, 30)
	second := born.six() + check(born.six()) + sex + expires.six() + check(expires.six()) + country + fillers("", 11)
	second += check(first[5:30] + second[:7] + second[8:15] + second[18:29])
	return first + "\n" + second + "\n" + fillers(mrzName(name), 30)
}

func (v *values) funcs() template.FuncMap {
	between := func(from, to int) date { return date{from + v.IntN(to-from+1), 1 + v.IntN(12), 1 + v.IntN(28)} }
	return template.FuncMap{
		"one": v.of, "digits": v.digits, "n": func(from, to int) int { return from + v.IntN(to-from+1) },
		"date": between, "sex": func() string { return v.of("Nam|Nữ") }, "person": v.person, "address": v.address,
		"upper": strings.ToUpper, "citizen": v.citizen, "tax": v.tax, "money": v.money,
		"phone":  func() string { return v.of("09|03|08|07") + v.digits(8) },
		"french": v.frenchPerson, "siren": v.siren, "siret": v.siret, "iban": v.iban, "grouped": grouped, "euros": euros,
		"nir": func(sex string, born date) string { return v.nir(sex[0], born) },
		"td3": func(country, name, number string, born date, sex string, expires date) string {
			return html.EscapeString(td3(country, name, number, born, sex, expires))
		},
		"td1": func(code, country, number, optional, name string, born date, sex string, expires date) string {
			return html.EscapeString(td1(code, country, number, optional, name, born, sex, expires))
		},
		"sub": func(s string, from, to int) string { return s[from:to] },
		"add": func(a, b int) int { return a + b }, "percent": func(n, p int) int { return (n*p + 50) / 100 },
		"family": func(s string) string { a, _, _ := strings.Cut(s, " "); return a },
		"given":  func(s string) string { _, b, _ := strings.Cut(s, " "); return b },
		"plain":  func(s string) string { return strings.ReplaceAll(plain(s), "<", " ") },
		"lower":  strings.ToLower, "p": fmt.Sprint,
		"frphone": func() string { return grouped("0"+v.of("1|2|3|4|5|6|7")+v.digits(8), " ", 2) },
	}
}
