// Command bench measures how well pages are read and which way up they come, on the corpus, against Tesseract given
// the bare image and against OCRmyPDF, and how many of their words a search finds, in one run, and prints tables in Markdown.
//
//	go run ./internal/bench [-corpus DIR] [-sets vi,fr,en] [-methods bare,dossierd,ocrmypdf] [-orientation | -finding] [-v]
//
// It owns the comparison; scoring is internal/accuracy's. With -cache DIR the engine's answers are kept, so that what
// follows the reading can be tried again at once; without, every figure is new.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr/tesseract"
	"github.com/dossierd/dossierd/pipeline/lept"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	corpus := flags.String("corpus", accuracy.Find(), "folder of the corpus")
	sets := flags.String("sets", strings.Join(accuracy.Sets(), ","), "sets to read")
	methods := flags.String("methods", "bare,dossierd,ocrmypdf", "ways of reading to compare")
	orientation := flags.Bool("orientation", false, "measure orientation instead of reading")
	finding := flags.Bool("finding", false, "measure what a search finds instead of reading")
	cache := flags.String("cache", "", "folder to keep the engine's answers in")
	verbose := flags.Bool("v", false, "print a line a page")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *corpus == "" {
		return errors.New("no corpus: name its folder with -corpus")
	}
	if os.Getenv("OMP_THREAD_LIMIT") != "1" {
		return errors.New("set OMP_THREAD_LIMIT=1: Tesseract's threads only get in each other's way")
	}
	lept.Quiet()
	engine := &meter{engine: tesseract.New(""), folder: *cache}
	defer engine.Close()
	chosen := strings.Split(*sets, ",")
	if *orientation {
		return compareOrientation(out, engine, *corpus, chosen, *verbose)
	}
	if *finding {
		return compareFinding(out, whole(engine), *corpus, chosen, *verbose)
	}
	readers, err := readersOf(engine, strings.Split(*methods, ","))
	if err != nil {
		return err
	}
	return compareReading(out, readers, *corpus, chosen, *verbose)
}

// compareReading has every page of every set read in every way.
func compareReading(out io.Writer, readers []reader, corpus string, sets []string, verbose bool) error {
	fmt.Fprintln(out, "| set | read by | CER | recall | CER, mean of pages | recall, mean of pages | CPU a page, s | of it Tesseract |")
	fmt.Fprintln(out, "| --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, set := range sets {
		pages, err := accuracy.Pages(corpus, set)
		if err != nil {
			return err
		}
		for _, r := range readers {
			var sum tally
			for _, page := range pages {
				read, err := r.read(page)
				if err != nil {
					return fmt.Errorf("read %s by %s: %w", page.Name, r.name, err)
				}
				score := accuracy.Of(page.Truth, read.text)
				sum.add(score, read)
				if verbose {
					fmt.Fprintf(os.Stderr, "%-8s %-22s CER %.4f recall %.3f CPU %5.2f, Tesseract %5.2f %s\n",
						r.name, page.Name, score.CER(), score.Recall(), read.cpu, read.tesseract, read.remark)
				}
			}
			fmt.Fprintf(out, "| %s (%d) | %s | %s |\n", set, len(pages), r.name, sum)
		}
	}
	return nil
}

// tally adds up the pages of a set.
type tally struct {
	pages               int
	all                 accuracy.Score
	meanCER, meanRecall float64 // sums, over pages
	cpu, tesseract      float64
}

func (t *tally) add(s accuracy.Score, r reading) {
	t.pages++
	t.all = t.all.Plus(s)
	t.meanCER += s.CER()
	t.meanRecall += s.Recall()
	t.cpu += r.cpu
	t.tesseract += r.tesseract
}

func (t tally) String() string {
	n := float64(t.pages)
	own := "-"
	if t.tesseract > 0 {
		own = fmt.Sprintf("%.0f %%", 100*t.tesseract/t.cpu)
	}
	return fmt.Sprintf("%.4f | %.4f | %.4f | %.4f | %.2f | %s",
		t.all.CER(), t.all.Recall(), t.meanCER/n, t.meanRecall/n, t.cpu/n, own)
}

func readersOf(engine *meter, names []string) ([]reader, error) {
	known := []reader{bare(engine), whole(engine), peer()}
	var chosen []reader
	for _, name := range names {
		i := slices.IndexFunc(known, func(r reader) bool { return r.name == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown way of reading %q", name)
		}
		if known[i].missing != "" {
			fmt.Fprintf(os.Stderr, "%s left out: %s\n", name, known[i].missing)
			continue
		}
		chosen = append(chosen, known[i])
	}
	return chosen, nil
}
