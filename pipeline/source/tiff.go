package source

/*
#cgo pkg-config: libtiff-4
#include <stdlib.h>
#include "tiff.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"os"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// tiffFile is an open TIFF: the places of its directories, and libtiff's handle, which is at one of them at a time.
type tiffFile struct {
	handle   *C.TIFF
	log      *C.struct_tiff_log
	path     string
	bytes    int64
	pages    []tiffPage
	contents Contents
}

// tiffPage is a directory with a page, or the reason why there is none.
type tiffPage struct {
	tags   C.struct_tiff_tags
	reason *dossier.Reason
}

func openTIFF(path string, limits dossier.Limits) (Original, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open TIFF: %w", err)
	}
	f := &tiffFile{log: (*C.struct_tiff_log)(C.calloc(1, C.sizeof_struct_tiff_log)), path: path, bytes: info.Size()}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	f.handle = C.tiff_open(name, f.log)
	if f.handle == nil {
		defer f.Close()
		return nil, f.fault("open the first directory")
	}
	if reason := f.walk(limits); reason != nil {
		f.Close()
		return nil, reason
	}
	return f, nil
}

// walk goes through the chain of directories and remembers where each page is. Thumbnails and masks are no pages.
func (f *tiffFile) walk(limits dossier.Limits) *dossier.Reason {
	const notWorthCounting = 4 // directories without a page a page may bring with it
	ok := true
	for n, failures := 0, 0; ; n++ {
		if ok {
			failures = 0
			f.add(limits)
		} else if failures++; failures > 1 {
			break
		} else {
			reason := f.fault("read a directory")
			reason.Page = len(f.pages) + 1
			f.pages = append(f.pages, tiffPage{reason: reason})
		}
		if len(f.pages) > limits.Pages || n > notWorthCounting*limits.Pages {
			return dossier.Reject(dossier.CodeTooManyPages, "more than %d", limits.Pages)
		}
		if C.TIFFLastDirectory(f.handle) != 0 {
			break
		}
		*f.log = C.struct_tiff_log{}
		ok = C.TIFFReadDirectory(f.handle) == 1
	}
	return f.sum()
}

// add takes the current directory in if it is a page.
func (f *tiffFile) add(limits dossier.Limits) {
	const reduced, mask, oldReduced = 1, 4, 2
	var p tiffPage
	C.tiff_tags(f.handle, &p.tags)
	if p.tags.subfile&(reduced|mask) != 0 || p.tags.old_subfile == oldReduced {
		return
	}
	if p.reason = checkSize(int(p.tags.width), int(p.tags.height), limits); p.reason == nil {
		p.reason = p.unreadable()
	}
	if p.reason != nil {
		p.reason.Page = len(f.pages) + 1
	}
	f.pages = append(f.pages, p)
}

// sum makes the contents of the pages. A file of which no page can be had is refused for the first one's reason. A last
// page that cannot even be counted, since the chain of directories breaks, is a warning.
func (f *tiffFile) sum() *dossier.Reason {
	f.contents.Format = "tiff"
	if n := len(f.pages); n > 1 && f.pages[n-1].reason != nil && f.pages[n-1].tags.width == 0 {
		f.pages = f.pages[:n-1]
		f.contents.Warnings = []string{dossier.WarnPagesMissing}
	}
	if len(f.pages) == 0 {
		return dossier.Reject(dossier.CodeNoPages, "the TIFF has thumbnails only")
	}
	bad := 0
	for _, p := range f.pages {
		if p.reason != nil {
			bad++
		}
		f.contents.Pages = append(f.contents.Pages, Info{
			Width: int(p.tags.width), Height: int(p.tags.height), Bits: int(p.tags.bits) * int(p.tags.samples),
		})
	}
	if bad == len(f.pages) {
		return f.pages[0].reason
	}
	return nil
}

// fault makes a reason of what libtiff said last.
func (f *tiffFile) fault(doing string) *dossier.Reason {
	said := C.GoString(&f.log.first[0])
	if said == "" {
		said = "no message"
	}
	code := dossier.CodeDamaged
	// libtiff has no codes for its errors; these are its words for data that lies behind the end of the file.
	for _, words := range []string{
		"Read error", "Can not read", "Cannot read", "Seek error", "seek error", "Sanity check on directory count",
		"IO error during reading",
	} {
		if bytes.Contains([]byte(said), []byte(words)) {
			code = dossier.CodeTruncated
		}
	}
	return dossier.Reject(code, "%s: %s", doing, said)
}

func (f *tiffFile) Contents() Contents { return f.contents }

func (f *tiffFile) Page(n int) (Page, error) {
	if n < 1 || n > len(f.pages) {
		return nil, fmt.Errorf("open page %d of %d", n, len(f.pages))
	}
	p := &f.pages[n-1]
	if p.reason != nil {
		return nil, p.reason
	}
	opened := &page{number: n, orientation: 1}
	opened.orient(int(p.tags.orientation))
	scale := map[C.uint16_t]float64{2: 1, 3: inchesPerCentimetre}[p.tags.unit]
	opened.dpiX, opened.dpiY = float64(p.tags.x_resolution)*scale, float64(p.tags.y_resolution)*scale
	picture, err := f.picture(p)
	if err != nil {
		return nil, opened.named(err)
	}
	opened.picture = picture
	return opened, nil
}

// enter makes the page's directory the current one, as if nothing had been read of it yet. It costs the same for the
// last page as for the first.
func (f *tiffFile) enter(p *tiffPage) error {
	*f.log = C.struct_tiff_log{}
	if C.TIFFSetSubDirectory(f.handle, p.tags.offset) != 1 {
		return f.fault("go to the page's directory")
	}
	*f.log = C.struct_tiff_log{}
	return nil
}

func (f *tiffFile) Close() error {
	if f.handle != nil {
		C.TIFFClose(f.handle)
		f.handle = nil
	}
	C.free(unsafe.Pointer(f.log))
	f.log = nil
	return nil
}
