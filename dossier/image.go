package dossier

// PageImage describes the stored image of a page as a PDF image XObject would, so that the writer of the PDF/A never
// looks inside it. The bytes themselves (the blob) travel beside it and are stored as pages/<page id>/image.<ext>.
//
// A page has no image (Format "") where a placeholder stands in for it.
type PageImage struct {
	Format ImageFormat `json:"format"`
	Width  int         `json:"width"`  // px as stored, before orientation
	Height int         `json:"height"` // px
	DPIX   float64     `json:"dpi_x"`  // dots per inch across and down; never 0
	DPIY   float64     `json:"dpi_y"`

	Bits       int        `json:"bits"`                 // per component: 1, 2, 4, 8, 16
	ColorSpace ColorSpace `json:"color_space"`          //
	Palette    []byte     `json:"palette,omitempty"`    // RGB triples, ColorIndexed only
	ICC        []byte     `json:"icc,omitempty"`        // profile with as many channels as ColorSpace has, or nil
	Decode     []float64  `json:"decode,omitempty"`     // the Decode array, where not the default (Adobe CMYK: inverted)
	Predictor  int        `json:"predictor,omitempty"`  // FormatFlate: 0 or 1 none, 15 PNG
	BlackIs1   bool       `json:"black_is_1,omitempty"` // FormatCCITT
	K          int        `json:"k,omitempty"`          // FormatCCITT: -1 G4, 0 G3, >0 mixed
	ByteAlign  bool       `json:"byte_align,omitempty"` // FormatCCITT: EncodedByteAlign
	Globals    []byte     `json:"globals,omitempty"`    // FormatJBIG2: the globals stream, or nil

	// Parts are the image's pieces from top to bottom: one that covers everything, or the strips of a TIFF whose
	// strips are each a JPEG. All have the same format, colours and width.
	Parts []ImagePart `json:"parts"`
	// PassedThrough says that the parts' bytes stand in the original just so.
	PassedThrough bool `json:"passed_through"`
}

// ImagePart is one piece of a PageImage: blob[Offset:Offset+Bytes] covers rows Y to Y+Height.
type ImagePart struct {
	Offset int64 `json:"offset"`
	Bytes  int64 `json:"bytes"`
	Y      int   `json:"y"`
	Height int   `json:"height"`
}

// ImageFormat is how the bytes of a PageImage are coded.
type ImageFormat string

// The formats, each with its PDF filter.
const (
	FormatJPEG  ImageFormat = "jpeg"  // DCTDecode
	FormatCCITT ImageFormat = "ccitt" // CCITTFaxDecode
	FormatJBIG2 ImageFormat = "jbig2" // JBIG2Decode
	FormatJPX   ImageFormat = "jpx"   // JPXDecode
	FormatFlate ImageFormat = "flate" // FlateDecode (zlib)

	FormatPNG ImageFormat = "png" // of views only: no page is stored so
)

// Ext is the extension of the stored image's key, without a dot.
func (f ImageFormat) Ext() string {
	switch f {
	case FormatJPEG:
		return "jpg"
	case FormatCCITT:
		return "g4"
	case FormatJBIG2:
		return "jb2"
	case FormatJPX:
		return "jp2"
	default:
		return "flate"
	}
}

// ColorSpace is the family of a PageImage's colours.
type ColorSpace string

// The colour spaces. For FormatJPX it may be ColorOwn: the codestream says it itself.
const (
	ColorGray    ColorSpace = "gray"
	ColorRGB     ColorSpace = "rgb"
	ColorCMYK    ColorSpace = "cmyk"
	ColorIndexed ColorSpace = "indexed"
	ColorOwn     ColorSpace = "own"
)

// Components is the number of channels a pixel has; 0 for ColorOwn.
func (c ColorSpace) Components() int {
	switch c {
	case ColorGray, ColorIndexed:
		return 1
	case ColorRGB:
		return 3
	case ColorCMYK:
		return 4
	default:
		return 0
	}
}
