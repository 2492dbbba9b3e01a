package pipeline

import "github.com/dossierd/dossierd/dossier"

// Private is private.json: the values that stand masked everywhere else. It lies beside metadata.json and is given to those
// only who may see fields in clear.
type Private struct {
	Documents []PrivateDocument `json:"documents"`
}

// PrivateDocument are the personal fields of one document.
type PrivateDocument struct {
	FirstPage int             `json:"first_page"` // of the rendition, as in metadata.json
	Fields    []dossier.Field `json:"fields"`
}

func (p *Private) any() bool { return len(p.Documents) > 0 }
