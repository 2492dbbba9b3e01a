package pipeline

import "github.com/dossierd/dossierd/dossier"

// Private is private.json: the values that stand masked everywhere else. It lies beside metadata.json and is given to those
// only who may see fields in clear.
type Private struct {
	// Salt can't be guessed: events tell the SHA-256 of these bytes, by which a number of which all but a few digits are known
	// would be found by trying.
	Salt      string            `json:"salt"`
	Documents []PrivateDocument `json:"documents,omitempty"`
	Fields    []dossier.Field   `json:"fields,omitempty"` // of the dossier as a whole
	Names     []PrivateName     `json:"names,omitempty"`
}

// PrivateDocument are the personal fields of one document.
type PrivateDocument struct {
	FirstPage int             `json:"first_page"` // of the rendition, as in metadata.json
	Fields    []dossier.Field `json:"fields"`
}

// PrivateName is a file's name that tells an identity number.
type PrivateName struct {
	Deposit int    `json:"deposit"` // index into the deposits of metadata.json
	Name    string `json:"name"`
}

// any reports whether there is something to be kept.
func (p *Private) any() bool { return len(p.Documents)+len(p.Fields)+len(p.Names) > 0 }
