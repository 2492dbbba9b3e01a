package main_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const someProcedure = "code: 1.001193\nname: {vi: Đăng ký khai sinh}\ndepartment: so-tu-phap\ndeadline: 0\n" +
	"papers: [{kind: birth-notice, name: {vi: Giấy chứng sinh}}]\n"

func TestProceduresAreReadAtTheStartAndAgainOnSIGHUP(t *testing.T) {
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
