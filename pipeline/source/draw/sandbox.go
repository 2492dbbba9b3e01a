package draw

import (
	"bytes"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// region is PDFium's memory: address space for all it may ever ask for, of which only what it has asked for can be
// used. It grows without being copied, and the garbage collector does not count it.
type region struct{ whole []byte }

func reserve(_, most uint64) experimental.LinearMemory {
	whole, err := unix.Mmap(-1, 0, int(most), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return &region{}
	}
	return &region{whole: whole}
}

// Reallocate returns nil where no more memory can be had, which PDFium takes for a failed malloc.
func (r *region) Reallocate(size uint64) []byte {
	if size > uint64(len(r.whole)) {
		return nil
	}
	page := uint64(unix.Getpagesize())
	usable := min((size+page-1)/page*page, uint64(len(r.whole)))
	if usable > 0 && unix.Mprotect(r.whole[:usable], unix.PROT_READ|unix.PROT_WRITE) != nil {
		return nil
	}
	return r.whole[:size:usable]
}

func (r *region) Free() {
	if r.whole != nil {
		_ = unix.Munmap(r.whole) // fails for what is not mapped
		r.whole = nil
	}
}

func hasEnd(tail []byte) bool {
	return bytes.Contains(tail, []byte("%%EOF")) || bytes.Contains(tail, []byte("startxref"))
}
