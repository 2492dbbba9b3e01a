package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// list prints rows as a table under head (columns apart by tabs), or each row's value as a line of JSON.
func list[T any](w io.Writer, asJSON bool, head string, rows []T, columns func(T) []string) error {
	if asJSON {
		out := json.NewEncoder(w)
		for _, row := range rows {
			if err := out.Encode(row); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, head)
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(columns(row), "\t"))
	}
	return table.Flush()
}
