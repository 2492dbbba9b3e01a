// Package strictyaml fills structs from YAML that people write by hand, and notes every fault with its line instead of stopping
// at the first.
//
// It owns what all such files have in common: an unknown key is a fault with the key that was probably meant,
// anchors are not understood, and a scalar is the text that was written, whatever YAML takes it for. What a
// fault is called in which language, and types of its own, are its callers'. cmd/dossierd/config and pipeline/extract prove it
// with files full of faults.
package strictyaml

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/dossierd/dossierd/fold"
)

// Parse reads the documents of a file, empty ones left out. What is no YAML has a problem, in the words of the parser, and the line
// it was noticed at, 0 where that is not known.
func Parse(data []byte) (documents []ast.Node, line int, problem string) {
	tree, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0) // Windows' editors begin a file with it
	if err != nil {
		var syntax yaml.Error
		if !errors.As(err, &syntax) {
			problem, _, _ = strings.Cut(err.Error(), "\n")
			return nil, 0, problem
		}
		if token := syntax.GetToken(); token != nil {
			line = token.Position.Line
		}
		return nil, line, syntax.GetMessage()
	}
	for _, doc := range tree.Docs {
		if _, empty := doc.Body.(*ast.NullNode); doc.Body != nil && !empty {
			documents = append(documents, doc.Body)
		}
	}
	return documents, 0, ""
}

// Decoder decodes one file. Fields of structs are chosen by their yaml tag; one tagged "-" or not at all is no key.
type Decoder struct {
	// Fault is told of what is wrong: unknown_key with the nearest key or "", no_anchors, or must_be with what it
	// must be: a_mapping, a_list, a_text, a_yes, or a noun of the caller's. path names the value as it was written.
	Fault func(line int, path, code string, args ...any)
	// Lines has the line of each key and list item that is present, by path: stations[0].folder.
	Lines map[string]int
	// Special decodes what is no struct, slice, map, string or bool, and any type that is not to be taken as what it is made
	// of. It returns false to leave a value to the Decoder.
	Special func(node ast.Node, v reflect.Value, path string) bool
	// Expand, if not nil, changes the text of a scalar before it is used; false says that a fault was told.
	Expand func(line int, path, text string) (string, bool)
	// LoneTexts lets a single text stand where texts are listed.
	LoneTexts bool
}

// Value decodes node into v.
func (d *Decoder) Value(node ast.Node, v reflect.Value, path string) {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		d.Fault(lineOf(node), path, "no_anchors")
		return
	}
	if d.Special(node, v, path) {
		return
	}
	switch v.Kind() { //nolint:exhaustive // the others are Special's
	case reflect.Struct:
		d.mapping(node, v, path)
	case reflect.Slice:
		d.list(node, v, path)
	case reflect.Map:
		d.texts(node, v, path)
	case reflect.String:
		d.Scalar(node, path, "a_text", func(s string) bool { v.SetString(s); return true })
	case reflect.Bool:
		d.Scalar(node, path, "a_yes", func(s string) bool { v.SetBool(s == "true"); return s == "true" || s == "false" })
	default:
		panic("strictyaml: " + path + " is a " + v.Type().String())
	}
}

// Scalar hands the text of a scalar to set; false from set is a fault: it must be noun.
func (d *Decoder) Scalar(node ast.Node, path, noun string, set func(string) bool) {
	text, ok := Text(node)
	if ok && d.Expand != nil {
		var good bool
		if text, good = d.Expand(lineOf(node), path, text); !good {
			return
		}
	}
	if !ok || !set(text) {
		d.Fault(lineOf(node), path, "must_be", noun)
	}
}

// Text is the text of a scalar, whatever YAML takes it for: 2u, 0x10 and on are texts where a text is wanted.
func Text(node ast.Node) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.TagNode:
		return Text(n.Value)
	case *ast.LiteralNode: // a block after | or >
		return strings.TrimRight(n.Value.Value, "\n"), true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// Pairs are those of a mapping; ok is false for what is none.
func Pairs(node ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch m := node.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

func lineOf(node ast.Node) int { return node.GetToken().Position.Line }

// pairs calls one for each pair of a mapping, unless its key is a merge.
func (d *Decoder) pairs(node ast.Node, path string, one func(key, name string, line int, value ast.Node)) {
	pairs, ok := Pairs(node)
	if !ok {
		d.Fault(lineOf(node), path, "must_be", "a_mapping")
	}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, lineOf(pair.Key)
		if _, merge := pair.Key.(*ast.MergeKeyNode); merge {
			d.Fault(line, path, "no_anchors")
			continue
		}
		name := strings.TrimPrefix(path+"."+key, ".")
		one(key, name, line, pair.Value)
	}
}

func (d *Decoder) mapping(node ast.Node, v reflect.Value, path string) {
	d.pairs(node, path, func(key, name string, line int, value ast.Node) {
		field, ok := Field(v, key)
		if !ok {
			d.Fault(line, name, "unknown_key", nearest(key, Keys(v.Type())))
			return
		}
		d.Lines[name] = line
		d.unlessEmpty(value, field, name)
	})
}

// texts decodes a mapping whose keys are the user's own.
func (d *Decoder) texts(node ast.Node, v reflect.Value, path string) {
	out := reflect.MakeMap(v.Type())
	d.pairs(node, path, func(key, name string, line int, value ast.Node) {
		d.Lines[name] = line
		text := reflect.New(v.Type().Elem()).Elem()
		d.unlessEmpty(value, text, name)
		out.SetMapIndex(reflect.ValueOf(key), text)
	})
	v.Set(out)
}

func (d *Decoder) unlessEmpty(value ast.Node, v reflect.Value, name string) {
	if _, empty := value.(*ast.NullNode); !empty {
		d.Value(value, v, name)
	}
}

func (d *Decoder) list(node ast.Node, v reflect.Value, path string) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		if text, plain := Text(node); plain && d.LoneTexts && v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.ValueOf([]string{text}))
			return
		}
		d.Fault(lineOf(node), path, "must_be", "a_list")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		at := path + "[" + strconv.Itoa(i) + "]"
		d.Lines[at] = lineOf(item)
		d.Value(item, out.Index(i), at)
	}
	v.Set(out)
}

// Field is the field of a struct that a key names.
func Field(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag == key && tag != "-" && tag != "" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// Keys are the keys of a struct, in its order.
func Keys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "-" && tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}

// nearest is the known key that a mistyped one most likely means, or "".
func nearest(key string, known []string) string {
	const longest = 40 // bytes of a key that may be mistyped; a longer one is something else
	best, distance := "", max(2, min(len(key), longest)/3)+1
	for _, k := range known {
		if d := fold.Distance(key, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}
