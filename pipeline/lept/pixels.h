#ifndef DOSSIERD_PIXELS_H
#define DOSSIERD_PIXELS_H

#include <leptonica/allheaders.h>

/* What leptonica does per pixel in floating point, done in a quarter of the time. They are of little-endian machines,
   on which the bytes of leptonica's words lie from right to left. */

/* The luminance of a 32-bit image by JPEG's weights, as 8 bits. NULL without memory. */
PIX *gray_of_colour(PIX *pix);

/* An 8-bit image made smaller, to w by h pixels, each the mean of what it covers. NULL without memory. */
PIX *shrink_gray(PIX *pix, l_int32 w, l_int32 h);

/* What of an image lies under a picture of w by h pixels. The middle of the picture's pixel (i, j) lies at
   (a*x + c*y + e, b*x + d*y + f) of the image, x = i + 0.5 and y = j + 0.5, where the image's first pixel lies from 0 to 1. Between
   pixels it is interpolated, in each pixel of the picture at samples by samples places, whose mean counts; beyond the
   image it is white. Of 8 and 32 bits only. NULL without memory. */
PIX *warp(PIX *pix, l_int32 w, l_int32 h, const double matrix[6], l_int32 samples);

#endif
