package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// group makes cmd a command that does nothing but hold others: alone it shows its help, and a mistyped one is a fault.
func (a *app) group(cmd *cobra.Command, below ...*cobra.Command) *cobra.Command {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return errors.New(a.words.say("unknown_command", args[0], cmd.CommandPath()))
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.DisableFlagsInUseLine = true
	cmd.AddCommand(below...)
	return cmd
}

// arguments checks how many there are. most under 0 is no limit.
func (a *app) arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return errors.New(a.words.say("argument_missing", cmd.UseLine()))
		}
		if most >= 0 && len(args) > most {
			return errors.New(a.words.say("argument_extra", args[most], cmd.UseLine()))
		}
		return nil
	}
}

// flagFault tells in the operator's language what is wrong with a flag.
func (a *app) flagFault(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var valueless *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return errors.New(a.words.say("flag_unknown", dashed(unknown.GetSpecifiedName()), cmd.CommandPath()))
	case errors.As(err, &valueless):
		return errors.New(a.words.say("flag_valueless", dashed(valueless.GetSpecifiedName()), cmd.CommandPath()))
	case errors.As(err, &invalid):
		return errors.New(a.words.say("flag_invalid", dashed(invalid.GetFlag().Name), invalid.GetValue(), cmd.CommandPath()))
	}
	return err
}

func dashed(flag string) string {
	if len(flag) == 1 {
		return "-" + flag
	}
	return "--" + flag
}

func (a *app) oneOf(flag, value string, choices []string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return errors.New(a.words.say("flag_choice", flag, value, strings.Join(choices, ", ")))
}

// names are values as flags have them.
func names[T ~string](values []T) []string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, string(v))
	}
	return list
}

// filter checks the flags of a list: state is one of states, or "" where it was not given.
func (a *app) filter(state string, states []string, limit int) error {
	if state != "" {
		if err := a.oneOf("--state", state, states); err != nil {
			return err
		}
	}
	return a.positive("--limit", limit)
}

// completeWith lets the shell complete a flag's value.
func completeWith(cmd *cobra.Command, flag string, values []string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // no such flag
	}
}

// pathFault tells in the operator's language which path is at fault.
func (a *app) pathFault(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return errors.New(a.words.say("path_fault", path.Path, path.Err))
	}
	return err
}

func (a *app) positive(flag string, value int) error {
	if value < 1 {
		return errors.New(a.words.say("flag_positive", flag, value))
	}
	return nil
}
