package main

import "fmt"

// sheet is how a paper is set: font, and what the browser puts into the margins of its pages.
type sheet struct {
	font, size string
	top, foot  string // CSS content of the running head and foot
	corner     string // of the right end of the running foot
	bare       bool   // the first page has neither
	margins    string
	css        string
}

const (
	outOf  = `"Trang " counter(page) "/" counter(pages)`
	slash  = `counter(page) "/" counter(pages)`
	dashes = `"- " counter(page) " -"`
	plain  = `counter(page)`
)

func (s sheet) html(body string) string {
	or := func(v, otherwise string) string {
		if v == "" {
			return otherwise
		}
		return v
	}
	first := ""
	if s.bare {
		first = "@page :first { @top-center { content: none } @bottom-center { content: none } @bottom-right { content: none } }"
	}
	return fmt.Sprintf(`<!doctype html><meta charset=utf-8><style>
@page { size: A4; margin: %s; font: 11pt %[2]s;
  @top-center { content: %[4]s } @bottom-center { content: %[5]s } @bottom-right { content: %[6]s } }
%[7]s
body { font: %[3]s/1.45 %[2]s; margin: 0; text-align: justify }
p { margin: 0 0 6pt; text-indent: 1cm } .field, .flat p { text-indent: 0 }
.c { text-align: center; text-indent: 0 } .r { text-align: right; text-indent: 0 } .b { font-weight: bold } .i { font-style: italic }
.u { text-decoration: underline } .s { font-size: 85%% } .new { break-before: page }
.two { display: flex; justify-content: space-between; text-align: center } .two p { text-indent: 0; margin: 0 }
.grid { border-collapse: collapse; width: 100%% } .grid td, .grid th { border: 1px solid #000; padding: 3pt 5pt }
h1 { font-size: 115%%; text-align: center; margin: 12pt 0 4pt } h2 { font-size: 100%%; text-align: center; margin: 4pt 0 10pt }
.card { width: 86mm; height: 54mm; border: 1px solid #555; border-radius: 3mm; padding: 3mm; margin: 30mm auto; font-size: 8pt; line-height: 1.3 }
.card p { text-indent: 0; margin: 0 0 2pt; text-align: left } .card .c { text-align: center }
%[8]s</style><body>%[9]s`,
		or(s.margins, "20mm 15mm 20mm 28mm"), or(s.font, "'Liberation Serif'"), or(s.size, "13pt"), or(s.top, "none"), or(s.foot, "none"),
		or(s.corner, "none"), first, s.css, body)
}

// national is the title of the republic in one centred column.
func national(motto string) string {
	return `<p class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br><span class=u>` + motto + `</span></p>`
}

const motto = "Độc lập - Tự do - Hạnh phúc"

// official is the head of Decree 30/2020: agency and number left, national title, place and date right.
func official(above, agency, number, place, issued string) string {
	up := ""
	if above != "" {
		up = "<p>" + above + "</p>"
	}
	return `<div class=two><div>` + up + `<p class=b>` + agency + `</p><p>────────</p><p>` + number + `</p></div><div>` +
		`<p class=b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p class=b>` + motto + `</p><p>──────────────</p><p class=i>` +
		place + ", " + issued + `</p></div></div>`
}

// closing is the foot of an official document: recipients left, signer right.
func closing(rank, name string, recipients ...string) string {
	list := ""
	for _, r := range recipients {
		list += "<br>- " + r + ";"
	}
	return `<div class=two style="margin-top:12pt"><p class=s style="text-align:left"><b class=i>Nơi nhận:</b>` + list +
		`<br>- Lưu: VT.</p><p class=b>` + rank + `<br><br><br><br>` + name + `</p></div>`
}

// signed is the foot of a form.
func signed(d dice, who string) string {
	return `<div class=r><p class=r><i>` + d.of("Ninh Bình", "Nam Định", "Thanh Hóa") + ", " + d.issued() + `</i></p><p class="r b">` + who +
		`</p><p class="r i s">(Ký, ghi rõ họ tên)</p><br><br><p class=r>` + d.person() + `</p></div>`
}
