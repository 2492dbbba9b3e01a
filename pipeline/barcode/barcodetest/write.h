#ifndef DOSSIERD_BARCODETEST_WRITE_H
#define DOSSIERD_BARCODETEST_WRITE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Draws text as a symbol of one pixel a module, no margin; a linear one is a row. A byte a pixel, 1 is black; to be freed.
   NULL where the text can't be said in it. */
unsigned char *barcodetest_write(const char *name, const char *text, int *w, int *h);

#ifdef __cplusplus
}
#endif

#endif
