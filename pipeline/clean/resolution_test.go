package clean

import (
	"math"
	"testing"
)

func TestResolutionsAreBelievedOrGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		w, h    int
		x, y    float64
		want    float64
		guessed bool
	}{
		"a scan":                              {1654, 2339, 200, 200, 200, false},
		"none on an A4 page":                  {2480, 3508, 0, 0, 300, true},
		"none on a letter page":               {2550, 3300, 0, 0, 300, true},
		"72 on a page-sized image":            {1695, 2378, 72, 72, 200, true},
		"96 on a page-sized image":            {2480, 3508, 96, 96, 300, true},
		"72 on a page drawn at 72":            {595, 842, 72, 72, 72, false},
		"absurdly low":                        {1654, 2339, 3, 3, 200, true},
		"absurdly high":                       {1654, 2339, 30000, 30000, 200, true},
		"named across only":                   {1654, 2339, 200, 0, 200, false},
		"a card without one":                  {1011, 638, 0, 0, 300, true},
		"a page lying on its side, without":   {3508, 2480, 0, 0, 300, true},
		"a strip of 3 by 20,000, without one": {3, 20000, 0, 0, 20000 / 11.69, true},
	} {
		got := resolve(c.w, c.h, c.x, c.y)
		if got.guessed != c.guessed || got.x != c.want || got.y != c.want {
			t.Errorf("%s: %+v, want %v, guessed %v", name, got, c.want, c.guessed)
		}
	}
}

func TestAFaxKeepsItsTwoResolutions(t *testing.T) {
	if got := resolve(1728, 1145, 204, 98); got != (resolution{x: 204, y: 98}) {
		t.Fatalf("%+v", got)
	}
}

func TestPaperIsNamedWithinThreePerCentLyingOrStanding(t *testing.T) {
	for want, size := range map[string][2]float64{
		"a4": {8.3, 11.6}, "a3": {16.5, 11.7}, "letter": {8.5, 11}, "id1": {2.13, 3.37}, "": {4, 12},
	} {
		if got := paperName(size[0], size[1]); got != want {
			t.Errorf("%v by %v inches is %q, want %q", size[0], size[1], got, want)
		}
	}
}

func TestTheEngineSeesSquarePixelsHoweverTheImageLies(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		raster := rasterOf(t, made{width: 200, height: 300, value: plain(255)})
		res := resolution{x: 204, y: 98}
		p, err := begin(raster, lieOf(orientation), res, false)
		raster.Close()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.sizeLetters(); err != nil {
			t.Fatal(err)
		}
		m := p.work.toStored
		across, down := math.Hypot(m.A/res.x, m.B/res.y), math.Hypot(m.C/res.x, m.D/res.y)
		if math.Abs(across/down-1) > 0.02 {
			t.Errorf("orientation %d: a pixel is %.4f by %.4f inches", orientation, across, down)
		}
		p.close()
	}
}
