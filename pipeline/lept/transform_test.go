package lept

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// grayOf makes a grey image of rows.
func grayOf(t *testing.T, rows ...[]byte) *Pix {
	t.Helper()
	pix, err := New(len(rows[0]), len(rows), 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pix.Close)
	for y, row := range rows {
		pix.SetRow(y, row)
	}
	return pix
}

func must(t *testing.T) func(*Pix, error) *Pix {
	return func(pix *Pix, err error) *Pix {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pix.Close)
		return pix
	}
}

func TestShrinkingGivesTheMeanOfWhatFallsTogether(t *testing.T) {
	pix := grayOf(t, []byte{0, 100, 200, 100, 50}, []byte{100, 0, 0, 100, 50}, []byte{9, 9, 9, 9, 9}, []byte{9, 9, 9, 9, 9})
	small := must(t)(pix.Scale(0.4, 0.5)) // 2.5 by 2 pixels make one
	if got, want := small.GrayRow(0), []byte{60, 80}; !bytes.Equal(got, want) {
		t.Fatalf("first row %v, want %v", got, want)
	}
	if got := small.GrayRow(1); !bytes.Equal(got, []byte{9, 9}) {
		t.Fatalf("second row %v", got)
	}
}

func TestShrinkingKeepsTheMeanOfTheImage(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w, h := rapid.IntRange(2, 60).Draw(r, "w"), rapid.IntRange(2, 60).Draw(r, "h")
		pix, err := New(w, h, 8)
		if err != nil {
			r.Fatal(err)
		}
		defer pix.Close()
		var sum float64
		for y := range h {
			row := rapid.SliceOfN(rapid.Byte(), w, w).Draw(r, "row")
			pix.SetRow(y, row)
			for _, v := range row {
				sum += float64(v)
			}
		}
		f := rapid.Float64Range(0.2, 0.95).Draw(r, "f")
		small, err := pix.Scale(f, f)
		if err != nil {
			r.Fatal(err)
		}
		defer small.Close()
		var got float64
		for y := range small.Height() {
			for _, v := range small.GrayRow(y) {
				got += float64(v)
			}
		}
		mean, want := got/float64(small.Width()*small.Height()), sum/float64(w*h)
		if math.Abs(mean-want) > 1 {
			r.Fatalf("%d by %d by %g: mean %g, want %g", w, h, f, mean, want)
		}
	})
}

func TestColourBecomesJPEGsLuminance(t *testing.T) {
	pix := must(t)(New(4, 1, 32))
	pix.SetRow(0, []byte{255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255})
	gray := must(t)(pix.Gray())
	for i, want := range []int{76, 150, 29, 255} {
		if got := int(gray.GrayRow(0)[i]); got < want-1 || got > want+1 {
			t.Errorf("pixel %d is %d, want %d", i, got, want)
		}
	}
}

func TestTurningIsClockwise(t *testing.T) {
	turned := must(t)(grayOf(t, []byte{1, 2}, []byte{3, 4}).Turn(1))
	if got := fmt.Sprintf("%v %v", turned.GrayRow(0), turned.GrayRow(1)); got != "[3 1] [4 2]" {
		t.Fatal(got)
	}
}

func TestReducingHalvesUntilItFits(t *testing.T) {
	for _, c := range []struct {
		w, h, most, wantW, wantH int
		factor                   float64
	}{
		{100, 50, 100, 100, 50, 1},
		{101, 50, 100, 50, 25, 0.5},
		{1000, 3, 100, 500, 1, 0.5},
		{1, 1, 1, 1, 1, 1},
	} {
		rows := make([][]byte, c.h)
		for y := range rows {
			rows[y] = make([]byte, c.w)
		}
		small, factor, err := grayOf(t, rows...).Reduce(c.most)
		if err != nil {
			t.Fatal(err)
		}
		if small.Width() != c.wantW || small.Height() != c.wantH || factor != c.factor {
			t.Errorf("%d by %d to %d: %d by %d, factor %g", c.w, c.h, c.most, small.Width(), small.Height(), factor)
		}
		small.Close()
	}
}

func TestAPNMHasThePixelsInReadingOrder(t *testing.T) {
	got, err := grayOf(t, []byte{1, 2, 3, 4, 5, 6, 7}, []byte{8, 9, 10, 11, 12, 13, 14}).PNM()
	if err != nil {
		t.Fatal(err)
	}
	if want := "P5\n7 2\n255\n\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e"; string(got) != want {
		t.Fatalf("%q", got)
	}
	bits := must(t)(New(10, 1, 1))
	bits.SetRow(0, []byte{0xa5, 0x40})
	if got, err := bits.PNM(); err != nil || string(got) != "P4\n10 1\n\xa5\x40" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestABilevelImageIsNotScaled(t *testing.T) {
	if _, err := must(t)(New(10, 10, 1)).Scale(0.5, 0.5); err == nil {
		t.Fatal("no error")
	}
}
