package dossier

func vietnamese() sentences {
	return sentences{
		page: " (trang {number})",
		rejected: map[Code]string{
			CodeEmpty: "Tệp {name} trống, máy quét không gửi dữ liệu nào. Vui lòng quét lại giấy tờ.",
			CodeUnknownFormat: "Tệp {name} không phải là bản quét mà hệ thống đọc được. Vui lòng lưu thành PDF, TIFF, JPEG hoặc " +
				"PNG rồi thả lại vào thư mục.",
			CodeTruncated: "Tệp {name} bị cắt ngang{page}, phần cuối không được gửi đến. Vui lòng quét lại giấy tờ hoặc sao chép lại " +
				"toàn bộ tệp.",
			CodeDamaged:       "Tệp {name} bị hỏng{page}, không mở được. Vui lòng quét lại giấy tờ.",
			CodeEncrypted:     "Tệp {name} bị khóa bằng mật khẩu. Vui lòng lưu lại tệp không đặt mật khẩu rồi thả lại vào thư mục.",
			CodeTooManyPixels: "Tệp {name} có ảnh quá lớn{page}. Vui lòng quét lại giấy tờ ở độ phân giải 300 dpi.",
			CodeTooManyPages:  "Tệp {name} có quá nhiều trang. Vui lòng chia thành nhiều tệp rồi thả từng tệp vào thư mục.",
			CodeTooLarge: "Tệp {name} có dung lượng quá lớn. Vui lòng quét lại giấy tờ ở độ phân giải 300 dpi hoặc chia thành " +
				"nhiều tệp.",
			CodeNoPages: "Tệp {name} không có trang nào. Vui lòng quét lại giấy tờ.",
			CodeNotAFile: "{name} là liên kết hoặc thiết bị chứ không phải tệp nên không có gì để đọc. Vui lòng thả chính tệp đó " +
				"vào thư mục.",
			CodeBadTicket: "Không đọc được phiếu quét {name} nên các bản quét của phiếu đang chờ. Hãy cho phần mềm máy quét ghi lại phiếu; " +
				"nếu vẫn không được, hãy đưa ghi chú này cho quản trị viên.",
			CodeWorkerCrashed: "Không đọc được tệp {name}{page} vì việc đọc bị dừng đột ngột hai lần. Vui lòng quét lại giấy tờ; " +
				"nếu vẫn không được, hãy đưa thông báo này cho quản trị viên.",
			CodeWorkerTimedOut: "Không đọc được tệp {name}{page} vì mất quá nhiều thời gian. Vui lòng quét lại giấy tờ ở độ phân giải " +
				"300 dpi; nếu vẫn không được, hãy đưa thông báo này cho quản trị viên.",
			CodeWorkerOutOfMemory: "Không đọc được tệp {name}{page} vì thiếu bộ nhớ. Vui lòng quét lại giấy tờ ở độ phân giải 300 dpi; " +
				"nếu vẫn không được, hãy đưa thông báo này cho quản trị viên.",
		},
		warned: map[string]string{
			WarnResolutionGuessed:   "Tệp không cho biết độ phân giải khi quét{page}; khổ giấy được ước lượng.",
			WarnReducedFor1b:        "Ảnh được giảm còn 8 bit mỗi màu để phù hợp PDF/A-1b{page}; bản gốc được giữ nguyên.",
			WarnSignatureNotCarried: "Chữ ký số không được chuyển sang PDF/A{page}; chữ ký vẫn còn trong bản gốc được lưu giữ.",
			WarnTruncated:           "Tệp bị cắt ngang{page}; phần đã nhận được giữ lại. Vui lòng đối chiếu với bản giấy.",
			WarnDamaged:             "Một phần ảnh bị hỏng{page}. Vui lòng đối chiếu với bản giấy và quét lại nếu thiếu nội dung.",
			WarnPagesMissing:        "Tệp thiếu trang so với số trang phải có{page}. Vui lòng đối chiếu với bản giấy và quét lại phần còn thiếu.",
			WarnWorkerCrashed:       "Không đọc được chữ{page} vì việc đọc bị dừng đột ngột; hình ảnh của trang vẫn đầy đủ.",
			WarnWorkerTimedOut:      "Không đọc được chữ{page} vì mất quá nhiều thời gian; hình ảnh của trang vẫn đầy đủ.",
			WarnWorkerOutOfMemory:   "Không đọc được chữ{page} vì thiếu bộ nhớ; hình ảnh của trang vẫn đầy đủ.",
			WarnPlaceholder:         "Không hiển thị được trang{page}; một tờ thông báo được đặt thay vào. Vui lòng quét lại trang này.",
			WarnLowConfidence:       "Chữ khó đọc{page}. Vui lòng kiểm tra lại và quét lại nếu ảnh bị mờ hoặc quá nhạt.",
			WarnLanguageModelMissing: "Chữ được đọc bằng mô hình của ngôn ngữ khác{page} nên có thể có lỗi. Vui lòng báo cho quản trị " +
				"viên.",
			WarnProfileDropped:   "Hồ sơ màu không khớp với ảnh nên đã được bỏ đi{page}; màu sắc có thể hơi khác.",
			WarnFileRefused:      "Một tệp thuộc hồ sơ này đã bị từ chối{page} nên thiếu các trang của tệp đó. Ghi chú trong _rejected nêu lý do; hãy quét lại tệp.",
			WarnResultUnlinked:   "Không tìm thấy hồ sơ của kết quả này{page}. Hãy tìm hồ sơ và đề nghị ghép hai hồ sơ lại.",
			WarnReceiptUnlinked:  "Không tìm thấy hồ sơ của giấy ký nhận này{page}. Hãy tìm hồ sơ và đề nghị ghép hai hồ sơ lại.",
			WarnPageGap:          "Số trang bị nhảy, có thể thiếu trang{page}. Vui lòng tìm tờ còn thiếu và quét thêm.",
			WarnProceduresDiffer: "Phiếu, tệp kèm theo của máy quét và tên tờ đơn{page} nêu những thủ tục khác nhau. Hãy kiểm tra xem hồ sơ thuộc thủ tục nào.",
			WarnSidesUnpaired:    "Số mặt sau không khớp với số mặt trước{page} nên không thể xếp xen kẽ các trang. Hãy kiểm tra thứ tự và số trang.",
			WarnCodeTaken:        "Giấy tờ ghi mã của một hồ sơ mà người gửi không được bổ sung{page}, nên được lập thành hồ sơ riêng. Hãy kiểm tra giấy tờ thuộc hồ sơ nào.",
			WarnRescanUnplaced:   "Không tìm thấy trang mà bản quét lại này phải thay thế{page}. Hãy đối chiếu và đưa các trang về đúng chỗ.",
		},
		verdicts: map[VerdictCode]string{
			VerdictPageGap:       "Thiếu một trang ngay trước hoặc sau trang này{page}: số trang của giấy tờ bị nhảy. Vui lòng tìm tờ còn thiếu và quét thêm.",
			VerdictDoubleFeed:    "Ảnh quét dài hơn các trang khác{page}, có thể máy đã kéo hai tờ cùng lúc. Vui lòng tách ra và quét lại.",
			VerdictCutOff:        "Chữ bị cắt mất ở mép ảnh{page}. Vui lòng đặt tờ giấy thẳng, trọn vẹn và quét lại.",
			VerdictFoldedCorner:  "Góc giấy bị gấp{page}. Vui lòng mở góc giấy ra và quét lại.",
			VerdictBlurred:       "Ảnh quét bị nhòe{page}. Vui lòng đặt giấy phẳng, giữ yên và quét lại.",
			VerdictTooDark:       "Ảnh quét quá tối{page}. Vui lòng tăng độ sáng và quét lại.",
			VerdictTooLight:      "Ảnh quét quá nhạt, khó đọc chữ{page}. Vui lòng giảm độ sáng và quét lại.",
			VerdictLowResolution: "Chữ quá nhỏ, khó đọc{page}. Vui lòng đặt máy quét ở độ phân giải 300 dpi và quét lại.",
			VerdictSkewed:        "Tờ giấy bị đặt lệch{page}. Vui lòng đặt thẳng và quét lại.",
			VerdictDirtyGlass:    "Nhiều trang có cùng một vệt sọc{page}. Vui lòng lau kính máy quét.",
			VerdictUpsideDown:    "Tờ giấy bị đặt ngược hoặc nằm ngang{page}; hệ thống đã xoay lại. Không cần làm gì thêm.",
			VerdictBlank:         "Trang này trống{page}. Nếu trên giấy có nội dung, vui lòng lật mặt giấy và quét lại.",
		},
	}
}
