package source

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"

	"github.com/dossierd/dossierd/dossier"
)

// openGIF opens a GIF's first frame.
func openGIF(data []byte, limits dossier.Limits) (*single, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, gifFault(data, err)
	}
	s, err := newSingle("gif", config.Width, config.Height, 8, limits)
	if err != nil {
		return nil, err
	}
	const densest = 4096 // pixels a byte of LZW can stand for
	if config.Width*config.Height/densest > len(data) {
		return nil, dossier.Reject(dossier.CodeTruncated, "%d bytes for a GIF of %d by %d pixels", len(data), config.Width, config.Height)
	}
	frame, err := gif.Decode(bytes.NewReader(data)) // a byte a pixel, and no more pixels than the header says
	if err != nil {
		return nil, gifFault(data, err)
	}
	paletted, ok := frame.(*image.Paletted)
	if !ok || paletted.Rect.Empty() || len(paletted.Palette) == 0 {
		return nil, dossier.Reject(dossier.CodeDamaged, "the GIF's first frame is empty")
	}
	s.contents.Pages[0].Width, s.contents.Pages[0].Height = paletted.Rect.Dx(), paletted.Rect.Dy()
	s.page.picture = palettedSamples(paletted)
	return s, nil
}

// gifFault puts an error of Go's decoder into the words of a refusal. A GIF without its trailer was cut off.
func gifFault(data []byte, err error) *dossier.Reason {
	const trailer = 0x3b
	if data[len(data)-1] != trailer {
		return dossier.Reject(dossier.CodeTruncated, "the GIF ends early: %v", err)
	}
	return dossier.Reject(dossier.CodeDamaged, "decode the GIF: %v", err)
}

// palettedSamples packs indices as tightly as their palette allows.
func palettedSamples(m *image.Paletted) *samples {
	s := &samples{width: m.Rect.Dx(), height: m.Rect.Dy(), channels: 1, bits: 8}
	for _, c := range m.Palette {
		rgba, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
		s.palette = append(s.palette, onWhite8(rgba.R, rgba.A), onWhite8(rgba.G, rgba.A), onWhite8(rgba.B, rgba.A))
	}
	for s.bits > 1 && len(m.Palette) <= 1<<(s.bits/2) {
		s.bits /= 2
	}
	s.rows = func(yield func([]byte) error) error {
		row := make([]byte, s.stride())
		for y := range s.height {
			packSamples(row, m.Pix[y*m.Stride:][:s.width], s.bits)
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	return s
}

// packSamples puts samples of one byte each side by side in bits.
func packSamples(to, from []byte, bits int) {
	if bits == 8 {
		copy(to, from)
		return
	}
	clear(to)
	mask := byte(1)<<bits - 1
	for i, v := range from {
		to[i*bits/8] |= v & mask << (8 - bits - i*bits%8)
	}
}
