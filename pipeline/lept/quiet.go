package lept

/*
#include <leptonica/allheaders.h>
*/
import "C"

// Quiet stops leptonica, in the whole process, from remarking on stderr: an engine crops where nothing is, and says so
// on every page. What fails still comes back as an error.
func Quiet() { C.setMsgSeverity(C.L_SEVERITY_NONE) }
