package clean

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// frame is a rectangle of pixels that knows where it lies on the stored image: toStored maps its coordinates, in
// which a pixel is the square from its number to the next, to the stored image's.
type frame struct {
	width, height float64
	toStored      dossier.Matrix
}

func storedFrame(width, height int) frame {
	return frame{width: float64(width), height: float64(height), toStored: dossier.Identity()}
}

// turned is the frame after so many quarters clockwise.
func (f frame) turned(quarters int) frame {
	w, h := f.width, f.height
	switch quarters & 3 {
	case 1:
		return frame{h, w, dossier.Matrix{B: -1, C: 1, F: h}.Then(f.toStored)}
	case 2:
		return frame{w, h, dossier.Matrix{A: -1, D: -1, E: w, F: h}.Then(f.toStored)}
	case 3:
		return frame{h, w, dossier.Matrix{B: 1, C: -1, E: w}.Then(f.toStored)}
	}
	return f
}

func (f frame) mirrored() frame {
	return frame{f.width, f.height, dossier.Matrix{A: -1, D: 1, E: f.width}.Then(f.toStored)}
}

// scaled is the frame in a grid of width by height pixels.
func (f frame) scaled(width, height float64) frame {
	return frame{width, height, dossier.Matrix{A: f.width / width, D: f.height / height}.Then(f.toStored)}
}

// rotated is the frame turned clockwise about its centre, its size kept.
func (f frame) rotated(degrees float64) frame {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := f.width/2, f.height/2
	back := dossier.Matrix{A: cos, B: -sin, C: sin, D: cos, E: cx - cos*cx - sin*cy, F: cy + sin*cx - cos*cy}
	return frame{f.width, f.height, back.Then(f.toStored)}
}

func (f frame) cropped(left, top, width, height float64) frame {
	return frame{width, height, dossier.Matrix{A: 1, D: 1, E: left, F: top}.Then(f.toStored)}
}

// view is an image and the frame it fills. Its methods make new views and leave the receiver open, except that step
// closes what it replaces.
type view struct {
	frame
	pix *lept.Pix
}

// step replaces v by what change makes of it.
func (v *view) step(change func(view) (view, error)) error {
	next, err := change(*v)
	if err != nil {
		return err
	}
	if next.pix != v.pix {
		v.pix.Close()
	}
	*v = next
	return nil
}

func (v view) gray() (view, error) {
	pix, err := v.pix.Gray()
	return view{v.frame, pix}, err
}

func (v view) turn(quarters int) (view, error) {
	if quarters&3 == 0 {
		return v, nil
	}
	pix, err := v.pix.Turn(quarters & 3)
	return view{v.turned(quarters), pix}, err
}

func (v view) mirror() (view, error) {
	pix, err := v.pix.Mirror()
	return view{v.mirrored(), pix}, err
}

// scale makes the view fx times as wide and fy times as high.
func (v view) scale(fx, fy float64) (view, error) {
	if fx == 1 && fy == 1 {
		return v, nil
	}
	pix, err := v.pix.Scale(fx, fy)
	if err != nil {
		return view{}, err
	}
	return view{v.scaled(float64(pix.Width()), float64(pix.Height())), pix}, nil
}

// fit makes pixels square and the view no larger than side pixels.
func (v view) fit(res resolution, side float64) (view, error) {
	dpi := math.Max(res.x, res.y)
	fx, fy := dpi/res.x, dpi/res.y
	f := math.Min(1, side/math.Max(v.width*fx, v.height*fy))
	return v.scale(f*fx, f*fy)
}

func (v view) rotate(degrees float64) (view, error) {
	pix, err := v.pix.Rotate(degrees * math.Pi / 180)
	return view{v.rotated(degrees), pix}, err
}

func (v view) crop(left, top, width, height int) (view, error) {
	pix, err := v.pix.Crop(left, top, width, height)
	return view{v.cropped(float64(left), float64(top), float64(width), float64(height)), pix}, err
}
