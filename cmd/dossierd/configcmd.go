package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
)

func (a *app) configCommand() *cobra.Command {
	return a.group(&cobra.Command{Use: "config", Short: "Write or check a settings file"}, &cobra.Command{
		Use:     "init [FILE]",
		Short:   "Write a commented settings file (default: to standard output)",
		Example: "  dossierd config init /etc/dossierd.yaml",
		Args:    a.arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := fmt.Fprint(a.stdout, config.Template())
				return err
			}
			return a.writeTemplate(args[0])
		},
	}, &cobra.Command{
		Use:     "check [FILE]",
		Short:   "Name every fault with its key, line and remedy",
		Example: "  dossierd config check /etc/dossierd.yaml",
		Args:    a.arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				a.configFlag = args[0]
			}
			cfg, err := config.Check(config.Find(a.configFlag), installedModel, readers(), hasKind)
			if err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			a.words = wordsFor(cfg.Language)
			file := cfg.File
			if file == "" {
				file = a.words.say("embedded_defaults")
			}
			fmt.Fprintln(a.stdout, a.words.say("config_good", file, len(cfg.Stations), len(cfg.Subscribers)))
			return nil
		},
	})
}

func (a *app) writeTemplate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if errors.Is(err, fs.ErrExist) {
		return &exitError{code: exitUsage, err: errors.New(a.words.say("file_exists", path))}
	}
	if err != nil {
		return &exitError{code: exitUsage, err: a.pathFault(err)}
	}
	if _, err := f.WriteString(config.Template()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
