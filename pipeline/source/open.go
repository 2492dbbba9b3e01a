package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/dossierd/dossierd/dossier"
)

// Open opens the file at path, which nobody may change until the Original is closed. What the file itself is to blame
// for is a *dossier.Reason; nothing is decoded, and nothing allocated that only a header promises.
func Open(path string, limits dossier.Limits) (Original, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open original: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open original: %w", err)
	}
	switch size := info.Size(); {
	case !info.Mode().IsRegular():
		return nil, dossier.Reject(dossier.CodeNotAFile, "%s", info.Mode().Type())
	case size == 0:
		return nil, dossier.Reject(dossier.CodeEmpty, "0 bytes")
	case size > limits.Bytes:
		return nil, dossier.Reject(dossier.CodeTooLarge, "%d bytes, the limit is %d", size, limits.Bytes)
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("map original: %w", err)
	}
	original, kept, err := open(path, data, limits)
	if err != nil || !kept {
		_ = syscall.Munmap(data) // fails for what is not mapped
	}
	return original, err
}

// Format names the format of the file at path by its first bytes, "" for none that is known. Opening a file may go through all
// of it; this does not.
func Format(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open original: %w", err)
	}
	defer f.Close()
	head := make([]byte, 1024)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read original: %w", err)
	}
	return sniff(head[:n]), nil
}

// open chooses by the bytes at the beginning. kept says that the original goes on using data.
func open(path string, data []byte, limits dossier.Limits) (o Original, kept bool, err error) {
	var read func([]byte, dossier.Limits) (*single, error)
	switch sniff(data) {
	case "pdf":
		o, err = openPDF(path, limits)
		return o, false, err
	case "tiff":
		o, err = openTIFF(path, limits)
		return o, false, err
	case "jpeg":
		read = openJPEG
	case "png":
		read = openPNG
	case "webp":
		read = openWebP
	case "bmp":
		read = openBMP
	case "gif":
		read = openGIF
	case "jp2":
		read = openJP2
	default:
		return nil, false, dossier.Reject(dossier.CodeUnknownFormat, "begins with % x", data[:min(8, len(data))])
	}
	s, err := read(data, limits)
	if err != nil {
		return nil, false, err
	}
	s.mapped = data
	return s, true, nil
}

// sniff names the format by the first bytes, or returns "".
func sniff(data []byte) string {
	begins := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	switch {
	case begins("\xff\xd8\xff"):
		return "jpeg"
	case begins(pngMagic):
		return "png"
	case begins("II*\x00"), begins("MM\x00*"), begins("II+\x00"), begins("MM\x00+"):
		return "tiff"
	case begins("RIFF") && len(data) >= 12 && string(data[8:12]) == "WEBP":
		return "webp"
	case begins("GIF87a"), begins("GIF89a"):
		return "gif"
	case begins(jp2Magic), begins(codestreamMagic):
		return "jp2"
	case begins("BM") && looksLikeBMP(data):
		return "bmp"
	case bytes.Contains(data[:min(1024, len(data))], []byte("%PDF-")):
		return "pdf"
	}
	return ""
}
