#ifndef DOSSIERD_JP2_H
#define DOSSIERD_JP2_H

#include <stddef.h>
#include <stdint.h>

/* A band of rows, samples side by side. */
struct jp2_band {
	uint16_t *samples; /* the caller frees it */
	uint32_t components;
	int partial; /* the codestream ends early; what it lacks is made up */
	char message[200];
};

/* Decodes the rows from top to bottom (exclusive) of an image of the given width. Each sample is widened to so many
   bits, 8 or 16, each component to the image's size by its nearest pixels. raw says that data is a codestream without
   the boxes of JP2. Returns 0, with a message, where that fails. */
int jp2_decode(const unsigned char *data, size_t size, int raw, uint32_t width, uint32_t top, uint32_t bottom, int bits,
	struct jp2_band *band);

#endif
