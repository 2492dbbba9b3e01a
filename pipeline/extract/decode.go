package extract

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// The written* types are a kind as its file has it.
type (
	writtenKind struct {
		Name        string         `yaml:"name"`
		Titles      writtenTitles  `yaml:"titles"`
		Title       []string       `yaml:"title"`
		Threshold   float64        `yaml:"threshold"`
		Recognise   []writtenClue  `yaml:"recognise"`
		General     bool           `yaml:"general"`
		Identity    bool           `yaml:"identity"`
		OtherLabels []string       `yaml:"other_labels"`
		Fields      []writtenField `yaml:"fields"`
	}
	writtenTitles struct {
		VI string `yaml:"vi"`
		FR string `yaml:"fr"`
		EN string `yaml:"en"`
	}
	writtenClue struct {
		Words   []string `yaml:"words"`
		Pattern string   `yaml:"pattern"`
		Code    string   `yaml:"code"`
		MRZ     bool     `yaml:"mrz"`
		Zone    zone     `yaml:"zone"`
		Weight  float64  `yaml:"weight"`
	}
	writtenField struct {
		Name     string        `yaml:"name"`
		Titles   writtenTitles `yaml:"titles"`
		Type     string        `yaml:"type"`
		Part     string        `yaml:"part"`
		Allowed  []string      `yaml:"allowed"`
		Required bool          `yaml:"required"`
		Personal bool          `yaml:"personal"`
		ByHand   bool          `yaml:"by_hand"`
		Find     []writtenWay  `yaml:"find"`
	}
	writtenWay struct {
		Label     []string `yaml:"label"`
		Direction string   `yaml:"direction"`
		Words     []string `yaml:"words"`
		Code      string   `yaml:"code"`
		MRZ       string   `yaml:"mrz"`
		Zone      zone     `yaml:"zone"`
		Pattern   string   `yaml:"pattern"`
		Lines     int      `yaml:"lines"`
		Reach     float64  `yaml:"reach"`
		Until     []string `yaml:"until"`
		After     []string `yaml:"after"`
		Take      string   `yaml:"take"`
	}
)

// decoder fills a struct from a YAML tree and notes every fault instead of stopping at the first.
type decoder struct {
	file   string
	faults *Faults
	lines  map[string]int // line of each key and list item that is present, by path: fields[0].type
}

func (d *decoder) fault(line int, path, code string, args ...any) {
	d.faults.add(d.file, line, path, code, args...)
}

// decode reads the file of one kind. It returns false where there is nothing to judge.
func (d *decoder) decode(data []byte, into *writtenKind) bool {
	tree, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0) // Windows' editors begin a file with it
	if err != nil {
		line, message := syntaxError(err)
		d.fault(line, "", "syntax", message)
		return false
	}
	bodies := 0
	for _, doc := range tree.Docs {
		if _, empty := doc.Body.(*ast.NullNode); doc.Body == nil || empty {
			continue
		}
		if bodies++; bodies > 1 {
			d.fault(doc.Body.GetToken().Position.Line, "", "one_document")
			break
		}
		d.value(doc.Body, reflect.ValueOf(into).Elem(), "")
	}
	if bodies == 0 {
		d.fault(0, "", "empty")
	}
	return bodies > 0
}

func syntaxError(err error) (line int, message string) {
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		if token := syntax.GetToken(); token != nil {
			line = token.Position.Line
		}
		return line, syntax.GetMessage()
	}
	return 0, strings.SplitN(err.Error(), "\n", 2)[0]
}

// value decodes node into v. path names the value as it was written.
func (d *decoder) value(node ast.Node, v reflect.Value, path string) {
	line := node.GetToken().Position.Line
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		d.fault(line, path, "no_anchors")
		return
	}
	if z, ok := v.Addr().Interface().(*zone); ok {
		d.zone(node, z, path)
		return
	}
	switch v.Kind() { //nolint:exhaustive // the kinds that the written types have
	case reflect.Struct:
		d.mapping(node, v, path)
	case reflect.Slice:
		d.list(node, v, path)
	case reflect.String:
		d.scalar(node, path, "a_text", func(s string) bool { v.SetString(s); return true })
	case reflect.Bool:
		d.scalar(node, path, "a_yes", func(s string) bool { v.SetBool(s == "true"); return s == "true" || s == "false" })
	case reflect.Int:
		d.scalar(node, path, "a_count", func(s string) bool {
			n, err := strconv.Atoi(s)
			v.SetInt(int64(n))
			return err == nil && n >= 1 && n <= 20
		})
	default:
		d.scalar(node, path, "a_number", func(s string) bool {
			n, err := strconv.ParseFloat(s, 64)
			v.SetFloat(n)
			return err == nil && n == n && n >= -1e6 && n <= 1e6
		})
	}
}

// list decodes a sequence. Where texts are listed, a single text may stand without a dash.
func (d *decoder) list(node ast.Node, v reflect.Value, path string) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		if text, plain := writtenIn(node); plain && v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.ValueOf([]string{text}))
			return
		}
		d.fault(node.GetToken().Position.Line, path, "must_be", "a_list")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		at := path + "[" + strconv.Itoa(i) + "]"
		d.lines[at] = item.GetToken().Position.Line
		d.value(item, out.Index(i), at)
	}
	v.Set(out)
}

// zone decodes the name of a zone, or its sides.
func (d *decoder) zone(node ast.Node, z *zone, path string) {
	if name, ok := writtenIn(node); ok {
		*z = zone{name: name}
		return
	}
	var sides struct {
		Left   float64 `yaml:"left"`
		Top    float64 `yaml:"top"`
		Right  float64 `yaml:"right"`
		Bottom float64 `yaml:"bottom"`
	}
	before := len(d.faults.List)
	d.mapping(node, reflect.ValueOf(&sides).Elem(), path)
	z.rect = box{sides.Left, sides.Top, sides.Right, sides.Bottom}
	good := z.rect.x0 >= 0 && z.rect.y0 >= 0 && z.rect.x1 <= 1 && z.rect.y1 <= 1 && z.rect.x0 < z.rect.x1 && z.rect.y0 < z.rect.y1
	if !good && len(d.faults.List) == before {
		d.fault(node.GetToken().Position.Line, path, "must_be", "a_zone")
	}
}

func (d *decoder) mapping(node ast.Node, v reflect.Value, path string) {
	var pairs []*ast.MappingValueNode
	switch m := node.(type) {
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		d.fault(node.GetToken().Position.Line, path, "must_be", "a_mapping")
		return
	}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
		name := strings.TrimPrefix(path+"."+key, ".")
		if _, merge := pair.Key.(*ast.MergeKeyNode); merge {
			d.fault(line, path, "no_anchors")
			continue
		}
		field, ok := fieldOf(v, key)
		switch {
		case !ok:
			d.fault(line, name, "unknown_key", nearest(key, keysOf(v.Type())))
			continue
		case d.lines[name] > 0:
			d.fault(line, name, "same_key")
			continue
		}
		d.lines[name] = line
		if _, empty := pair.Value.(*ast.NullNode); !empty {
			d.value(pair.Value, field, name)
		}
	}
}

// scalar hands the text of a scalar to set; false from set is a fault.
func (d *decoder) scalar(node ast.Node, path, noun string, set func(string) bool) {
	text, ok := writtenIn(node)
	if !ok || !set(text) {
		d.fault(node.GetToken().Position.Line, path, "must_be", noun)
	}
}

// writtenIn is the text of a scalar, whatever YAML takes it for.
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
		if v.Type().Field(i).Tag.Get("yaml") == key && key != "" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) []string {
	keys := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
	}
	return keys
}

// nearest is the known key that a mistyped one most likely means, or "".
func nearest(key string, known []string) string {
	best, distance := "", max(2, min(len(key), 40)/3)+1
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
