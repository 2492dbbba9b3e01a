package catalog

import (
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// inScope is the condition that a row of a table with department and station lies in a scope, and its arguments. It is true
// for a scope of all, and false for one of nothing.
func inScope(s dossier.Scope, table string) (condition string, args []any) {
	if s.All {
		return `1 = 1`, nil
	}
	var any []string
	for _, in := range []struct {
		column string
		names  []string
	}{{table + `.department`, s.Departments}, {table + `.station`, s.Stations}} {
		if len(in.names) == 0 {
			continue
		}
		any = append(any, in.column+` IN (?`+strings.Repeat(`, ?`, len(in.names)-1)+`)`)
		for _, name := range in.names {
			args = append(args, name)
		}
	}
	if len(any) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(any, ` OR `) + `)`, args
}

// within narrows to the rows of a table in a scope.
func (q *conditions) within(s dossier.Scope, table string) {
	condition, args := inScope(s, table)
	q.add(condition, args...)
}
