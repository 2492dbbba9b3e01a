package iiif

import (
	"errors"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

// A page of 2480 by 3508 pixels.
const w, h = 2480, 3508

func TestARegionIsUnderstoodAsTheSpecificationHasIt(t *testing.T) {
	for text, want := range map[string]dossier.Box{
		"full":               {X1: w, Y1: h},
		"square":             {Y0: 514, X1: w, Y1: 514 + w},
		"0,0,100,200":        {X1: 100, Y1: 200},
		"2400,3500,512,512":  {X0: 2400, Y0: 3500, X1: w, Y1: h},
		"pct:50,50,25,25":    {X0: 1240, Y0: 1754, X1: 1860, Y1: 2631},
		"pct:41.6,7.5,40,70": {X0: 1032, Y0: 263, X1: 2024, Y1: 2719},
		"pct:0,0,.001,100":   {X1: 1, Y1: h},
		"pct:90,90,200,200":  {X0: 2232, Y0: 3157, X1: w, Y1: h},
	} {
		if got, err := parseRegion(text, w, h); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestASizeIsUnderstoodAsTheSpecificationHasIt(t *testing.T) {
	type size struct{ w, h int }
	for text, want := range map[string]size{
		"max": {w, h}, "^max": {w, h}, "1000,": {1000, 1415}, ",1000": {707, 1000}, "300,300": {300, 300}, "pct:50": {1240, 1754}, "pct:33.3": {826, 1168},
		"!1000,1000": {707, 1000}, "!1000,9000": {1000, 1415}, "^3000,": {3000, 4244}, "^pct:110": {2728, 3859}, "^!3000,9000": {3000, 4244}, "2480,3508": {w, h},
	} {
		gotW, gotH, err := parseSize(text, w, h)
		if err != nil || (size{gotW, gotH}) != want {
			t.Errorf("%s: %d by %d, %v; want %v", text, gotW, gotH, err, want)
		}
	}
}

func TestTheLargestPictureOfAPosterHasNoMorePixelsThanAreDrawn(t *testing.T) {
	gotW, gotH, err := parseSize("max", 10000, 20000)
	if err != nil || gotW*gotH > dossier.MostViewed || gotW*gotH < dossier.MostViewed*99/100 {
		t.Errorf("%d by %d, %v", gotW, gotH, err)
	}
}

func TestWhatIsNoRequestIsRefusedWithASentence(t *testing.T) {
	good := [4]string{"full", "max", "0", "default.jpg"}
	for part, all := range map[int][]string{
		0: {
			"", "all", "1,2,3", "1,2,3,4,5", "-1,0,10,10", "1.5,0,10,10", "0,0,0,10", "0,0,10,0", "2480,0,1,1", "0,3508,1,1", "pct:", "pct:1,2,3", "pct:0,0,0,1",
			"1e2,0,10,10", "+1,0,10,10", "pct:100,0,1,1", "0x1,0,10,10", "99999999999999999999,0,1,1", "NaN,0,1,1", "pct:Inf,0,1,1", " 0,0,10,10",
		},
		1: {
			"", "full", ",", "^", "0,", ",0", "0,0", "3000,", ",4000", "3000,3000", "pct:101", "pct:0", "pct:", "pct:-1", "!3000,4000", "!100,", "!,100", "^pct:1000000",
			"^9000,9000", "1.5,", "a,b", "1,2,3", "max^", "!max", "99999999999999999999,",
		},
		2: {"", "45", "91", "-90", "!0", "!90", "450", "90deg", "1e2", "NaN"},
		3: {"default", "default.", ".jpg", "default.gif", "native.jpg", "color.tif", "default.jpg.png", "DEFAULT.jpg"},
	} {
		for _, text := range all {
			request := good
			request[part] = text
			_, err := parseView(request[0], request[1], request[2], request[3], w, h)
			var wrong fault
			if !errors.As(err, &wrong) || len(wrong) < 10 {
				t.Errorf("%q: %v", request, err)
			}
		}
	}
}

func TestTheCanonicalWayToAskForAViewAsksForTheSame(t *testing.T) {
	number := rapid.IntRange(0, 4000)
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 4000).Draw(t, "width"), rapid.IntRange(1, 4000).Draw(t, "height")
		draw := func(name string) string {
			return rapid.Custom(func(t *rapid.T) string { return strconv.Itoa(number.Draw(t, name)) }).Draw(t, name)
		}
		region := rapid.SampledFrom([]string{"full", "square", draw("x") + "," + draw("y") + "," + draw("w") + "," + draw("h")}).Draw(t, "region")
		size := rapid.SampledFrom([]string{"max", draw("W") + ",", "," + draw("H"), "^" + draw("W") + "," + draw("H"), "!" + draw("W") + "," + draw("H"), "pct:37"}).Draw(t, "size")
		v, err := parseView(region, size, "90", "gray.png", width, height)
		if err != nil {
			return
		}
		parts := canonical(v, width, height)
		again, err := parseView(parts[0], parts[1], parts[2], parts[3], width, height)
		if err != nil || again != v {
			t.Fatalf("%v asks for %+v, %v; was %+v", parts, again, err, v)
		}
	})
}

func FuzzARequestIsUnderstoodOrRefusedWithASentence(f *testing.F) {
	f.Add("full", "max", "0", "default.jpg", 100, 200)
	f.Add("pct:1.5,2,30,40", "^!10,20", "270", "bitonal.png", 1, 1<<20)
	f.Add("0,0,1,1", ",9", "90.0", "gray.jpg", 1<<15, 3)
	f.Fuzz(func(t *testing.T, region, size, rotation, file string, width, height int) {
		if width < 1 || height < 1 || width > 1<<24 || height > 1<<24 {
			return
		}
		v, err := parseView(region, size, rotation, file, width, height)
		if err != nil {
			var wrong fault
			if !errors.As(err, &wrong) {
				t.Fatalf("%v", err)
			}
			return
		}
		b := v.Region
		if b.X0 < 0 || b.Y0 < 0 || b.Width() < 1 || b.Height() < 1 || b.X1 > float64(width) || b.Y1 > float64(height) {
			t.Fatalf("region %v of %d by %d", b, width, height)
		}
		if v.Width < 1 || v.Height < 1 || v.Width > dossier.MostViewed/v.Height || v.Turned%90 != 0 || v.Turned >= 360 {
			t.Fatalf("view %+v", v)
		}
	})
}

func TestAPageIsOfferedInHalves(t *testing.T) {
	info := infoOf("http://x/iiif/image/a-1", w, h)
	if got := info.Tiles[0].ScaleFactors; len(got) != 6 || got[5] != 32 {
		t.Errorf("scale factors %v", got)
	}
	if got := info.Sizes; len(got) != 6 || got[0] != (infoSize{78, 110}) || got[5] != (infoSize{w, h}) {
		t.Errorf("sizes %v", got)
	}
	for _, s := range infoOf("http://x/iiif/image/a-1", 12000, 20000).Sizes {
		if s.Width*s.Height > dossier.MostViewed {
			t.Errorf("%v is offered and not drawn", s)
		}
	}
}
