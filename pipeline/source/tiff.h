#ifndef DOSSIERD_TIFF_H
#define DOSSIERD_TIFF_H

#include <stdint.h>
#include <tiffio.h>

/* What libtiff had to say since the log was last cleared. */
struct tiff_log {
	int errors, warnings;
	char first[200]; /* the first error, or warning where there is no error */
};

/* What the tags of a directory say, with TIFF's defaults for those that are absent. */
struct tiff_tags {
	uint64_t offset;
	uint32_t width, height, rows_per_strip, tile_width, tile_height, strips, subfile;
	uint16_t bits, samples, photometric, compression, planar, fill_order, orientation, unit, format, ink_set;
	uint16_t extras, first_extra, old_subfile;
	int tiled, decoder; /* decoder: whether libtiff has one for this compression */
	float x_resolution, y_resolution;
};

TIFF *tiff_open(const char *path, struct tiff_log *log);
void tiff_tags(TIFF *t, struct tiff_tags *tags);

/* Sets JPEG decoding to give RGB where the file has YCbCr. */
void tiff_jpeg_rgb(TIFF *t);

/* The colour map, 3 tables of 2^bits; 0 where there is none. */
int tiff_colormap(TIFF *t, uint16_t **r, uint16_t **g, uint16_t **b);

/* Pointers into libtiff's memory, good until the next directory; NULL where there is none. */
const void *tiff_profile(TIFF *t, uint32_t *size);
const void *tiff_jpeg_tables(TIFF *t, uint32_t *size);

/* Band-wise decoding of whatever libtiff turns into RGB by itself. */
struct tiff_rgba {
	TIFFRGBAImage image;
	char message[1024];
};
int tiff_rgba_begin(TIFF *t, struct tiff_rgba *r);
int tiff_rgba_rows(struct tiff_rgba *r, uint32_t y, uint32_t rows, uint32_t *out);

#endif
