// Command dossierd takes scans in and gives dossiers out.
//
// It owns the command line, the configuration, the wiring of the parts and the exit codes, and nothing of what the
// parts do. Built with CGO_ENABLED=0; whatever parses a scan runs in its companion, dossierd-page.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
)

// Exit codes.
const (
	exitDone        = 0
	exitRejected    = 1 // done, but something was rejected; it is named on stderr
	exitUsage       = 2 // wrong usage or configuration
	exitMachine     = 3 // the machine lacks something; `dossierd doctor` says what
	exitInterrupted = 130
)

// exitError is an error that ends the process with a code of its own.
type exitError struct {
	code int
	err  error // nil: everything was said already
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// app is what every command needs.
type app struct {
	stdout, stderr io.Writer
	configFlag     string
	words          words
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, stop, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process. stop ends the catching of signals, so that a second one kills.
func run(ctx context.Context, stop func(), args []string, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, words: wordsFor(config.SystemLanguage())}
	defer context.AfterFunc(ctx, stop)()
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{code: exitUsage, err: err}
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		exit = &exitError{code: exitInterrupted}
	}
	if exit.err != nil {
		fmt.Fprintln(stderr, exit.err)
	}
	return exit.code
}

func (a *app) root() *cobra.Command {
	root := a.group(&cobra.Command{
		Use:           "dossierd",
		Short:         "Turns scans into searchable, archivable dossiers",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}, a.serveCommand(), a.scanCommand(), a.configCommand(), a.doctorCommand(), a.statusCommand(),
		a.depositsCommand(), a.deliveriesCommand(), a.usersCommand(), a.tokensCommand(), a.coverCommand(), a.reportCommand(), a.kindsCommand(),
		a.validateCommand(), a.tryKindCommand(), a.verifyCommand(), a.searchCommand(), a.reindexCommand())
	root.SetFlagErrorFunc(a.flagFault)
	root.PersistentFlags().StringVar(&a.configFlag, "config", "", "settings `FILE` (default $DOSSIERD_CONFIG, then "+config.SystemFile+", then embedded defaults)")
	a.translate(root)
	return root
}

// load reads the settings; their faults are the user's to mend.
func (a *app) load() (*config.Config, error) {
	cfg, err := config.Load(config.Find(a.configFlag), installedModel)
	if err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	a.words = wordsFor(cfg.Language)
	return cfg, nil
}
