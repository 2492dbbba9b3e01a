#include "jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* A progressive file may ask for the whole picture to be gone over once a scan; no encoder needs more than this. */
#define MAX_SCANS 500

/* A picture made small while its rows are decoded: each of its pixels is the mean of by times by. */
struct small {
	PIX *pix;
	unsigned *sums; /* of the rows so far, three a pixel */
	int by, rows, y;
	int shift; /* by times by as a power of two */
	int is_ycc;
};

struct decoder {
	struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
	struct jpeg_progress_mgr progress;
	jmp_buf escape;
	struct jpeg_outcome *out;
	const unsigned char *data;
	int reached; /* rows from the top that the data got to before it ended; -1 while it has not */
	struct small small; /* here, where a longjmp does not lose it */
};

static void keep_message(j_common_ptr info) {
	struct decoder *d = (struct decoder *)info->err;
	char text[JMSG_LENGTH_MAX];
	if (d->out->message[0] != 0)
		return;
	info->err->format_message(info, text);
	snprintf(d->out->message, sizeof d->out->message, "%s", text);
}

static void on_error(j_common_ptr info) {
	struct decoder *d = (struct decoder *)info->err;
	keep_message(info);
	if (info->err->msg_code == JERR_NO_BACKING_STORE)
		d->out->too_large = 1; /* it would write to a file what goes beyond the memory it may use */
	longjmp(d->escape, 1);
}

/* rows_reached is how far the first scan has come; later scans only refine. */
static int rows_reached(struct jpeg_decompress_struct *info) {
	if (info->input_scan_number > 1)
		return info->image_height;
	return info->input_iMCU_row * info->max_v_samp_factor * DCTSIZE;
}

/* padding reports whether the bytes that were passed over before a marker are such as writers fill up with. Others are
 * what is left of a scan whose codes were damaged: what came out of it is not the picture. */
static int padding(struct jpeg_decompress_struct *info) {
	const struct decoder *d = (const struct decoder *)info->err;
	const JOCTET *marker = info->src->next_input_byte;
	for (int n = info->err->msg_parm.i[0]; n > 0 && marker > d->data; n--) {
		marker--;
		if (*marker != 0 && *marker != 0xff)
			return 0;
	}
	return 1;
}

static void on_message(j_common_ptr info, int level) {
	struct decoder *d = (struct decoder *)info->err;
	if (level >= 0)
		return;
	switch (info->err->msg_code) {
	case JWRN_JPEG_EOF:
		keep_message(info);
		d->out->truncated = 1;
		if (d->reached < 0 && info->is_decompressor)
			d->reached = rows_reached((struct jpeg_decompress_struct *)info);
		break;
	case JWRN_JFIF_MAJOR:
	case JWRN_ADOBE_XFORM:
		break; /* costs no pixel */
	case JWRN_EXTRANEOUS_DATA:
		if (info->is_decompressor && padding((struct jpeg_decompress_struct *)info))
			break;
		/* fall through */
	default:
		keep_message(info);
		d->out->damaged = 1;
	}
}

static void on_progress(j_common_ptr info) {
	if (info->is_decompressor && ((struct jpeg_decompress_struct *)info)->input_scan_number > MAX_SCANS)
		ERREXIT(info, JERR_BAD_PROGRESSION);
}

static void prepare(struct jpeg_decompress_struct *info, struct decoder *d, const unsigned char *data,
	struct jpeg_outcome *out) {
	memset(out, 0, sizeof *out);
	memset(d, 0, sizeof *d);
	d->data = data;
	d->out = out;
	d->reached = -1;
	info->err = jpeg_std_error(&d->errors);
	d->errors.error_exit = on_error;
	d->errors.emit_message = on_message;
	d->progress.progress_monitor = on_progress;
}

static unsigned char times(unsigned a, unsigned b) { return (unsigned char)((a * b + 127) / 255); }

/* cmyk_to_rgb works in place; ink is 0 for none unless inverted. */
static void cmyk_to_rgb(unsigned char *row, int width, int inverted) {
	unsigned char *to = row;
	for (int x = 0; x < width; x++, row += 4) {
		unsigned flip = inverted ? 0 : 255;
		unsigned white = row[3] ^ flip;
		for (int c = 0; c < 3; c++)
			*to++ = times(row[c] ^ flip, white);
	}
}

static void pack_grey(l_uint32 *line, const unsigned char *row, int width) {
	for (int x = 0; x < width; x++)
		SET_DATA_BYTE(line, x, row[x]);
}

static void pack_rgb(l_uint32 *line, const unsigned char *row, int width) {
	for (int x = 0; x < width; x++, row += 3)
		line[x] = (l_uint32)row[0] << 24 | (l_uint32)row[1] << 16 | (l_uint32)row[2] << 8 | 0xff;
}

static void pack_luminance(l_uint32 *line, const unsigned char *row, int width) {
	for (int x = 0; x < width; x++, row += 3)
		SET_DATA_BYTE(line, x, (19595u * row[0] + 38470u * row[1] + 7471u * row[2] + 32768u) >> 16);
}

/* What is decoded to: luminance, colour, or luminance and a small picture in colour. */
enum wanted { LUMINANCE, COLOUR, BOTH };

/* choose_scale has the decoder itself leave out what a smaller picture does not show, as long as side pixels or more are
   left at its longer side. Halves are what it is quick at. */
static void choose_scale(struct jpeg_decompress_struct *info, int side) {
	int longer = info->image_width > info->image_height ? info->image_width : info->image_height;
	info->scale_num = info->scale_denom = 1;
	while (info->scale_denom < 8 && longer / (int)(2 * info->scale_denom) >= side)
		info->scale_denom *= 2;
	info->do_fancy_upsampling = FALSE; /* what it smooths does not show either */
}

static void choose_output(struct jpeg_decompress_struct *info, enum wanted wanted) {
	switch (info->jpeg_color_space) {
	case JCS_CMYK:
	case JCS_YCCK:
		info->out_color_space = JCS_CMYK;
		break;
	case JCS_YCbCr:
		info->out_color_space = wanted == COLOUR ? JCS_RGB : wanted == BOTH ? JCS_YCbCr : JCS_GRAYSCALE;
		/* The luminance is the same without, and a picture made small does not show it. */
		info->do_fancy_upsampling = wanted != BOTH;
		break;
	case JCS_RGB:
		info->out_color_space = wanted == LUMINANCE ? JCS_GRAYSCALE : JCS_RGB;
		break;
	case JCS_GRAYSCALE:
		info->out_color_space = JCS_GRAYSCALE;
		break;
	default:
		ERREXIT(info, JERR_CONVERSION_NOTIMPL);
	}
}

static void pack_first(l_uint32 *line, const unsigned char *row, int width) {
	for (int x = 0; x < width; x++, row += 3)
		SET_DATA_BYTE(line, x, row[0]);
}

static void pack(struct jpeg_decompress_struct *info, l_uint32 *line, unsigned char *row, int colour) {
	int width = info->output_width;
	switch (info->out_color_space) {
	case JCS_CMYK:
		cmyk_to_rgb(row, width, info->saw_Adobe_marker);
		/* fall through */
	case JCS_RGB:
		if (colour)
			pack_rgb(line, row, width);
		else
			pack_luminance(line, row, width);
		break;
	case JCS_YCbCr:
		pack_first(line, row, width);
		break;
	default:
		pack_grey(line, row, width);
	}
}

static int shrinks(const struct jpeg_decompress_struct *info, int by, int side) {
	int w = info->output_width / by, h = info->output_height / by;
	return w > 0 && h > 0 && (w > h ? w : h) >= side;
}

static void begin_small(struct jpeg_decompress_struct *info, struct small *s, int side) {
	for (s->by = 1; shrinks(info, 2 * s->by, side); s->by *= 2)
		s->shift += 2;
	s->is_ycc = info->out_color_space == JCS_YCbCr;
	s->pix = pixCreate(info->output_width / s->by, info->output_height / s->by, 32);
	s->sums = calloc(3 * (info->output_width / s->by), sizeof *s->sums);
	if (s->pix == NULL || s->sums == NULL)
		ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
}

static l_uint32 clamped(int v) { return v < 0 ? 0 : v > 255 ? 255 : v; }

/* ITU-R BT.601 with all 256 levels, as JFIF has it; weights in 65,536ths. */
static l_uint32 ycc_to_rgb(int y, int cb, int cr) {
	cb -= 128;
	cr -= 128;
	l_uint32 r = clamped(y + ((91881 * cr + 32768) >> 16));
	l_uint32 g = clamped(y - ((22554 * cb + 46802 * cr + 32768) >> 16));
	l_uint32 b = clamped(y + ((116130 * cb + 32768) >> 16));
	return r << 24 | g << 16 | b << 8 | 0xff;
}

static void end_line(struct small *s) {
	l_uint32 *line = pixGetData(s->pix) + (size_t)s->y * pixGetWpl(s->pix);
	int width = pixGetWidth(s->pix), shift = s->shift;
	unsigned half = 1u << shift >> 1, *sum = s->sums;
	for (int x = 0; x < width; x++, sum += 3) {
		unsigned a = (sum[0] + half) >> shift, b = (sum[1] + half) >> shift, c = (sum[2] + half) >> shift;
		line[x] = s->is_ycc ? ycc_to_rgb(a, b, c) : a << 24 | b << 16 | c << 8 | 0xff;
	}
	memset(s->sums, 0, 3 * (size_t)width * sizeof *s->sums);
	s->rows = 0;
	s->y++;
}

static void add_row(struct small *s, const unsigned char *row) {
	if (s->y == pixGetHeight(s->pix))
		return; /* the last rows make no whole pixel */
	unsigned *sum = s->sums;
	int width = pixGetWidth(s->pix), by = s->by;
	for (int x = 0; x < width; x++, sum += 3) {
		unsigned a = 0, b = 0, c = 0;
		for (int i = 0; i < by; i++, row += 3) {
			a += row[0];
			b += row[1];
			c += row[2];
		}
		sum[0] += a;
		sum[1] += b;
		sum[2] += c;
	}
	if (++s->rows == s->by)
		end_line(s);
}

/* blank makes white what lies below so many rows. */
static void blank(PIX *pix, int rows) {
	if (pix != NULL && rows < pixGetHeight(pix))
		memset(pixGetData(pix) + (size_t)rows * pixGetWpl(pix), 0xff, 4 * (size_t)pixGetWpl(pix) * (pixGetHeight(pix) - rows));
}

/* Where budget is not 0 the picture itself is made small, by as little memory; else side is that of *small. */
static PIX *decode(const unsigned char *data, size_t size, enum wanted wanted, int side, long budget, PIX **small,
	struct jpeg_outcome *out) {
	struct jpeg_decompress_struct info;
	struct decoder d;
	PIX *volatile pix = NULL;
	volatile int rows = 0;

	prepare(&info, &d, data, out);
	if (setjmp(d.escape) == 0) {
		jpeg_create_decompress(&info);
		info.progress = &d.progress;
		jpeg_mem_src(&info, data, size);
		jpeg_read_header(&info, TRUE);
		choose_output(&info, wanted);
		if (budget != 0) {
			choose_scale(&info, side);
			info.mem->max_memory_to_use = budget;
		}
		jpeg_start_decompress(&info);
		int depth = info.out_color_space == JCS_GRAYSCALE || wanted != COLOUR ? 8 : 32;
		pix = pixCreate(info.output_width, info.output_height, depth);
		if (pix == NULL)
			ERREXIT1(&info, JERR_OUT_OF_MEMORY, 0);
		if (wanted == BOTH && info.out_color_space != JCS_GRAYSCALE)
			begin_small(&info, &d.small, side);
		unsigned char *row = (*info.mem->alloc_small)((j_common_ptr)&info, JPOOL_IMAGE,
			(size_t)info.output_width * info.output_components);
		while (info.output_scanline < info.output_height) {
			jpeg_read_scanlines(&info, &row, 1);
			pack(&info, pixGetData(pix) + (size_t)rows * pixGetWpl(pix), row, wanted == COLOUR);
			if (d.small.pix != NULL)
				add_row(&d.small, row);
			rows++;
		}
		jpeg_finish_decompress(&info);
	} else if (rows > 0 && pix != NULL && rows < pixGetHeight(pix)) {
		out->damaged = 1;
	}
	if (d.reached >= 0 && rows > 0)
		d.reached = (int)((long)d.reached * info.output_height / info.image_height);
	if (d.reached >= 0 && d.reached < rows)
		rows = d.reached;
	jpeg_destroy_decompress(&info);
	free(d.small.sums);
	if (rows == 0) {
		PIX *empty = pix;
		pixDestroy(&empty);
		pixDestroy(&d.small.pix);
		return NULL;
	}
	blank(pix, rows);
	if (d.small.pix != NULL) {
		blank(d.small.pix, rows / d.small.by);
		*small = d.small.pix;
	}
	return pix;
}

PIX *jpeg_decode(const unsigned char *data, size_t size, int colour, struct jpeg_outcome *out) {
	return decode(data, size, colour ? COLOUR : LUMINANCE, 0, 0, NULL, out);
}

PIX *jpeg_decode_reduced(const unsigned char *data, size_t size, int side, long budget, struct jpeg_outcome *out) {
	return decode(data, size, COLOUR, side, budget, NULL, out);
}

PIX *jpeg_decode_both(const unsigned char *data, size_t size, int side, PIX **small, struct jpeg_outcome *out) {
	*small = NULL;
	return decode(data, size, BOTH, side, 0, small, out);
}

int jpeg_recode(const unsigned char *data, size_t size, unsigned char **result, unsigned long *result_size,
	struct jpeg_outcome *out) {
	struct jpeg_decompress_struct from;
	struct jpeg_compress_struct to;
	struct decoder d;

	prepare(&from, &d, data, out);
	memset(&to, 0, sizeof to);
	to.err = from.err;
	*result = NULL;
	*result_size = 0;
	if (setjmp(d.escape) != 0) {
		jpeg_destroy_compress(&to);
		jpeg_destroy_decompress(&from);
		free(*result);
		*result = NULL;
		return -1;
	}
	jpeg_create_decompress(&from);
	from.progress = &d.progress;
	jpeg_create_compress(&to);
	jpeg_mem_src(&from, data, size);
	jpeg_read_header(&from, TRUE);
	jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&from);
	jpeg_mem_dest(&to, result, result_size);
	jpeg_copy_critical_parameters(&from, &to);
	to.arith_code = FALSE;
	to.optimize_coding = TRUE;
	jpeg_write_coefficients(&to, coefficients);
	jpeg_finish_compress(&to);
	jpeg_destroy_compress(&to);
	jpeg_finish_decompress(&from);
	jpeg_destroy_decompress(&from);
	return 0;
}
