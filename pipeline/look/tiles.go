package look

import (
	"math"
	"slices"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// tileSide is in pixels: at about 100 dpi two lines of ordinary print.
const tileSide = 32

// tile is what a small square of the page looks like, in grey values.
type tile struct {
	bright, dark int     // but for the odd speck: paper and ink, where there is print
	steep        float64 // steepest change within two pixels
}

func (t tile) contrast() int { return t.bright - t.dark }

// tiles cuts a grey image into whole squares, row by row.
func tiles(pix *lept.Pix) [][]tile {
	across, down := pix.Width()/tileSide, pix.Height()/tileSide
	all := make([][]tile, down)
	sums := make([]counter, across)
	for r := range all {
		for y := range tileSide {
			row := pix.GrayRow(r*tileSide + y)
			for c := range sums {
				sums[c].add(row[c*tileSide : (c+1)*tileSide])
			}
		}
		all[r] = make([]tile, across)
		for c := range sums {
			all[r][c] = sums[c].tile()
			sums[c] = counter{}
		}
	}
	return all
}

// counter counts the values of a tile and the changes from a pixel to the next but one, each in heaps of four.
type counter struct {
	values, changes [64]uint16
}

func (c *counter) add(row []byte) {
	for x, v := range row {
		c.values[v>>2]++
		if x >= 2 {
			d := int(v) - int(row[x-2])
			c.changes[max(d, -d)>>2]++
		}
	}
}

func (c *counter) tile() tile {
	const speck = tileSide * tileSide / 50
	return tile{
		bright: 4*highest(&c.values, speck) + 2,
		dark:   255 - (4*highest(reversed(&c.values), speck) + 2),
		steep:  float64(4*highest(&c.changes, speck) + 2),
	}
}

// highest is the last heap that has more than few above or in it.
func highest(heaps *[64]uint16, few int) int {
	n := 0
	for i := len(heaps) - 1; i > 0; i-- {
		if n += int(heaps[i]); n > few {
			return i
		}
	}
	return 0
}

func reversed(heaps *[64]uint16) *[64]uint16 {
	r := *heaps
	slices.Reverse(r[:])
	return &r
}

// print is what the tiles with print on them have in common.
type print struct {
	tiles    int
	paper    int     // median grey value of the paper about the print
	ink      int     // median of the print
	contrast float64 // of print and paper, 0 to 1 of the paper's value
	edge     float64 // px from paper to ink, median: what a sharp edge has is 1 to 2
}

// printOf looks at the tiles that stand out: a third of the contrast that the better tiles of this page have.
func printOf(all [][]tile) print {
	const best, part, least = 0.9, 0.5, 16
	var contrasts []int
	for _, row := range all {
		for _, t := range row {
			contrasts = append(contrasts, t.contrast())
		}
	}
	if len(contrasts) == 0 {
		return print{}
	}
	slices.Sort(contrasts)
	limit := max(least, int(part*float64(contrasts[int(best*float64(len(contrasts)-1))])))
	var papers, inks, ratios, edges []float64
	for _, row := range all {
		for _, t := range row {
			if t.contrast() < limit {
				continue
			}
			papers, inks = append(papers, float64(t.bright)), append(inks, float64(t.dark))
			ratios = append(ratios, float64(t.contrast())/float64(max(1, t.bright)))
			edges = append(edges, 2*float64(t.contrast())/math.Max(1, t.steep))
		}
	}
	return print{
		tiles: len(papers), paper: int(median(papers)), ink: int(median(inks)), contrast: median(ratios), edge: median(edges),
	}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
