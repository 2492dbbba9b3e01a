package lept

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"
	"pgregory.net/rapid"
)

// A strip decoded by another decoder is the image again, whatever its width.
func TestAG4StripHasThePixelsOfTheImage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 200).Draw(t, "width"), rapid.IntRange(1, 20).Draw(t, "height")
		pix, err := New(width, height, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer pix.Close()
		rows := make([][]byte, height)
		for y := range rows {
			rows[y] = rapid.SliceOfN(rapid.Byte(), (width+7)/8, (width+7)/8).Draw(t, "row")
			pix.SetRow(y, rows[y])
		}
		strip, err := pix.EncodeG4()
		if err != nil {
			t.Fatal(err)
		}
		got := image.NewGray(image.Rect(0, 0, width, height))
		if err := ccitt.DecodeIntoGray(got, bytes.NewReader(strip), ccitt.MSB, ccitt.Group4, nil); err != nil {
			t.Fatal(err)
		}
		for y := range height {
			for x := range width {
				black := rows[y][x/8]>>(7-x%8)&1 == 1
				if black != (got.GrayAt(x, y).Y == 0) {
					t.Fatalf("pixel %d, %d is not the image's", x, y)
				}
			}
		}
	})
}

func TestRowsOfColourComeBackAsTheyWereSet(t *testing.T) {
	const width, height = 37, 5
	pix, err := New(width, height, 32)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	random := rand.New(rand.NewPCG(3, 4))
	row, got := make([]byte, 3*width), make([]byte, 3*width)
	for y := range height {
		for i := range row {
			row[i] = byte(random.Uint32())
		}
		pix.SetRow(y, row)
		if pix.RGBRow(y, got); !bytes.Equal(got, row) {
			t.Errorf("row %d is another", y)
		}
	}
}

func TestACloneLivesOnWhenTheImageIsClosed(t *testing.T) {
	pix, err := New(3, 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	pix.SetRow(0, []byte("abcdefghi"))
	clone, err := pix.Clone()
	if err != nil {
		t.Fatal(err)
	}
	defer clone.Close()
	pix.Close()
	got := make([]byte, 9)
	if clone.RGBRow(0, got); string(got) != "abcdefghi" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNoJPEGIsAnError(t *testing.T) {
	for _, data := range []string{"", "x", "\xff\xd8\xff\xd9", "\xff\xd8\xff\xc0"} {
		if pix, _, err := DecodeJPEG([]byte(data), true); err == nil {
			pix.Close()
			t.Errorf("%q was decoded", data)
		}
		if _, _, err := RecodeJPEG([]byte(data)); err == nil {
			t.Errorf("%q was recoded", data)
		}
	}
}

func TestASmallPictureComesWithTheLuminanceOfOneDecoding(t *testing.T) {
	pix := must(t)(New(1003, 605, 32))
	row := make([]byte, 3*1003)
	for y := range 605 {
		for x := range 1003 {
			row[3*x], row[3*x+1], row[3*x+2] = byte(x/4), byte(y/4), 90
		}
		pix.SetRow(y, row)
	}
	data, err := pix.EncodeJPEG(95)
	if err != nil {
		t.Fatal(err)
	}
	luminance, small, _, err := DecodeJPEGs(data, 200)
	if err != nil {
		t.Fatal(err)
	}
	defer luminance.Close()
	defer small.Close()
	alone, _, err := DecodeJPEG(data, false)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	for y := range alone.Height() {
		if !bytes.Equal(luminance.GrayRow(y), alone.GrayRow(y)) {
			t.Fatalf("row %d is not the luminance that is decoded alone", y)
		}
	}
	if small.Width() != 250 || small.Height() != 151 || small.Depth() != 32 {
		t.Fatalf("%d by %d of %d bits", small.Width(), small.Height(), small.Depth())
	}
	rgb := make([]byte, 750)
	for y := range 150 {
		small.RGBRow(y, rgb)
		for x := range 250 {
			want := [3]int{x, y, 90}
			for c := range 3 {
				if off := int(rgb[3*x+c]) - want[c]; off < -8 || off > 8 {
					t.Fatalf("pixel %d, %d is %v, want about %v", x, y, rgb[3*x:3*x+3], want)
				}
			}
		}
	}
}

func TestAGreyJPEGHasNoSmallPictureInColour(t *testing.T) {
	data, err := grayOf(t, make([]byte, 64), make([]byte, 64)).EncodeJPEG(90)
	if err != nil {
		t.Fatal(err)
	}
	pix, small, _, err := DecodeJPEGs(data, 16)
	if err != nil || small != nil {
		t.Fatalf("%v, %v", small, err)
	}
	pix.Close()
}
