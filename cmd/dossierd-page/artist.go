package main

import (
	"fmt"

	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/source/draw"
)

// drawDPI is the resolution that pages are drawn at, unless that makes them too large.
const drawDPI = 300

// artist answers the requests of the drawing mode.
type artist struct{ drawer *draw.Drawer }

// Handle implements ocr.Handler.
func (a *artist) Handle(req ocr.Request, _ []byte) (ocr.Answer, [][]byte) {
	answer, blobs, err := a.answer(req)
	if err != nil {
		return refusal(err, req.Page), nil
	}
	return answer, blobs
}

func (a *artist) answer(req ocr.Request) (ocr.Answer, [][]byte, error) {
	switch req.Op {
	case ocr.OpOpen:
		pages, err := a.drawer.Open(req.Path, req.Profile.Limits)
		if err != nil {
			return ocr.Answer{}, nil, err
		}
		c := ocr.Contents{Format: "pdf", Pages: make([]ocr.PageInfo, pages)}
		for i := range c.Pages {
			c.Pages[i] = ocr.PageInfo{Draw: true, Need: drawnNeed}
		}
		return ocr.Answer{Contents: &c}, nil, nil
	case ocr.OpDraw:
		d, err := a.drawer.Page(req.Path, req.Page, drawDPI, req.Profile.Limits)
		if err != nil {
			return ocr.Answer{}, nil, err
		}
		drawn := ocr.Drawn{Width: d.Width, Height: d.Height, Channels: d.Channels, DPI: d.DPI, Layout: d.Layout}
		return ocr.Answer{Drawn: &drawn}, [][]byte{d.Pix}, nil
	}
	return ocr.Answer{}, nil, fmt.Errorf("asked to %s, which a drawing worker does not do", req.Op)
}
