package clean

import (
	"image"
	"slices"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// Otsu is the grey value that parts the histogram into the two heaps that differ most.
func Otsu(counts [256]int) int {
	var total, sum float64
	for v, n := range counts {
		total += float64(n)
		sum += float64(v * n)
	}
	var below, sumBelow, best float64
	first, last := 128, 128
	for v, n := range counts {
		below += float64(n)
		sumBelow += float64(v * n)
		if below == 0 || below == total {
			continue
		}
		apart := sumBelow/below - (sum-sumBelow)/(total-below)
		between := below * (total - below) * apart * apart
		if between > best {
			best, first = between, v
		}
		if between == best {
			last = v
		}
	}
	return (first+last)/2 + 1
}

// Percentile is the grey value that a share of the pixels, 0 to 1, lies at or below.
func Percentile(counts [256]int, share float64) int {
	var total int
	for _, n := range counts {
		total += n
	}
	rest := int(share * float64(total))
	for v, n := range counts {
		rest -= n
		if rest < 0 {
			return v
		}
	}
	return 255
}

// bilevel makes black of what Otsu's threshold calls dark.
func bilevel(gray *lept.Pix) (*lept.Pix, error) {
	counts, err := gray.Histogram(histogramStep(gray))
	if err != nil {
		return nil, err
	}
	return gray.Threshold(Otsu(counts))
}

// histogramStep looks at a hundred thousand pixels or more.
func histogramStep(gray *lept.Pix) int {
	step := 1
	for (gray.Width()/(step*2))*(gray.Height()/(step*2)) > 100_000 {
		step *= 2
	}
	return step
}

// Letters are the components of a bilevel image that may be letters, or parts of joined ones.
type Letters []image.Rectangle

// minLetter is the height in pixels under which a component is a dot, an accent or dirt.
const minLetter = 5

// FindLetters gives the letters of a bilevel image.
func FindLetters(binary *lept.Pix) (Letters, error) {
	all, err := binary.Components()
	if err != nil {
		return nil, err
	}
	most := max(binary.Width(), binary.Height()) / 10
	return slices.DeleteFunc(all, func(b image.Rectangle) bool {
		w, h := b.Dx(), b.Dy()
		return max(w, h) < minLetter || w > most || h > most
	}), nil
}

// Height is the median height of the letters that have at least minLetter, 0 where there are none; of a page that lies
// on its side it is the width. Each counts by its narrower side, so that a thousand specks do not outweigh a hundred
// letters, nor one picture.
func (l Letters) Height(sideways bool) float64 {
	type letter struct{ size, weight int }
	var all []letter
	total := 0
	for _, b := range l {
		size := b.Dy()
		if sideways {
			size = b.Dx()
		}
		if size >= minLetter {
			all = append(all, letter{size, min(b.Dx(), b.Dy())})
			total += min(b.Dx(), b.Dy())
		}
	}
	slices.SortFunc(all, func(a, b letter) int { return a.size - b.size })
	sum := 0
	for _, one := range all {
		if sum += one.weight; 2*sum >= total {
			return float64(one.size)
		}
	}
	return 0
}
