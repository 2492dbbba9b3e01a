#include "jp2.h"

#include <openjpeg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
	const unsigned char *data;
	size_t size, at;
};

static OPJ_SIZE_T on_read(void *buffer, OPJ_SIZE_T n, void *user) {
	struct source *s = user;
	size_t rest = s->size - s->at;
	if (rest == 0)
		return (OPJ_SIZE_T)-1;
	if (n > rest)
		n = rest;
	memcpy(buffer, s->data + s->at, n);
	s->at += n;
	return n;
}

static OPJ_BOOL on_seek(OPJ_OFF_T to, void *user) {
	struct source *s = user;
	if (to < 0 || (size_t)to > s->size)
		return OPJ_FALSE;
	s->at = to;
	return OPJ_TRUE;
}

static OPJ_OFF_T on_skip(OPJ_OFF_T n, void *user) {
	struct source *s = user;
	if (n < 0)
		return -1;
	if ((size_t)n > s->size - s->at)
		n = s->size - s->at;
	s->at += n;
	return n;
}

static void on_error(const char *message, void *user) {
	struct jp2_band *band = user;
	if (band->message[0] == 0)
		snprintf(band->message, sizeof band->message, "%s", message);
}

static void on_message(const char *message, void *user) {
	(void)message;
	(void)user;
}

struct decoder {
	struct source source;
	opj_stream_t *stream;
	opj_codec_t *codec;
	opj_image_t *image;
};

static int begin(struct decoder *d, const unsigned char *data, size_t size, int raw, struct jp2_band *band) {
	opj_dparameters_t parameters;
	memset(d, 0, sizeof *d);
	memset(band, 0, sizeof *band);
	d->source.data = data;
	d->source.size = size;
	d->stream = opj_stream_default_create(OPJ_TRUE);
	d->codec = opj_create_decompress(raw ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
	if (d->stream == NULL || d->codec == NULL)
		return 0;
	opj_stream_set_user_data(d->stream, &d->source, NULL);
	opj_stream_set_user_data_length(d->stream, size);
	opj_stream_set_read_function(d->stream, on_read);
	opj_stream_set_seek_function(d->stream, on_seek);
	opj_stream_set_skip_function(d->stream, on_skip);
	opj_set_error_handler(d->codec, on_error, band);
	opj_set_warning_handler(d->codec, on_message, NULL);
	opj_set_info_handler(d->codec, on_message, NULL);
	opj_set_default_decoder_parameters(&parameters);
	if (!opj_setup_decoder(d->codec, &parameters))
		return 0;
	opj_decoder_set_strict_mode(d->codec, OPJ_FALSE);
	return opj_read_header(d->stream, d->codec, &d->image);
}

static void end(struct decoder *d) {
	if (d->image != NULL)
		opj_image_destroy(d->image);
	if (d->codec != NULL)
		opj_destroy_codec(d->codec);
	if (d->stream != NULL)
		opj_stream_destroy(d->stream);
}

static int sound(const opj_image_t *image, uint32_t width, uint32_t height) {
	if (image->x1 - image->x0 != width || image->y1 - image->y0 != height || image->numcomps < 1 || image->numcomps > 16)
		return 0;
	for (uint32_t c = 0; c < image->numcomps; c++) {
		const opj_image_comp_t *comp = &image->comps[c];
		if (comp->data == NULL || comp->w == 0 || comp->h == 0 || comp->dx == 0 || comp->dy == 0 || comp->prec < 1 || comp->prec > 31)
			return 0;
	}
	return 1;
}

static void copy_component(const opj_image_t *image, uint32_t c, int bits, uint16_t *out) {
	const opj_image_comp_t *comp = &image->comps[c];
	uint32_t width = image->x1 - image->x0, height = image->y1 - image->y0, count = image->numcomps;
	int64_t shift = comp->sgnd ? (int64_t)1 << (comp->prec - 1) : 0;
	int64_t most = ((int64_t)1 << comp->prec) - 1, full = (1 << bits) - 1;
	for (uint32_t y = 0; y < height; y++) {
		uint32_t sy = y / comp->dy < comp->h ? y / comp->dy : comp->h - 1;
		const OPJ_INT32 *row = comp->data + (size_t)sy * comp->w;
		for (uint32_t x = 0; x < width; x++) {
			int64_t v = row[x / comp->dx < comp->w ? x / comp->dx : comp->w - 1] + shift;
			v = v < 0 ? 0 : v > most ? most : v;
			out[((size_t)y * width + x) * count + c] = most == full ? v : (v * full + most / 2) / most;
		}
	}
}

int jp2_decode(const unsigned char *data, size_t size, int raw, uint32_t width, uint32_t top, uint32_t bottom, int bits,
	struct jp2_band *band) {
	struct decoder d;
	int ok = begin(&d, data, size, raw, band);
	if (ok) {
		uint32_t x0 = d.image->x0, y0 = d.image->y0, x1 = d.image->x1;
		ok = opj_set_decode_area(d.codec, d.image, x0, y0 + top, x1, y0 + bottom) && opj_decode(d.codec, d.stream, d.image);
	}
	if (ok)
		band->partial = !opj_end_decompress(d.codec, d.stream);
	ok = ok && sound(d.image, width, bottom - top);
	if (ok) {
		band->components = d.image->numcomps;
		band->samples = malloc((size_t)width * (bottom - top) * band->components * sizeof *band->samples);
		ok = band->samples != NULL;
	}
	for (uint32_t c = 0; ok && c < band->components; c++)
		copy_component(d.image, c, bits, band->samples);
	end(&d);
	return ok;
}
