package strictyaml_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/goccy/go-yaml/ast"

	"github.com/dossierd/dossierd/strictyaml"
)

type station struct {
	Name   string            `yaml:"name"`
	Quick  bool              `yaml:"quick"`
	Pages  int               `yaml:"pages"`
	Words  []string          `yaml:"words"`
	Titles map[string]string `yaml:"titles"`
	Hidden string            `yaml:"-"`
}

type settings struct {
	Stations []station `yaml:"stations"`
}

// decoded fills settings and lists the faults as "line path code args".
func decoded(t *testing.T, text string) (s settings, lines map[string]int, faults []string) {
	t.Helper()
	documents, line, problem := strictyaml.Parse([]byte(text))
	if problem != "" || len(documents) != 1 {
		t.Fatalf("%d documents, line %d: %s", len(documents), line, problem)
	}
	d := strictyaml.Decoder{Lines: map[string]int{}, LoneTexts: true}
	d.Fault = func(line int, path, code string, args ...any) {
		faults = append(faults, fmt.Sprintln(append([]any{line, path, code}, args...)...))
	}
	d.Special = func(node ast.Node, v reflect.Value, path string) bool {
		if v.Kind() != reflect.Int {
			return false
		}
		d.Scalar(node, path, "a_count", func(s string) bool {
			n, err := strconv.Atoi(s)
			v.SetInt(int64(n))
			return err == nil
		})
		return true
	}
	d.Value(documents[0], reflect.ValueOf(&s).Elem(), "")
	return s, d.Lines, faults
}

func TestWhatIsWrittenIsFilledInWithItsLines(t *testing.T) {
	s, lines, faults := decoded(t, "\ufeffstations:\n  - name: 0x10\n    quick: true\n    pages: 12\n    words: on\n    titles: {vi: Quầy, fr: 2u}\n  - name: |\n      two\n      lines\n    quick:\n")
	want := []station{
		{Name: "0x10", Quick: true, Pages: 12, Words: []string{"on"}, Titles: map[string]string{"vi": "Quầy", "fr": "2u"}}, {Name: "two\nlines"},
	}
	if len(faults) > 0 || !reflect.DeepEqual(s.Stations, want) {
		t.Errorf("%+v, %q", s, faults)
	}
	if lines["stations[0].pages"] != 4 || lines["stations[1]"] != 7 || lines["stations[1].quick"] != 10 {
		t.Errorf("%v", lines)
	}
}

func TestAllFaultsOfAFileAreToldAtOnceEachWithItsLine(t *testing.T) {
	_, _, faults := decoded(t, `stations:
  - nmae: quay-1
    quick: perhaps
    pages: many
    words: {a: b}
    titles: [vi]
    Hidden: x
    colour_of_the_wall: red
  - name: [a]
    words: [a, [b]]
  - quay-2
  - &anchor {name: a}
  - *anchor
  - {<<: {name: a}}
`)
	want := []string{
		"2 stations[0].nmae unknown_key name\n", "3 stations[0].quick must_be a_yes\n", "4 stations[0].pages must_be a_count\n",
		"5 stations[0].words must_be a_list\n", "6 stations[0].titles must_be a_mapping\n", "7 stations[0].Hidden unknown_key \n",
		"8 stations[0].colour_of_the_wall unknown_key \n", "9 stations[1].name must_be a_text\n", "10 stations[1].words[1] must_be a_text\n",
		"11 stations[2] must_be a_mapping\n", "12 stations[3] no_anchors\n", "13 stations[4] no_anchors\n", "14 stations[5] no_anchors\n",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("%q", faults)
	}
}

func TestAKeyThatStandsTwiceIsNoYAML(t *testing.T) {
	documents, line, problem := strictyaml.Parse([]byte("stations:\n  - name: a\n    pages: 1\n    name: b\n"))
	if documents != nil || line != 4 || problem == "" {
		t.Errorf("%d documents, line %d: %s", len(documents), line, problem)
	}
}

func TestWhatIsNoYAMLIsToldWithItsLine(t *testing.T) {
	for text, want := range map[string]int{"a: 1\nb: [\n": 2, "a:\n\t- b\n": 2} {
		if documents, line, problem := strictyaml.Parse([]byte(text)); documents != nil || line != want || problem == "" {
			t.Errorf("%q: %d documents, line %d: %s", text, len(documents), line, problem)
		}
	}
	for _, text := range []string{"", "# nothing\n", "---\n"} {
		if documents, _, problem := strictyaml.Parse([]byte(text)); len(documents) > 0 || problem != "" {
			t.Errorf("%q: %d documents, %s", text, len(documents), problem)
		}
	}
}

func TestTheKeyThatWasMeantIsNamed(t *testing.T) {
	for key, want := range map[string]string{"pagse": "pages", "word": "words", "quik": "quick", "departement": ""} {
		_, _, faults := decoded(t, "stations:\n  - "+key+": 1\n")
		if len(faults) != 1 || faults[0] != fmt.Sprintln(2, "stations[0]."+key, "unknown_key", want) {
			t.Errorf("%s: %q", key, faults)
		}
	}
}
