package source

import (
	"errors"
	"fmt"
	"math"
	"os"
	"syscall"

	"github.com/dossierd/dossierd/dossier"
)

// pdfOriginal is an open PDF.
type pdfOriginal struct {
	file     *pdfFile
	limits   dossier.Limits
	contents Contents
	lifts    []pdfLift
}

// pdfLift says which image makes up a page, and how it lies; or why there is none, and the page must be drawn.
type pdfLift struct {
	placed
	orientation  int
	across, down float64 // points of paper that the image's rows and columns take
	refusal      string
}

// openPDF opens a PDF and finds out of every page whether it is one image that can be lifted. Contents without pages
// says that nothing here can read the file, but that a drawing worker might.
func openPDF(path string, limits dossier.Limits) (Original, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("open PDF: %w", err)
	}
	o, err := readOriginal(data, limits)
	if err != nil {
		_ = syscall.Munmap(data) // fails for what is not mapped
		return nil, err
	}
	return o, nil
}

func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_PRIVATE)
}

// readOriginal reads a file that is in order by itself, and leaves the others to pdfcpu.
func readOriginal(data []byte, limits dossier.Limits) (*pdfOriginal, error) {
	o, err := lookThrough(limits, func() (*pdfFile, error) { return readPDF(data) })
	var reason *dossier.Reason
	if errors.As(err, &reason) {
		return nil, reason
	}
	if err != nil || o.file.faulty {
		encrypted := errors.Is(err, errPDFEncrypted)
		repaired, repairErr := lookThrough(limits, func() (*pdfFile, error) { return repairPDF(data, limits, encrypted) })
		switch {
		case err != nil && errors.As(repairErr, &reason):
			return nil, reason
		case err != nil && repairErr != nil:
			if o, err = lookThrough(limits, func() (*pdfFile, error) { return scavengePDF(data) }); err != nil {
				o = &pdfOriginal{file: &pdfFile{data: data}, contents: Contents{Format: "pdf"}}
			}
		case err != nil || repairErr == nil && len(repaired.contents.Pages) >= len(o.contents.Pages):
			o = repaired
		}
	}
	if !wholePDF(data) {
		o.contents.Warnings = append(o.contents.Warnings, dossier.WarnTruncated)
	}
	return o, nil
}

// lookThrough reads a file and surveys its pages. A panic on the way is an error like any other.
func lookThrough(limits dossier.Limits, read func() (*pdfFile, error)) (o *pdfOriginal, err error) {
	defer func() {
		if r := recover(); r != nil {
			o, err = nil, fmt.Errorf("read PDF: %v", r)
		}
	}()
	f, err := read()
	if err != nil {
		return nil, err
	}
	o = &pdfOriginal{limits: limits}
	return o, o.survey(f)
}

// survey looks at every page.
func (o *pdfOriginal) survey(f *pdfFile) error {
	o.file = f
	pages, err := f.pages(o.limits)
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		return fmt.Errorf("no pages: %w", errPDFSyntax)
	}
	layers := f.dict(f.dict(f.trailer["Root"])["OCProperties"]) != nil
	o.contents = Contents{Format: "pdf", Signed: f.signed()}
	if o.contents.Signed != nil {
		o.contents.Warnings = append(o.contents.Warnings, dossier.WarnSignatureNotCarried)
	}
	o.lifts = make([]pdfLift, 0, len(pages))
	damaged, left := false, int64(pdfContentBytes)
	for i := range pages {
		lift, info := f.survey(&pages[i], layers)
		o.lifts = append(o.lifts, lift)
		o.contents.Pages = append(o.contents.Pages, info)
		damaged = damaged || info.Draw && f.damagedContent(&pages[i], &left)
	}
	if damaged {
		o.contents.Warnings = append(o.contents.Warnings, dossier.WarnDamaged)
	}
	return nil
}

// survey decides about one page.
func (f *pdfFile) survey(p *pdfPage, layers bool) (pdfLift, Info) {
	refused := func(why string) (pdfLift, Info) { return pdfLift{refusal: why}, Info{Draw: true} }
	if p.dict == nil {
		return refused("the page is not there")
	}
	if f.annotated(p) {
		return refused("annotations")
	}
	c := f.look(p, layers)
	switch {
	case c.refusal != "":
		return refused(c.refusal)
	case len(c.images) == 0:
		return refused("nothing is painted")
	case len(c.images) > 1:
		return refused("several images")
	case c.beneath:
		return refused("marks beside an image")
	}
	lift := pdfLift{placed: c.images[0]}
	if lift.orientation = orientationOf(lift.at, p.rotate); lift.orientation == 0 {
		return refused("an image that lies askew")
	}
	i := f.describe(lift.placed)
	if i.refusal == "" && i.coder() == "JBIG2Decode" {
		i.checkJBIG2()
	}
	if i.refusal == "" && i.coder() == "DCTDecode" {
		i.checkJPEG()
	}
	if i.refusal != "" {
		return refused(i.refusal)
	}
	lift.across, lift.down = math.Hypot(lift.at[0], lift.at[1])*p.unit, math.Hypot(lift.at[2], lift.at[3])*p.unit
	return lift, Info{Width: i.width, Height: i.height, Bits: i.pixelBits()}
}

// orientationOf says how the image lies on the turned page, as EXIF counts; 0 where it is askew.
func orientationOf(at transform, quarters int) int {
	if !upright(at) {
		return 0
	}
	rightX, rightY := at[0], -at[1] // the way from column to column, with y downwards
	downX, downY := -at[2], at[3]   // the way from row to row
	for range quarters {
		rightX, rightY = -rightY, rightX
		downX, downY = -downY, downX
	}
	const left, up = 1, 2
	if math.Abs(rightX) > math.Abs(rightY) {
		flips := 0
		if rightX < 0 {
			flips |= left
		}
		if downY < 0 {
			flips |= up
		}
		return [4]int{1, 2, 4, 3}[flips]
	}
	flips := 0
	if downX < 0 {
		flips |= left
	}
	if rightY < 0 {
		flips |= up
	}
	return [4]int{5, 6, 8, 7}[flips]
}

// annotated reports whether the page shows annotations or form fields.
func (f *pdfFile) annotated(p *pdfPage) bool {
	const hidden, noView = 2, 32
	for _, v := range f.array(p.dict["Annots"]) {
		a := f.dict(v)
		if a == nil || f.int(a["F"], 0)&(hidden|noView) != 0 || f.rectangle(a["Rect"]).empty() {
			continue
		}
		looks := f.dict(a["AP"])["N"] != nil
		kind := f.name(a["Subtype"])
		if kind == "Widget" && !looks && f.fieldType(a) == "Sig" {
			continue
		}
		if looks || kind != "Link" && kind != "Popup" {
			return true
		}
	}
	return false
}

func (o *pdfOriginal) Contents() Contents { return o.contents }

func (o *pdfOriginal) Page(n int) (Page, error) {
	if n < 1 || n > len(o.lifts) {
		return nil, fmt.Errorf("open page %d of %d", n, len(o.lifts))
	}
	lift := o.lifts[n-1]
	p := &page{number: n, orientation: lift.orientation}
	if lift.refusal != "" {
		return nil, fmt.Errorf("open page %d, which must be drawn: %s", n, lift.refusal)
	}
	image := o.file.describe(lift.placed)
	picture, reason := image.picture(o.limits)
	if reason != nil {
		return nil, p.named(reason)
	}
	p.picture = picture
	p.dpiX, p.dpiY = float64(image.width)*72/lift.across, float64(image.height)*72/lift.down
	return p, nil
}

func (o *pdfOriginal) Close() error {
	if o.file == nil || o.file.data == nil {
		return nil
	}
	data := o.file.data
	o.file.data = nil
	return syscall.Munmap(data)
}
