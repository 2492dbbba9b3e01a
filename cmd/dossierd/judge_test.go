package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// tool finds a program that judges.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		lacking(t, name)
	}
	return path
}

// output runs a program and returns what it printed.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(tool(t, name), args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// verify has veraPDF and qpdf judge every PDF of a scan.
func verify(t *testing.T, level string, s scanned) {
	t.Helper()
	jar := os.Getenv("DOSSIERD_VERAPDF")
	if jar == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		jar = filepath.Join(home, ".m2/repository/org/verapdf/apps/greenfield-apps/1.28.1/greenfield-apps-1.28.1.jar")
	}
	if _, err := os.Stat(jar); err != nil {
		lacking(t, "veraPDF")
	}
	var files []string
	for _, l := range s.done() {
		files = append(files, l.PDF)
	}
	args := []string{
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // it is over before what the better compiler makes pays
		"-cp", jar, "org.verapdf.apps.GreenfieldCliWrapper", "--format", "text", "-f", level,
	}
	out, err := exec.Command(tool(t, "java"), append(args, files...)...).CombinedOutput()
	passed := strings.Count("\n"+string(out), "\nPASS ")
	if err != nil || passed != len(files) || len(files) == 0 {
		t.Errorf("veraPDF %s: %d of %d files pass, %v", level, passed, len(files), err)
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "PASS ") {
				t.Log(strings.TrimSpace(line))
			}
		}
	}
	for _, file := range files {
		out, err := exec.Command(tool(t, "qpdf"), "--check", file).CombinedOutput()
		if err != nil {
			t.Errorf("qpdf --check %s: %v\n%s", file, err, out)
		}
	}
}

func TestVeraPDFAndQPDFPassAllOfTheCorpusAt2u(t *testing.T) {
	t.Parallel()
	verify(t, "2u", swept(t))
}

// TestVeraPDFAndQPDFPassEveryKindOfImageAt1bAnd3u leaves out the pages that are long to read and of a kind that is
// there already.
func TestVeraPDFAndQPDFPassEveryKindOfImageAt1bAnd3u(t *testing.T) {
	t.Parallel()
	dir := corpusDir(t)
	args := []string{"-l", "vie,fra,eng"}
	for _, name := range []string{
		"tiff", "pages/2400dpi.pdf", "pages/acroform.pdf", "pages/aspect.pdf", "pages/baiona_alpha.png", "pages/baiona_cmyk.jpg",
		"pages/baiona_colormapped.png", "pages/blank.pdf", "pages/cmyk.pdf", "pages/epson.pdf", "pages/formxobject.pdf",
		"pages/francais.pdf", "pages/jbig2.pdf", "pages/kcs.pdf", "pages/no_contents.pdf", "pages/palette.pdf", "pages/tagged.pdf",
		"pages/vector.pdf", "odd/pdfjs-bug900822.pdf", "odd/pdfjs-issue9972-1.pdf", "odd/id=000019,sig=06,src=000001,op=havoc,rep=8",
		"barcodes/qrcode-1/10.png", "orientation/Portrait_5.jpg", "orientation/phototest-rotated-L.png", "vi/d0001-p10.jpg",
		"vi/d0006.pdf", "vi/vietsample1-p1.tif", "fr/dictee-scan.pdf", "fr/tapus-10.jpg", "en/eurotext.tif", "en/receipt_03.png",
	} {
		args = append(args, filepath.Join(dir, name))
	}
	for _, level := range []string{"1b", "3u"} {
		s := scan(t, append([]string{"--pdfa", level}, args...)...)
		for _, l := range s.lines {
			checkLine(t, s, l)
		}
		verify(t, level, s)
		for _, l := range s.done() {
			attached := output(t, "qpdf", "--list-attachments", l.PDF)
			if got := strings.Contains(attached, "metadata.json") && strings.Contains(attached, "alto"); got != (level == "3u") {
				t.Errorf("%s at %s has the attachments %q", l.File, level, attached)
			}
		}
	}
}

// fidelity counts what of a text comes back out of its PDF.
type fidelity struct{ whole, back int }

func (f fidelity) share() float64 { return float64(f.back) / float64(max(1, f.whole)) }

// inOrder is the length of the longest common subsequence.
func inOrder(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		before := 0 // row[j] of the line above
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			before = above
		}
	}
	return row[len(b)]
}

// lines are a text's lines without empty ones, one space between words.
func lines(text string) (list []string) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\f", "\n")) {
		if words := strings.Fields(line); len(words) > 0 {
			list = append(list, strings.Join(words, " "))
		}
	}
	return list
}

// rowsBack counts the lines that come back in order, each as a line or as a part of one: pdftotext makes one line of the
// cells of a table's row, which were read as one each.
func rowsBack(want, got []string) fidelity {
	f := fidelity{whole: len(want)}
	at := 0
	for _, w := range want {
		for i := at; i < len(got); i++ {
			if strings.Contains(" "+got[i]+" ", " "+w+" ") {
				f.back, at = f.back+1, i
				break
			}
		}
	}
	return f
}

// bag counts the words that come back in whatever order, words that a line's end divided also in one.
func bag(want, got []string) fidelity {
	f := fidelity{whole: len(want)}
	left := map[string]int{}
	for _, w := range got {
		left[w]++
	}
	for i, w := range want {
		if left[w] > 0 {
			left[w]--
			f.back++
		} else if head, ok := strings.CutSuffix(w, "-"); ok && i+1 < len(want) && left[head+want[i+1]] > 0 {
			left[head+want[i+1]]--
			left[want[i+1]]++
			f.back++
		}
	}
	return f
}

func (f *fidelity) add(g fidelity) { f.whole, f.back = f.whole+g.whole, f.back+g.back }

func TestTheTextComesBackOutOfThePDF(t *testing.T) {
	t.Parallel()
	var words, rows, plain fidelity
	for _, l := range swept(t).done() {
		want := string(content(t, text(l)))
		raw := output(t, "pdftotext", "-raw", l.PDF, "-")
		if !norm.NFC.IsNormalString(want) || !norm.NFC.IsNormalString(raw) {
			t.Errorf("%s: the text is not NFC", l.File)
		}
		said, heard := strings.Fields(want), strings.Fields(raw)
		w := fidelity{whole: len(said), back: inOrder(said, heard)}
		if w.whole >= 100 && (w.share() < 0.985 || len(heard) > w.whole+w.whole/100) {
			t.Errorf("%s: %d of %d words come back in order, among %d", l.File, w.back, w.whole, len(heard))
		}
		words.add(w)
		rows.add(rowsBack(lines(want), lines(raw)))
		plain.add(bag(said, strings.Fields(output(t, "pdftotext", l.PDF, "-"))))
	}
	t.Logf("words in order %.4f of %d, lines %.4f of %d, words of plain pdftotext %.4f",
		words.share(), words.whole, rows.share(), rows.whole, plain.share())
	if words.share() < 0.999 || rows.share() < 0.99 || plain.share() < 0.996 {
		t.Error("too little text comes back")
	}
}

// TestEveryWordOfThePDFLiesWhereItWasRead allows for six in a thousand: dashes and specks whose boxes are nothing that a
// line of letters could have.
func TestEveryWordOfThePDFLiesWhereItWasRead(t *testing.T) {
	t.Parallel()
	var boxes, far int
	for _, l := range swept(t).done() {
		read := hocrPages(t, strings.TrimSuffix(l.PDF, ".pdf")+".hocr")
		drawn := bboxPages(t, l.PDF)
		if len(read) != len(drawn) {
			t.Errorf("%s: %d pages in hOCR, %d in the PDF", l.File, len(read), len(drawn))
			continue
		}
		var worst string
		for n := range read {
			a, b := read[n], drawn[n]
			for _, pair := range matches(a.words, b.words) {
				boxes++
				if d := distance(a, b, pair); d > 2 {
					far++
					worst = fmt.Sprintf("page %d, %q %.1f pt away", n+1, a.words[pair[0]].text, d)
				}
			}
		}
		if worst != "" {
			t.Logf("%s: %s", l.File, worst)
		}
	}
	if far*1000 > 6*boxes || boxes == 0 {
		t.Errorf("%d of %d words lie more than 2 pt from where they were read", far, boxes)
	}
}
