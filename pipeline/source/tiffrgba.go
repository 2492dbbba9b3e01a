package source

/*
#include <stdlib.h>
#include "tiff.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// rgbaRows has libtiff make RGB of colours that PDF does not know, and of the old JPEG form, a strip or row of tiles
// at a time.
func (f *tiffFile) rgbaRows(p *tiffPage, yield func([]byte) error) error {
	if err := f.enter(p); err != nil {
		return err
	}
	decoder := (*C.struct_tiff_rgba)(C.calloc(1, C.sizeof_struct_tiff_rgba))
	defer C.free(unsafe.Pointer(decoder))
	if C.tiff_rgba_begin(f.handle, decoder) == 0 {
		return dossier.Reject(dossier.CodeUnknownFormat, "%s", C.GoString(&decoder.message[0]))
	}
	defer C.TIFFRGBAImageEnd(&decoder.image)
	width, height, rows := int(p.tags.width), int(p.tags.height), p.bandRows()
	buffer := C.calloc(C.size_t(rows), C.size_t(4*width))
	defer C.free(buffer)
	pixels := unsafe.Slice((*uint32)(buffer), rows*width)
	out := make([]byte, 3*width)
	var lost *dossier.Reason
	for first := 0; first < height; first += rows {
		here := min(rows, height-first)
		decoded := C.tiff_rgba_rows(decoder, C.uint32_t(first), C.uint32_t(here), (*C.uint32_t)(buffer)) != 0
		if !decoded && lost == nil {
			lost = f.fault(fmt.Sprintf("decode row %d", first))
		}
		for y := range here {
			var row []byte
			if decoded {
				row = out
				abgrOnWhite(out, pixels[y*width:(y+1)*width])
			}
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	switch {
	case lost != nil:
		return lost
	case f.log.errors > 0:
		return f.fault("decode")
	}
	return nil
}

// abgrOnWhite unpacks libtiff's pixels, whose colours are multiplied by their alpha.
func abgrOnWhite(out []byte, pixels []uint32) {
	for i, v := range pixels {
		rest := 255 - v>>24
		out[3*i] = byte(min(255, v&0xff+rest))
		out[3*i+1] = byte(min(255, v>>8&0xff+rest))
		out[3*i+2] = byte(min(255, v>>16&0xff+rest))
	}
}
