package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/ticket"
)

// validator finds what is wrong with values that are of the right type.
type validator struct {
	c        *Config
	faults   *Faults
	lines    map[string]int
	hasModel func(string) bool
}

// fault blames the key's line, or where the key is absent that of the list item or key around it.
// A key that could not be decoded, or lies in what could not, has its fault already.
func (v *validator) fault(key, code string, args ...any) {
	has := func(f Fault) bool {
		return f.Key != "" && (f.Key == key || strings.HasPrefix(key, f.Key+".") || strings.HasPrefix(key, f.Key+"["))
	}
	if slices.ContainsFunc(v.faults.List, has) {
		return
	}
	v.faults.add(v.line(key), key, code, args...)
}

func (v *validator) line(key string) int {
	for at := key; at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if line, ok := v.lines[at]; ok {
			return line
		}
	}
	return 0
}

// oneOf looks at keys that stand in the file; a default that was taken over from elsewhere is judged there.
func (v *validator) oneOf(key, value string, choices ...string) {
	if _, present := v.lines[key]; present && !slices.Contains(choices, value) {
		v.fault(key, "one_of", value, strings.Join(choices, ", "))
	}
}

func (v *validator) validate() {
	c := v.c
	v.oneOf("language", c.Language, "vi", "fr", "en")
	v.oneOf("pdfa", c.PDFA, "1b", "2u", "3u")
	if c.Workers < 1 {
		v.fault("workers", "too_small", "1")
	}
	if c.Timezone != "" {
		loc, err := time.LoadLocation(c.Timezone)
		if err != nil {
			v.fault("timezone", "bad_timezone", c.Timezone)
		} else {
			c.Location = loc
		}
	}
	for kind, period := range c.Retention {
		if period == (Period{}) {
			v.fault("retention."+kind, "no_period")
		}
	}
	v.limits()
	v.http()
	v.backends()
	v.stations()
	v.subscribers()
}

func (v *validator) limits() {
	l := v.c.Limits
	for key, fault := range map[string]struct {
		bad   bool
		least string
	}{
		"limits.pixels": {l.Pixels < 1_000_000, "1000000"}, "limits.pages": {l.Pages < 1, "1"},
		"limits.bytes": {l.Bytes < 1<<20, "1 MiB"}, "limits.page_time": {time.Duration(l.PageTime) < time.Second, "1s"},
		"limits.page_memory": {l.PageMemory < 512<<20, "512 MiB"}, "limits.memory": {l.Memory < 512<<20, "512 MiB"},
	} {
		if fault.bad {
			v.fault(key, "too_small", fault.least)
		}
	}
}

func (v *validator) url(key, value string) {
	if !completeURL(value) {
		v.fault(key, "bad_url", value)
	}
}

func completeURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func (v *validator) required(key, value string) {
	if value == "" {
		v.fault(key, "required")
	}
}

func (v *validator) backends() {
	v.oneOf("catalogue.type", v.c.Catalogue.Type, "sqlite", "postgres")
	if v.c.Catalogue.Type == "postgres" {
		v.required("catalogue.url", v.c.Catalogue.URL)
		if _, err := pgconn.ParseConfig(v.c.Catalogue.URL); err != nil && v.c.Catalogue.URL != unread {
			v.fault("catalogue.url", "bad_postgres")
		}
	}
	s := v.c.Store
	v.oneOf("store.type", s.Type, "fs", "s3")
	if s.Type != "s3" {
		return
	}
	v.required("store.endpoint", s.Endpoint)
	v.required("store.bucket", s.Bucket)
	v.required("store.access_key", s.AccessKey)
	v.required("store.secret_key", s.SecretKey)
	if u, err := url.Parse(s.Endpoint); !completeURL(s.Endpoint) || err != nil || strings.Trim(u.Path, "/") != "" {
		v.fault("store.endpoint", "bad_endpoint", s.Endpoint)
	}
	if s3utils.CheckValidBucketNameStrict(s.Bucket) != nil {
		v.fault("store.bucket", "bad_bucket", s.Bucket)
	}
}

var validName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// ValidName reports whether stations, subscribers and tokens may have a name.
func ValidName(name string) bool { return validName.MatchString(name) }

func (v *validator) name(key, value string) {
	if value == "" {
		v.fault(key, "required")
	} else if !ValidName(value) {
		v.fault(key, "bad_name", value)
	}
}

func (v *validator) stations() {
	for i, s := range v.c.Stations {
		key := fmt.Sprintf("stations[%d].", i)
		v.name(key+"name", s.Name)
		v.grouping(key, s)
		v.oneOf(key+"language", s.Language, "vi", "fr", "en")
		v.oneOf(key+"purpose", s.Purpose, string(dossier.PurposeReception), string(dossier.PurposeResults), string(dossier.PurposeReceipts))
		v.oneOf(key+"channel", s.Channel, string(dossier.ChannelCounter), string(dossier.ChannelOnline))
		for j := range i {
			if other := v.c.Stations[j]; other.Name == s.Name && s.Name != "" {
				v.fault(key+"name", "same_name", s.Name, v.line(fmt.Sprintf("stations[%d].name", j)))
			}
		}
		v.models(key+"languages", s.Languages)
		for _, symbology := range s.Barcodes {
			v.oneOf(key+"barcodes", symbology, string(dossier.SymbologyCode128), string(dossier.SymbologyCode39), string(dossier.SymbologyPDF417))
		}
		if s.Folder == "" {
			v.fault(key+"folder", "required")
			continue
		}
		v.folder(i, key+"folder", s.Folder)
	}
}

// groupingKeys are the keys that only some groupings have.
var groupingKeys = map[string][]dossier.Grouping{
	"batch_quiet": {dossier.GroupFolder, dossier.GroupPrefix},
	"idle":        {dossier.GroupSeparator},
	"prefix":      {dossier.GroupPrefix},
	"ticket":      {dossier.GroupTicket},
	"duplex":      {dossier.GroupFolder, dossier.GroupPrefix, dossier.GroupTicket, dossier.GroupSeparator},
}

// grouping looks at how a station's files become batches. A key that another grouping has would be waited for in vain.
func (v *validator) grouping(key string, s Station) {
	grouping := dossier.Grouping(s.Grouping)
	var known []string
	for _, g := range dossier.Groupings() {
		known = append(known, string(g))
	}
	v.oneOf(key+"grouping", s.Grouping, known...)
	if !slices.Contains(dossier.Groupings(), grouping) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(groupingKeys)) {
		groupings := groupingKeys[name]
		if _, present := v.lines[key+name]; present && !slices.Contains(groupings, grouping) {
			v.fault(key+name, "not_of_grouping", s.Grouping, joined(groupings))
		}
	}
	if s.Duplex != "" {
		v.oneOf(key+"duplex", s.Duplex, FrontsThenBacks)
	}
	switch grouping {
	case dossier.GroupPrefix:
		v.prefix(key+"prefix", s.Prefix)
	case dossier.GroupTicket:
		v.ticket(key+"ticket.", s.Ticket)
	case dossier.GroupFile, dossier.GroupFolder, dossier.GroupSeparator:
	}
}

func joined(groupings []dossier.Grouping) string {
	var names []string
	for _, g := range groupings {
		names = append(names, string(g))
	}
	return strings.Join(names, ", ")
}

func (v *validator) prefix(key, prefix string) {
	if prefix == "" {
		v.fault(key, "required")
		return
	}
	expression, err := regexp.Compile(prefix)
	var syntax *syntax.Error
	switch {
	case errors.As(err, &syntax):
		v.fault(key, "bad_expression", syntax.Code, syntax.Expr)
	case expression.SubexpIndex("dossier") < 0:
		v.fault(key, "no_dossier_group")
	}
}

func (v *validator) ticket(key string, t Ticket) {
	types := []string{string(ticket.JSON), string(ticket.CSV), string(ticket.XML)}
	v.required(key+"type", t.Type)
	v.oneOf(key+"type", t.Type, types...)
	v.required(key+"files", t.Files)
	paths := map[string]string{"files": t.Files, "dossier": t.Dossier, "procedure": t.Procedure}
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		v.required(key+"fields."+name, t.Fields[name])
		paths["fields."+name] = t.Fields[name]
	}
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		if path := paths[name]; path != "" && slices.Contains(types, t.Type) && !ticket.Type(t.Type).ValidPath(path) {
			v.fault(key+name, "bad_path_"+t.Type, path)
		}
	}
}

func (v *validator) models(key string, languages []string) {
	if v.hasModel == nil {
		return
	}
	for _, l := range languages {
		if !v.hasModel(l) {
			v.fault(key, "no_model", l, l)
		}
	}
}

// folder finds a station's folder shared with another station or with dossierd's own data.
func (v *validator) folder(i int, key, folder string) {
	path := realPath(folder)
	for j := range i {
		other := v.c.Stations[j]
		line := v.line(fmt.Sprintf("stations[%d].folder", j))
		switch otherPath := realPath(other.Folder); {
		case other.Folder == "":
		case otherPath == path:
			v.fault(key, "same_folder", other.Name, line)
		case inside(path, otherPath), inside(otherPath, path):
			v.fault(key, "inside_folder", other.Name, line)
		}
	}
	data := realPath(v.c.Data)
	if data == path || inside(data, path) {
		v.fault(key, "own_folder", v.c.Data)
	}
	for _, own := range []string{v.c.Store.Folder, filepath.Join(data, "scratch"), filepath.Join(data, "cache")} {
		if own == "" {
			continue // the store is no folder
		}
		if own := realPath(own); own == path || inside(own, path) || inside(path, own) {
			v.fault(key, "own_folder", own)
		}
	}
}

// realPath is the absolute path without symbolic links, as far as it exists.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		return resolved
	}
	return abs
}

func inside(path, folder string) bool {
	return strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

func (v *validator) subscribers() {
	types := make([]string, 0, len(dossier.EventTypes()))
	for _, t := range dossier.EventTypes() {
		types = append(types, string(t))
	}
	for i, s := range v.c.Subscribers {
		key := fmt.Sprintf("subscribers[%d].", i)
		v.name(key+"name", s.Name)
		for j := range i {
			if v.c.Subscribers[j].Name == s.Name && s.Name != "" {
				v.fault(key+"name", "same_name", s.Name, v.line(fmt.Sprintf("subscribers[%d].name", j)))
			}
		}
		if s.URL == "" {
			v.fault(key+"url", "required")
		} else {
			v.url(key+"url", s.URL)
		}
		for _, event := range s.Events {
			v.oneOf(key+"events", event, types...)
		}
		if len(s.AllSecrets()) == 0 {
			v.fault(key+"secret", "required")
		}
		if s.Fields != "" {
			v.oneOf(key+"fields", s.Fields, "masked", FieldsClear)
		}
		if s.Secret != "" {
			v.secret(key+"secret", s.Secret)
		}
		for j, secret := range s.Secrets {
			v.secret(fmt.Sprintf("%ssecrets[%d]", key, j), secret)
		}
	}
}

func (v *validator) secret(key, secret string) {
	encoded, ok := strings.CutPrefix(secret, "whsec_")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if secret != unread && (!ok || err != nil || len(raw) < 24 || len(raw) > 64) {
		v.fault(key, "bad_secret")
	}
}

// unread stands for a secret whose file has a fault already.
const unread = " "

// readSecrets replaces each *_file key by what the file holds, without the line end.
func (v *validator) readSecrets() {
	v.readSecret("http.oidc.client_secret", &v.c.HTTP.OIDC.ClientSecret, v.c.HTTP.OIDC.ClientSecretFile)
	v.readSecret("catalogue.url", &v.c.Catalogue.URL, v.c.Catalogue.URLFile)
	v.readSecret("store.access_key", &v.c.Store.AccessKey, v.c.Store.AccessKeyFile)
	v.readSecret("store.secret_key", &v.c.Store.SecretKey, v.c.Store.SecretKeyFile)
	for i := range v.c.Subscribers {
		s := &v.c.Subscribers[i]
		v.readSecret(fmt.Sprintf("subscribers[%d].secret", i), &s.Secret, s.SecretFile)
	}
}

func (v *validator) readSecret(key string, value *string, file string) {
	if file == "" {
		return
	}
	if *value != "" {
		v.fault(key, "both", key+"_file")
		return
	}
	data, err := os.ReadFile(file)
	if err != nil {
		v.fault(key+"_file", "secret_file", file, withoutPath(err))
		*value = unread
		return
	}
	*value = strings.TrimRight(string(data), "\r\n")
}
