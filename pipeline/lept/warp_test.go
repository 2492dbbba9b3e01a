package lept

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func TestWarpingByNothingChangesNoPixel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, h := rapid.IntRange(1, 20).Draw(rt, "width"), rapid.IntRange(1, 9).Draw(rt, "height")
		pix, err := New(w, h, 32)
		if err != nil {
			rt.Fatal(err)
		}
		defer pix.Close()
		rows := make([][]byte, h)
		for y := range rows {
			rows[y] = rapid.SliceOfN(rapid.Byte(), 3*w, 3*w).Draw(rt, "row")
			pix.SetRow(y, rows[y])
		}
		same, err := pix.Warp(dossier.Identity(), w, h, 1)
		if err != nil {
			rt.Fatal(err)
		}
		defer same.Close()
		got := make([]byte, 3*w)
		for y := range rows {
			if same.RGBRow(y, got); !bytes.Equal(got, rows[y]) {
				rt.Fatalf("row %d is %v, was %v", y, got, rows[y])
			}
		}
	})
}

func TestWarpingFollowsTheMatrix(t *testing.T) {
	pix := grayOf(t, []byte{0, 100, 200}, []byte{10, 110, 210})
	for name, c := range map[string]struct {
		m             dossier.Matrix
		w, h, samples int
		want          []byte
	}{
		"beyond the image it is white": {dossier.Matrix{A: 1, D: 1, E: -1, F: -1}, 3, 2, 1, []byte{255, 255, 255, 255, 0, 100}},
		"turned by a quarter":          {dossier.Matrix{B: -1, C: 1, F: 2}, 2, 3, 1, []byte{10, 0, 110, 100, 210, 200}},
		"twice as large":               {dossier.Matrix{A: 0.5, D: 0.5}, 6, 1, 1, []byte{0, 25, 75, 125, 175, 200}},
		"the mean of four":             {dossier.Matrix{A: 2, D: 2}, 1, 1, 2, []byte{55}},
		"between two pixels":           {dossier.Matrix{A: 1, D: 1, E: 0.5}, 2, 1, 1, []byte{50, 150}},
	} {
		warped := must(t)(pix.Warp(c.m, c.w, c.h, c.samples))
		if got := warped.Grays(); !bytes.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if _, err := must(t)(New(1, 1, 1)).Warp(dossier.Identity(), 1, 1, 1); err == nil {
		t.Error("a bilevel image is warped")
	}
}
