// Package barcodetest draws symbols for tests, by another library's writer than reads QR codes.
package barcodetest

/*
#cgo pkg-config: zxing
#cgo CXXFLAGS: -O2 -std=c++17
#include <stdlib.h>
#include "write.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// Symbol is a symbol of one element a module.
type Symbol struct {
	Width, Height int // modules; a linear symbol is one high
	black         []byte
}

// Black tells the colour of a module.
func (s Symbol) Black(x, y int) bool { return s.black[y*s.Width+x] != 0 }

// Write draws the text as a symbol without margin.
func Write(symbology dossier.Symbology, text string) (Symbol, error) {
	name := C.CString(map[dossier.Symbology]string{
		dossier.SymbologyQR: "QRCode", dossier.SymbologyCode128: "Code128",
		dossier.SymbologyCode39: "Code39", dossier.SymbologyPDF417: "PDF417",
	}[symbology])
	defer C.free(unsafe.Pointer(name))
	words := C.CString(text)
	defer C.free(unsafe.Pointer(words))
	var w, h C.int
	px := C.barcodetest_write(name, words, &w, &h)
	if px == nil {
		return Symbol{}, fmt.Errorf("%q can't be drawn as %s", text, symbology)
	}
	defer C.free(unsafe.Pointer(px))
	return Symbol{int(w), int(h), C.GoBytes(unsafe.Pointer(px), w*h)}, nil
}
