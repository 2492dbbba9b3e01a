package ticket

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

var errDeep = fmt.Errorf("more than %d levels", maxDepth)

func findInJSON(data []byte, paths []string) (map[string][]string, error) {
	if err := checkDepth(data); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return nil, errors.New("not JSON")
	}
	found := map[string][]string{}
	for _, path := range paths {
		found[path] = appendJSON(nil, root, strings.Split(path, "."))
	}
	return found, nil
}

// checkDepth comes before a tree is made.
func checkDepth(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for depth := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			return errors.New("not JSON")
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > maxDepth {
			return errDeep
		}
	}
}

// appendJSON adds the values at a path; a list at its end stands for its elements.
func appendJSON(to []string, v any, path []string) []string {
	if list, ok := v.([]any); ok {
		for i, element := range list {
			switch {
			case len(path) == 0:
				to = appendJSON(to, element, nil)
			case path[0] == "*" || path[0] == strconv.Itoa(i):
				to = appendJSON(to, element, path[1:])
			}
		}
		return to
	}
	if len(path) > 0 {
		object, _ := v.(map[string]any)
		if member, ok := object[path[0]]; ok {
			return appendJSON(to, member, path[1:])
		}
		return to
	}
	switch value := v.(type) {
	case string:
		return append(to, strings.TrimSpace(value))
	case json.Number:
		return append(to, value.String())
	case bool:
		return append(to, strconv.FormatBool(value))
	}
	return to
}

func findInXML(data []byte, paths []string) (map[string][]string, error) {
	d := xml.NewDecoder(bytes.NewReader(data)) // strict, and knows no entities but XML's five
	found := map[string][]string{}
	add := func(path, value string) {
		if slices.Contains(paths, path) {
			found[path] = append(found[path], strings.TrimSpace(value))
		}
	}
	var names []string
	texts := []string{""}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, errors.New("not XML")
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("a document type")
		case xml.StartElement:
			if len(names) == maxDepth {
				return nil, errDeep
			}
			names, texts = append(names, t.Name.Local), append(texts, "")
			for _, a := range t.Attr {
				add(strings.Join(names, "/")+"/@"+a.Name.Local, a.Value)
			}
		case xml.CharData:
			if text := &texts[len(texts)-1]; len(*text) <= maxValue { // a longer one is refused, and must not be copied again and again
				*text += string(t)
			}
		case xml.EndElement:
			add(strings.Join(names, "/"), texts[len(texts)-1])
			names, texts = names[:len(names)-1], texts[:len(texts)-1]
		}
	}
}

func findInCSV(data []byte, paths []string) (map[string][]string, error) {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	for _, comma := range ";\t" { // what spreadsheets write where the comma is a decimal sign
		if bytes.ContainsRune(head, comma) {
			r.Comma = comma
			break
		}
	}
	titles, err := r.Read()
	if err != nil {
		return nil, errors.New("not CSV")
	}
	columns := map[string]int{}
	for i, title := range titles {
		if title = strings.TrimSpace(title); title != "" {
			columns[title] = i
		}
	}
	found := map[string][]string{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, errors.New("not CSV")
		}
		for _, path := range paths {
			if i, ok := columns[path]; ok {
				found[path] = append(found[path], strings.TrimSpace(row[i]))
			}
		}
	}
}
