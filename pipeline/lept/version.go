package lept

/*
#include <leptonica/allheaders.h>
*/
import "C"

import (
	"strings"
	"unsafe"
)

// Version is that of the leptonica library, such as 1.82.0.
func Version() string {
	v := C.getLeptonicaVersion()
	defer C.lept_free(unsafe.Pointer(v))
	return strings.TrimPrefix(C.GoString(v), "leptonica-")
}
