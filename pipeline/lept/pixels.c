#include "pixels.h"

#include <math.h>
#include <stdlib.h>

PIX *gray_of_colour(PIX *pix) {
	l_int32 w = pixGetWidth(pix), h = pixGetHeight(pix);
	PIX *gray = pixCreateNoInit(w, h, 8);
	if (gray == NULL) return NULL;
	pixCopyResolution(gray, pix);
	const l_uint32 *src = pixGetData(pix);
	l_uint32 *dst = pixGetData(gray);
	l_int32 from = pixGetWpl(pix), to = pixGetWpl(gray);
	for (l_int32 y = 0; y < h; y++, src += from, dst += to) {
		for (l_int32 x = 0; x < w; x++) {
			l_uint32 p = src[x];
			l_uint32 v = 77 * (p >> 24) + 150 * ((p >> 16) & 0xff) + 29 * ((p >> 8) & 0xff);
			SET_DATA_BYTE(dst, x, v >> 8);
		}
	}
	return gray;
}

/* A pixel of the result covers the source from first on: count values, of which the first and the last weigh less. */
struct span {
	l_int32 first, count;
	float head, tail, scale;
};

static struct span *spans(l_int32 from, l_int32 to) {
	struct span *all = malloc(sizeof *all * (size_t)to);
	if (all == NULL) return NULL;
	double step = (double)from / to;
	for (l_int32 i = 0; i < to; i++) {
		double start = i * step, end = i + 1 == to ? from : (i + 1) * step;
		l_int32 first = (l_int32)start, last = (l_int32)end;
		if (last >= from || last == end) last--;
		if (last < first) last = first;
		all[i].first = first;
		all[i].count = last - first + 1;
		all[i].head = (float)(first + 1 - start);
		all[i].tail = (float)(end - last);
		if (first == last) all[i].head = (float)(end - start);
		all[i].scale = (float)(1 / (end - start));
	}
	return all;
}

static float weight(const struct span *s, l_int32 i) {
	return i == 0 ? s->head : i + 1 == s->count ? s->tail : 1;
}

PIX *shrink_gray(PIX *pix, l_int32 w, l_int32 h) {
	l_int32 from_w = pixGetWidth(pix), from_h = pixGetHeight(pix), wpl = pixGetWpl(pix);
	PIX *small = pixCreate(w, h, 8);
	struct span *across = spans(from_w, w), *down = spans(from_h, h);
	float *sums = malloc(sizeof *sums * 4 * (size_t)wpl);
	if (small == NULL || across == NULL || down == NULL || sums == NULL) {
		pixDestroy(&small);
		goto done;
	}
	for (l_int32 y = 0; y < h; y++) {
		/* Rows are added up in memory's order of bytes; the columns below undo it. */
		for (l_int32 i = 0; i < down[y].count; i++) {
			const unsigned char *row = (const unsigned char *)(pixGetData(pix) + (size_t)(down[y].first + i) * wpl);
			float by = weight(&down[y], i) * down[y].scale;
			if (i == 0) {
				for (l_int32 x = 0; x < 4 * wpl; x++) sums[x] = by * row[x];
			} else {
				for (l_int32 x = 0; x < 4 * wpl; x++) sums[x] += by * row[x];
			}
		}
		l_uint32 *out = pixGetData(small) + (size_t)y * pixGetWpl(small);
		for (l_int32 x = 0; x < w; x++) {
			const struct span *s = &across[x];
			float sum = s->head * sums[s->first ^ 3];
			for (l_int32 i = 1; i + 1 < s->count; i++) sum += sums[(s->first + i) ^ 3];
			if (s->count > 1) sum += s->tail * sums[(s->first + s->count - 1) ^ 3];
			SET_DATA_BYTE(out, x, (l_uint32)(sum * s->scale + 0.5f));
		}
	}
done:
	free(across);
	free(down);
	free(sums);
	return small;
}

/* An image that is looked at between its pixels. Places and weights count in 256ths of a pixel. */
struct canvas {
	const l_uint32 *data;
	l_int32 w, h, wpl;
};

#define WHITE 0xffffff00u

static l_uint32 mix(l_uint32 p, l_uint32 q, l_uint32 by) {
	/* Two channels at a time: 8 bits of each, with 8 bits between them. */
	l_uint32 even = (((p & 0x00ff00ff) * (256 - by) + (q & 0x00ff00ff) * by) >> 8) & 0x00ff00ff;
	l_uint32 odd = ((p >> 8 & 0x00ff00ff) * (256 - by) + (q >> 8 & 0x00ff00ff) * by) & 0xff00ff00;
	return even | odd;
}

static l_int32 within(l_int32 v, l_int32 size) { return v < 0 ? 0 : v >= size ? size - 1 : v; }

static l_uint32 colour_at(const struct canvas *c, l_int64 x, l_int64 y) {
	l_int32 left = (l_int32)(x >> 8), top = (l_int32)(y >> 8);
	const l_uint32 *upper = c->data + (size_t)within(top, c->h) * c->wpl;
	const l_uint32 *lower = c->data + (size_t)within(top + 1, c->h) * c->wpl;
	l_int32 right = within(left + 1, c->w);
	left = within(left, c->w);
	l_uint32 across = (l_uint32)(x & 255);
	return mix(mix(upper[left], upper[right], across), mix(lower[left], lower[right], across), (l_uint32)(y & 255));
}

static l_uint32 gray_at(const struct canvas *c, l_int64 x, l_int64 y) {
	l_int32 left = (l_int32)(x >> 8), top = (l_int32)(y >> 8);
	const l_uint32 *upper = c->data + (size_t)within(top, c->h) * c->wpl;
	const l_uint32 *lower = c->data + (size_t)within(top + 1, c->h) * c->wpl;
	l_int32 right = within(left + 1, c->w);
	left = within(left, c->w);
	l_uint32 across = (l_uint32)(x & 255), down = (l_uint32)(y & 255);
	l_uint32 above = GET_DATA_BYTE(upper, left) * (256 - across) + GET_DATA_BYTE(upper, right) * across;
	l_uint32 below = GET_DATA_BYTE(lower, left) * (256 - across) + GET_DATA_BYTE(lower, right) * across;
	return (above * (256 - down) + below * down) >> 16;
}

PIX *warp(PIX *pix, l_int32 w, l_int32 h, const double m[6], l_int32 samples) {
	struct canvas c = {pixGetData(pix), pixGetWidth(pix), pixGetHeight(pix), pixGetWpl(pix)};
	l_int32 colour = pixGetDepth(pix) == 32;
	PIX *out = pixCreateNoInit(w, h, colour ? 32 : 8);
	if (out == NULL) return NULL;
	const l_int64 half = 128, right = (l_int64)c.w << 8, bottom = (l_int64)c.h << 8;
	const l_uint32 n = (l_uint32)(samples * samples);
	for (l_int32 j = 0; j < h; j++) {
		l_uint32 *row = pixGetData(out) + (size_t)j * pixGetWpl(out);
		for (l_int32 i = 0; i < w; i++) {
			l_uint32 r = 0, g = 0, b = 0;
			for (l_int32 k = 0; k < samples * samples; k++) {
				double px = i + (k % samples + 0.5) / samples, py = j + (k / samples + 0.5) / samples;
				l_int64 x = (l_int64)floor(256 * (m[0] * px + m[2] * py + m[4]) + 0.5);
				l_int64 y = (l_int64)floor(256 * (m[1] * px + m[3] * py + m[5]) + 0.5);
				l_uint32 v = colour ? WHITE : 255;
				if (x >= 0 && y >= 0 && x < right && y < bottom) {
					v = colour ? colour_at(&c, x - half, y - half) : gray_at(&c, x - half, y - half);
				}
				if (colour) {
					r += v >> 24;
					g += v >> 16 & 255;
					b += v >> 8 & 255;
				} else {
					r += v;
				}
			}
			if (colour) {
				row[i] = ((r + n / 2) / n) << 24 | ((g + n / 2) / n) << 16 | ((b + n / 2) / n) << 8 | 255;
			} else {
				SET_DATA_BYTE(row, i, (r + n / 2) / n);
			}
		}
	}
	return out;
}
