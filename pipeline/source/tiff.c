#include "tiff.h"

#include <stdio.h>
#include <string.h>

/* No honest page makes libtiff ask for more at once. */
#define LARGEST_ALLOCATION (256 << 20)

static void keep(struct tiff_log *log, int error, const char *format, va_list args) {
	if (log->first[0] == 0 || (error && log->errors == 0))
		vsnprintf(log->first, sizeof log->first, format, args);
	if (error)
		log->errors++;
	else
		log->warnings++;
}

static int on_error(TIFF *t, void *log, const char *module, const char *format, va_list args) {
	(void)t;
	(void)module;
	keep(log, 1, format, args);
	return 1;
}

/* A warning of libjpeg's means that pixels are lost, and is an error here; bytes left over between markers may be
 * padding, and then cost none. */
static int on_warning(TIFF *t, void *log, const char *module, const char *format, va_list args) {
	char said[200];
	va_list again;
	(void)t;
	va_copy(again, args);
	vsnprintf(said, sizeof said, format, again);
	va_end(again);
	keep(log, module && strcmp(module, "JPEGLib") == 0 && strncmp(said, "Corrupt", 7) == 0 && !strstr(said, "extraneous"),
		format, args);
	return 1;
}

TIFF *tiff_open(const char *path, struct tiff_log *log) {
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetMaxSingleMemAlloc(options, LARGEST_ALLOCATION);
	TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, log);
	TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, log);
	TIFF *t = TIFFOpenExt(path, "r", options);
	TIFFOpenOptionsFree(options);
	return t;
}

void tiff_tags(TIFF *t, struct tiff_tags *tags) {
	uint16_t *extra = NULL;
	memset(tags, 0, sizeof *tags);
	tags->offset = TIFFCurrentDirOffset(t);
	TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &tags->width);
	TIFFGetField(t, TIFFTAG_IMAGELENGTH, &tags->height);
	TIFFGetFieldDefaulted(t, TIFFTAG_SUBFILETYPE, &tags->subfile);
	TIFFGetField(t, TIFFTAG_OSUBFILETYPE, &tags->old_subfile);
	TIFFGetFieldDefaulted(t, TIFFTAG_BITSPERSAMPLE, &tags->bits);
	TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLESPERPIXEL, &tags->samples);
	TIFFGetFieldDefaulted(t, TIFFTAG_COMPRESSION, &tags->compression);
	tags->decoder = TIFFIsCODECConfigured(tags->compression);
	TIFFGetFieldDefaulted(t, TIFFTAG_PLANARCONFIG, &tags->planar);
	TIFFGetFieldDefaulted(t, TIFFTAG_FILLORDER, &tags->fill_order);
	TIFFGetFieldDefaulted(t, TIFFTAG_ORIENTATION, &tags->orientation);
	TIFFGetFieldDefaulted(t, TIFFTAG_RESOLUTIONUNIT, &tags->unit);
	TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLEFORMAT, &tags->format);
	TIFFGetFieldDefaulted(t, TIFFTAG_INKSET, &tags->ink_set);
	TIFFGetFieldDefaulted(t, TIFFTAG_ROWSPERSTRIP, &tags->rows_per_strip);
	TIFFGetField(t, TIFFTAG_XRESOLUTION, &tags->x_resolution);
	TIFFGetField(t, TIFFTAG_YRESOLUTION, &tags->y_resolution);
	if (TIFFGetFieldDefaulted(t, TIFFTAG_EXTRASAMPLES, &tags->extras, &extra) && tags->extras > 0 && extra != NULL)
		tags->first_extra = extra[0];
	if (!TIFFGetField(t, TIFFTAG_PHOTOMETRIC, &tags->photometric))
		tags->photometric = tags->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISWHITE;
	tags->tiled = TIFFIsTiled(t);
	if (tags->tiled) {
		TIFFGetField(t, TIFFTAG_TILEWIDTH, &tags->tile_width);
		TIFFGetField(t, TIFFTAG_TILELENGTH, &tags->tile_height);
	} else {
		tags->strips = TIFFNumberOfStrips(t);
	}
}

void tiff_jpeg_rgb(TIFF *t) { TIFFSetField(t, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB); }

int tiff_colormap(TIFF *t, uint16_t **r, uint16_t **g, uint16_t **b) {
	return TIFFGetField(t, TIFFTAG_COLORMAP, r, g, b);
}

const void *tiff_profile(TIFF *t, uint32_t *size) {
	void *data = NULL;
	return TIFFGetField(t, TIFFTAG_ICCPROFILE, size, &data) ? data : NULL;
}

const void *tiff_jpeg_tables(TIFF *t, uint32_t *size) {
	void *data = NULL;
	return TIFFGetField(t, TIFFTAG_JPEGTABLES, size, &data) ? data : NULL;
}

int tiff_rgba_begin(TIFF *t, struct tiff_rgba *r) {
	uint16_t photometric = 0;
	float screen[2] = {0.3127f, 0.3290f};
	memset(r, 0, sizeof *r);
	/* The white of CIELAB is the paper's. libtiff does not adapt it to the screen's, and would print on yellow paper. */
	if (TIFFGetField(t, TIFFTAG_PHOTOMETRIC, &photometric) && photometric == PHOTOMETRIC_CIELAB)
		TIFFSetField(t, TIFFTAG_WHITEPOINT, screen);
	if (!TIFFRGBAImageOK(t, r->message) || !TIFFRGBAImageBegin(&r->image, t, 0, r->message))
		return 0;
	r->image.req_orientation = r->image.orientation; /* as stored */
	return 1;
}

int tiff_rgba_rows(struct tiff_rgba *r, uint32_t y, uint32_t rows, uint32_t *out) {
	r->image.row_offset = y;
	r->image.col_offset = 0;
	return TIFFRGBAImageGet(&r->image, out, r->image.width, rows);
}
