#include "pixels.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 8

static inline int least(int a, int b) { return a < b ? a : b; }
static inline int most(int a, int b) { return a > b ? a : b; }

/* Of every block its darkest and brightest pixel and their mean. */
static void block_range(const uint8_t *px, int w, int h, int bw, int bh, uint8_t *lo, uint8_t *hi, uint16_t *sum, uint8_t *darkest,
                        uint8_t *brightest, uint8_t *mean) {
	for (int by = 0; by < bh; by++) {
		const uint8_t *band = px + (size_t)least(by * BLOCK, h - BLOCK) * w;
		memset(lo, 255, w);
		memset(hi, 0, w);
		memset(sum, 0, w * sizeof *sum);
		for (int y = 0; y < BLOCK; y++) {
			const uint8_t *row = band + (size_t)y * w;
			for (int x = 0; x < w; x++) {
				uint8_t v = row[x];
				lo[x] = v < lo[x] ? v : lo[x];
				hi[x] = v > hi[x] ? v : hi[x];
				sum[x] += v;
			}
		}
		size_t at = (size_t)by * bw;
		for (int bx = 0; bx < bw; bx++, at++) {
			int from = least(bx * BLOCK, w - BLOCK), total = 0;
			darkest[at] = 255;
			brightest[at] = 0;
			for (int x = from; x < from + BLOCK; x++) {
				darkest[at] = least(darkest[at], lo[x]);
				brightest[at] = most(brightest[at], hi[x]);
				total += sum[x];
			}
			mean[at] = total / (BLOCK * BLOCK);
		}
	}
}

/* From how much between a block's darkest and brightest there may be print in it: more than in the quietest quarter of
   the blocks, which have paper and noise. */
static int print_range(const uint8_t *darkest, const uint8_t *brightest, size_t blocks) {
	const int fewest = 24, most_noise = 72;
	size_t counts[256] = {0}, quiet = 0;
	for (size_t i = 0; i < blocks; i++) counts[brightest[i] - darkest[i]]++;
	int range = 0;
	while (range < 255 && (quiet += counts[range]) < blocks / 4) range++;
	return most(fewest, least(most_noise, range * 3 / 2));
}

/* The grey value that parts black from white in each block, by itself alone; in place of its mean. */
static void block_levels(const uint8_t *darkest, const uint8_t *brightest, int bw, int bh, uint8_t *mean) {
	int print = print_range(darkest, brightest, (size_t)bw * bh);
	for (int by = 0; by < bh; by++) {
		for (int bx = 0; bx < bw; bx++) {
			size_t at = (size_t)by * bw + bx;
			if (brightest[at] - darkest[at] > print) continue;
			mean[at] = darkest[at] / 2; /* white paper */
			if (by > 0 && bx > 0) {     /* or inside something black: as black as what is around it */
				int around = (mean[at - bw] + 2 * mean[at - 1] + mean[at - bw - 1]) / 4;
				if (darkest[at] < around) mean[at] = around;
			}
		}
	}
}

int barcode_binarize(const uint8_t *px, int w, int h, uint64_t *bits) {
	const int reach = 2;
	int bw = (w + BLOCK - 1) / BLOCK, bh = (h + BLOCK - 1) / BLOCK, words = (w + 63) / 64;
	size_t blocks = (size_t)bw * bh;
	uint8_t *levels = malloc(blocks), *darkest = malloc(blocks), *brightest = malloc(blocks), *lo = malloc(w), *hi = malloc(w);
	uint8_t *limit = calloc(words, 64), *black = calloc(words, 64);
	uint16_t *sum = malloc(w * sizeof *sum);
	int done = levels && darkest && brightest && lo && hi && limit && black && sum;
	if (done) {
		block_range(px, w, h, bw, bh, lo, hi, sum, darkest, brightest, levels);
		block_levels(darkest, brightest, bw, bh, levels);
		for (int by = 0; by < bh; by++) {
			int top = most(0, by - reach), bottom = least(bh - 1, by + reach);
			memset(sum, 0, bw * sizeof *sum);
			for (int y = top; y <= bottom; y++)
				for (int bx = 0; bx < bw; bx++) sum[bx] += levels[(size_t)y * bw + bx];
			for (int bx = 0; bx < bw; bx++) {
				int left = most(0, bx - reach), right = least(bw - 1, bx + reach), total = 0;
				for (int x = left; x <= right; x++) total += sum[x];
				memset(limit + bx * BLOCK, total / ((bottom - top + 1) * (right - left + 1)), BLOCK);
			}
			for (int y = by * BLOCK; y < least(h, (by + 1) * BLOCK); y++) {
				const uint8_t *row = px + (size_t)y * w;
				for (int x = 0; x < w; x++) black[x] = row[x] <= limit[x];
				uint8_t *out = (uint8_t *)(bits + (size_t)y * words);
				for (int i = 0; i < words * 8; i++) {
					uint64_t v;
					memcpy(&v, black + 8 * i, 8);
					out[i] = v * 0x0102040810204080ULL >> 56;
				}
			}
		}
	}
	free(levels);
	free(darkest);
	free(brightest);
	free(lo);
	free(hi);
	free(limit);
	free(black);
	free(sum);
	return done;
}

void barcode_halve(const uint8_t *px, int w, int h, uint8_t *out) {
	for (int y = 0; y < h / 2; y++) {
		const uint8_t *a = px + (size_t)2 * y * w, *b = a + w;
		for (int x = 0; x < w / 2; x++) out[x] = (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2;
		out += w / 2;
	}
}

/* Row y sharpened, with a copy of its ends on either side. */
static void sharpen(const uint8_t *px, int w, int h, int y, uint8_t *out) {
	const uint8_t *row = px + (size_t)y * w, *above = px + (size_t)most(0, y - 1) * w, *below = px + (size_t)least(h - 1, y + 1) * w;
	for (int x = 0; x < w; x++) {
		int v = 3 * row[x] - (row[x - (x > 0)] + row[x + (x < w - 1)] + above[x] + below[x]) / 2;
		out[x + 1] = v < 0 ? 0 : v > 255 ? 255 : v;
	}
	out[0] = out[1];
	out[w + 1] = out[w];
}

/* A pixel a quarter of the way from one row, or its pixels, to the other. */
static inline uint8_t between(int near, int far) { return (3 * near + far) / 4; }

int barcode_enlarge(const uint8_t *px, int w, int h, uint8_t *out) {
	uint8_t *rows[3] = {malloc(w + 2), malloc(w + 2), malloc(w + 2)}; /* the last, this one, the next */
	uint8_t *near = malloc(w + 2);
	int done = rows[0] && rows[1] && rows[2] && near;
	if (done) {
		sharpen(px, w, h, 0, rows[1]);
		memcpy(rows[0], rows[1], w + 2);
	}
	for (int y = 0; done && y < h; y++) {
		sharpen(px, w, h, least(h - 1, y + 1), rows[2]);
		for (int side = 0; side < 2; side++, out += 2 * w) {
			for (int x = 0; x < w + 2; x++) near[x] = between(rows[1][x], rows[2 * side][x]);
			for (int x = 0; x < w; x++) {
				out[2 * x] = between(near[x + 1], near[x]);
				out[2 * x + 1] = between(near[x + 1], near[x + 2]);
			}
		}
		uint8_t *last = rows[0];
		rows[0] = rows[1];
		rows[1] = rows[2];
		rows[2] = last;
	}
	free(rows[0]);
	free(rows[1]);
	free(rows[2]);
	free(near);
	return done;
}

static inline uint16_t apart(uint8_t a, uint8_t b) { return a > b ? a - b : b - a; }

int barcode_slopes(const uint8_t *px, int w, int h, uint16_t *across, uint16_t *down) {
	int cw = w / BLOCK, ch = h / BLOCK;
	uint16_t *dx = malloc(w * sizeof *dx), *dy = malloc(w * sizeof *dy);
	int done = dx && dy;
	for (int cy = 0; done && cy < ch; cy++) {
		memset(dx, 0, w * sizeof *dx);
		memset(dy, 0, w * sizeof *dy);
		for (int y = most(1, cy * BLOCK); y < least(h - 1, (cy + 1) * BLOCK); y++) {
			const uint8_t *row = px + (size_t)y * w, *above = row - w, *below = row + w;
			for (int x = 1; x < w - 1; x++) {
				dx[x] += apart(row[x - 1], row[x + 1]);
				dy[x] += apart(above[x], below[x]);
			}
		}
		for (int cx = 0; cx < cw; cx++) {
			unsigned a = 0, d = 0;
			for (int x = cx * BLOCK; x < (cx + 1) * BLOCK; x++) {
				a += dx[x];
				d += dy[x];
			}
			across[(size_t)cy * cw + cx] = a;
			down[(size_t)cy * cw + cx] = d;
		}
	}
	free(dx);
	free(dy);
	return done;
}
