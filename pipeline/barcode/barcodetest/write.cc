#define ZX_USE_UTF8
#include "write.h"

#include <cstdlib>

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

using namespace ZXing;

unsigned char *barcodetest_write(const char *name, const char *text, int *w, int *h) try {
	auto format = BarcodeFormatFromString(name);
	BitMatrix matrix = MultiFormatWriter(format).setMargin(0).setEncoding(CharacterSet::UTF8).encode(std::string(text), 1, 1);
	*w = matrix.width();
	*h = matrix.height();
	auto *px = static_cast<unsigned char *>(malloc(*w * *h));
	if (px)
		for (int y = 0; y < *h; y++)
			for (int x = 0; x < *w; x++) px[y * *w + x] = matrix.get(x, y);
	return px;
} catch (...) {
	return nullptr;
}
