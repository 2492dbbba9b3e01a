#ifndef DOSSIERD_JPEG_H
#define DOSSIERD_JPEG_H

#include <stddef.h>
#include <leptonica/allheaders.h>

struct jpeg_outcome {
	int truncated; /* the data ends early */
	int damaged;   /* part of the data makes no sense */
	int too_large; /* decoding takes more memory than it may */
	char message[200];
};

/* Decodes a JPEG to 8-bit luminance, or to 32-bit RGB where colour is asked for and there is any. Rows that the data
   does not reach are white. Returns NULL, with a message, where not a row can be had. */
PIX *jpeg_decode(const unsigned char *data, size_t size, int colour, struct jpeg_outcome *out);

/* Decodes a JPEG to 8-bit luminance and, where it has colour, at the same time to a *small picture of 32-bit RGB, halved
   as often as leaves side pixels or more at its longer side; *small is NULL where there is none. */
PIX *jpeg_decode_both(const unsigned char *data, size_t size, int side, PIX **small, struct jpeg_outcome *out);

/* Decodes a JPEG to 32-bit RGB, or 8-bit luminance where it has no colour, halved up to three times as long as side pixels
   or more are left at its longer side; not at all, and too_large, where that takes more than budget bytes. */
PIX *jpeg_decode_reduced(const unsigned char *data, size_t size, int side, long budget, struct jpeg_outcome *out);

/* Writes the same coefficients anew with Huffman coding. The caller frees *result. Returns 0, or -1 with a message. */
int jpeg_recode(const unsigned char *data, size_t size, unsigned char **result, unsigned long *result_size,
	struct jpeg_outcome *out);

#endif
