#!/bin/sh
# Makes sample.jpg: a made-up notice in the form of Decree 30/2020, drawn at 200 dpi and then treated as a scanner
# would: grey paper, a little skew, noise, JPEG. Needs imagemagick and fonts-liberation.
set -eu
cd "$(dirname "$0")"
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
pango() { convert -density 200 -background none -define pango:align="$1" pango:"<span font='Liberation Serif $2'>$3</span>" "$4"; }
pango center 12 "SỞ TƯ PHÁP
<b>PHÒNG HỘ TỊCH</b>" "$t/agency.png"
pango center 12 "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc</b>" "$t/title.png"
pango center 13 "Số: 217/TB-PHT" "$t/number.png"
pango center 13 "<i>Ninh Bình, ngày 05 tháng 01 năm 2026</i>" "$t/date.png"
pango center 14 "<b>THÔNG BÁO
Về việc tiếp nhận hồ sơ tại quầy bưu điện</b>" "$t/head.png"
pango left 14 "Từ ngày 12 tháng 01 năm 2026, người dân nộp hồ sơ hộ tịch tại quầy số 1
của bưu điện tỉnh. Nhân viên quét giấy tờ ngay tại quầy và trả lại bản gốc cho
người nộp.

Hồ sơ gồm: tờ khai theo mẫu, căn cước công dân, giấy tờ kèm theo. Thời gian
làm việc từ 7 giờ 30 đến 17 giờ, từ thứ Hai đến thứ Sáu.

Mọi thắc mắc xin liên hệ bà Nguyễn Thị Hòa, điện thoại 0229 000 0000." "$t/body.png"
pango left 11 "<b><i>Nơi nhận:</i></b>
- Như trên;
- Bưu điện tỉnh;
- Lưu: VT, PHT." "$t/to.png"
pango center 13 "<b>TRƯỞNG PHÒNG</b>



<b>Trần Văn Đức</b>" "$t/signer.png"
convert -size 1654x2339 xc:'#f7f5ee' \
  "$t/agency.png" -geometry +170+150 -composite "$t/title.png" -geometry +700+150 -composite \
  "$t/number.png" -geometry +170+270 -composite "$t/date.png" -geometry +800+270 -composite \
  "$t/head.png" -geometry +400+470 -composite "$t/body.png" -geometry +160+700 -composite \
  "$t/to.png" -geometry +200+1560 -composite "$t/signer.png" -geometry +1050+1540 -composite \
  -fill none -stroke '#c8202080' -strokewidth 7 -draw 'circle 1110,1670 1110,1540' -strokewidth 3 -draw 'circle 1110,1670 1110,1570' \
  -background '#f7f5ee' -distort SRT 1.3 -blur 0x0.6 -seed 7 -attenuate 0.12 +noise Gaussian \
  -units PixelsPerInch -density 200 -strip -sampling-factor 4:2:0 -quality 82 sample.jpg
