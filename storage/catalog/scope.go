package catalog

import (
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// Everything is the scope of what dossierd does by itself.
func Everything() dossier.Scope { return dossier.Scope{All: true} }

// within is the condition on a row's department and station by which a query is narrowed to a scope. alias is that of the table.
func within(s dossier.Scope, alias string) (condition string, args []any) {
	if s.All {
		return `1 = 1`, nil
	}
	var any []string
	for _, list := range []struct {
		column string
		names  []string
	}{{"department", s.Departments}, {"station", s.Stations}} {
		if len(list.names) == 0 {
			continue
		}
		any = append(any, alias+"."+list.column+` IN (?`+strings.Repeat(`, ?`, len(list.names)-1)+`)`)
		for _, name := range list.names {
			args = append(args, name)
		}
	}
	if len(any) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(any, ` OR `) + `)`, args
}
