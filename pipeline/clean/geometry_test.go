package clean

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func TestPageSpaceOfEachEXIFOrientationPutsTheTopLeftWhereItIsStored(t *testing.T) {
	const w, h = 300, 200
	// Where the upright page's top left and top right corners lie on a stored image of 300 by 200.
	want := map[int][4]float64{
		1: {0, 0, w, 0}, 2: {w, 0, 0, 0}, 3: {w, h, 0, h}, 4: {0, h, w, h},
		5: {0, 0, 0, h}, 6: {0, h, 0, 0}, 7: {w, h, w, 0}, 8: {w, 0, w, h},
	}
	for orientation, corners := range want {
		space, _ := pageSpace(w, h, resolution{x: 100, y: 100}, lieOf(orientation))
		x0, y0 := space.toStored.Apply(0, 0)
		x1, y1 := space.toStored.Apply(space.width, 0)
		if got := [4]float64{x0, y0, x1, y1}; got != corners {
			t.Errorf("orientation %d: top edge from %v, want %v", orientation, got, corners)
		}
		if swapped := orientation > 4; swapped != (space.width == h) {
			t.Errorf("orientation %d: page is %v wide", orientation, space.width)
		}
	}
}

func TestAFaxWithTwoResolutionsIsStretchedToTheHigherOne(t *testing.T) {
	space, dpi := pageSpace(1728, 1145, resolution{x: 204, y: 98}, lie{})
	if dpi != 204 || space.width != 1728 || space.height != math.Round(1145*204.0/98) {
		t.Fatalf("page space of %v by %v at %v dpi", space.width, space.height, dpi)
	}
	if x, y := space.toStored.Apply(space.width, space.height); math.Abs(x-1728) > 1e-6 || math.Abs(y-1145) > 1e-6 {
		t.Fatalf("its far corner lies at %v, %v of the image", x, y)
	}
}

func TestDeskewingTurnsClockwiseAboutTheMiddleAndKeepsTheSize(t *testing.T) {
	space, _ := pageSpace(400, 200, resolution{x: 100, y: 100}, lie{skew: 10})
	if x, y := space.toStored.Apply(200, 100); math.Abs(x-200) > 1e-9 || math.Abs(y-100) > 1e-9 {
		t.Fatalf("the middle moved to %v, %v", x, y)
	}
	// Turned clockwise, the right end of the page's middle line was higher up on the image.
	if _, y := space.toStored.Apply(400, 100); y >= 100 {
		t.Fatalf("the right end lay at %v, want it above 100", y)
	}
	if space.width != 400 || space.height != 200 {
		t.Fatalf("size %v by %v", space.width, space.height)
	}
}

func TestWhatIsReadOnAnyViewLandsWhereItLies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(50, 5000).Draw(t, "w"), rapid.IntRange(50, 5000).Draw(t, "h")
		l := lie{
			mirrored: rapid.Bool().Draw(t, "mirrored"), quarters: rapid.IntRange(0, 3).Draw(t, "quarters"),
			skew: rapid.Float64Range(-15, 15).Draw(t, "skew"),
		}
		space, _ := pageSpace(w, h, resolution{x: 200, y: 200}, l)
		v := storedFrame(w, h)
		if l.mirrored {
			v = v.mirrored()
		}
		v = v.turned(l.quarters)
		v = v.cropped(3, 5, v.width-10, v.height-10)
		v = v.scaled(v.width*0.5, v.height*0.5).rotated(l.skew)
		inverse, ok := space.toStored.Inverse()
		if !ok {
			t.Fatal("page space cannot be inverted")
		}
		// The middle of what was cropped is off the page's middle by what the crop took more on one side.
		x, y := v.toStored.Then(inverse).Apply(v.width/2, v.height/2)
		sx, sy := v.toStored.Apply(v.width/2, v.height/2)
		bx, by := space.toStored.Apply(x, y)
		if math.Hypot(bx-sx, by-sy) > 1e-6 {
			t.Fatalf("the same point lies at %v, %v and at %v, %v", sx, sy, bx, by)
		}
	})
}

func TestBoxesAreClippedToThePageAndKeepAPixel(t *testing.T) {
	layout := oneLine(dossier.Word{Text: "a", Box: dossier.Box{X0: -20, Y0: -5, X1: 30, Y1: 20}, Confidence: 1},
		dossier.Word{Text: "b", Box: dossier.Box{X0: 190, Y0: 5, X1: 300, Y1: 20}, Confidence: 1},
		dossier.Word{Text: "c", Box: dossier.Box{X0: 250, Y0: 5, X1: 300, Y1: 20}, Confidence: 1})
	frame := storedFrame(200, 100)
	place(&layout, frame, frame)
	for line := range layout.Lines {
		for _, w := range line.Words {
			b := w.Box
			if b.X0 < 0 || b.Y0 < 0 || b.X1 > 200 || b.Y1 > 100 || b.Width() < 1 || b.Height() < 1 {
				t.Errorf("word %s at %+v", w.Text, b)
			}
		}
	}
}

func TestALineReadOnAHalvedImageDoublesWithItsBaseline(t *testing.T) {
	layout := oneLine(dossier.Word{Text: "a", Box: dossier.Box{X0: 10, Y0: 20, X1: 40, Y1: 30}, Confidence: 1})
	page := storedFrame(200, 100)
	place(&layout, page.scaled(100, 50), page)
	line := layout.Blocks[0].Paragraphs[0].Lines[0]
	want := dossier.Box{X0: 20, Y0: 40, X1: 80, Y1: 60}
	if line.Box != want || line.Baseline != 56 || line.Size != 24 {
		t.Fatalf("line at %+v, baseline %v, size %v", line.Box, line.Baseline, line.Size)
	}
	if layout.Blocks[0].Box != want {
		t.Fatalf("block at %+v", layout.Blocks[0].Box)
	}
}

func oneLine(words ...dossier.Word) dossier.Layout {
	line := dossier.Line{Baseline: 28, Size: 12, Words: words}
	for _, w := range words {
		line.Box = line.Box.Union(w.Box)
	}
	return dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}}}
}
