package iiif

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// fault is a request that can't be answered; the sentence says what is wrong with it.
type fault string

func (f fault) Error() string { return string(f) }

func faulty(format string, args ...any) error { return fault(fmt.Sprintf(format, args...)) }

// parseView understands the four parts of an image request, for a page of width by height pixels. Errors are faults.
// See https://iiif.io/api/image/3.0/#4-image-requests.
func parseView(region, size, rotation, file string, width, height int) (v dossier.View, err error) {
	if v.Region, err = parseRegion(region, width, height); err != nil {
		return v, err
	}
	if v.Width, v.Height, err = parseSize(size, v.Region.Width(), v.Region.Height()); err != nil {
		return v, err
	}
	if v.Turned, err = parseRotation(rotation); err != nil {
		return v, err
	}
	quality, format, _ := strings.Cut(file, ".")
	switch quality {
	case "default", "color":
	case "gray":
		v.Gray = true
	default:
		return v, faulty("The quality is default, color or gray.")
	}
	switch format {
	case "jpg":
		v.Format = dossier.FormatJPEG
	case "png":
		v.Format = dossier.FormatPNG
	default:
		return v, faulty("The format is jpg or png.")
	}
	return v, nil
}

// parseRegion gives whole pixels of page space; what lies outside of the page is left away.
func parseRegion(text string, width, height int) (dossier.Box, error) {
	w, h := float64(width), float64(height)
	switch text {
	case "full":
		return dossier.Box{X1: w, Y1: h}, nil
	case "square":
		side := min(width, height)
		x, y := float64((width-side)/2), float64((height-side)/2)
		return dossier.Box{X0: x, Y0: y, X1: x + float64(side), Y1: y + float64(side)}, nil
	}
	parse, scale, unit := wholeNumber, [4]float64{1, 1, 1, 1}, "whole numbers of pixels"
	figures, percent := strings.CutPrefix(text, "pct:")
	if percent {
		const all = 100
		parse, scale, unit = decimal, [4]float64{w / all, h / all, w / all, h / all}, "percentages"
	}
	var f [4]float64
	parts := strings.Split(figures, ",")
	if len(parts) != len(f) {
		return dossier.Box{}, faulty("The region is full, square, x,y,w,h or pct:x,y,w,h.")
	}
	for i, part := range parts {
		v, ok := parse(part)
		if !ok {
			return dossier.Box{}, faulty("The region is four %s.", unit)
		}
		f[i] = v * scale[i]
	}
	if f[2] == 0 || f[3] == 0 {
		return dossier.Box{}, faulty("The region is empty.")
	}
	x0, y0 := math.Round(f[0]), math.Round(f[1])
	b := dossier.Box{X0: x0, Y0: y0, X1: min(w, math.Round(f[0]+f[2])), Y1: min(h, math.Round(f[1]+f[3]))}
	if x0 >= w || y0 >= h {
		return b, faulty("The region lies beyond the page, which has %d by %d pixels.", width, height)
	}
	b.X1, b.Y1 = max(b.X1, x0+1), max(b.Y1, y0+1)
	return b, nil
}

// parseSize gives the size in pixels of a picture of a region.
func parseSize(text string, w, h float64) (width, height int, err error) {
	wanted, up := strings.CutPrefix(text, "^")
	var fw, fh float64
	switch {
	case wanted == "max":
		by := min(1, math.Sqrt(dossier.MostViewed/(w*h)))
		if by < 1 {
			return max(1, int(by*w)), max(1, int(by*h)), nil
		}
		return int(w), int(h), nil
	case strings.HasPrefix(wanted, "pct:"):
		const all = 100
		n, ok := decimal(wanted[len("pct:"):])
		if !ok {
			return 0, 0, faulty("The size in percent is a number.")
		}
		fw, fh = math.Round(w*n/all), math.Round(h*n/all)
	default:
		if fw, fh, err = parseSides(wanted, w, h, up); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case fw < 1 || fh < 1:
		return 0, 0, faulty("The picture would have no pixels.")
	case !up && (fw > w || fh > h):
		return 0, 0, faulty("The picture would be larger than the region, of %.0f by %.0f pixels; ^ before the size allows that.", w, h)
	case fw*fh > dossier.MostViewed:
		return 0, 0, faulty("The picture would have more than %d pixels.", dossier.MostViewed)
	}
	return int(fw), int(fh), nil
}

// parseSides understands w,h and !w,h where one of them may be missing.
func parseSides(text string, w, h float64, up bool) (fw, fh float64, err error) {
	sides, fit := strings.CutPrefix(text, "!")
	across, down, ok := strings.Cut(sides, ",")
	nothing := faulty("The size is max, w,h or w, or ,h or !w,h in pixels, or pct:n.")
	if !ok || across == "" && down == "" || fit && (across == "" || down == "") {
		return 0, 0, nothing
	}
	if across != "" {
		if fw, ok = wholeNumber(across); !ok {
			return 0, 0, nothing
		}
	}
	if down != "" {
		if fh, ok = wholeNumber(down); !ok {
			return 0, 0, nothing
		}
	}
	switch {
	case fit:
		by := min(fw/w, fh/h)
		if !up {
			by = min(by, 1)
		}
		return min(fw, math.Round(w*by)), min(fh, math.Round(h*by)), nil
	case across == "":
		return math.Round(w * fh / h), fh, nil
	case down == "":
		return fw, math.Round(h * fw / w), nil
	}
	return fw, fh, nil
}

func parseRotation(text string) (degrees int, err error) {
	n, ok := decimal(text)
	const quarter, round = 90, 360
	if !ok || n > round || math.Mod(n, quarter) != 0 {
		return 0, faulty("The rotation is 0, 90, 180 or 270 degrees clockwise.")
	}
	return int(n) % round, nil
}

// numbers are written without signs, exponents and needless digits.
var numbers = regexp.MustCompile(`^(?:[0-9]{1,9}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})$`)

func decimal(text string) (float64, bool) {
	if !numbers.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

func wholeNumber(text string) (float64, bool) {
	v, ok := decimal(text)
	return v, ok && !strings.Contains(text, ".")
}
