package lept

import (
	"image"
	"math"
	"testing"
)

// rows draws black rows of "text" that climb by slope pixels a pixel to the right.
func rowsOfText(t *testing.T, w, h int, slope float64) *Pix {
	t.Helper()
	lines := make([][]byte, h)
	for y := range lines {
		lines[y] = make([]byte, (w+7)/8)
		for x := range w {
			level := float64(y) + slope*float64(x)
			if m := math.Mod(level, 30); m > 0 && m < 12 && x%16 < 11 && y > 40 && y < h-40 {
				lines[y][x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	pix := must(t)(New(w, h, 1))
	for y, line := range lines {
		pix.SetRow(y, line)
	}
	return pix
}

func TestSkewIsFoundToATenthOfADegreeOverFifteen(t *testing.T) {
	for _, want := range []float64{-14.9, -14, -7.3, -1, -0.2, 0, 0.4, 2.5, 9, 14, 14.9} {
		// Lines that climb to the right must be turned clockwise.
		got, confidence := rowsOfText(t, 1200, 1200, math.Tan(want*math.Pi/180)).Skew(15)
		if math.Abs(got-want) > 0.1 || confidence < 3 {
			t.Errorf("%.2f degrees at confidence %.1f, want %.2f", got, confidence, want)
		}
	}
}

func TestASkewBeyondTheLimitIsNone(t *testing.T) {
	if got, confidence := rowsOfText(t, 1200, 1200, math.Tan(16*math.Pi/180)).Skew(15); got != 0 || confidence != 0 {
		t.Errorf("%.2f degrees at confidence %.1f", got, confidence)
	}
}

func TestAnEmptyImageHasNoSkewAndNoOrientation(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {3, 2000}, {600, 600}} {
		pix := must(t)(New(size.X, size.Y, 1))
		empty := must(t)(pix.Without(pix))
		if degrees, confidence := empty.Skew(15); confidence >= 3 {
			t.Errorf("%v: %v degrees at confidence %v", size, degrees, confidence)
		}
		if up, left := empty.Orientation(); up != 0 || left != 0 {
			t.Errorf("%v: votes %v, %v", size, up, left)
		}
	}
}

func TestComponentsHangTogetherByCornersToo(t *testing.T) {
	pix := must(t)(New(8, 3, 1))
	pix.SetRow(0, []byte{0b11000001})
	pix.SetRow(1, []byte{0b00100000})
	pix.SetRow(2, []byte{0b00000000})
	got, err := pix.Components()
	if err != nil || len(got) != 2 || got[0] != image.Rect(0, 0, 3, 2) || got[1] != image.Rect(7, 0, 8, 1) {
		t.Fatalf("%v, %v", got, err)
	}
}

func TestWhiteningLeavesTheImageItselfAlone(t *testing.T) {
	pix := grayOf(t, []byte{1, 2, 3, 4})
	mask := must(t)(New(4, 1, 1))
	mask.SetRow(0, []byte{0b01100000})
	painted := must(t)(pix.Whiten(mask))
	if got := painted.GrayRow(0); string(got) != "\x01\xff\xff\x04" {
		t.Fatalf("painted %v", got)
	}
	if got := pix.GrayRow(0); string(got) != "\x01\x02\x03\x04" {
		t.Fatalf("the image is now %v", got)
	}
}
