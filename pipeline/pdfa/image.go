package pdfa

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// checkImage refuses what the level or a PDF image cannot hold.
func checkImage(img *dossier.PageImage, level dossier.Level) error {
	switch {
	case img.Width <= 0 || img.Height <= 0:
		return fmt.Errorf("an image of %d by %d pixels", img.Width, img.Height)
	case len(img.Parts) == 0:
		return fmt.Errorf("an image without parts")
	case level == dossier.Level1b && img.Format == dossier.FormatJPX:
		return fmt.Errorf("PDF/A-1b has no JPEG 2000")
	case level == dossier.Level1b && img.Bits > 8:
		return fmt.Errorf("PDF/A-1b has no images of %d bits a component", img.Bits)
	case img.ColorSpace == dossier.ColorOwn && img.Format != dossier.FormatJPX:
		return fmt.Errorf("colours of its own in an image of format %s", img.Format)
	case img.ColorSpace.Components() == 0 && img.ColorSpace != dossier.ColorOwn:
		return fmt.Errorf("an image in the unknown colour space %q", img.ColorSpace)
	case len(img.Decode) != 0 && len(img.Decode) != 2*img.ColorSpace.Components():
		return fmt.Errorf("a Decode array of %d numbers for colours of %s", len(img.Decode), img.ColorSpace)
	}
	if img.ColorSpace == dossier.ColorIndexed && (len(img.Palette) == 0 || len(img.Palette)%3 != 0 || len(img.Palette) > 768) {
		return fmt.Errorf("a palette of %d bytes", len(img.Palette))
	}
	for _, part := range img.Parts {
		if part.Offset < 0 || part.Bytes <= 0 || part.Height <= 0 || part.Y < 0 || part.Y+part.Height > img.Height {
			return fmt.Errorf("a part of %d bytes from %d for rows %d to %d", part.Bytes, part.Offset, part.Y, part.Y+part.Height)
		}
	}
	return checkBits(img)
}

func checkBits(img *dossier.PageImage) error {
	allowed := map[dossier.ImageFormat][]int{
		dossier.FormatJPEG: {8}, dossier.FormatCCITT: {1}, dossier.FormatJBIG2: {1}, dossier.FormatFlate: {1, 2, 4, 8, 16},
	}
	bits, known := allowed[img.Format]
	if !known && img.Format != dossier.FormatJPX {
		return fmt.Errorf("an image of the unknown format %q", img.Format)
	}
	for _, b := range bits {
		if b == img.Bits && (img.ColorSpace != dossier.ColorIndexed || b <= 8) {
			return nil
		}
	}
	if img.Format == dossier.FormatJPX {
		return nil
	}
	return fmt.Errorf("an image of format %s with %d bits a component", img.Format, img.Bits)
}

// images writes the parts of a page's image under the given object numbers, and then what they share.
func (d *document) images(p Page, numbers []int) error {
	img := &p.Page.Image
	common, shared := d.imageDict(img)
	blob := blobReader{open: p.Image}
	defer blob.close()
	for i, part := range img.Parts {
		dict := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d%s%s", img.Width, part.Height, common, filter(img, part, shared))
		if err := blob.seek(part.Offset); err != nil {
			return fmt.Errorf("open its image at byte %d: %w", part.Offset, err)
		}
		if err := d.f.copyStream(numbers[i], dict, &blob, part.Bytes); err != nil {
			return fmt.Errorf("copy bytes %d to %d of its image: %w", part.Offset, part.Offset+part.Bytes, err)
		}
	}
	d.writeShared()
	return nil
}

// imageDict is what the parts of an image have in common, and the number of its JBIG2 globals.
func (d *document) imageDict(img *dossier.PageImage) (dict string, globals int) {
	var b strings.Builder
	if space := d.colorSpace(img); space != "" {
		b.WriteString(" /ColorSpace " + space)
	}
	if img.Format != dossier.FormatJPX {
		fmt.Fprintf(&b, " /BitsPerComponent %d", img.Bits)
	}
	if len(img.Decode) > 0 {
		fmt.Fprintf(&b, " /Decode [%s]", nums(img.Decode...))
	}
	if img.Format == dossier.FormatJBIG2 && len(img.Globals) > 0 {
		globals = d.share(img.Globals, "")
	}
	return b.String(), globals
}

// filter is a part's filter with its parameters.
func filter(img *dossier.PageImage, part dossier.ImagePart, globals int) string {
	switch img.Format {
	case dossier.FormatJPEG:
		return " /Filter /DCTDecode"
	case dossier.FormatJPX:
		return " /Filter /JPXDecode"
	case dossier.FormatJBIG2:
		if globals > 0 {
			return fmt.Sprintf(" /Filter /JBIG2Decode /DecodeParms << /JBIG2Globals %s >>", ref(globals))
		}
		return " /Filter /JBIG2Decode"
	case dossier.FormatCCITT:
		parms := fmt.Sprintf("/K %d /Columns %d /Rows %d", img.K, img.Width, part.Height)
		if img.BlackIs1 {
			parms += " /BlackIs1 true"
		}
		if img.ByteAlign {
			parms += " /EncodedByteAlign true"
		}
		return " /Filter /CCITTFaxDecode /DecodeParms << " + parms + " >>"
	default:
		if img.Predictor <= 1 {
			return " /Filter /FlateDecode"
		}
		return fmt.Sprintf(" /Filter /FlateDecode /DecodeParms << /Predictor %d /Colors %d /BitsPerComponent %d /Columns %d >>",
			img.Predictor, img.ColorSpace.Components(), img.Bits, img.Width)
	}
}

// colorSpace is an image's colour space: by its own profile where that fits, by the output intent otherwise, and for
// CMYK by ours. It is "" where the codestream says it itself.
func (d *document) colorSpace(img *dossier.PageImage) string {
	switch img.ColorSpace {
	case dossier.ColorGray:
		return d.iccBased(img.ICC, 1, "/DeviceGray")
	case dossier.ColorRGB:
		return d.iccBased(img.ICC, 3, "/DeviceRGB")
	case dossier.ColorCMYK:
		if dossier.ProfileFits(img.ICC, 4, d.info.Level) {
			return d.iccBased(img.ICC, 4, "")
		}
		if d.cmyk == nil {
			d.cmyk = cmyk()
		}
		return d.iccBased(d.cmyk, 4, "")
	case dossier.ColorIndexed:
		base := d.iccBased(img.ICC, 3, "/DeviceRGB")
		entries := min(len(img.Palette), 3<<img.Bits)
		return fmt.Sprintf("[/Indexed %s %d <%s>]", base, entries/3-1, hex.EncodeToString(img.Palette[:entries]))
	default:
		return ""
	}
}

func (d *document) iccBased(profile []byte, channels int, otherwise string) string {
	if !dossier.ProfileFits(profile, channels, d.info.Level) {
		return otherwise
	}
	return fmt.Sprintf("[/ICCBased %s]", ref(d.share(profile, fmt.Sprintf("/N %d", channels))))
}

// sharedStream is a stream that several images refer to and that is yet to be written.
type sharedStream struct {
	number int
	dict   string
	data   []byte
}

// share returns the object number of a stream that is written once however often its bytes are met.
func (d *document) share(data []byte, dict string) int {
	sum := sha256.Sum256(append([]byte(dict), data...))
	number, known := d.shared[sum]
	if !known {
		number = d.f.alloc()
		d.shared[sum] = number
		d.pending = append(d.pending, sharedStream{number, dict, data})
	}
	return number
}

func (d *document) writeShared() {
	for _, s := range d.pending {
		d.f.flate(s.number, s.dict, s.data)
	}
	d.pending = d.pending[:0]
}

// blobReader reads a blob's parts in order, opening it anew only where an offset goes back.
type blobReader struct {
	open func() (io.ReadCloser, error)
	r    io.ReadCloser
	at   int64
}

func (b *blobReader) seek(offset int64) error {
	if b.r == nil || offset < b.at {
		b.close()
		r, err := b.open()
		if err != nil {
			return err
		}
		b.r, b.at = r, 0
	}
	_, err := io.CopyN(io.Discard, b, offset-b.at)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (b *blobReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.at += int64(n)
	return n, err
}

func (b *blobReader) close() {
	if b.r != nil {
		_ = b.r.Close()
		b.r = nil
	}
}
