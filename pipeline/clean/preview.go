package clean

// previewSide is the longer side of a preview in pixels; a smaller page stays as it is.
const previewSide = 1200

// drawPreview draws the page upright and straight, with square pixels, as a JPEG.
func (p *page) drawPreview() ([]byte, error) {
	const quality = 75
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
		if err := p.small.step(step.change); err != nil {
			return nil, err
		}
	}
	return p.small.pix.EncodeJPEG(quality)
}
