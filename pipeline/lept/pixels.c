#include "pixels.h"

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
