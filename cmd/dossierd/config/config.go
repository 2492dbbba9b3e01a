// Package config reads dossierd's YAML file.
//
// It owns the keys, their defaults and what is wrong with them: Load collects every fault with its line and what to do
// about it, and stops at none. It touches the file system only to ask whether folders and secrets are there. What a
// setting does is the business of the part it is handed to; the tests under testdata/*.bad.yaml show each fault.
package config

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/strictyaml"
)

// Config is the whole of the file. The zero value of a key that is left out is replaced by its default.
type Config struct {
	Language    string    `yaml:"language"` // of messages to clerks and operators: vi, fr, en
	Data        string    `yaml:"data"`     // catalogue, objects (store fs) and scratch lie here
	HTTP        HTTP      `yaml:"http"`
	Workers     int       `yaml:"workers"` // page worker processes
	PDFA        string    `yaml:"pdfa"`
	Catalogue   Catalogue `yaml:"catalogue"`
	Store       Store     `yaml:"store"`
	Limits      Limits    `yaml:"limits"`
	DiskFloor   Size      `yaml:"disk_floor"`        // free bytes under data below which no file is claimed
	Timezone    string    `yaml:"timezone"`          // of the day in dossier codes, and on which something is kept no longer
	Kinds       string    `yaml:"kinds"`             // folder of the kinds of papers; "": those that come with dossierd
	Procedures  string    `yaml:"procedures"`        // folder of the procedures; "": those that come with dossierd
	IdentityKey string    `yaml:"identity_key_file"` // of the hashes by which identity numbers are found; default: identity.key under data
	// Retention says by kind how long papers are kept; a kind that is not named is kept for ever.
	Retention   map[string]Period `yaml:"retention"`
	Stations    []Station         `yaml:"stations"`
	Subscribers []Subscriber      `yaml:"subscribers"`

	// Location is Timezone, loaded.
	Location *time.Location `yaml:"-"`
	// File is where the settings come from; "" for the embedded defaults.
	File string `yaml:"-"`

	lines map[string]int // of the keys in File, by path
}

// HTTP is the API's side.
type HTTP struct {
	Listen    string  `yaml:"listen"`              // host:port
	PublicURL string  `yaml:"public_url"`          // base of the URLs in events
	PerSecond int     `yaml:"requests_per_second"` // that each user or token may make, on the average over ten seconds
	Tokens    []Token `yaml:"tokens"`
}

// Token is one bearer token, of which only the hash is known here.
type Token struct {
	Name    string `yaml:"name"`
	SHA256  string `yaml:"sha256"`  // lower-case hex of the token's SHA-256
	Deposit bool   `yaml:"deposit"` // may upload files
	Erase   bool   `yaml:"erase"`   // may erase dossiers
	// Role is what the bearer is to the records, case_system if none is named.
	Role string `yaml:"role"`
	// Departments and Stations are those whose records the bearer sees; all records where neither names one.
	Departments []string `yaml:"departments"`
	Stations    []string `yaml:"stations"`
	Expires     string   `yaml:"expires"` // the last day on which it is good, as 2027-12-31; "": for good

	// ExpiresAt is the end of Expires, the zero time for a token that is good for good.
	ExpiresAt time.Time `yaml:"-"`
}

// Catalogue says where rows lie.
type Catalogue struct {
	Type    string `yaml:"type"` // sqlite, postgres
	URL     string `yaml:"url"`
	URLFile string `yaml:"url_file"`
}

// Store says where objects lie.
type Store struct {
	Type          string `yaml:"type"` // fs, s3
	Folder        string `yaml:"folder"`
	Endpoint      string `yaml:"endpoint"`
	Bucket        string `yaml:"bucket"`
	Region        string `yaml:"region"`
	AccessKey     string `yaml:"access_key"`
	AccessKeyFile string `yaml:"access_key_file"`
	SecretKey     string `yaml:"secret_key"`
	SecretKeyFile string `yaml:"secret_key_file"`
}

// Limits bound what one original, and all of them together, may take.
type Limits struct {
	Pixels     int64    `yaml:"pixels"`
	Pages      int      `yaml:"pages"`
	Bytes      Size     `yaml:"bytes"`
	PageTime   Duration `yaml:"page_time"`
	PageMemory Size     `yaml:"page_memory"`
	Memory     Size     `yaml:"memory"`
}

// Station is one scanner at one counter.
type Station struct {
	Name            string   `yaml:"name"`
	Folder          string   `yaml:"folder"`
	Department      string   `yaml:"department"`
	Language        string   `yaml:"language"`  // of its receipts; default: the configuration's
	Languages       []string `yaml:"languages"` // tessdata names
	Barcodes        []string `yaml:"barcodes"`  // code128, code39, pdf417: read beside QR
	Grouping        string   `yaml:"grouping"`  // file, folder, prefix, ticket, separator
	Quiet           Duration `yaml:"quiet"`
	IncompleteAfter Duration `yaml:"incomplete_after"`
	DuplicateWindow Duration `yaml:"duplicate_window"`
	BatchQuiet      Duration `yaml:"batch_quiet"` // grouping folder and prefix
	Idle            Duration `yaml:"idle"`        // grouping separator
	Prefix          string   `yaml:"prefix"`      // grouping prefix: regular expression with the groups dossier and page
	Ticket          Ticket   `yaml:"ticket"`      // grouping ticket
	Duplex          string   `yaml:"duplex"`      // fronts_then_backs, or ""
	CutAt           float64  `yaml:"cut_at"`      // confidence from which a stack is cut; from 0.5 on a cut is proposed
	KeepSheets      bool     `yaml:"keep_sheets"` // slips and separator sheets stay in the rendition
	Purpose         string   `yaml:"purpose"`     // reception, results, receipts
	Channel         string   `yaml:"channel"`     // counter, online: by which its papers come
}

// FrontsThenBacks is the duplex of a scanner that gives two files: the fronts, and the backs with the last one first.
const FrontsThenBacks = "fronts_then_backs"

// Ticket says where things stand in the tickets of a scanner's software.
type Ticket struct {
	Type      string            `yaml:"type"` // json, csv, xml
	Files     string            `yaml:"files"`
	Dossier   string            `yaml:"dossier"`
	Procedure string            `yaml:"procedure"`
	Fields    map[string]string `yaml:"fields"`
}

// Subscriber is one endpoint that wants events.
type Subscriber struct {
	Name       string   `yaml:"name"`
	URL        string   `yaml:"url"`
	Secret     string   `yaml:"secret"` // whsec_...
	SecretFile string   `yaml:"secret_file"`
	Secrets    []string `yaml:"secrets"` // while a secret rotates: the new and the old one
	Events     []string `yaml:"events"`  // empty: all
	Timeout    Duration `yaml:"timeout"`
	Fields     string   `yaml:"fields"` // masked, clear: whether the token of the same name may read what is personal
}

// FieldsClear is the fields of a subscriber that may read what is personal.
const FieldsClear = "clear"

// Duration is a time.Duration written as 500ms, 2s, 10m, 24h or 3d.
type Duration time.Duration

// Period is whole years or days, one of them more than 0, written as 10y or 90d.
type Period struct{ Years, Days int }

// Size is a number of bytes, written as 500 MiB or 2 GiB.
type Size int64

// AllSecrets are the secrets to sign with, the preferred one first.
func (s Subscriber) AllSecrets() []string {
	if s.Secret != "" {
		return append([]string{s.Secret}, s.Secrets...)
	}
	return s.Secrets
}

// reloaded are the keys that SIGHUP applies.
var reloaded = []string{"stations", "subscribers", "kinds", "procedures", "retention"}

// NeedRestart names the keys in which next differs from c and that only a start takes in: all but those that a reload
// applies.
func (c *Config) NeedRestart(next *Config) []string {
	var keys []string
	now, then := reflect.ValueOf(c).Elem(), reflect.ValueOf(next).Elem()
	for _, key := range strictyaml.Keys(now.Type()) {
		a, _ := strictyaml.Field(now, key)
		b, _ := strictyaml.Field(then, key)
		if !slices.Contains(reloaded, key) && !reflect.DeepEqual(a.Interface(), b.Interface()) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Level is PDFA as its type.
func (c *Config) Level() dossier.Level { return dossier.Level(c.PDFA) }

// PageLimits are the limits that go to a worker.
func (c *Config) PageLimits() dossier.Limits {
	return dossier.Limits{Pixels: c.Limits.Pixels, Pages: c.Limits.Pages, Bytes: int64(c.Limits.Bytes)}
}

// Default are the settings of a file that names none. Paths that follow from Data are filled in by Load.
func Default() *Config {
	limits := dossier.DefaultLimits()
	return &Config{
		Language: SystemLanguage(), Data: "dossierd-data", Workers: runtime.NumCPU(), PDFA: string(dossier.Level2u),
		HTTP:      HTTP{Listen: "127.0.0.1:8480", PerSecond: 100},
		Catalogue: Catalogue{Type: "sqlite"},
		Store:     Store{Type: "fs"},
		Limits: Limits{
			Pixels: limits.Pixels, Pages: limits.Pages, Bytes: Size(limits.Bytes),
			PageTime: Duration(time.Minute), PageMemory: 2 << 30, Memory: 4 << 30,
		},
		DiskFloor: 1 << 30,
		Location:  time.Local,
	}
}

// Demo are the settings of `dossierd serve` without a file: one station whose folder lies under data.
func Demo() *Config {
	c := Default()
	c.Stations = []Station{{Name: "demo", Folder: filepath.Join(c.Data, "stations", "demo"), Department: "demo"}}
	c.complete(func(string) bool { return false })
	return c
}

// complete fills in what follows from other settings. Paths become absolute: page workers run in folders of their own.
// written tells whether a key stands in the file: a window of 0 is an answer, not a gap.
func (c *Config) complete(written func(key string) bool) {
	c.Data = absolute(c.Data)
	if c.Store.Type == "fs" && c.Store.Folder == "" {
		c.Store.Folder = filepath.Join(c.Data, "objects")
	}
	c.Store.Folder = absolute(c.Store.Folder)
	c.Kinds, c.Procedures = absolute(c.Kinds), absolute(c.Procedures)
	c.IdentityKey = absolute(c.IdentityKey)
	for i := range c.Stations {
		s := &c.Stations[i]
		s.Folder = absolute(s.Folder)
		setDefault(&s.Language, c.Language)
		setDefault(&s.Grouping, "file")
		setDefault(&s.Purpose, string(dossier.PurposeReception))
		setDefault(&s.Channel, string(dossier.ChannelCounter))
		setDefault(&s.Quiet, Duration(2*time.Second))
		setDefault(&s.IncompleteAfter, Duration(time.Minute))
		setDefault(&s.BatchQuiet, Duration(30*time.Second))
		setDefault(&s.Idle, Duration(time.Minute))
		setDefault(&s.CutAt, 0.9)
		if !written(fmt.Sprintf("stations[%d].duplicate_window", i)) {
			s.DuplicateWindow = Duration(24 * time.Hour)
		}
		if len(s.Languages) == 0 {
			s.Languages = []string{"vie"}
		}
	}
	for i := range c.HTTP.Tokens {
		setDefault(&c.HTTP.Tokens[i].Role, string(dossier.RoleCaseSystem))
	}
	for i := range c.Subscribers {
		setDefault(&c.Subscribers[i].Timeout, Duration(15*time.Second))
		setDefault(&c.Subscribers[i].Fields, "masked")
	}
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// absolute leaves "" and what has no absolute form as it is.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
