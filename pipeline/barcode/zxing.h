#ifndef DOSSIERD_BARCODE_ZXING_H
#define DOSSIERD_BARCODE_ZXING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BARCODE_QR, BARCODE_CODE128, BARCODE_CODE39, BARCODE_PDF417 };

struct barcode_found {
	char *text; /* UTF-8; to be freed */
	size_t length;
	int x[4], y[4]; /* corners in the picture as it was given */
	int lines;      /* of a linear symbol that said the same */
};

/* Reads the first symbol of one format in a grey picture whose rows are stride bytes apart; 1 where there is one, which
   may read from left to right, right to left where it is linear. ReadBarcode with several formats loses Code 128, and
   ReadBarcodes of version 1.4 ends the process, so that neither is offered. */
int barcode_zxing(const uint8_t *px, int w, int h, int stride, int format, struct barcode_found *found);

#ifdef __cplusplus
}
#endif

#endif
