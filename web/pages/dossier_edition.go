package pages

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// edition is a version of a dossier as somebody sees it.
type edition struct {
	record catalog.Record
	steps  []catalog.DossierStep
	number int // of the version; 0 while none is published
	meta   metadata
	shown  map[string]catalog.ShownPage // pages of it that can be looked at, by id
	clear  bool                         // who looks may see what is personal
}

func (e *edition) latest() bool { return e.number == e.record.Version }

// ended reports whether the dossier was withdrawn or erased.
func (e *edition) ended() bool {
	return e.record.State == catalog.DossierWithdrawn || e.record.State == catalog.DossierErased
}

// making is the version that is being made; 0 for none.
func (e *edition) making() int {
	for _, v := range e.record.Versions {
		if v.PublishedAt.IsZero() && v.Number > e.record.Version {
			return v.Number
		}
	}
	return 0
}

// metadata is what of metadata.json is shown.
type metadata struct {
	Dossier struct {
		Procedure string `json:"procedure"`
	} `json:"dossier"`
	Deposits []struct {
		Name     string   `json:"name"`
		SHA256   string   `json:"sha256"`
		Bytes    int64    `json:"bytes"`
		Warnings []string `json:"warnings"`
	} `json:"deposits"`
	Documents []dossier.Document `json:"documents"`
	Fields    []dossier.Field    `json:"fields"`
	Papers    *papersAsked       `json:"papers"`
	Cuts      []dossier.Cut      `json:"cuts"`
	LeftOut   []struct {
		Page   string `json:"page"`
		Reason string `json:"reason"`
		Before int    `json:"before"`
	} `json:"left_out"`
	Pages      []metaPage `json:"pages"`
	Renditions []struct {
		Level dossier.Level `json:"pdfa"`
		Bytes int64         `json:"bytes"`
	} `json:"renditions"`
}

// metaPage is one page of the rendition.
type metaPage struct {
	ID         string   `json:"id"`
	Deposit    int      `json:"deposit"`
	Width      int      `json:"width"` // of page space, px
	Height     int      `json:"height"`
	DPI        float64  `json:"dpi"`
	Confidence float64  `json:"confidence"`
	Words      int      `json:"words"`
	Warnings   []string `json:"warnings"`
	Image      struct {
		Format string `json:"format"`
	} `json:"image"`
}

// papersAsked says which papers the procedure asks for are there; texts are by language.
type papersAsked struct {
	Name       map[string]string `json:"name"`
	Complete   bool              `json:"complete"`
	Missing    []askedPaper      `json:"missing"`
	Undecided  []askedPaper      `json:"undecided"`
	ByEye      []askedPaper      `json:"by_eye"`
	Unexpected []struct {
		First int `json:"first_page"`
	} `json:"unexpected"`
}

type askedPaper struct {
	Name  map[string]string `json:"name"`
	Count int               `json:"count"`
	Words map[string]string `json:"words"`
}

// open reads a version of a dossier that the visitor may see, number 0 the latest. catalog.ErrNotFound stands for one outside of the
// visitor's scope too.
func (s *site) open(v *visit, code string, number int) (*edition, error) {
	record, err := s.catalog.Record(v.r.Context(), code, v.Who.Scope)
	if err != nil {
		return nil, err
	}
	e := &edition{record: record, number: number, clear: v.Who.Clear}
	if e.steps, err = s.catalog.History(v.r.Context(), code, v.Who.Scope); err != nil {
		return nil, err
	}
	if number == 0 {
		e.number = record.Version
	}
	if e.ended() || e.number == 0 {
		return e, nil
	}
	if !e.published(e.number) {
		return nil, errNotFound
	}
	return e, s.read(v, e)
}

func (e *edition) published(number int) bool {
	return slices.ContainsFunc(e.record.Versions, func(v catalog.VersionInfo) bool {
		return v.Number == number && !v.PublishedAt.IsZero() && !v.Erased
	})
}

// key is where a file of the version lies in the store.
func (e *edition) key(fileView string) string {
	return storage.DossierKey(e.record.Department, e.record.Year, e.record.Code, e.number, fileView)
}

// read fills in what a version consists of, and what is personal where the visitor may see that.
func (s *site) read(v *visit, e *edition) error {
	if err := s.readJSON(v, e.key("metadata.json"), &e.meta); err != nil {
		return err
	}
	if e.clear {
		if err := s.readPrivate(v, e); err != nil {
			return err
		}
	}
	var ids []string
	for _, p := range e.meta.Pages {
		ids = append(ids, p.ID)
	}
	for _, l := range e.meta.LeftOut {
		ids = append(ids, l.Page)
	}
	var err error
	e.shown, err = s.catalog.ShownPages(v.r.Context(), ids)
	return err
}

func (s *site) readJSON(v *visit, key string, to any) error {
	content, err := s.store.Get(v.r.Context(), key)
	if err != nil {
		return err
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}

// private is what of private.json is shown.
type private struct {
	Documents []struct {
		First  int             `json:"first_page"`
		Fields []dossier.Field `json:"fields"`
	} `json:"documents"`
	Fields []dossier.Field `json:"fields"`
}

// readPrivate puts personal values in clear into the metadata. That it was read is kept before anybody sees one.
func (s *site) readPrivate(v *visit, e *edition) error {
	key := e.key("private.json")
	var p private
	err := s.readJSON(v, key, &p)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.audit(v, catalog.ActionPersonal, key, nil); err != nil {
		return err
	}
	dossier.Unmask(e.meta.Fields, p.Fields)
	for _, d := range p.Documents {
		for i := range e.meta.Documents {
			if e.meta.Documents[i].FirstPage == d.First {
				dossier.Unmask(e.meta.Documents[i].Fields, d.Fields)
			}
		}
	}
	return nil
}

// audit keeps what the visitor looks at; only when it is kept may it be shown.
func (s *site) audit(v *visit, action catalog.Action, subject string, details any) error {
	return s.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{Action: action, Subject: subject, Details: details})
}

// lookedAt is what the audit log is told of a look at a version.
type lookedAt struct {
	Version int    `json:"version,omitempty"`
	Page    int    `json:"page,omitempty"` // 0: of all of it
	Kind    string `json:"kind,omitempty"` // that was tried on the paper from this page on
}

// hidden reports whether a page is not for the visitor: what is personal needs its right.
func (e *edition) hidden(id string) bool {
	p, known := e.shown[id]
	return !known || p.Personal && !e.clear
}

// personal reports whether a page of the version is.
func (e *edition) personal() bool {
	for _, p := range e.shown {
		if p.Personal {
			return true
		}
	}
	return false
}
