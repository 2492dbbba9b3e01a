package clean

import "github.com/dossierd/dossierd/pipeline/lept"

// previewSide is the longer side of a preview in pixels; a smaller page stays as it is.
const previewSide = 1200

// shrunk is a stored image, grey or in its colours, halved until it is little larger than a preview.
func shrunk(raster *lept.Pix) (*lept.Pix, error) {
	if raster.Depth() == 1 {
		gray, err := raster.Gray()
		if err != nil {
			return nil, err
		}
		defer gray.Close()
		raster = gray
	}
	small, _, err := raster.Reduce(2 * previewSide)
	return small, err
}

// drawPreview draws the page upright and straight, with square pixels, as a JPEG, from a smaller image of it as it is
// stored.
func (p *page) drawPreview(small *lept.Pix) ([]byte, error) {
	const quality = 75
	pix, err := small.Clone()
	if err != nil {
		return nil, err
	}
	drawn := view{storedFrame(pix.Width(), pix.Height()), pix}
	defer func() { drawn.pix.Close() }()
	for _, step := range []struct {
		wanted bool
		change func(view) (view, error)
	}{
		{true, func(v view) (view, error) { return v.fit(p.res, previewSide) }},
		{p.lie.mirrored, view.mirror},
		{true, func(v view) (view, error) { return v.turn(p.lie.quarters) }},
		{p.lie.skew != 0, func(v view) (view, error) { return v.rotate(p.lie.skew) }},
	} {
		if !step.wanted {
			continue
		}
		if err := drawn.step(step.change); err != nil {
			return nil, err
		}
	}
	return drawn.pix.EncodeJPEG(quality)
}
