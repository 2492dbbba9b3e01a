package main

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"slices"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/pipeline/webhook"
	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/scanners/ticket"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/pages"
)

// This file turns the settings into what each part wants of them.

func catalogueConfig(cfg *config.Config) catalog.Config {
	return catalog.Config{Type: cfg.Catalogue.Type, URL: cfg.Catalogue.URL, Path: filepath.Join(cfg.Data, "catalogue.db")}
}

// poolConfig is what every pool has in common.
func poolConfig(workers int, scratch string) ocr.PoolConfig {
	l := config.Default().Limits
	return ocr.PoolConfig{
		Workers: workers, Command: pageCommand(), Scratch: scratch, Cache: cacheFolder(), TessdataPrefix: tessdata(),
		PageTime: time.Duration(l.PageTime), PageMemory: int64(l.PageMemory), Memory: int64(l.Memory), Limits: dossier.DefaultLimits(),
	}
}

// readersNice is how much reading gives way to a look at what a clerk has just scanned.
const readersNice = 10

func daemonPool(cfg *config.Config) ocr.PoolConfig {
	c := poolConfig(cfg.Workers, filepath.Join(cfg.Data, "scratch"))
	c.Cache = filepath.Join(cfg.Data, "cache")
	c.PageTime, c.PageMemory, c.Memory = time.Duration(cfg.Limits.PageTime), int64(cfg.Limits.PageMemory), int64(cfg.Limits.Memory)
	c.Limits = cfg.PageLimits()
	c.Nice = readersNice
	return c
}

func pipelineConfig(cfg *config.Config, tools map[string]string, key dossier.IdentityKey) pipeline.Config {
	return pipeline.Config{
		Scratch: filepath.Join(cfg.Data, "scratch"), PublicURL: cfg.HTTP.PublicURL, Level: cfg.Level(), Limits: cfg.PageLimits(),
		Tools: tools, Validator: validateCommandLine(), Identity: key,
		Default: pipeline.Station{Language: cfg.Language, Profile: dossier.Profile{Languages: []string{"vie"}}},
	}
}

func pipelineSettings(cfg *config.Config, r rules) pipeline.Settings {
	s := pipeline.Settings{Kinds: r.kinds, Procedures: r.procedures, Retention: map[string]catalog.Period{}}
	for kind, period := range cfg.Retention {
		s.Retention[kind] = catalog.Period(period)
	}
	for _, st := range cfg.Stations {
		s.Stations = append(s.Stations, pipeline.Station{
			Name: st.Name, Department: st.Department, Language: st.Language, DuplicateWindow: time.Duration(st.DuplicateWindow),
			CutAt: st.CutAt, KeepSheets: st.KeepSheets, Purpose: dossier.Purpose(st.Purpose), Channel: dossier.Channel(st.Channel),
			Profile: dossier.Profile{Languages: st.Languages, Barcodes: symbologies(st.Barcodes)},
		})
	}
	for _, sub := range cfg.Subscribers {
		s.Subscribers = append(s.Subscribers, pipeline.Subscriber{
			Events: eventTypes(sub.Events),
			Subscriber: webhook.Subscriber{
				Name: sub.Name, URL: sub.URL, Secrets: sub.AllSecrets(), Timeout: time.Duration(sub.Timeout),
			},
		})
	}
	return s
}

func symbologies(names []string) []dossier.Symbology {
	list := make([]dossier.Symbology, 0, len(names))
	for _, name := range names {
		list = append(list, dossier.Symbology(name))
	}
	return list
}

func eventTypes(names []string) []dossier.EventType {
	types := make([]dossier.EventType, 0, len(names))
	for _, name := range names {
		types = append(types, dossier.EventType(name))
	}
	return types
}

func scannersConfig(cfg *config.Config) scanners.Config {
	return scanners.Config{Stations: stations(cfg), Data: cfg.Data, DiskFloor: int64(cfg.DiskFloor)}
}

func stations(cfg *config.Config) []scanners.Station {
	list := make([]scanners.Station, 0, len(cfg.Stations))
	for _, s := range cfg.Stations {
		list = append(list, scanners.Station{
			Name: s.Name, Folder: s.Folder, Department: s.Department, Language: s.Language,
			Quiet: time.Duration(s.Quiet), IncompleteAfter: time.Duration(s.IncompleteAfter),
			Grouping: dossier.Grouping(s.Grouping), BatchQuiet: time.Duration(s.BatchQuiet), Idle: time.Duration(s.Idle),
			Prefix: s.Prefix, Ticket: ticketMapping(s), FrontsThenBacks: s.Duplex == config.FrontsThenBacks,
		})
	}
	return list
}

func ticketMapping(s config.Station) *ticket.Mapping {
	if s.Grouping != string(dossier.GroupTicket) {
		return nil
	}
	t := s.Ticket
	return &ticket.Mapping{Type: ticket.Type(t.Type), Files: t.Files, Dossier: t.Dossier, Procedure: t.Procedure, Fields: t.Fields}
}

// accessConfig takes in the permissions of subscribers too: the token of the same name has them. They change with a restart.
func accessConfig(cfg *config.Config) access.Config {
	clear := func(name string) bool {
		return slices.ContainsFunc(cfg.Subscribers, func(s config.Subscriber) bool { return s.Name == name && s.Fields == config.FieldsClear })
	}
	c := access.Config{PublicURL: cfg.HTTP.PublicURL, Proxies: cfg.HTTP.Trusted, Provider: provider(cfg.HTTP.OIDC), PerSecond: cfg.HTTP.PerSecond}
	for _, t := range cfg.HTTP.Tokens {
		c.Tokens = append(c.Tokens, access.Token{SHA256: t.SHA256, Expires: t.ExpiresAt, Principal: dossier.Principal{
			Kind: dossier.KindToken, Name: t.Name, Role: dossier.UserRole(t.Role), Clear: clear(t.Name), Deposit: t.Deposit, Erase: t.Erase,
			Scope: dossier.Scope{
				All: len(t.Departments)+len(t.Stations) == 0, Departments: t.Departments, Stations: t.Stations,
			},
		}})
	}
	return c
}

// provider is nil where users come by password only.
func provider(o config.OIDC) *access.Provider {
	if o.Issuer == "" {
		return nil
	}
	p := &access.Provider{
		Name: o.Name, Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Scopes: o.Scopes,
		NameClaim: o.NameClaim, RolesClaim: o.RolesClaim,
	}
	for _, r := range o.Rules {
		p.Rules = append(p.Rules, access.Rule{Value: r.Value, Is: catalog.User{
			Role: dossier.UserRole(r.Role), All: r.All, Departments: r.Departments, Stations: r.Stations, Clear: r.Clear, Erase: r.Erase,
		}})
	}
	return p
}

// baseURL is where browsers reach the daemon: as the settings say, or on this machine.
func baseURL(cfg *config.Config) string {
	if cfg.HTTP.PublicURL != "" {
		return cfg.HTTP.PublicURL
	}
	host, port, _ := net.SplitHostPort(cfg.HTTP.Listen) // the settings were checked
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if cfg.HTTP.TLS.On() {
		scheme = "https://"
		if domains := cfg.HTTP.TLS.ACME.Domains; len(domains) > 0 {
			host = domains[0]
		}
	}
	return scheme + net.JoinHostPort(host, port)
}

func webConfig(cfg *config.Config, key dossier.IdentityKey) web.Config {
	return web.Config{
		PublicURL: cfg.HTTP.PublicURL, Identity: key, Scratch: uploadsFolder(cfg), Bytes: int64(cfg.Limits.Bytes),
		IsCode: func(s string) bool { _, ok := payload.ParseCode(s); return ok }, IsProcedure: payload.ValidProcedure,
		Pages: pages.Config{Language: cfg.Language, Location: cfg.Location, Address: baseURL(cfg)},
	}
}

// uploadsFolder is where uploads lie while they come.
func uploadsFolder(cfg *config.Config) string { return filepath.Join(cfg.Data, "scratch", "uploads") }

// uploads takes in what comes over the API.
type uploads struct {
	*pipeline.Pipeline
	watcher *scanners.Watcher
}

func (u *uploads) Paused() string { return u.watcher.Paused() }

// outcomes tells the stations' folders what the catalogue knows.
type outcomes struct {
	*catalog.Catalog
	store storage.Store
}

func (o *outcomes) OpenOriginal(ctx context.Context, sha string) (io.ReadCloser, error) {
	return o.store.Get(ctx, storage.OriginalKey(sha))
}

func (o *outcomes) OpenThumb(ctx context.Context, pageID string) (io.ReadCloser, error) {
	return o.store.Get(ctx, storage.PageKey(pageID, "thumb.jpg"))
}
