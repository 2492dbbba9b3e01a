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
)

// decoder fills a struct from a YAML tree and notes every fault instead of stopping at the first.
type decoder struct {
	faults *Faults
	lines  map[string]int // line of each key and list item that is present, by path: stations[0].folder
}

// value decodes node into v. path names the value as the user would.
func (d *decoder) value(node ast.Node, v reflect.Value, path string) {
	line := node.GetToken().Position.Line
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		d.faults.add(line, path, "no_anchors")
		return
	}
	switch v.Interface().(type) {
	case Duration:
		d.scalar(node, path, "a_duration", func(s string) bool {
			n, ok := parseDuration(s)
			v.SetInt(int64(n))
			return ok
		})
		return
	case Size:
		d.scalar(node, path, "a_size", func(s string) bool {
			n, ok := parseSize(s)
			v.SetInt(n)
			return ok
		})
		return
	}
	switch v.Kind() { //nolint:exhaustive // the kinds that Config has
	case reflect.Struct:
		d.mapping(node, v, path)
	case reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			d.faults.add(line, path, "must_be", "a_list")
			return
		}
		out := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
		for i, item := range list.Values {
			at := path + "[" + strconv.Itoa(i) + "]"
			d.lines[at] = item.GetToken().Position.Line
			d.value(item, out.Index(i), at)
		}
		v.Set(out)
	case reflect.Map:
		d.texts(node, v, path)
	case reflect.Float64:
		d.scalar(node, path, "a_share", func(s string) bool {
			f, err := strconv.ParseFloat(s, 64)
			v.SetFloat(f)
			return err == nil && f > 0 && f <= 1
		})
	case reflect.Bool:
		d.scalar(node, path, "a_yes", func(s string) bool {
			v.SetBool(s == "true")
			return s == "true" || s == "false"
		})
	case reflect.String:
		d.scalar(node, path, "a_text", func(s string) bool { v.SetString(s); return true })
	default:
		d.scalar(node, path, "a_number", func(s string) bool {
			n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
			v.SetInt(n)
			return err == nil && n >= 0
		})
	}
}

// pairs are those of a mapping; what is none is a fault.
func (d *decoder) pairs(node ast.Node, path string) []*ast.MappingValueNode {
	switch m := node.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	default:
		d.faults.add(node.GetToken().Position.Line, path, "must_be", "a_mapping")
		return nil
	}
}

// texts decodes a mapping whose keys are the user's own.
func (d *decoder) texts(node ast.Node, v reflect.Value, path string) {
	out := reflect.MakeMap(v.Type())
	for _, pair := range d.pairs(node, path) {
		key := pair.Key.GetToken().Value
		name := path + "." + key
		d.lines[name] = pair.Key.GetToken().Position.Line
		if _, merge := pair.Key.(*ast.MergeKeyNode); merge {
			d.faults.add(d.lines[name], path, "no_anchors")
			continue
		}
		text := reflect.New(v.Type().Elem()).Elem()
		if _, empty := pair.Value.(*ast.NullNode); !empty {
			d.value(pair.Value, text, name)
		}
		out.SetMapIndex(reflect.ValueOf(key), text)
	}
	v.Set(out)
}

func (d *decoder) mapping(node ast.Node, v reflect.Value, path string) {
	for _, pair := range d.pairs(node, path) {
		key := pair.Key.GetToken().Value
		line := pair.Key.GetToken().Position.Line
		name := key
		if path != "" {
			name = path + "." + key
		}
		if _, merge := pair.Key.(*ast.MergeKeyNode); merge {
			d.faults.add(line, path, "no_anchors")
			continue
		}
		field, ok := fieldOf(v, key)
		if !ok {
			d.faults.add(line, name, "unknown_key", nearest(key, keysOf(v.Type())))
			continue
		}
		d.lines[name] = line
		if _, empty := pair.Value.(*ast.NullNode); !empty {
			d.value(pair.Value, field, name)
		}
	}
}

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// scalar hands the text of a scalar, with ${NAME} replaced from the environment, to set; false from set is a fault.
func (d *decoder) scalar(node ast.Node, path, kind string, set func(string) bool) {
	line := node.GetToken().Position.Line
	written, ok := writtenIn(node)
	if !ok {
		d.faults.add(line, path, "must_be", kind)
		return
	}
	missing := false
	text := variable.ReplaceAllStringFunc(written, func(ref string) string {
		name := ref[2 : len(ref)-1]
		value, ok := os.LookupEnv(name)
		if !ok {
			d.faults.add(line, path, "unset_variable", name)
			missing = true
		}
		return value
	})
	if !missing && !set(text) {
		d.faults.add(line, path, "must_be", kind)
	}
}

// writtenIn is the text of a scalar, whatever YAML takes it for: 2u, 0x10 and on are texts where a text is wanted.
func writtenIn(node ast.Node) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.TagNode:
		return writtenIn(n.Value)
	case *ast.LiteralNode: // a block after | or >
		return strings.TrimRight(n.Value.Value, "\n"), true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func fieldOf(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag == key && tag != "-" && tag != "" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "-" && tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
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

// nearest is the known key that a mistyped one most likely means, or "".
func nearest(key string, known []string) string {
	best, distance := "", max(2, len(key)/3)+1
	for _, k := range known {
		if d := editDistance(key, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
