package extract

import (
	"reflect"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/dossierd/dossierd/strictyaml"
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

// decoder reads the file of one kind.
type decoder struct {
	strictyaml.Decoder
	file   string
	faults *Faults
}

func newDecoder(file string, faults *Faults) *decoder {
	d := &decoder{file: file, faults: faults}
	d.Decoder = strictyaml.Decoder{Fault: d.fault, Lines: map[string]int{}, Special: d.special, LoneTexts: true}
	return d
}

func (d *decoder) fault(line int, path, code string, args ...any) {
	d.faults.add(d.file, line, path, code, args...)
}

// decode returns false where there is nothing to judge.
func (d *decoder) decode(data []byte, into *writtenKind) bool {
	documents, line, problem := strictyaml.Parse(data)
	if problem != "" {
		d.fault(line, "", "syntax", problem)
		return false
	}
	if len(documents) == 0 {
		d.fault(0, "", "empty")
		return false
	}
	d.Value(documents[0], reflect.ValueOf(into).Elem(), "")
	if len(documents) > 1 {
		d.fault(documents[1].GetToken().Position.Line, "", "one_document")
	}
	return true
}

// special decodes zones and numbers.
func (d *decoder) special(node ast.Node, v reflect.Value, path string) bool {
	if z, ok := v.Addr().Interface().(*zone); ok {
		d.zone(node, z, path)
		return true
	}
	switch v.Kind() { //nolint:exhaustive // the numbers of the written types
	case reflect.Int:
		d.Scalar(node, path, "a_count", func(s string) bool {
			n, err := strconv.Atoi(s)
			v.SetInt(int64(n))
			return err == nil && n >= 1 && n <= 20
		})
	case reflect.Float64:
		d.Scalar(node, path, "a_number", func(s string) bool {
			n, err := strconv.ParseFloat(s, 64)
			v.SetFloat(n)
			return err == nil && n == n && n >= -1e6 && n <= 1e6
		})
	default:
		return false
	}
	return true
}

// zone decodes the name of a zone, or its sides.
func (d *decoder) zone(node ast.Node, z *zone, path string) {
	if name, ok := strictyaml.Text(node); ok {
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
	d.Value(node, reflect.ValueOf(&sides).Elem(), path)
	z.rect = box{sides.Left, sides.Top, sides.Right, sides.Bottom}
	good := z.rect.x0 >= 0 && z.rect.y0 >= 0 && z.rect.x1 <= 1 && z.rect.y1 <= 1 && z.rect.x0 < z.rect.x1 && z.rect.y0 < z.rect.y1
	if !good && len(d.faults.List) == before {
		d.fault(node.GetToken().Position.Line, path, "must_be", "a_zone")
	}
}
