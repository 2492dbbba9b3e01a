#ifndef DOSSIERD_PIXELS_H
#define DOSSIERD_PIXELS_H

#include <leptonica/allheaders.h>

/* What leptonica does per pixel in floating point, done in a quarter of the time. Both are of little-endian machines,
   on which the bytes of leptonica's words lie from right to left. */

/* The luminance of a 32-bit image by JPEG's weights, as 8 bits. NULL without memory. */
PIX *gray_of_colour(PIX *pix);

/* An 8-bit image made smaller, to w by h pixels, each the mean of what it covers. NULL without memory. */
PIX *shrink_gray(PIX *pix, l_int32 w, l_int32 h);

#endif
