package source

/*
#include <stdlib.h>
#include <string.h>
#include "tiff.h"
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// tiffDecoding is one pass over a page.
type tiffDecoding struct {
	*tiffFile
	page  *tiffPage
	yield func(planes [][]byte) error // a row as it is stored, one slice a plane; nil where it is lost
	lost  *dossier.Reason             // why rows are lost
}

// nativeRows decodes the page's own samples, row by row where strips hold whole pixels, else band by band.
func (f *tiffFile) nativeRows(p *tiffPage, s *samples, yield func([]byte) error) error {
	if err := f.enter(p); err != nil {
		return err
	}
	if p.jpegRGB() {
		C.tiff_jpeg_rgb(f.handle)
	}
	convert := p.rowConverter(s)
	d := tiffDecoding{tiffFile: f, page: p, yield: func(planes [][]byte) error {
		if planes == nil {
			return yield(nil)
		}
		return yield(convert(planes))
	}}
	var err error
	if p.tags.tiled != 0 || p.planes() > 1 {
		err = d.bands()
	} else {
		err = d.scanlines()
	}
	if err == nil && d.lost == nil && f.log.errors > 0 {
		d.lost = f.fault("decode")
	}
	if err == nil && d.lost != nil {
		return d.lost
	}
	return err
}

// planes is the number of planes the samples lie in.
func (p *tiffPage) planes() int {
	if p.tags.planar == C.PLANARCONFIG_SEPARATE {
		return int(p.tags.samples)
	}
	return 1
}

// scanlines reads strips of whole pixels. Where one is damaged, reading goes on with the next.
func (d *tiffDecoding) scanlines() error {
	t := &d.page.tags
	size := int64(C.TIFFScanlineSize64(d.handle))
	if size < (int64(t.width)*int64(t.samples)*int64(t.bits)+7)/8 || size > tiffBandMost {
		return dossier.Reject(dossier.CodeDamaged, "rows of %d bytes for %d pixels", size, t.width)
	}
	buffer := C.calloc(1, C.size_t(size))
	defer C.free(buffer)
	row := [][]byte{unsafe.Slice((*byte)(buffer), int(size))}
	band, height := d.page.bandRows(), int(t.height)
	for first := 0; first < height; first += band {
		last := min(first+band, height)
		if strip := C.uint32_t(first / band); d.isCut(strip) {
			if err := d.cutStrip(strip, last-first, int(size)); err != nil {
				return err
			}
			continue
		}
		lost := false
		for y := first; y < last; y++ {
			planes := row
			if lost = lost || C.TIFFReadScanline(d.handle, buffer, C.uint32_t(y), 0) != 1; lost {
				planes = nil
				d.lose(fmt.Sprintf("decode row %d", y))
			}
			if err := d.yield(planes); err != nil {
				return err
			}
		}
	}
	return nil
}

// lose keeps the reason for the first loss.
func (d *tiffDecoding) lose(doing string) {
	if d.lost == nil {
		d.lost = d.fault(doing)
	}
}

// isCut reports whether the strip goes beyond the end of the file, though it begins before.
func (d *tiffDecoding) isCut(strip C.uint32_t) bool {
	offset, size := uint64(C.TIFFGetStrileOffset(d.handle, strip)), uint64(C.TIFFGetStrileByteCount(d.handle, strip))
	end := uint64(d.bytes)
	return offset > 0 && offset < end && size > end-offset
}

// cutStrip decodes as much of a strip as the file has. libtiff does not say how far it came: what it did not touch
// keeps the pattern that was there before.
func (d *tiffDecoding) cutStrip(strip C.uint32_t, rows, size int) error {
	const untouched = 0xa5
	d.lost = dossier.Reject(dossier.CodeTruncated, "strip %d goes beyond the end of the file", strip)
	whole := rows * size
	raw := d.rest(strip)
	if d.page.tags.compression == C.COMPRESSION_NONE {
		whole = min(whole, len(raw)/size*size) // of which libtiff gives nothing if asked for more than there is
	}
	if whole > tiffBandMost || len(raw) == 0 {
		whole, raw = 0, nil
	}
	buffer := C.malloc(C.size_t(whole + 1))
	defer C.free(buffer)
	C.memset(buffer, untouched, C.size_t(whole+1))
	if whole > 0 {
		C.TIFFReadFromUserBuffer(d.handle, strip, unsafe.Pointer(&raw[0]), C.tmsize_t(len(raw)), buffer, C.tmsize_t(whole))
	}
	data := unsafe.Slice((*byte)(buffer), whole)
	reached := len(data)
	for reached > 0 && data[reached-1] == untouched {
		reached--
	}
	for y := range rows {
		var planes [][]byte
		if end := (y + 1) * size; end <= reached {
			planes = [][]byte{data[y*size : end]}
		}
		if err := d.yield(planes); err != nil {
			return err
		}
	}
	return nil
}

// rest reads what the file has of a strip that goes beyond its end.
func (d *tiffDecoding) rest(strip C.uint32_t) []byte {
	file, err := os.Open(d.path)
	if err != nil {
		return nil // the strip counts as lost
	}
	defer file.Close()
	offset := int64(C.TIFFGetStrileOffset(d.handle, strip))
	raw := make([]byte, min(d.bytes-offset, tiffBandMost))
	if _, err := file.ReadAt(raw, offset); err != nil {
		return nil
	}
	return raw
}

// bands reads tiles, and strips that hold one plane each.
func (d *tiffDecoding) bands() error {
	height, rows := int(d.page.tags.height), d.page.bandRows()
	read, stride := d.strip, int64(C.TIFFScanlineSize64(d.handle))
	if d.page.tags.tiled != 0 {
		across := (int64(d.page.tags.width)-1)/int64(d.page.tags.tile_width) + 1
		rows, read, stride = int(d.page.tags.tile_height), d.tiles, int64(C.TIFFTileRowSize64(d.handle))*across
	}
	needed := (int64(d.page.tags.width)*int64(d.page.tags.samples)/int64(d.page.planes())*int64(d.page.tags.bits) + 7) / 8
	size := stride * int64(rows)
	if stride < needed || size*int64(d.page.planes()) > tiffBandMost {
		return dossier.Reject(dossier.CodeDamaged, "bands of %d rows of %d bytes", rows, stride)
	}
	buffers := make([][]byte, d.page.planes())
	for i := range buffers {
		memory := C.calloc(1, C.size_t(size))
		defer C.free(memory)
		buffers[i] = unsafe.Slice((*byte)(memory), int(size))
	}
	for first := 0; first < height; first += rows {
		any := false
		for plane, buffer := range buffers {
			any = read(plane, first, buffer) || any
		}
		if err := d.yieldBand(buffers, int(stride), min(rows, height-first), any); err != nil {
			return err
		}
	}
	return nil
}

func (d *tiffDecoding) yieldBand(buffers [][]byte, stride, rows int, any bool) error {
	planes := make([][]byte, len(buffers))
	for y := range rows {
		for i, buffer := range buffers {
			planes[i] = buffer[y*stride : (y+1)*stride]
		}
		row := planes
		if !any {
			row = nil
		}
		if err := d.yield(row); err != nil {
			return err
		}
	}
	return nil
}

// strip reads one plane's strip that begins at row first. It reports whether anything was read; what was not is white.
func (d *tiffDecoding) strip(plane, first int, buffer []byte) bool {
	index := C.TIFFComputeStrip(d.handle, C.uint32_t(first), C.uint16_t(plane))
	if C.TIFFReadEncodedStrip(d.handle, index, unsafe.Pointer(&buffer[0]), C.tmsize_t(len(buffer))) < 0 {
		d.lose(fmt.Sprintf("decode strip %d", index))
		d.whiten(buffer)
		return false
	}
	return true
}

// tiles reads one plane's row of tiles, like strip.
func (d *tiffDecoding) tiles(plane, first int, buffer []byte) (any bool) {
	t := &d.page.tags
	size, rowSize := int(C.TIFFTileSize64(d.handle)), int(C.TIFFTileRowSize64(d.handle))
	memory := C.calloc(1, C.size_t(size))
	defer C.free(memory)
	tile := unsafe.Slice((*byte)(memory), size)
	stride := len(buffer) / int(t.tile_height)
	for x := 0; x*rowSize < stride; x++ {
		index := C.TIFFComputeTile(d.handle, C.uint32_t(x)*t.tile_width, C.uint32_t(first), 0, C.uint16_t(plane))
		if C.TIFFReadEncodedTile(d.handle, index, memory, C.tmsize_t(size)) < 0 {
			d.lose(fmt.Sprintf("decode tile %d", index))
			d.whiten(tile)
		} else {
			any = true
		}
		for y := range int(t.tile_height) {
			copy(buffer[y*stride+x*rowSize:], tile[y*rowSize:(y+1)*rowSize])
		}
	}
	return any
}

func (d *tiffDecoding) whiten(stored []byte) {
	white := byte(0xff)
	if d.page.tags.photometric == C.PHOTOMETRIC_MINISWHITE || d.page.tags.photometric == C.PHOTOMETRIC_SEPARATED {
		white = 0
	}
	for i := range stored {
		stored[i] = white
	}
}
