// Command speed times `dossierd scan -j 2` against two bare Tesseract API loops and OCRmyPDF, in turns on the same
// pages, and prints a table of medians and ratios. Absolute times on a shared machine say little; ratios of one run do.
//
//	speed -dossierd bin/dossierd -ocrmypdf .cache/peer/bin/ocrmypdf -corpus ../shared/corpus -rounds 3
//
// Called as `speed bare LANGUAGE FILE...` it is one such loop: it reads the files and does nothing else.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/otiai10/gosseract/v2"
)

// set is pages of one kind.
type set struct {
	name  string
	files []string // cycled to pages
	pages int
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "bare" {
		if err := bare(os.Args[2], os.Args[3:]); err != nil {
			log.Fatal(err)
		}
		return
	}
	dossierd := flag.String("dossierd", "bin/dossierd", "")
	peer := flag.String("ocrmypdf", "", "left out where empty")
	corpus := flag.String("corpus", "../shared/corpus", "")
	rounds := flag.Int("rounds", 3, "")
	flag.Parse()
	sets := []set{
		{"ten pages, 200 dpi colour", []string{"vi/d0001-p01.jpg", "vi/d0001-p02.jpg", "vi/d0001-p10.jpg"}, 10},
		{"five pages, 300 dpi colour", []string{"vi/d0005.jpg"}, 5},
	}
	fmt.Println("| pages | two bare loops | dossierd scan -j 2 | ratio | CPU ratio | OCRmyPDF -j2 | times as fast |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	for _, s := range sets {
		if err := s.race(*dossierd, *peer, *corpus, *rounds); err != nil {
			log.Fatal(err)
		}
	}
}

// bare reads files one after another with one engine, as a loop over Tesseract's API does.
func bare(language string, files []string) error {
	client := gosseract.NewClient()
	defer client.Close()
	if err := client.SetLanguage(language); err != nil {
		return err
	}
	for _, file := range files {
		if err := client.SetImage(file); err != nil {
			return err
		}
		if _, err := client.HOCRText(); err != nil {
			return err
		}
	}
	return nil
}

// taken is what one run took.
type taken struct{ wall, cpu time.Duration }

func (s set) race(dossierd, peer, corpus string, rounds int) error {
	dir, err := os.MkdirTemp("", "speed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := s.copies(dir, corpus)
	if err != nil {
		return err
	}
	if peer != "" {
		img2pdf := filepath.Join(filepath.Dir(peer), "img2pdf")
		if err := exec.Command(img2pdf, append(slices.Clone(files), "-o", filepath.Join(dir, "in.pdf"))...).Run(); err != nil {
			return fmt.Errorf("img2pdf: %w", err)
		}
	}
	var loops, ours, theirs []taken
	for range rounds {
		t, err := run(
			append([]string{os.Args[0], "bare", "vie"}, files[:len(files)/2]...),
			append([]string{os.Args[0], "bare", "vie"}, files[len(files)/2:]...))
		if err != nil {
			return err
		}
		loops = append(loops, t)
		t, err = run(append([]string{dossierd, "scan", "-q", "--force", "-j", "2", "-l", "vie", "-o", filepath.Join(dir, "out")}, files...))
		if err != nil {
			return err
		}
		ours = append(ours, t)
		if peer == "" {
			continue
		}
		t, err = run([]string{
			peer, "-q", "-j2", "-l", "vie", "--deskew", "--rotate-pages", "--output-type", "pdfa-2",
			filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf"),
		})
		if err != nil {
			return err
		}
		theirs = append(theirs, t)
	}
	b, o := median(loops), median(ours)
	fmt.Printf("| %s | %.2f s | %.2f s | %.2f | %.2f |", s.name, b.wall.Seconds(), o.wall.Seconds(),
		o.wall.Seconds()/b.wall.Seconds(), o.cpu.Seconds()/b.cpu.Seconds())
	if peer == "" {
		fmt.Println(" - | - |")
		return nil
	}
	p := median(theirs)
	fmt.Printf(" %.2f s | %.1f |\n", p.wall.Seconds(), p.wall.Seconds()/o.wall.Seconds())
	return nil
}

// copies makes as many files as the set has pages.
func (s set) copies(dir, corpus string) ([]string, error) {
	var files []string
	for i := range s.pages {
		from := filepath.Join(corpus, s.files[i%len(s.files)])
		data, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(dir, fmt.Sprintf("%02d%s", i, filepath.Ext(from)))
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return nil, err
		}
		files = append(files, to)
	}
	return files, nil
}

// run runs commands side by side and waits for all.
func run(commands ...[]string) (taken, error) {
	start := time.Now()
	var running []*exec.Cmd
	for _, c := range commands {
		cmd := exec.Command(c[0], c[1:]...)
		cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			return taken{}, fmt.Errorf("start %s: %w", c[0], err)
		}
		running = append(running, cmd)
	}
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &before); err != nil {
		return taken{}, err
	}
	for i, cmd := range running {
		if err := cmd.Wait(); err != nil {
			return taken{}, fmt.Errorf("%s: %w", strings.Join(commands[i][:2], " "), err)
		}
	}
	wall := time.Since(start)
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &after); err != nil {
		return taken{}, err
	}
	return taken{wall, cpu(after) - cpu(before)}, nil
}

func cpu(u syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(runs []taken) taken {
	slices.SortFunc(runs, func(a, b taken) int { return int(a.wall - b.wall) })
	return runs[len(runs)/2]
}
