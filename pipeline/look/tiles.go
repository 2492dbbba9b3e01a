package look

import (
	"math"
	"slices"
)

// tileSide is in pixels: at about 100 dpi two lines of ordinary print.
const tileSide = 32

// canvas is a grey image, row by row, a byte a pixel.
type canvas struct {
	pix           []byte
	width, height int
}

// tile is what a small square of the page looks like, in grey values.
type tile struct {
	x, y         int // px, its corner
	bright, dark int // but for the odd speck: paper and ink, where there is print
}

func (t tile) contrast() int { return t.bright - t.dark }

// tiles cuts a grey image into whole squares.
func (c canvas) tiles() []tile {
	across, down := c.width/tileSide, c.height/tileSide
	all := make([]tile, 0, across*down)
	values := make([]heaps, across)
	for r := range down {
		clear(values)
		for y := r * tileSide; y < (r+1)*tileSide; y++ {
			row := c.pix[y*c.width:]
			for i := range values {
				values[i].add(row[i*tileSide : (i+1)*tileSide])
			}
		}
		for i := range values {
			const speck = tileSide * tileSide / 50
			v := &values[i]
			all = append(all, tile{x: i * tileSide, y: r * tileSide, bright: v.highest(speck), dark: v.lowest(speck)})
		}
	}
	return all
}

// heaps counts values, four to a heap.
type heaps [64]uint16

func (h *heaps) add(values []byte) {
	for _, v := range values {
		h[v>>2]++
	}
}

// highest is the middle of the last heap that has more than few above or in it.
func (h *heaps) highest(few int) int {
	n := 0
	for i := len(h) - 1; i > 0; i-- {
		if n += int(h[i]); n > few {
			return 4*i + 2
		}
	}
	return 2
}

// lowest is the middle of the first heap that has more than few below or in it.
func (h *heaps) lowest(few int) int {
	n := 0
	for i := range len(h) - 1 {
		if n += int(h[i]); n > few {
			return 4*i + 2
		}
	}
	return 4*(len(h)-1) + 2
}

// edges gives how wide the steepest edges of a tile are in px, across, down and along both diagonals. What moved while it was
// scanned is as sharp as ever along its way. A sharp edge has 2, and 2.8 along a diagonal: the distance that is compared over.
func (c canvas) edges(t tile) [4]float64 {
	const (
		apart   = 2 // px
		rowStep = 2
		speck   = (tileSide - apart) * (tileSide - apart) / rowStep / 50
	)
	var across, down, falling, rising heaps
	for y := t.y; y < t.y+tileSide-apart; y += rowStep {
		row := c.pix[y*c.width+t.x:][:tileSide]
		next := c.pix[(y+apart)*c.width+t.x:][:tileSide]
		for x := range tileSide - apart {
			v, ahead := int(row[x]), int(row[x+apart])
			across[distance(v, ahead)>>2]++
			down[distance(v, int(next[x]))>>2]++
			falling[distance(v, int(next[x+apart]))>>2]++
			rising[distance(ahead, int(next[x]))>>2]++
		}
	}
	const straight, diagonal = apart, apart * math.Sqrt2
	contrast := float64(t.contrast())
	return [4]float64{
		straight * contrast / float64(across.highest(speck)), straight * contrast / float64(down.highest(speck)),
		diagonal * contrast / float64(falling.highest(speck)), diagonal * contrast / float64(rising.highest(speck)),
	}
}

func distance(a, b int) int { return max(a-b, b-a) }

// print is what the tiles with print on them have in common.
type print struct {
	tiles    int
	paper    int     // median grey value of the paper about the print
	ink      int     // median of the print
	contrast float64 // of print and paper, 0 to 1 of the paper's value
	// edge is how much wider than those of the sharpest image the edges from paper to ink are, px: in the direction in which they
	// are widest, of the tile that is sharper than nine in ten. Print that ran, as on carbon copies, is sharp somewhere; a
	// blurred image is nowhere.
	edge float64
}

// print looks at the tiles that stand out: half of the contrast that the better tiles of this page have.
func (c canvas) print() print {
	const best, part, least = 0.9, 0.5, 16
	all := c.tiles()
	if len(all) == 0 {
		return print{}
	}
	contrasts := make([]int, len(all))
	for i, t := range all {
		contrasts[i] = t.contrast()
	}
	slices.Sort(contrasts)
	limit := max(least, int(part*float64(contrasts[int(best*float64(len(contrasts)-1))])))
	var papers, inks, ratios []float64
	var edges [4][]float64
	for _, t := range all {
		if t.contrast() < limit {
			continue
		}
		papers, inks = append(papers, float64(t.bright)), append(inks, float64(t.dark))
		ratios = append(ratios, float64(t.contrast())/float64(max(1, t.bright)))
		for i, px := range c.edges(t) {
			edges[i] = append(edges[i], px)
		}
	}
	return print{
		tiles: len(papers), paper: int(median(papers)), ink: int(median(inks)), contrast: median(ratios), edge: widened(edges),
	}
}

// widened is what is added to the edges of a sharp image. Widths add up as squares.
func widened(edges [4][]float64) float64 {
	const sharpest, none = 0.1, 2 * math.Sqrt2
	widest := 0.0
	for _, e := range edges {
		widest = max(widest, quantile(e, sharpest))
	}
	return math.Sqrt(max(0, widest*widest-none*none))
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile sorts the values; it is 0 where there are none.
func quantile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[int(share*float64(len(values)))]
}
