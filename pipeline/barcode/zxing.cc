#define ZX_USE_UTF8
#include "zxing.h"

#include <cstdlib>
#include <cstring>

#include <ZXing/ReadBarcode.h>

using namespace ZXing;

int barcode_zxing(const uint8_t *px, int w, int h, int stride, int format, struct barcode_found *found) try {
	static const BarcodeFormat formats[] = {BarcodeFormat::QRCode, BarcodeFormat::Code128, BarcodeFormat::Code39, BarcodeFormat::PDF417};
	DecodeHints hints;
	hints.setFormats(formats[format]).setTryHarder(true).setTryRotate(false).setTryDownscale(false).setMinLineCount(2);
	Result result = ReadBarcode(ImageView(px, w, h, ImageFormat::Lum, stride), hints);
	if (!result.isValid()) return 0;
	std::string text = result.text();
	found->text = static_cast<char *>(malloc(text.size() + 1));
	if (!found->text) return 0;
	memcpy(found->text, text.data(), text.size());
	found->length = text.size();
	found->lines = result.lineCount();
	for (int i = 0; i < 4; i++) {
		found->x[i] = result.position()[i].x;
		found->y[i] = result.position()[i].y;
	}
	return 1;
} catch (...) {
	return 0;
}
