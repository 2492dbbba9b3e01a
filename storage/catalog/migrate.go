package catalog

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed schema/*.sql schema/*/*.sql
var schema embed.FS

// migrateOwn runs the numbered files of schema/ that were not run yet. After each comes what a database, of the folder of its type,
// has in a file of the same name.
func migrateOwn(ctx context.Context, databaseType string) func(tx) error {
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
			if f.IsDir() {
				continue
			}
			prefix, _, _ := strings.Cut(f.Name(), "_")
			number, err := strconv.Atoi(prefix)
			if err != nil {
				return fmt.Errorf("name of %s: %w", f.Name(), err)
			}
			if number <= last {
				continue
			}
			for _, path := range []string{"schema/" + f.Name(), "schema/" + databaseType + "/" + f.Name()} {
				text, err := schema.ReadFile(path)
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err != nil {
					return err
				}
				if _, err := t.exec(ctx, string(text)); err != nil {
					return fmt.Errorf("run %s: %w", path, err)
				}
			}
			if _, err := t.exec(ctx, `INSERT INTO catalogue_migrations (number) VALUES (?)`, number); err != nil {
				return err
			}
		}
		return nil
	}
}
