package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// townHall is a settings file whose catalogue is there.
type townHall struct {
	file, data string
}

func newTownHall(t *testing.T, more string) *townHall {
	t.Helper()
	t.Setenv("LC_ALL", "C")
	dir := t.TempDir()
	o := &townHall{file: filepath.Join(dir, "dossierd.yaml"), data: dir}
	if err := os.WriteFile(o.file, []byte("language: en\ndata: "+dir+"\n"+more), 0o600); err != nil {
		t.Fatal(err)
	}
	c := o.open(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *townHall) open(t *testing.T) *catalog.Catalog {
	t.Helper()
	cfg, err := config.Load(o.file, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(t.Context(), catalogueConfig(cfg), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (o *townHall) run(t *testing.T, want int, line ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if exit := run(t.Context(), func() {}, append(line, "--config", o.file), &out, &errs); exit != want {
		t.Errorf("%q: exit code %d, %s%s", line, exit, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func (o *townHall) users(t *testing.T) []catalog.User {
	t.Helper()
	out, _ := o.run(t, exitDone, "users", "list", "--json")
	var all []catalog.User
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); {
		var u catalog.User
		if err := d.Decode(&u); err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	return all
}

func TestUsersAreAddedChangedAndShutOut(t *testing.T) {
	o := newTownHall(t, "")
	out, _ := o.run(t, exitDone, "users", "add", "hoa", "--role", "clerk", "--station", "quay-1", "--station", "quay-2", "--language", "vi")
	link := regexp.MustCompile(`http://127\.0\.0\.1:8480/link/(\S+)\n`).FindStringSubmatch(out)
	if link == nil {
		t.Fatal(out)
	}
	c := o.open(t)
	gate, err := access.New(access.Config{}, c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := gate.Redeem(t.Context(), link[1], "một mật khẩu dài", "127.0.0.1"); err != nil || s.User.Name != "hoa" {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	o.run(t, exitDone, "users", "change", "hoa", "--role", "archivist", "--department", "so-tu-phap", "--clear")
	if u := o.users(t)[0]; u.Role != dossier.RoleArchivist || len(u.Stations) > 0 || u.Departments[0] != "so-tu-phap" || !u.Clear || u.Language != "vi" ||
		!u.HasPassword || u.Disabled {
		t.Errorf("%+v", u)
	}
	o.run(t, exitDone, "users", "disable", "hoa")
	if out, _ := o.run(t, exitDone, "users", "list"); !strings.Contains(out, "hoa   archivist  so-tu-phap  clear   disabled") {
		t.Error(out)
	}
	o.run(t, exitUsage, "users", "link", "hoa")
	o.run(t, exitDone, "users", "enable", "hoa")
	o.run(t, exitDone, "users", "link", "hoa")
	for want, line := range map[string][]string{
		"there is a user hoa already":  {"users", "add", "hoa", "--role", "clerk", "--all"},
		"there is no user lan":         {"users", "change", "lan", "--role", "clerk"},
		"there is no user huy":         {"users", "disable", "huy"},
		"there is no user mai":         {"users", "link", "mai"},
		`--role can't be "king"`:       {"users", "add", "x", "--role", "king", "--all"},
		`--language can't be "de"`:     {"users", "add", "x", "--role", "clerk", "--all", "--language", "de"},
		"would see nothing":            {"users", "add", "x", "--role", "clerk"},
		`the name "Nguyễn" won't do`:   {"users", "add", "Nguyễn", "--role", "clerk", "--all"},
		`--role can't be ""`:           {"users", "add", "x", "--all"},
		"verify what? Add --audit":     {"verify"},
		"a number, a colon and 64 hex": {"verify", "--audit", "--head", "1"},
	} {
		if _, stderr := o.run(t, exitUsage, line...); !strings.Contains(stderr, want) {
			t.Errorf("%q: %s", line, stderr)
		}
	}
}

func TestVerifyNamesTheRowThatWasTamperedWith(t *testing.T) {
	o := newTownHall(t, "")
	o.run(t, exitDone, "users", "add", "hoa", "--role", "clerk", "--all")
	o.run(t, exitDone, "users", "add", "lan", "--role", "clerk", "--all")
	out, _ := o.run(t, exitDone, "verify", "--audit")
	head := regexp.MustCompile(`is whole: 4 row\(s\), its end is (4:[0-9a-f]{64})\n`).FindStringSubmatch(out)
	if head == nil {
		t.Fatal(out)
	}
	o.run(t, exitDone, "users", "disable", "lan")
	o.run(t, exitDone, "verify", "--audit", "--head", head[1])
	_, stderr := o.run(t, exitRejected, "verify", "--audit", "--head", head[1], "--head", "5:"+strings.Repeat("0", 64))
	if !strings.Contains(stderr, "from row 5 on: its hash is not the one that was noted") {
		t.Error(stderr)
	}
	db, err := sql.Open("sqlite", filepath.Join(o.data, "catalogue.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE audit SET who = 'somebody' WHERE number = 3`); err != nil {
		t.Fatal(err)
	}
	if _, stderr := o.run(t, exitRejected, "verify", "--audit"); !strings.Contains(stderr, "from row 3 on: it, or the row before it, was changed") {
		t.Error(stderr)
	}
}

func TestATokenIsMadeWithTheLineThatLetsItIn(t *testing.T) {
	o := newTownHall(t, "")
	out, _ := o.run(t, exitDone, "tokens", "new", "portal", "--role", "clerk", "--station", "quay-1", "--department", "Sở Y tế #1", "--expires", "2099-12-31", "--deposit")
	lines := strings.Split(out, "\n")
	if len(lines) != 5 {
		t.Fatal(out)
	}
	secret, line := lines[1], lines[3]
	if !strings.HasPrefix(secret, "dos_") || strings.Contains(line, secret) {
		t.Error(out)
	}
	o = newTownHall(t, "http:\n  tokens:\n"+line+"\n    - {name: old, sha256: "+strings.Repeat("0", 64)+", expires: 2020-01-01}\n")
	out, _ = o.run(t, exitDone, "tokens", "list")
	for _, want := range []string{
		"portal  clerk        Sở Y tế #1, quay-1  deposit  2099-12-31", "old     case_system  all                 -        expired 2020-01-01",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	out, _ = o.run(t, exitDone, "tokens", "list", "--json")
	if strings.Contains(out, "sha256") || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"departments":["Sở Y tế #1"]`) {
		t.Error(out)
	}
	for _, line := range [][]string{
		{"tokens", "new", "Portal"},
		{"tokens", "new", "p", "--role", "king"},
		{"tokens", "new", "p", "--expires", "soon"},
		{"tokens", "new", "p", "--station", ""},
		{"tokens", "new", "p", "--department", ""},
	} {
		o.run(t, exitUsage, line...)
	}
}

func TestLinksBeginWithTheAddressOfTheSettingsWhateverARequestCallsTheHost(t *testing.T) {
	for http, want := range map[string]string{
		"{public_url: 'https://dossiers.example/', listen: ':80'}": "https://dossiers.example",
		"{listen: '10.0.0.5:8480'}":                                "http://10.0.0.5:8480",
		"{listen: ':8480'}":                                        "http://localhost:8480",
		"{listen: '[::]:8480'}":                                    "http://localhost:8480",
		"{listen: ':443', tls: {acme: {domains: [dossiers.example, b.example]}}}": "https://dossiers.example:443",
	} {
		o := newTownHall(t, "http: "+http+"\n")
		cfg, err := config.Load(o.file, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := webConfig(cfg, dossier.IdentityKey{}).Pages.Address; got != want {
			t.Errorf("%s: %s, want %s", http, got, want)
		}
	}
}
