package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/dossier"
)

// scanFlags are what `dossierd scan` was asked for.
type scanFlags struct {
	output    string
	languages []string
	jobs      int
	level     string
	text      bool
	alto      bool
	hocr      bool
	one       string
	json      bool
	quiet     bool
	force     bool
}

func (a *app) scanCommand() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan PATH...",
		Short: "Turn files or folders into PDF/A, without daemon or database",
		Example: "  dossierd scan letter.jpg\n" +
			"  dossierd scan -o archive -l vie,fra --text scans/\n" +
			"  dossierd scan --one case-17 front.jpg back.jpg",
		Args: a.arguments(1, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(a); err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			return a.scan(cmd.Context(), f, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "scanned", "`DIR` for what is made")
	flags.StringSliceVarP(&f.languages, "languages", "l", []string{"vie"}, "tessdata `NAMES`; of several, one is chosen per page")
	flags.IntVarP(&f.jobs, "jobs", "j", runtime.NumCPU(), "page worker processes")
	flags.StringVar(&f.level, "pdfa", string(dossier.Level2u), "PDF/A level: 2u, 1b or 3u")
	flags.BoolVar(&f.text, "text", false, "write the text beside the PDF (.txt)")
	flags.BoolVar(&f.alto, "alto", false, "write ALTO 4 beside the PDF (.alto.xml)")
	flags.BoolVar(&f.hocr, "hocr", false, "write hOCR beside the PDF (.hocr)")
	flags.StringVar(&f.one, "one", "", "put all inputs into one PDF called `NAME`.pdf")
	flags.BoolVar(&f.json, "json", false, "print a JSON object a line for each input")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing but errors")
	flags.BoolVar(&f.force, "force", false, "overwrite what is there")
	return cmd
}

func (f *scanFlags) validate(a *app) error {
	levels := []string{string(dossier.Level2u), string(dossier.Level1b), string(dossier.Level3u)}
	faults := []error{a.oneOf("--pdfa", f.level, levels), a.positive("--jobs", f.jobs)}
	if f.one != "" && f.one != filepath.Base(f.one) {
		faults = append(faults, errors.New(a.words.say("one_name", f.one)))
	}
	return errors.Join(faults...)
}

// scan makes a PDF of each input, or of all with --one.
func (a *app) scan(ctx context.Context, f scanFlags, paths []string) error {
	inputs, err := listInputs(paths, f.output)
	if err != nil {
		return &exitError{code: exitUsage, err: a.pathFault(err)}
	}
	if len(inputs) == 0 {
		return &exitError{code: exitUsage, err: errors.New(a.words.say("no_inputs", strings.Join(paths, " ")))}
	}
	if err := a.missingModels(f.languages); err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	outputs := planOutputs(inputs, f)
	if !f.force {
		for _, o := range outputs {
			if _, err := os.Lstat(o.pdf); err == nil {
				return &exitError{code: exitUsage, err: errors.New(a.words.say("output_exists", o.pdf))}
			}
		}
	}
	if err := os.MkdirAll(f.output, 0o777); err != nil {
		return &exitError{code: exitUsage, err: a.pathFault(err)}
	}
	s, err := newScanner(ctx, a, f)
	if err != nil {
		return err
	}
	defer s.close()
	return s.run(ctx, outputs)
}

// scanInput is one file to read.
type scanInput struct {
	path string
	// base is the path below the argument it was found under, without its extension decided yet.
	base string
}

// scanOutput is one PDF to make of its inputs.
type scanOutput struct {
	pdf    string // path
	inputs []scanInput
}

// sidecar is the path of what lies beside the PDF.
func (o *scanOutput) sidecar(ext string) string { return strings.TrimSuffix(o.pdf, ".pdf") + ext }

// listInputs finds the files: those named, and those in the folders named and below, but hidden ones and what lies in
// the output folder. Order is that of the arguments, and by name within a folder.
func listInputs(paths []string, output string) ([]scanInput, error) {
	var inputs []scanInput
	skip, err := filepath.Abs(output)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			inputs = append(inputs, scanInput{path: path, base: filepath.Base(path)})
			continue
		}
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			hidden := p != path && strings.HasPrefix(d.Name(), ".")
			if d.IsDir() {
				if abs, err := filepath.Abs(p); hidden || (err == nil && abs == skip) {
					return fs.SkipDir
				}
				return nil
			}
			if hidden || !d.Type().IsRegular() {
				return nil
			}
			base, err := filepath.Rel(path, p)
			inputs = append(inputs, scanInput{path: p, base: base})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return inputs, nil
}

// planOutputs names the PDF of each input: IN.ext becomes IN.pdf, and IN.ext.pdf where two would be called the same,
// with a number where that is taken as well.
func planOutputs(inputs []scanInput, f scanFlags) []*scanOutput {
	if f.one != "" {
		return []*scanOutput{{pdf: filepath.Join(f.output, strings.TrimSuffix(f.one, ".pdf")+".pdf"), inputs: inputs}}
	}
	stem := func(in scanInput) string { return strings.TrimSuffix(in.base, filepath.Ext(in.base)) }
	count := map[string]int{}
	for _, in := range inputs {
		count[stem(in)]++
	}
	taken := map[string]bool{}
	outputs := make([]*scanOutput, 0, len(inputs))
	for _, in := range inputs {
		name := stem(in)
		if count[name] > 1 || name == "" {
			name = in.base
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s-%d", name, n)
		}
		taken[unique] = true
		outputs = append(outputs, &scanOutput{pdf: filepath.Join(f.output, unique+".pdf"), inputs: []scanInput{in}})
	}
	return outputs
}

func (a *app) missingModels(languages []string) error {
	var missing []string
	for _, l := range languages {
		if !installedModel(l) {
			missing = append(missing, "tesseract-ocr-"+strings.ReplaceAll(l, "_", "-"))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return errors.New(a.words.say("no_model", strings.Join(missing, " ")))
}
