package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/office"
)

// workerCheck is what `dossierd-page check` prints.
type workerCheck struct {
	Tesseract string            `json:"tesseract"` // version
	Leptonica string            `json:"leptonica"`
	PDFium    string            `json:"pdfium"`
	ZXing     string            `json:"zxing"`
	GoZXing   string            `json:"gozxing"`
	Landlock  int               `json:"landlock"` // ABI version of the kernel; 0: none
	Models    map[string]string `json:"models"`   // SHA-256 of each model
}

// askWorker runs `dossierd-page check`.
func (a *app) askWorker(ctx context.Context) (*workerCheck, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, pageCommand(), "check")
	cmd.Env = append(os.Environ(), "TESSDATA_PREFIX="+tessdata())
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(a.words.say("no_page_worker", err))
	}
	check := new(workerCheck)
	if err := json.Unmarshal(out, check); err != nil {
		return nil, fmt.Errorf("dossierd-page check: %w", err)
	}
	return check, nil
}

// workerTools are the versions that go into metadata: programs, and the models by their SHA-256, for they have no version.
func (a *app) workerTools(ctx context.Context) (map[string]string, error) {
	check, err := a.askWorker(ctx)
	if err != nil {
		return nil, err
	}
	tools := map[string]string{
		"dossierd": version(), "tesseract": check.Tesseract, "leptonica": check.Leptonica, "pdfium": check.PDFium,
		"zxing": check.ZXing, "gozxing": check.GoZXing,
	}
	for model, sha := range check.Models {
		if model != "osd" { // which reads nothing
			tools["model "+model] = "sha256:" + sha
		}
	}
	return tools, nil
}

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Say what is missing on this machine, and the command that installs it",
		Example: "  dossierd doctor --config /etc/dossierd.yaml",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := a.examine(cmd.Context())
			bad := false
			for _, f := range findings {
				bad = bad || f.State == "missing"
				if asJSON {
					if err := json.NewEncoder(a.stdout).Encode(f); err != nil {
						return err
					}
					continue
				}
				indent := strings.Repeat(" ", 27)
				fmt.Fprintf(a.stdout, "%-16s %-9s %s\n", a.what(f.What), a.words.say("doctor_"+f.State),
					strings.ReplaceAll(f.Detail, "\n", "\n"+indent))
				if f.Remedy != "" {
					fmt.Fprintf(a.stdout, "%s-> %s\n", indent, f.Remedy)
				}
			}
			if bad {
				return &exitError{code: exitMachine}
			}
			if !asJSON {
				fmt.Fprintln(a.stdout, a.words.say("doctor_all_good"))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	return cmd
}

// what names a finding in the operator's language; names of programs are the same in all.
func (a *app) what(finding string) string {
	subject, model, _ := strings.Cut(finding, " ")
	if key := "doctor_what_" + subject; messages[key] != [3]string{} {
		return strings.TrimSpace(a.words.say(key) + " " + model)
	}
	return finding
}

// examine looks at everything, in the order in which a newcomer meets it.
func (a *app) examine(ctx context.Context) []office.Finding {
	findings := a.examineMachine(ctx)
	cfg, err := a.load()
	if err != nil {
		return append(findings, office.Finding{What: "settings", State: "missing", Detail: err.Error(), Remedy: "dossierd config check"})
	}
	return append(append(findings, a.examineSettings(cfg)...), a.examineServers(ctx, cfg)...)
}

// examineMachine looks at what is installed.
func (a *app) examineMachine(ctx context.Context) []office.Finding {
	var findings []office.Finding
	add := func(what, state, detail, remedy string) {
		findings = append(findings, office.Finding{What: what, State: state, Detail: detail, Remedy: remedy})
	}
	check, err := a.askWorker(ctx)
	if err != nil {
		add("dossierd-page", "missing", err.Error(), "make build")
	} else {
		add("dossierd-page", "good", pageCommand(), "")
		add("tesseract", "good", check.Tesseract+", leptonica "+check.Leptonica, "")
		if check.Landlock == 0 {
			add("landlock", "warning", a.words.say("doctor_no_landlock"), "apt install linux-image-amd64   # 5.13 or newer")
		} else {
			add("landlock", "good", fmt.Sprintf("ABI %d", check.Landlock), "")
		}
	}
	for _, model := range []string{"vie", "fra", "eng"} {
		if installedModel(model) {
			add("model "+model, "good", tessdata(), "")
		} else {
			add("model "+model, "missing", "", "apt install tesseract-ocr-"+model)
		}
	}
	add("cores", "good", fmt.Sprint(runtime.NumCPU()), "")
	return findings
}

// examineSettings looks at the folders that settings without faults name.
func (a *app) examineSettings(cfg *config.Config) []office.Finding {
	var findings []office.Finding
	file := cfg.File
	if file == "" {
		file = a.words.say("embedded_defaults") // whose folders `serve` makes
	} else if err := cfg.CheckFolders(); err != nil {
		findings = append(findings, office.Finding{What: "stations", State: "missing", Detail: err.Error(), Remedy: "dossierd config check"})
	}
	return append(findings, office.Finding{What: "settings", State: "good", Detail: file},
		foundGood("data", cfg.Data, "install -d -m 700 "+cfg.Data, config.Writable(cfg.Data)))
}

// foundGood is what was found of something, err being what is wrong with it.
func foundGood(what, detail, remedy string, err error) office.Finding {
	if err != nil {
		return office.Finding{What: what, State: "missing", Detail: err.Error(), Remedy: remedy}
	}
	return office.Finding{What: what, State: "good", Detail: detail}
}

// examineServers tries the catalogue and the object store that the settings name.
func (a *app) examineServers(ctx context.Context, cfg *config.Config) []office.Finding {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var findings []office.Finding
	if cfg.Catalogue.Type == "postgres" {
		err := a.withCatalogue(ctx, func(*config.Config, *catalog.Catalog) error { return nil })
		findings = append(findings, foundGood("catalogue", cfg.Catalogue.Type, "pg_isready", err))
	}
	if cfg.Store.Type == "s3" {
		store, err := openStore(ctx, cfg)
		if err == nil {
			_, err = store.Stat(ctx, "originals/doctor")
			err = but(err, storage.ErrNotFound)
		}
		findings = append(findings, foundGood("store", cfg.Store.Endpoint+" "+cfg.Store.Bucket, "curl -I "+cfg.Store.Endpoint, err))
	}
	return findings
}
