package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/cover"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/storage/catalog"
)

// coverFlags are what `dossierd cover` was asked for.
type coverFlags struct {
	code      string
	csv       string
	separator string
	rescan    string
	count     int
	station   string
	procedure string
	name      string
	place     string
	language  string
	output    string
	force     bool
}

func (a *app) coverCommand() *cobra.Command {
	var f coverFlags
	separators := []string{string(dossier.CutDossier), string(dossier.CutDocument)}
	cmd := &cobra.Command{
		Use:   "cover",
		Short: "Make cover slips and separator sheets to print, as PDF",
		Example: "  dossierd cover --station quay-1 --procedure 1.001193 -o slip.pdf    # the station's next number\n" +
			"  dossierd cover --code 000.00.16.H42-240112-0003 --place \"Shelf 3\"\n" +
			"  dossierd cover --csv today.csv --station quay-1 -o - | lp\n" +
			"  dossierd cover --separator document --count 20 -o separators.pdf",
		Args: a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			f.place = norm.NFC.String(f.place)
			if err := errors.Join(a.coverApart(cmd), a.coverValues(cmd, f, separators)); err != nil {
				return err
			}
			return a.cover(cmd.Context(), cfg, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.code, "code", "", "`CODE` of the dossier (default: the next number of the station)")
	flags.StringVar(&f.csv, "csv", "", "a slip for each line of `FILE`, with columns code, procedure and name (of the procedure)")
	flags.StringVar(&f.separator, "separator", "", "sheets that part dossiers or documents and say no more: `KIND` dossier or document")
	flags.StringVar(&f.rescan, "rescan", "", "a slip for a page to be scanned again: `BATCH` and page, as 01h2x...:12")
	flags.IntVar(&f.count, "count", 1, "`N` separator sheets, or slips with the next numbers")
	flags.StringVar(&f.station, "station", "", "`NAME` of the station (default: the only one)")
	flags.StringVar(&f.procedure, "procedure", "", "`CODE` of the procedure")
	flags.StringVar(&f.name, "name", "", "`TEXT` that names the procedure to people (default: the name in the procedures' files)")
	flags.StringVar(&f.place, "place", "", "`TEXT` that says where the paper lies: box, shelf")
	flags.StringVar(&f.language, "language", "", "language of the sheets: `NAME` vi, fr or en (default: the station's)")
	flags.StringVarP(&f.output, "output", "o", "cover.pdf", "`FILE` for the PDF; - is standard output")
	flags.BoolVar(&f.force, "force", false, "overwrite what is there")
	completeWith(cmd, "separator", separators)
	completeWith(cmd, "language", coverLanguages)
	return cmd
}

var coverLanguages = []string{"vi", "fr", "en"}

// coverApart refuses flags of which only one can hold.
func (a *app) coverApart(cmd *cobra.Command) error {
	for flag, others := range map[string][]string{
		"code":      {"csv", "separator", "count"},
		"csv":       {"separator", "count", "procedure", "name"},
		"rescan":    {"csv", "separator", "count", "procedure", "name", "place"},
		"separator": {"procedure", "name", "place"},
	} {
		for _, other := range others {
			if cmd.Flags().Changed(flag) && cmd.Flags().Changed(other) {
				return errors.New(a.words.say("flags_together", "--"+flag, "--"+other))
			}
		}
	}
	return nil
}

// coverValues checks each flag that was given.
func (a *app) coverValues(cmd *cobra.Command, f coverFlags, separators []string) error {
	given := cmd.Flags().Changed
	faults := []error{a.positive("--count", f.count)}
	if given("separator") {
		faults = append(faults, a.oneOf("--separator", f.separator, separators))
	}
	if given("language") {
		faults = append(faults, a.oneOf("--language", f.language, coverLanguages))
	}
	if _, ok := payload.ParseCode(f.code); given("code") && !ok {
		faults = append(faults, errors.New(a.words.say("code_fault", f.code)))
	}
	if given("procedure") && !payload.ValidProcedure(f.procedure) {
		faults = append(faults, errors.New(a.words.say("procedure_fault", f.procedure)))
	}
	if given("place") && !payload.ValidPlace(f.place) {
		faults = append(faults, errors.New(a.words.say("place_fault", f.place)))
	}
	if _, ok := parseRescan(f.rescan); given("rescan") && !ok {
		faults = append(faults, errors.New(a.words.say("rescan_fault", f.rescan)))
	}
	return errors.Join(faults...)
}

// parseRescan reads BATCH:PAGE.
func parseRescan(s string) (rescan payload.Rescan, ok bool) {
	batch, number, _ := strings.Cut(s, ":")
	page, err := strconv.Atoi(number)
	rescan = payload.Rescan{Batch: batch, Page: page}
	return rescan, err == nil && rescan.Valid()
}

// cover makes the sheets. Numbers are taken last, when nothing but the disk can still fail.
func (a *app) cover(ctx context.Context, cfg *config.Config, f coverFlags) error {
	station, err := a.coverStation(cfg, f.station)
	if err != nil {
		return err
	}
	sheets, err := a.coverSheets(f, station.Name)
	if err != nil {
		return err
	}
	open := numberless(sheets)
	if len(open) > 0 && station.Name == "" {
		return errors.New(a.words.say("station_needed", stationNames(cfg)))
	}
	if f.language == "" {
		f.language = station.Language
	}
	if err := nameProcedures(cfg, sheets, f.language); err != nil {
		return err
	}
	taken := func() error { return a.takeNumbers(ctx, sheets, open, station.Name) }
	if f.output == "-" {
		if err := taken(); err != nil {
			return err
		}
		return cover.Write(a.stdout, f.language, sheets)
	}
	if err := a.coverFile(f, sheets, taken); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, a.words.say("cover_done", f.output, len(sheets)))
	for _, i := range open {
		fmt.Fprintln(a.stdout, sheets[i].Says.(payload.Slip).Code)
	}
	return nil
}

// coverStation is the station of a name, the only one where there is no name, or one without a name.
func (a *app) coverStation(cfg *config.Config, name string) (config.Station, error) {
	if name == "" && len(cfg.Stations) == 1 {
		return cfg.Stations[0], nil
	}
	if name == "" {
		return config.Station{Language: cfg.Language}, nil
	}
	i := slices.IndexFunc(cfg.Stations, func(s config.Station) bool { return s.Name == name })
	if i < 0 {
		return config.Station{}, errors.New(a.words.say("no_such_station", name, stationNames(cfg)))
	}
	return cfg.Stations[i], nil
}

func stationNames(cfg *config.Config) string {
	names := make([]string, len(cfg.Stations))
	for i, s := range cfg.Stations {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

// coverSheets are the sheets that the flags ask for. Slips that wait for a number have no code.
func (a *app) coverSheets(f coverFlags, station string) ([]cover.Sheet, error) {
	if f.separator != "" {
		return slices.Repeat([]cover.Sheet{{Says: payload.Separator(f.separator)}}, f.count), nil
	}
	code, _ := payload.ParseCode(f.code)
	slip := payload.Slip{Sheet: true, Code: string(code), Procedure: f.procedure, Station: station, Place: f.place}
	slip.Rescan, _ = parseRescan(f.rescan)
	if f.csv == "" {
		return slices.Repeat([]cover.Sheet{{Says: slip, Name: f.name}}, f.count), nil
	}
	return a.coverList(f.csv, slip)
}

// nameProcedures gives the sheets that name no procedure in words the name that the office's files have.
func nameProcedures(cfg *config.Config, sheets []cover.Sheet, language string) error {
	procedures, err := readProcedures(cfg.Procedures, cfg.Language)
	if err != nil {
		return err
	}
	for i, s := range sheets {
		slip, ok := s.Says.(payload.Slip)
		if !ok || s.Name != "" || slip.Procedure == "" {
			continue
		}
		if known := procedures.ByCode(slip.Procedure); known != nil {
			sheets[i].Name = known.Name.In(language)
		}
	}
	return nil
}

// numberless are the sheets that wait for a number.
func numberless(sheets []cover.Sheet) []int {
	var open []int
	for i, s := range sheets {
		if slip, ok := s.Says.(payload.Slip); ok && slip.Code == "" && slip.Rescan == (payload.Rescan{}) {
			open = append(open, i)
		}
	}
	return open
}

func (a *app) takeNumbers(ctx context.Context, sheets []cover.Sheet, open []int, station string) error {
	if len(open) == 0 {
		return nil
	}
	return a.withCatalogue(ctx, func(_ *config.Config, c *catalog.Catalog) error {
		for _, i := range open {
			slip := sheets[i].Says.(payload.Slip)
			var err error
			if slip.Code, err = c.NextCode(ctx, station); err != nil {
				return err
			}
			sheets[i].Says = slip
		}
		return nil
	})
}

// coverFile writes the sheets into a file. It is opened before numbers are taken, and what is overwritten stays until
// the new bytes are there.
func (a *app) coverFile(f coverFlags, sheets []cover.Sheet, take func() error) error {
	mode := os.O_CREATE | os.O_WRONLY
	if !f.force {
		mode |= os.O_EXCL
	}
	file, err := os.OpenFile(f.output, mode, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return errors.New(a.words.say("output_file_exists", f.output))
	}
	if err != nil {
		return a.pathFault(err)
	}
	err = writeSheets(file, f.language, sheets, take)
	if info, statErr := file.Stat(); err != nil && statErr == nil && info.Size() == 0 {
		err = errors.Join(err, os.Remove(f.output))
	}
	return errors.Join(err, file.Close())
}

func writeSheets(file *os.File, language string, sheets []cover.Sheet, take func() error) error {
	if err := take(); err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := cover.Write(&pdf, language, sheets); err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.Write(pdf.Bytes())
	return err
}
