package source

import (
	"github.com/dossierd/dossierd/dossier"
)

// pdfSpace is a colour space that an image can keep. Refusal says why it can't.
type pdfSpace struct {
	space   dossier.ColorSpace
	palette []byte // RGB triples, ColorIndexed only
	profile []byte
	refusal string
}

// pdfProfileBytes bounds a profile's size as decoded.
const pdfProfileBytes = profileLargest

// colorSpace understands an image's ColorSpace.
func (f *pdfFile) colorSpace(v any) pdfSpace { return f.colorSpaceAt(v, 0) }

func (f *pdfFile) colorSpaceAt(v any, depth int) pdfSpace {
	const deepest = 4
	if depth > deepest {
		return pdfSpace{refusal: "colour spaces too deep"}
	}
	v = f.resolve(v)
	a, ok := v.(array)
	if !ok {
		a = array{v}
	}
	if len(a) == 0 {
		return pdfSpace{refusal: "no colour space"}
	}
	switch family := f.name(a[0]); family {
	case "DeviceGray", "G", "CalGray":
		return pdfSpace{space: dossier.ColorGray}
	case "DeviceRGB", "RGB", "CalRGB":
		return pdfSpace{space: dossier.ColorRGB}
	case "DeviceCMYK", "CMYK":
		return pdfSpace{space: dossier.ColorCMYK}
	case "ICCBased":
		if len(a) > 1 {
			return f.profiled(f.stream(a[1]), depth)
		}
	case "Indexed", "I":
		if len(a) == 4 {
			return f.indexed(a, depth)
		}
	default:
		return pdfSpace{refusal: "the colour space " + string(family)}
	}
	return pdfSpace{refusal: "a broken colour space"}
}

func (f *pdfFile) profiled(s *stream, depth int) pdfSpace {
	if s == nil {
		return pdfSpace{refusal: "an ICC profile that is not there"}
	}
	var out pdfSpace
	switch f.int(s.dict["N"], 0) {
	case 1:
		out.space = dossier.ColorGray
	case 3:
		out.space = dossier.ColorRGB
	case 4:
		out.space = dossier.ColorCMYK
	default:
		return pdfSpace{refusal: "an ICC profile of odd channels"}
	}
	if alternate := s.dict["Alternate"]; alternate != nil {
		if a := f.colorSpaceAt(alternate, depth+1); a.refusal != "" {
			return a // Lab behind a profile of three channels
		}
	}
	profile, err := f.decode(s, pdfProfileBytes)
	if err != nil {
		profile = []byte{0} // fits nothing
	}
	out.profile = profile
	return out
}

// indexed turns the palette into RGB.
func (f *pdfFile) indexed(a array, depth int) pdfSpace {
	base := f.colorSpaceAt(a[1], depth+1)
	if base.refusal != "" || base.palette != nil {
		return pdfSpace{refusal: "a palette of an odd colour space"}
	}
	const longest = 256 * 4
	var table []byte
	switch v := f.resolve(a[3]).(type) {
	case string:
		table = []byte(v)
	case *stream:
		table, _ = f.decode(v, longest) // a longer table is none
	}
	n := base.space.Components()
	count := min(f.int(a[2], 0)+1, 256)
	if count < 1 {
		return pdfSpace{refusal: "an empty palette"}
	}
	table = append(table, make([]byte, count*n)...)
	s := samples{width: count, channels: n, bits: 8}
	out := pdfSpace{space: dossier.ColorIndexed, palette: make([]byte, 3*count)}
	if n == 1 {
		for i := range count {
			copy(out.palette[3*i:], []byte{table[i], table[i], table[i]})
		}
		return out
	}
	s.rgb(out.palette, table[:count*n])
	return out
}
