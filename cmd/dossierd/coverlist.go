package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dossierd/dossierd/pipeline/cover"
	"github.com/dossierd/dossierd/pipeline/payload"
)

// coverList reads a list of slips, each like slip but for what the list says: columns code, procedure and name, any of
// them and in any order, among others that are not looked at. Lines without any are passed over. Every faulty line is
// named.
func (a *app) coverList(path string, slip payload.Slip) ([]cover.Sheet, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, a.pathFault(err)
	}
	if !utf8.Valid(data) {
		return nil, errors.New(a.words.say("csv_encoding", path))
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma = listComma(data)
	head, err := r.Read()
	columns := listColumns(head)
	if err != nil || columns == [3]int{-1, -1, -1} {
		return nil, errors.New(a.words.say("csv_columns", path))
	}
	var sheets []cover.Sheet
	var faults []error
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, a.csvFault(path, err)
		}
		line, _ := r.FieldPos(0)
		code, procedure, name := cell(record, columns[0]), cell(record, columns[1]), cell(record, columns[2])
		if code == "" && procedure == "" && name == "" {
			continue
		}
		if fault := a.listFault(code, procedure); fault != "" {
			faults = append(faults, errors.New(a.words.say("csv_line", path, line, fault)))
			continue
		}
		valid, _ := payload.ParseCode(code)
		slip.Code, slip.Procedure = string(valid), procedure
		sheets = append(sheets, cover.Sheet{Says: slip, Name: name})
	}
	if len(sheets) == 0 && len(faults) == 0 {
		return nil, errors.New(a.words.say("csv_empty", path))
	}
	return sheets, errors.Join(faults...)
}

func (a *app) csvFault(path string, err error) error {
	if fault := (*csv.ParseError)(nil); errors.As(err, &fault) {
		return errors.New(a.words.say("csv_line", path, fault.Line, fault.Err.Error()))
	}
	return err
}

// listFault says what is wrong with a line.
func (a *app) listFault(code, procedure string) string {
	if _, ok := payload.ParseCode(code); code != "" && !ok {
		return a.words.say("code_fault", code)
	}
	if procedure != "" && !payload.ValidProcedure(procedure) {
		return a.words.say("procedure_fault", procedure)
	}
	return ""
}

// listComma is what parts the columns: spreadsheets write semicolons where the comma is the decimal sign, as in
// Vietnamese and French.
func listComma(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.ContainsRune(head, ';') {
		return ';'
	}
	return ','
}

// listColumns are the places of code, procedure and name, -1 for what is missing.
func listColumns(head []string) (columns [3]int) {
	for i, name := range [...]string{"code", "procedure", "name"} {
		columns[i] = slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	}
	return columns
}

func cell(record []string, column int) string {
	if column < 0 {
		return ""
	}
	return strings.TrimSpace(record[column])
}
