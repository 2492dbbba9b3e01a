#ifndef DOSSIERD_BARCODE_PIXELS_H
#define DOSSIERD_BARCODE_PIXELS_H

#include <stdint.h>

/* Loops over the pixels of a grey picture, rows of w bytes without padding, written so that the compiler makes vectors
   of them. w and h are 8 or more. */

/* Black or white by the brightness around: the mean of 5 by 5 blocks of 8 by 8 pixels, those without contrast counting
   as white paper. bits: rows of (w+63)/64 words, the leftmost pixel lowest, 1 is black. 0 where memory is short. */
int barcode_binarize(const uint8_t *px, int w, int h, uint64_t *bits);

/* Half the size: each pixel the mean of four. out has w/2 by h/2 pixels. */
void barcode_halve(const uint8_t *px, int w, int h, uint8_t *out);

/* Twice the size, sharpened: each pixel differs three times as much from its neighbours. out has 2w by 2h pixels. 0
   where memory is short. */
int barcode_enlarge(const uint8_t *px, int w, int h, uint8_t *out);

/* How much grey values change across and down in each cell of 8 by 8 pixels: across and down have (w/8) * (h/8) sums of
   differences. 0 where memory is short. */
int barcode_slopes(const uint8_t *px, int w, int h, uint16_t *across, uint16_t *down);

#endif
