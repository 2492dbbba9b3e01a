package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const someProcedure = "code: 1.001193\nname: {vi: Đăng ký khai sinh}\ndepartment: so-tu-phap\ndeadline: 0\n" +
	"papers: [{kind: birth-notice, name: {vi: Giấy chứng sinh}}]\n"

func TestProceduresAreReadAtTheStartAndAgainOnSIGHUP(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	folder := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "a.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reload := func(want string) {
		t.Helper()
		if err := h.process.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		h.awaitLog(want)
	}
	write(someProcedure)
	h.configure("procedures: " + folder + "\n")
	h.start("")
	reload(`"procedures":1`)
	write("code: 1.001193\n")
	reload("settings not reloaded")
	reload("a.yaml:1: the key papers is missing; add it")
}

func TestTheReportCountsWhatTheDaemonDid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("a.jpg", sample(t))
	h.settled(1, time.Minute)
	h.drop("b.jpg", sample(t))
	h.settled(2, time.Minute)
	var r struct {
		Rows []struct {
			Name                                             string
			Deposits, Pages, Published, Duplicates, Dossiers int
			Digitising                                       struct {
				Count  int
				Median float64 `json:"median_seconds"`
			}
		}
	}
	if err := json.Unmarshal([]byte(h.command("report", "--by", "station", "--format", "json")), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 1 {
		t.Fatalf("%+v", r)
	}
	row := r.Rows[0]
	if row.Name != "quay-1" || row.Deposits != 2 || row.Pages != 1 || row.Published != 1 || row.Duplicates != 1 || row.Dossiers != 1 ||
		row.Digitising.Count != 1 || row.Digitising.Median <= 0 || row.Digitising.Median > 60 {
		t.Errorf("%+v", row)
	}
}
