package main

import (
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/source"
	"github.com/dossierd/dossierd/pipeline/view"
)

// keptViews is how many bytes the decoded pages may have that somebody looked at before; that of the last one is not bounded by it.
const keptViews = 100 << 20

// viewer answers the requests of the viewing mode. It keeps the last pages decoded, so that who moves about on one waits for it once.
type viewer struct {
	pages []viewed // the last one looked at at the end
}

type viewed struct {
	path string
	page *view.Page
}

// Handle implements ocr.Handler.
func (v *viewer) Handle(req ocr.Request, _ []byte) (ocr.Answer, [][]byte) {
	picture, err := v.draw(req)
	if err != nil {
		return refusal(err, req.Page), nil
	}
	return ocr.Answer{}, [][]byte{picture}
}

func (v *viewer) draw(req ocr.Request) ([]byte, error) {
	if req.Op != ocr.OpView || req.View == nil {
		return nil, fmt.Errorf("asked to %s, which a viewing worker does not do", req.Op)
	}
	page, err := v.open(req)
	if err != nil {
		return nil, err
	}
	return page.Draw(req.View.View)
}

// open takes the page that is asked about to the end of those that are kept, and closes what is too much before it.
func (v *viewer) open(req ocr.Request) (*view.Page, error) {
	if i := slices.IndexFunc(v.pages, func(p viewed) bool { return p.path == req.Path }); i >= 0 {
		again := v.pages[i]
		v.pages = append(slices.Delete(v.pages, i, i+1), again)
		return again.page, nil
	}
	v.makeRoom()
	image := req.View.Image
	stored, err := source.Stored(req.Path, image, req.Profile.Limits)
	if err != nil {
		return nil, err
	}
	page := view.Open(stored, image.Width, image.Height, req.View.ToImage)
	v.pages = append(v.pages, viewed{req.Path, page})
	return page, nil
}

// makeRoom closes the pages that were looked at longest ago.
func (v *viewer) makeRoom() {
	const most = 16
	var bytes int64
	for i, p := range slices.Backward(v.pages) {
		if bytes += p.page.Bytes(); bytes <= keptViews && len(v.pages)-i < most {
			continue
		}
		for _, old := range v.pages[:i+1] {
			old.page.Close()
		}
		v.pages = slices.Delete(v.pages, 0, i+1)
		return
	}
}
