package barcode

/*
#cgo pkg-config: zxing
#cgo CXXFLAGS: -O2 -std=c++17
#include <stdlib.h>
#include "zxing.h"
#include <ZXing/ZXVersion.h>
*/
import "C"

import (
	"fmt"
	"image"
	"strings"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// Version is that of the zxing-cpp library this was built against, such as 1.4.0.
func Version() string {
	return fmt.Sprintf("%d.%d.%d", C.ZXING_VERSION_MAJOR, C.ZXING_VERSION_MINOR, C.ZXING_VERSION_PATCH)
}

// found is a symbol that zxing-cpp has read.
type found struct {
	text    string
	corners [4]image.Point
	lines   int
}

// box is around all that the corners are pixels of.
func (f found) box() image.Rectangle {
	var box image.Rectangle
	for _, c := range f.corners {
		box = box.Union(image.Rectangle{c, c.Add(image.Pt(1, 1))})
	}
	return box
}

// zxing reads the first symbol of a symbology in the picture.
func (p picture) zxing(s dossier.Symbology) (found, bool) {
	format := map[dossier.Symbology]C.int{
		dossier.SymbologyQR: C.BARCODE_QR, dossier.SymbologyCode128: C.BARCODE_CODE128,
		dossier.SymbologyCode39: C.BARCODE_CODE39, dossier.SymbologyPDF417: C.BARCODE_PDF417,
	}[s]
	if p.width < cell || p.height < cell {
		return found{}, false
	}
	var f C.struct_barcode_found
	if C.barcode_zxing(p.data(), C.int(p.width), C.int(p.height), C.int(p.width), format, &f) == 0 {
		return found{}, false
	}
	defer C.free(unsafe.Pointer(f.text))
	out := found{text: strings.ToValidUTF8(C.GoStringN(f.text, C.int(f.length)), "\uFFFD"), lines: int(f.lines)}
	for i := range out.corners {
		out.corners[i] = image.Pt(int(f.x[i]), int(f.y[i]))
	}
	return out, true
}
