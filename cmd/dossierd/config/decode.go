package config

import (
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/dossierd/dossierd/strictyaml"
)

// newDecoder notes faults in f, and the lines of keys in lines.
func newDecoder(f *Faults, lines map[string]int) *strictyaml.Decoder {
	d := &strictyaml.Decoder{Fault: f.add, Lines: lines}
	d.Special = func(node ast.Node, v reflect.Value, path string) bool { return special(d, node, v, path) }
	d.Expand = func(line int, path, text string) (string, bool) { return expanded(f, line, path, text) }
	return d
}

// special decodes the types that YAML has no name for, and numbers.
func special(d *strictyaml.Decoder, node ast.Node, v reflect.Value, path string) bool {
	switch v.Interface().(type) {
	case Duration:
		d.Scalar(node, path, "a_duration", func(s string) bool {
			n, ok := parseDuration(s)
			v.SetInt(int64(n))
			return ok
		})
	case Period:
		d.Scalar(node, path, "a_period", func(s string) bool {
			p, ok := parsePeriod(s)
			v.Set(reflect.ValueOf(p))
			return ok
		})
	case Size:
		d.Scalar(node, path, "a_size", func(s string) bool {
			n, ok := parseSize(s)
			v.SetInt(n)
			return ok
		})
	case float64:
		d.Scalar(node, path, "a_share", func(s string) bool {
			f, err := strconv.ParseFloat(s, 64)
			v.SetFloat(f)
			return err == nil && f > 0 && f <= 1
		})
	case int, int64:
		d.Scalar(node, path, "a_number", func(s string) bool {
			n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
			v.SetInt(n)
			return err == nil && n >= 0
		})
	default:
		return false
	}
	return true
}

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// expanded is a text with ${NAME} replaced from the environment.
func expanded(f *Faults, line int, path, text string) (string, bool) {
	all := true
	text = variable.ReplaceAllStringFunc(text, func(ref string) string {
		name := ref[2 : len(ref)-1]
		value, ok := os.LookupEnv(name)
		if !ok {
			f.add(line, path, "unset_variable", name)
			all = false
		}
		return value
	})
	return text, all
}

// parseDuration reads a time.Duration, and days as 3d.
func parseDuration(s string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n >= 0 && n < 36500
	}
	if s == "0" {
		return 0, true
	}
	n, err := time.ParseDuration(s)
	return n, err == nil && n >= 0
}

// parsePeriod reads years as 10y and days as 90d, up to a thousand years.
func parsePeriod(s string) (p Period, ok bool) {
	number, unit := s[:max(0, len(s)-1)], s[max(0, len(s)-1):]
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 1:
	case unit == "y" && n <= 1000:
		return Period{Years: n}, true
	case unit == "d" && n <= 365_000:
		return Period{Days: n}, true
	}
	return p, false
}

// parseSize reads bytes: 1024, 500 MiB, 2GiB, 1.5 GB.
func parseSize(s string) (int64, bool) {
	units := []struct {
		suffix string
		factor float64
	}{
		{"KiB", 1 << 10},
		{"MiB", 1 << 20},
		{"GiB", 1 << 30},
		{"TiB", 1 << 40},
		{"kB", 1e3},
		{"KB", 1e3},
		{"MB", 1e6},
		{"GB", 1e9},
		{"TB", 1e12},
		{"B", 1},
		{"", 1},
	}
	for _, u := range units {
		number, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(strings.ReplaceAll(number, "_", "")), 64)
		if err != nil || n < 0 || n*u.factor > math.MaxInt64/2 {
			return 0, false
		}
		return int64(n * u.factor), true
	}
	return 0, false
}
