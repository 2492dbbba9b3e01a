package catalog

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed schema/*.sql
var schema embed.FS

// migrateOwn runs the numbered files of schema/ that were not run yet.
func migrateOwn(ctx context.Context) func(tx) error {
	return func(t tx) error {
		if _, err := t.exec(ctx, `CREATE TABLE IF NOT EXISTS catalogue_migrations (number INTEGER PRIMARY KEY)`); err != nil {
			return err
		}
		var last int
		err := t.queryRow(ctx, `SELECT coalesce(max(number), 0) FROM catalogue_migrations`).Scan(&last)
		if err != nil {
			return err
		}
		files, err := schema.ReadDir("schema")
		if err != nil {
			return err
		}
		for _, f := range files { // in the order of their names
			prefix, _, _ := strings.Cut(f.Name(), "_")
			number, err := strconv.Atoi(prefix)
			if err != nil {
				return fmt.Errorf("name of %s: %w", f.Name(), err)
			}
			if number <= last {
				continue
			}
			text, err := schema.ReadFile("schema/" + f.Name())
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, string(text)); err != nil {
				return fmt.Errorf("run %s: %w", f.Name(), err)
			}
			if _, err := t.exec(ctx, `INSERT INTO catalogue_migrations (number) VALUES (?)`, number); err != nil {
				return err
			}
		}
		return nil
	}
}
