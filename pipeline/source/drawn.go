package source

// FromRaster is the page that a raster makes which was drawn: 8-bit grey (one channel) or RGB (three) rows from the top
// without padding, of the given resolution. It is kept without loss, and as bilevel where it is black and white.
func FromRaster(width, height, channels int, dpi float64, pix []byte) Page {
	s := &samples{width: width, height: height, channels: channels, bits: 8}
	stride := width * channels
	row := func(y int) []byte { return pix[y*stride : (y+1)*stride] }
	if channels == 1 && blackAndWhite(pix) {
		s.bits = 1
		grey, packed := row, make([]byte, (width+7)/8)
		row = func(y int) []byte {
			packSamples(packed, grey(y), 1)
			return packed
		}
	}
	s.rows = func(yield func([]byte) error) error {
		for y := range height {
			if err := yield(row(y)); err != nil {
				return err
			}
		}
		return nil
	}
	return &page{picture: s, orientation: 1, dpiX: dpi, dpiY: dpi}
}

func blackAndWhite(grey []byte) bool {
	for _, v := range grey {
		if v != 0 && v != 0xff {
			return false
		}
	}
	return true
}
