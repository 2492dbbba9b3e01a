package clean

// judgeSharpness measures how steep the edges of the letters are: the mean step from one pixel to the next but one
// across the places where Otsu's threshold is crossed, over the contrast of print and paper. A crisp scan has 0.6 and
// more, one out of focus under 0.2.
func (p *page) judgeSharpness() error {
	const rowStep = 7
	counts, err := p.work.pix.Histogram(histogramStep(p.work.pix))
	if err != nil {
		return err
	}
	limit := Otsu(counts)
	contrast := Percentile(counts, 0.8) - meanBelow(counts, limit)
	if contrast <= 0 {
		return nil
	}
	var edges, steps int
	for y := 0; y < p.work.pix.Height(); y += rowStep {
		row := p.work.pix.GrayRow(y)
		for x := 1; x+2 < len(row); x++ {
			if (int(row[x]) < limit) == (int(row[x+1]) < limit) {
				continue
			}
			edges++
			steps += abs(int(row[x+2]) - int(row[x-1]))
		}
	}
	if edges > 0 {
		p.sharp = min(1, float64(steps)/float64(edges)/float64(contrast))
	}
	return nil
}

func abs(v int) int { return max(v, -v) }

func meanBelow(counts [256]int, limit int) int {
	var n, sum int
	for v := range limit {
		n += counts[v]
		sum += v * counts[v]
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
