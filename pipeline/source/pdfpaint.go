package source

import "math"

// transform maps (x, y) to (a*x + c*y + e, b*x + d*y + f), its elements in that order.
type transform [6]float64

// then applies t first and u after it.
func (t transform) then(u transform) transform {
	return transform{
		t[0]*u[0] + t[1]*u[2], t[0]*u[1] + t[1]*u[3],
		t[2]*u[0] + t[3]*u[2], t[2]*u[1] + t[3]*u[3],
		t[4]*u[0] + t[5]*u[2] + u[4], t[4]*u[1] + t[5]*u[3] + u[5],
	}
}

func (t transform) apply(x, y float64) (float64, float64) {
	return t[0]*x + t[2]*y + t[4], t[1]*x + t[3]*y + t[5]
}

// square is the box around what becomes of the unit square.
func (t transform) square() rectangle {
	var o outline
	o.rectangle(t, rectangle{0, 0, 1, 1})
	return o.box
}

// outline is the current path, as far as it matters: the box around it, and whether it is that box.
type outline struct {
	box     rectangle
	corners [][2]float64 // the first few points
	points  int
	curved  bool
	at      [2]float64 // the current point, in user space
}

func (o *outline) add(ctm transform, x, y float64) {
	const enough = 8
	o.at = [2]float64{x, y}
	px, py := ctm.apply(x, y)
	if o.points == 0 {
		o.box = rectangle{px, py, px, py}
	}
	o.box = rectangle{min(o.box.x0, px), min(o.box.y0, py), max(o.box.x1, px), max(o.box.y1, py)}
	o.points++
	if len(o.corners) < enough {
		o.corners = append(o.corners, [2]float64{px, py})
	}
}

func (o *outline) rectangle(ctm transform, r rectangle) {
	o.add(ctm, r.x0, r.y0)
	o.add(ctm, r.x1, r.y0)
	o.add(ctm, r.x1, r.y1)
	o.add(ctm, r.x0, r.y1)
}

// straight reports whether the path is one upright rectangle: every point is a corner of its box.
func (o *outline) straight() bool {
	const hair = 0.05
	if o.curved || o.points < 4 || o.points != len(o.corners) {
		return false
	}
	for _, p := range o.corners {
		x := min(math.Abs(p[0]-o.box.x0), math.Abs(p[0]-o.box.x1))
		y := min(math.Abs(p[1]-o.box.y0), math.Abs(p[1]-o.box.y1))
		if x > hair || y > hair {
			return false
		}
	}
	return true
}

// outline builds, paints and forgets the path; false for other operators.
func (c *content) outline(op operator) bool {
	ctm := c.state.ctm
	switch op {
	case "m", "l":
		c.path.add(ctm, c.operand(0), c.operand(1))
	case "c":
		c.path.add(ctm, c.operand(0), c.operand(1))
		c.path.add(ctm, c.operand(2), c.operand(3))
		c.path.add(ctm, c.operand(4), c.operand(5))
		c.path.curved = true
	case "v", "y":
		c.path.add(ctm, c.operand(0), c.operand(1))
		c.path.add(ctm, c.operand(2), c.operand(3))
		c.path.curved = true
	case "re":
		x, y := c.operand(0), c.operand(1)
		c.path.rectangle(ctm, rectangle{x, y, x + c.operand(2), y + c.operand(3)})
	case "h":
	case "W", "W*":
		c.clips = true
	case "n":
		c.endPath()
	case "f", "F", "f*":
		c.fill()
		c.endPath()
	case "S", "s", "B", "B*", "b", "b*":
		c.stroke()
		c.endPath()
	default:
		return false
	}
	return true
}

// fill paints the path's inside. White on the bare page is nothing.
func (c *content) fill() {
	if c.path.points == 0 || c.unseen(c.path.box) {
		return
	}
	if c.state.fill == inkWhite && !c.beneath && len(c.images) == 0 {
		return
	}
	c.mark()
}

func (c *content) stroke() {
	if c.path.points > 0 && !c.unseen(c.path.box) {
		c.mark()
	}
}

// unseen reports whether a box lies outside of what is shown.
func (c *content) unseen(box rectangle) bool {
	const line = 1 // a stroke of a common width
	seen := c.state.clip.intersect(c.page.box)
	return box.x1+line < seen.x0 || box.x0-line > seen.x1 || box.y1+line < seen.y0 || box.y0-line > seen.y1
}

func (c *content) endPath() {
	if c.clips {
		c.clip()
	}
	c.path, c.clips = outline{corners: c.path.corners[:0]}, false
}

func (c *content) clip() {
	if !c.path.straight() {
		c.state.clipped = true
		return
	}
	c.state.clip = c.state.clip.intersect(c.path.box)
}

// colour follows the colour for filling.
func (c *content) colour(op operator, resources dict) {
	switch op {
	case "g":
		c.state.space, c.state.fill = nil, inkOf(1, c.components())
	case "rg":
		c.state.space, c.state.fill = nil, inkOf(3, c.components())
	case "k":
		c.state.space, c.state.fill = nil, inkOf(4, c.components())
	case "cs":
		c.state.space, c.state.fill = c.operandName(), inkBlack
		if own := c.file.dict(resources["ColorSpace"])[c.operandName()]; own != nil {
			c.state.space = own
		}
		if c.channels() == 0 {
			c.state.fill = inkOther
		}
	case "sc", "scn":
		c.state.fill = inkOf(c.channels(), c.components())
	}
}

func (c *content) components() []float64 {
	out := make([]float64, 0, 4)
	for _, v := range c.operands {
		if n, ok := float(v); ok && len(out) < 4 {
			out = append(out, n)
		}
	}
	return out
}

// channels is 1, 3 or 4 where the colour space for filling is grey, RGB or CMYK, else 0.
func (c *content) channels() int {
	if c.state.space == nil {
		return len(c.operands)
	}
	s := c.file.colorSpace(c.state.space)
	if s.refusal != "" || s.palette != nil {
		return 0
	}
	return s.space.Components()
}

// inkOf tells black and white from other colours.
func inkOf(channels int, v []float64) ink {
	const nearBlack, nearWhite = 0.1, 0.99
	if channels != len(v) || channels == 0 {
		return inkOther
	}
	dark, light := true, true
	if channels == 4 {
		ink := v[0] + v[1] + v[2]
		dark = v[3] >= 1-nearBlack || v[0] > 0.9 && v[1] > 0.9 && v[2] > 0.9
		light = ink+v[3] <= 1-nearWhite
	} else {
		for _, n := range v {
			dark = dark && n <= nearBlack
			light = light && n >= nearWhite
		}
	}
	switch {
	case dark:
		return inkBlack
	case light:
		return inkWhite
	}
	return inkOther
}

// image paints an image. One that nothing shows through hides what is beneath it.
func (c *content) image(object any, s *stream) {
	const slack, hair = 0.01, 1.5
	box := c.state.ctm.square()
	seen := box.intersect(c.page.box)
	if seen.empty() {
		return
	}
	stencil := c.file.bool(s.dict["ImageMask"])
	slackX, slackY := max(hair, slack*box.width()), max(hair, slack*box.height())
	switch {
	case !box.within(c.page.box, slackX, slackY):
		c.refuse("an image that the page cuts off")
	case c.state.clipped || !seen.within(c.state.clip, slackX, slackY):
		c.refuse("an image that is clipped")
	case c.state.blended:
		c.refuse("an image that is blended")
	case stencil && c.state.fill != inkBlack:
		c.refuse("a stencil that is not black")
	}
	_, masked := c.file.resolve(s.dict["Mask"]).(*stream)
	opaque := !stencil && !masked && c.file.stream(s.dict["SMask"]) == nil
	if opaque && c.page.box.within(box, slackX, slackY) && upright(c.state.ctm) {
		c.beneath, c.images = false, nil
	}
	c.images = append(c.images, placed{object: object, at: c.state.ctm, stencil: stencil})
}

// upright reports whether the unit square's sides stay level and plumb.
func upright(t transform) bool {
	const askew = 0.005
	across := max(math.Abs(t[1]), math.Abs(t[2])) <= askew*min(math.Abs(t[0]), math.Abs(t[3]))
	down := max(math.Abs(t[0]), math.Abs(t[3])) <= askew*min(math.Abs(t[1]), math.Abs(t[2]))
	return across || down
}
