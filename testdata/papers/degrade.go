package main

import (
	"image"
	"image/color"
	"math/rand/v2"

	"github.com/disintegration/imaging"
)

// degrade does to a print what a counter's scanner does: a little askew, a little out of focus, grey instead of white,
// with noise in every pixel and specks of dust.
func degrade(src image.Image, rng *rand.Rand) image.Image {
	img := imaging.Rotate(src, rng.Float64()*4-2, color.White)
	b := img.Bounds()
	img = imaging.Crop(img, image.Rect(0, 0, src.Bounds().Dx(), src.Bounds().Dy()).
		Add(image.Pt((b.Dx()-src.Bounds().Dx())/2, (b.Dy()-src.Bounds().Dy())/2)))
	img = imaging.Blur(img, 0.3+rng.Float64()*0.5)
	paper, ink, noise := 215+rng.Float64()*35, 20+rng.Float64()*50, 3+rng.Float64()*7
	tint := [3]float64{1, 0.985 + rng.Float64()*0.015, 0.95 + rng.Float64()*0.05}
	for i := 0; i < len(img.Pix); i += 4 {
		grain := rng.NormFloat64() * noise
		for c := range 3 {
			v := ink + float64(img.Pix[i+c])/255*(paper-ink)
			img.Pix[i+c] = uint8(min(255, max(0, v*tint[c]+grain)))
		}
	}
	for range 30 + rng.IntN(60) {
		x, y := rng.IntN(img.Rect.Dx()-2), rng.IntN(img.Rect.Dy()-2)
		for d := range 4 {
			img.Set(x+d%2, y+d/2, color.Gray{Y: uint8(60 + rng.IntN(100))})
		}
	}
	return img
}
