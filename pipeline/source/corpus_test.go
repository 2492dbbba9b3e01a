package source

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

func TestEveryFileOfTheCorpusOpensOrIsRefusedWithAReason(t *testing.T) {
	root := accuracy.Need(t)
	for _, pattern := range []string{"tiff/*", "odd/*", "pages/*.png", "pages/*.jpg", "orientation/*", "barcodes/*", "vi/*", "fr/*", "en/*"} {
		if testing.Short() && pattern != "tiff/*" && pattern != "odd/*" {
			continue
		}
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if filepath.Ext(file) == ".pdf" {
				continue
			}
			readAll(t, file)
		}
	}
}

// readAll reads every page of a file in every way there is.
func readAll(t *testing.T, file string) {
	t.Helper()
	name := filepath.Base(file)
	o, err := Open(file, dossier.DefaultLimits())
	if err != nil {
		mustBeReason(t, name, err)
		return
	}
	defer o.Close()
	contents := o.Contents()
	t.Logf("%s: %s, %d pages, %v", name, contents.Format, len(contents.Pages), contents.Warnings)
	for i, info := range contents.Pages {
		p, err := o.Page(i + 1)
		if err != nil {
			mustBeReason(t, name, err)
			continue
		}
		readPage(t, name, p, info)
		p.Close()
	}
}

func readPage(t *testing.T, name string, p Page, info Info) {
	t.Helper()
	x, y := p.Resolution()
	for _, level := range []dossier.Level{dossier.Level2u, dossier.Level1b} {
		image, blob, warnings, err := p.Image(level)
		if err != nil {
			mustBeReason(t, name, err)
			continue
		}
		t.Logf("    %s: %s %s %dx%d of %d bits, %d parts, %d bytes, passed %v, ICC %d, %gx%g dpi, lies %d, %v", level, image.Format,
			image.ColorSpace, image.Width, image.Height, image.Bits, len(image.Parts), len(blob), image.PassedThrough, len(image.ICC), x, y,
			p.Orientation(), warnings)
		if image.Width != info.Width || image.Height != info.Height {
			t.Errorf("%s: the image has %d by %d pixels, the header says %d by %d", name, image.Width, image.Height, info.Width, info.Height)
		}
		mustBeCovered(t, name, image, blob)
		pix, losses, err := p.Raster(true)
		if err == nil && len(losses) == 0 && !slices.Contains(warnings, dossier.WarnReducedFor1b) {
			mustComeBack(t, name, image, blob, pix)
		}
		pix.Close()
	}
	for _, colour := range []bool{false, true} {
		pix, warnings, err := p.Raster(colour)
		if err != nil {
			mustBeReason(t, name, err)
			continue
		}
		t.Logf("    raster of %d bits, %v", pix.Depth(), warnings)
		if pix.Width() != info.Width || pix.Height() != info.Height {
			t.Errorf("%s: the raster has %d by %d pixels, the header says %d by %d", name, pix.Width(), pix.Height(), info.Width, info.Height)
		}
		pix.Close()
	}
}

// mustBeCovered checks that the parts lie side by side in the blob and on the page.
func mustBeCovered(t *testing.T, name string, image dossier.PageImage, blob []byte) {
	t.Helper()
	var offset int64
	y := 0
	for _, part := range image.Parts {
		if part.Offset != offset || part.Y != y || part.Bytes <= 0 || part.Height <= 0 {
			t.Errorf("%s: part %+v begins elsewhere than at byte %d, row %d", name, part, offset, y)
		}
		offset, y = offset+part.Bytes, y+part.Height
	}
	if offset != int64(len(blob)) || y != image.Height {
		t.Errorf("%s: the parts end at byte %d of %d, row %d of %d", name, offset, len(blob), y, image.Height)
	}
}

func mustBeReason(t *testing.T, name string, err error) {
	t.Helper()
	var reason *dossier.Reason
	if !errors.As(err, &reason) {
		t.Errorf("%s: %v is not a reason", name, err)
		return
	}
	t.Logf("%s: %v", name, err)
}
