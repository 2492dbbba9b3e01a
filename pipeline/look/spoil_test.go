package look

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// scan is a good scan.
type scan struct {
	*image.NRGBA
	dpi  float64
	look dossier.Look
}

// px is how many pixels so many millimetres are.
func (s scan) px(mm float64) float64 { return mm / millimetres * s.dpi }

// spoiling is a way to make a bad copy of a good scan.
type spoiling struct {
	name string
	want dossier.VerdictCode
	make func(scan) image.Image // nil where nobody would call the copy a bad one
	// dpi is the resolution of the copy where it is another than the scan's, and untagged says that the file names none.
	dpi      float64
	untagged bool
}

// copy spoils a scan, and gives the resolution that the copy's file names.
func (sp spoiling) copy(s scan) (bad image.Image, named float64) {
	switch {
	case sp.untagged:
	case sp.dpi > 0:
		named = sp.dpi
	default:
		named = s.dpi
	}
	return sp.make(s), named
}

func spoilings() []spoiling {
	return slices.Concat(blurrings(), darkenings(), palings(), croppings(), turnings(), foldings(), coarsenings())
}

func blurrings() []spoiling {
	var all []spoiling
	add := func(name string, f func(scan) image.Image) {
		all = append(all, spoiling{name: name, want: dossier.VerdictBlurred, make: f})
	}
	for _, mm := range []float64{0.3, 0.4, 0.6, 0.9} {
		add(fmt.Sprintf("out of focus by %.1f mm", mm), func(s scan) image.Image {
			return imaging.Blur(s.NRGBA, s.px(mm))
		})
	}
	for _, by := range [][2]float64{{2, 0}, {0, 2}, {2, 2}, {3, 0}} {
		add(fmt.Sprintf("moved by %v mm", by), func(s scan) image.Image {
			return moved(s.NRGBA, s.px(by[0]), s.px(by[1]))
		})
	}
	for _, coarse := range []float64{25, 33} {
		add(fmt.Sprintf("by way of %.0f dpi", coarse), func(s scan) image.Image {
			small := imaging.Resize(s.NRGBA, int(float64(s.Rect.Dx())*coarse/s.dpi), 0, imaging.Box)
			return imaging.Resize(small, s.Rect.Dx(), s.Rect.Dy(), imaging.Linear)
		})
	}
	return all
}

// moved is what is seen of a page that moves by some pixels while it is scanned.
func moved(scan *image.NRGBA, dx, dy float64) *image.NRGBA {
	n := int(math.Ceil(max(math.Abs(dx), math.Abs(dy))))
	out := image.NewNRGBA(scan.Rect)
	w, h := scan.Rect.Dx(), scan.Rect.Dy()
	for y := range h {
		for x := range w {
			var sum [3]int
			for i := range n {
				sx := min(w-1, max(0, x+int(dx*(float64(i)/float64(n)-0.5))))
				sy := min(h-1, max(0, y+int(dy*(float64(i)/float64(n)-0.5))))
				p := scan.Pix[sy*scan.Stride+4*sx:]
				sum[0], sum[1], sum[2] = sum[0]+int(p[0]), sum[1]+int(p[1]), sum[2]+int(p[2])
			}
			copy(out.Pix[y*out.Stride+4*x:], []uint8{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return out
}

// levels gives each grey value, 0 to 255, another.
func levels(f func(v float64) float64) func(scan) image.Image {
	return func(s scan) image.Image {
		var table [256]uint8
		for i := range table {
			table[i] = uint8(min(255, max(0, math.Round(f(float64(i))))))
		}
		return imaging.AdjustFunc(s.NRGBA, func(c color.NRGBA) color.NRGBA {
			return color.NRGBA{table[c.R], table[c.G], table[c.B], 255}
		})
	}
}

func gamma(g float64) func(v float64) float64 {
	return func(v float64) float64 { return 255 * math.Pow(v/255, g) }
}

func darkenings() []spoiling {
	var all []spoiling
	for name, f := range map[string]func(v float64) float64{
		"light times 0.45":                 func(v float64) float64 { return 0.45 * v },
		"light times 0.3":                  func(v float64) float64 { return 0.3 * v },
		"darker by 125":                    func(v float64) float64 { return v - 125 },
		"darker by 160":                    func(v float64) float64 { return v - 160 },
		"a third of the contrast about 40": func(v float64) float64 { return 40 + (v-40)/3 },
		"gamma 5":                          gamma(5),
		"light times 0.7, gamma 3":         func(v float64) float64 { return gamma(3)(0.7 * v) },
	} {
		all = append(all, spoiling{name: name, want: dossier.VerdictTooDark, make: func(s scan) image.Image {
			const dark = 130
			if f(float64(s.look.Paper)) > dark { // a gamma leaves white paper white
				return nil
			}
			return levels(f)(s)
		}})
	}
	return all
}

func palings() []spoiling {
	var all []spoiling
	for name, f := range map[string]func(v float64) float64{
		"ink times 0.25":     func(v float64) float64 { return 255 - 0.25*(255-v) },
		"ink times 0.15":     func(v float64) float64 { return 255 - 0.15*(255-v) },
		"lighter by 170":     func(v float64) float64 { return v + 170 },
		"gamma 0.12":         func(v float64) float64 { return gamma(0.12)(max(v, 20)) },
		"contrast times 0.2": func(v float64) float64 { return 200 + 0.2*(v-200) },
	} {
		all = append(all, spoiling{name: name, want: dossier.VerdictTooLight, make: func(s scan) image.Image {
			const least, pale = 0.08, 0.25
			paper := min(255, f(float64(s.look.Paper)))
			contrast := (paper - min(255, f(float64(s.look.Paper)*(1-s.look.Contrast)))) / paper
			if contrast < least || contrast > pale { // nobody sees that anything was there; or anybody can read it
				return nil
			}
			return levels(f)(s)
		}})
	}
	return all
}

func croppings() []spoiling {
	var all []spoiling
	add := func(name string, left, top, right, bottom float64) {
		all = append(all, spoiling{name: name, want: dossier.VerdictCutOff, make: func(s scan) image.Image {
			return cropped(s.NRGBA, left, top, right, bottom)
		}})
	}
	for _, share := range []float64{0.05, 0.1, 0.15, 0.2} {
		add(fmt.Sprintf("cropped left %.2f", share), share, 0, 0, 0)
		add(fmt.Sprintf("cropped top %.2f", share), 0, share, 0, 0)
		add(fmt.Sprintf("cropped right %.2f", share), 0, 0, share, 0)
		add(fmt.Sprintf("cropped bottom %.2f", share), 0, 0, 0, share)
	}
	add("cropped all round", 0.12, 0.12, 0.12, 0.12)
	return all
}

// cropped cuts shares of a page off at its sides; nil where the cut goes through hardly any print: between lines, nobody can tell.
func cropped(scan *image.NRGBA, left, top, right, bottom float64) image.Image {
	const enough = 8 // letters
	w, h := float64(scan.Rect.Dx()), float64(scan.Rect.Dy())
	rest := image.Rect(int(left*w), int(top*h), int((1-right)*w), int((1-bottom)*h))
	cut := 0
	for _, b := range lettersOf(scan) {
		across := b.Max.Y > rest.Min.Y && b.Min.Y < rest.Max.Y && (left > 0 && b.Min.X < rest.Min.X && b.Max.X > rest.Min.X ||
			right > 0 && b.Max.X > rest.Max.X && b.Min.X < rest.Max.X)
		along := b.Max.X > rest.Min.X && b.Min.X < rest.Max.X && (top > 0 && b.Min.Y < rest.Min.Y && b.Max.Y > rest.Min.Y ||
			bottom > 0 && b.Max.Y > rest.Max.Y && b.Min.Y < rest.Max.Y)
		if across || along {
			cut++
		}
	}
	if cut < enough {
		return nil
	}
	return imaging.Crop(scan, rest)
}

func turnings() []spoiling {
	var all []spoiling
	for _, degrees := range []float64{11.5, 12, -14, 20} {
		for name, behind := range map[string]color.Color{"white": color.White, "grey": color.Gray{128}, "black": color.Gray{20}} {
			all = append(all, spoiling{
				name: fmt.Sprintf("turned %.0f before %s", degrees, name), want: dossier.VerdictSkewed,
				make: func(s scan) image.Image { return imaging.Rotate(s.NRGBA, degrees, behind) },
			})
		}
	}
	return all
}

func foldings() []spoiling {
	var all []spoiling
	for i, legs := range [][2]float64{{12, 12}, {15, 25}, {25, 20}, {40, 30}} {
		for name, behind := range map[string]int{"black": 20, "grey": 130, "white": 255} {
			right, bottom := (i+behind)%2 == 0, i%4 > 1
			all = append(all, spoiling{
				name: fmt.Sprintf("corner of %v mm folded before %s", legs, name), want: dossier.VerdictFoldedCorner,
				make: func(s scan) image.Image {
					if behind == 255 { // white paper would end nowhere
						s = s.tinted(0.8)
					}
					return folded(s, legs, right, bottom, uint8(behind))
				},
			})
		}
	}
	return all
}

// tinted is a scan of darker paper.
func (s scan) tinted(by float64) scan {
	tint := func(v float64) float64 { return by * v }
	return scan{imaging.Clone(levels(tint)(s)), s.dpi, dossier.Look{Paper: int(tint(float64(s.look.Paper)))}}
}

// folded is nil where something else than paper lies in the corner already: a bed that is seen beside it, a frame or print.
func folded(s scan, legs [2]float64, right, bottom bool, behind uint8) image.Image {
	const differs, specks = 30, 0.02
	out := imaging.Clone(s.NRGBA)
	w, h := s.px(legs[0]), s.px(legs[1])
	corner := func(x, y int) []uint8 {
		if right {
			x = out.Rect.Max.X - 1 - x
		}
		if bottom {
			y = out.Rect.Max.Y - 1 - y
		}
		return out.Pix[out.PixOffset(x, y):]
	}
	var paper []float64
	for y := range int(h) {
		for x := range int(w) {
			paper = append(paper, float64(corner(x, y)[1]))
		}
	}
	at := int(median(paper))
	others := 0
	for _, v := range paper {
		if distance(int(v), at) > differs {
			others++
		}
	}
	if float64(others) > specks*w*h || distance(at, s.look.Paper) > differs || distance(int(behind), at) < differs {
		return nil
	}
	for y := range int(h) {
		for x := range int(w * (1 - float64(y)/h)) {
			v := behind - uint8((x*7+y*13)%5) // noise
			copy(corner(x, y), []uint8{v, v, v})
		}
	}
	return out
}

func coarsenings() []spoiling {
	var all []spoiling
	for _, dpi := range []float64{60, 75, 100} {
		for _, untagged := range []bool{false, true} {
			name := fmt.Sprintf("scanned at %.0f dpi", dpi)
			if untagged {
				name += ", which the file does not say"
			}
			all = append(all, spoiling{
				name: name, want: dossier.VerdictLowResolution, dpi: dpi, untagged: untagged,
				make: func(s scan) image.Image {
					const least = 1.5
					if s.dpi < least*dpi {
						return nil
					}
					return imaging.Resize(s.NRGBA, int(float64(s.Rect.Dx())*dpi/s.dpi), 0, imaging.Box)
				},
			})
		}
	}
	return all
}

// lettersOf finds the letters of a scan.
func lettersOf(scan *image.NRGBA) clean.Letters {
	pix, err := lept.New(scan.Rect.Dx(), scan.Rect.Dy(), 32)
	if err != nil {
		panic(err)
	}
	defer pix.Close()
	row := make([]byte, 3*scan.Rect.Dx())
	for y := range scan.Rect.Dy() {
		for x := range scan.Rect.Dx() {
			copy(row[3*x:3*x+3], scan.Pix[y*scan.Stride+4*x:])
		}
		pix.SetRow(y, row)
	}
	gray, err := pix.Gray()
	if err != nil {
		panic(err)
	}
	defer gray.Close()
	counts, err := gray.Histogram(1)
	if err != nil {
		panic(err)
	}
	binary, err := gray.Threshold(clean.Otsu(counts))
	if err != nil {
		panic(err)
	}
	defer binary.Close()
	letters, err := clean.FindLetters(binary)
	if err != nil {
		panic(err)
	}
	return letters
}
