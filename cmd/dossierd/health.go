package main

import (
	"context"
	"errors"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/office"
)

// examineTime bounds an examination of the machine; a folder on a share that hangs may keep it from ending.
const examineTime = 30 * time.Second

// examine looks at what `dossierd doctor` looks at, in a language. Catalogue and object store are asked over the connections that the
// daemon has: to open others would have migrations run and a bucket made. One at a time: office.ErrBusy. It takes examineTime at most:
// office.ErrBounds, and office.ErrBusy until what hangs has come back.
func (d *daemon) examine(ctx context.Context, language string) ([]office.Finding, error) {
	if !d.examining.TryLock() {
		return nil, office.ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, examineTime)
	done := make(chan []office.Finding, 1)
	go func() {
		defer d.examining.Unlock()
		defer cancel()
		done <- d.findings(ctx, language)
	}()
	select {
	case findings := <-done:
		return findings, nil
	case <-ctx.Done():
		return nil, office.ErrBounds
	}
}

func (d *daemon) findings(ctx context.Context, language string) []office.Finding {
	a := &app{words: wordsFor(language)}
	findings := a.examineMachine(ctx)
	cfg, err := config.Load(d.cfg.File, installedModel)
	if err != nil {
		findings = append(findings, office.Finding{What: "settings", State: "missing", Detail: inLanguage(err, language), Remedy: "dossierd config check"})
	} else {
		cfg.Language = language // of what is said of its folders
		findings = append(findings, a.examineSettings(cfg)...)
	}
	_, err = d.catalog.Deposit(ctx, "doctor")
	findings = append(findings, foundGood("catalogue", d.cfg.Catalogue.Type, "", but(err, catalog.ErrNotFound)))
	_, err = d.store.Stat(ctx, "originals/doctor")
	findings = append(findings, foundGood("store", d.cfg.Store.Type, "", but(err, storage.ErrNotFound)))
	for i := range findings {
		findings[i].Name = a.what(findings[i].What)
	}
	return findings
}

// but is an error, unless it is one that was to be expected.
func but(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// inLanguage is what is wrong with settings, in a language.
func inLanguage(err error, language string) string {
	if faults := (*config.Faults)(nil); errors.As(err, &faults) {
		faults.Language = language
	}
	return err.Error()
}
