package pipeline

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/procedure"
)

// MetadataSchema identifies the JSON Schema of metadata.json, published as docs/metadata.schema.json.
const MetadataSchema = "https://dossierd.github.io/schema/metadata-2.json"

// Metadata is metadata.json: what an archive or a case system wants to know of a dossier version without opening the
// PDF. Lengths are in pixels of page space unless their name says otherwise.
type Metadata struct {
	Schema     string              `json:"$schema"`
	Dossier    MetadataDossier     `json:"dossier"`
	Deposits   []MetadataDeposit   `json:"deposits"`
	Documents  []dossier.Document  `json:"documents,omitempty"`
	Fields     []dossier.Field     `json:"fields,omitempty"`   // of the dossier as a whole: from its ticket
	Papers     *procedure.Result   `json:"papers,omitempty"`   // that its procedure asks for; nil where no procedure is known
	Cuts       []dossier.Cut       `json:"cuts,omitempty"`     // made, and proposed to a person; pages of the rendition
	LeftOut    []MetadataLeftOut   `json:"left_out,omitempty"` // pages that are in the originals only
	Pages      []MetadataPage      `json:"pages"`
	Text       MetadataText        `json:"text"`
	Renditions []MetadataRendition `json:"renditions,omitempty"` // not in the copy attached to a rendition
	Warnings   []string            `json:"warnings"`             // every code that a page or deposit has, once
	Rules      []MetadataRule      `json:"rules,omitempty"`      // files by which documents were recognised and papers asked for
	Tools      map[string]string   `json:"tools"`
}

// MetadataDossier names the dossier. Code, department and station are empty for what `dossierd scan` makes.
type MetadataDossier struct {
	Code       string    `json:"code,omitempty"`
	Version    int       `json:"version,omitempty"`
	Department string    `json:"department,omitempty"`
	Procedure  string    `json:"procedure,omitempty"` // its code
	Station    string    `json:"station,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	ModifiedAt time.Time `json:"modified_at,omitzero"` // when what makes this version came or was decided
}

// MetadataDeposit is one original.
type MetadataDeposit struct {
	ID         string          `json:"id,omitempty"`
	Station    string          `json:"station,omitempty"`
	Name       string          `json:"name"`
	ReceivedAt time.Time       `json:"received_at,omitzero"`
	ModifiedAt time.Time       `json:"modified_at"`
	SHA256     string          `json:"sha256"`
	Bytes      int64           `json:"bytes"`
	FirstPage  int             `json:"first_page"` // of the rendition, from 1
	LastPage   int             `json:"last_page"`
	Signed     bool            `json:"signed"`
	Signature  *dossier.Signed `json:"signature,omitempty"`
	Warnings   []string        `json:"warnings,omitempty"`
}

// MetadataRule names the file of a kind or procedure as it was.
type MetadataRule struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// addRule adds a file once.
func (m *Metadata) addRule(name, sha256 string) {
	if rule := (MetadataRule{name, sha256}); !slices.Contains(m.Rules, rule) {
		m.Rules = append(m.Rules, rule)
	}
}

// MetadataLeftOut is a page that the rendition is spared.
type MetadataLeftOut struct {
	Page       string `json:"page"`        // its id, by which it is put back
	Deposit    int    `json:"deposit"`     // index into deposits
	SourcePage int    `json:"source_page"` // in the deposit, from 1
	Reason     string `json:"reason"`      // blank, slip, separator, removed, replaced
	Before     int    `json:"before"`      // page of the rendition that follows it; one more than there are at the end
}

// MetadataPage is one page of the rendition.
type MetadataPage struct {
	ID         string             `json:"id,omitempty"`     // by which decisions name it
	Number     int                `json:"number"`           // in the rendition, from 1
	Deposit    int                `json:"deposit"`          // index into deposits
	SourcePage int                `json:"source_page"`      // in the deposit, from 1
	Layout     string             `json:"layout,omitempty"` // key of its layout.json.gz; that of an equal deposit's page where it was reused
	Width      int                `json:"width"`
	Height     int                `json:"height"`
	DPI        float64            `json:"dpi"`
	Paper      string             `json:"paper,omitempty"`
	Rotation   int                `json:"rotation"` // degrees clockwise
	Skew       float64            `json:"skew"`     // degrees clockwise
	Blank      bool               `json:"blank"`
	Ink        float64            `json:"ink"`
	Sharpness  float64            `json:"sharpness"`
	Language   string             `json:"language,omitempty"`
	TextSource dossier.TextSource `json:"text_source"`
	Words      int                `json:"words"`
	Confidence float64            `json:"confidence"`
	Image      MetadataImage      `json:"image"`
	Barcodes   []MetadataBarcode  `json:"barcodes,omitempty"` // in reading order
	Warnings   []string           `json:"warnings,omitempty"`
	Reason     *dossier.Reason    `json:"reason,omitempty"`
}

// MetadataImage says what of the original is in the rendition.
type MetadataImage struct {
	Format        dossier.ImageFormat `json:"format,omitempty"` // empty for a placeholder
	Width         int                 `json:"width"`            // as stored
	Height        int                 `json:"height"`
	Bytes         int64               `json:"bytes"`
	PassedThrough bool                `json:"passed_through"` // the bytes stand in the original just so
}

// MetadataBarcode is a symbol on the page, without what it says: that of an identity card is nobody's business who may
// read metadata. It stands in the page's layout.json.gz.
type MetadataBarcode struct {
	Symbology dossier.Symbology `json:"symbology"`
	Box       [4]float64        `json:"box"` // left, top, right, bottom
}

// MetadataText sums up what was read.
type MetadataText struct {
	Words      int            `json:"words"`
	Characters int            `json:"characters"` // without spaces
	Confidence float64        `json:"confidence"` // mean, weighted by letters
	Languages  map[string]int `json:"languages"`  // pages by tessdata name
}

// MetadataRendition is one PDF/A made of the version.
type MetadataRendition struct {
	Key    string        `json:"key,omitempty"`
	Level  dossier.Level `json:"pdfa"`
	SHA256 string        `json:"sha256"`
	Bytes  int64         `json:"bytes"`
	Pages  int           `json:"pages"`
}

// NewMetadata begins the metadata of a version.
func NewMetadata(tools map[string]string) *Metadata {
	return &Metadata{Schema: MetadataSchema, Warnings: []string{}, Tools: tools, Text: MetadataText{Languages: map[string]int{}}}
}

// AddDeposit appends an original; its pages follow by AddPage.
func (m *Metadata) AddDeposit(d MetadataDeposit) {
	d.Signed = d.Signature != nil
	m.Deposits = append(m.Deposits, d)
	m.Warnings = merge(m.Warnings, d.Warnings)
}

// AddPage appends a page that was read, in the order of the rendition, and returns its number. id is that of its row, layout the key
// of its layout.json.gz, if it has one.
func (m *Metadata) AddPage(deposit int, page *dossier.Page, id, layout string) int {
	words, confidence := page.Layout.Words()
	var stored int64
	for _, part := range page.Image.Parts {
		stored += part.Bytes
	}
	number := len(m.Pages) + 1
	m.Pages = append(m.Pages, MetadataPage{
		ID: id, Number: number, Deposit: deposit, SourcePage: page.Number, Layout: layout, Width: page.Width, Height: page.Height, DPI: page.DPI,
		Paper: page.Paper, Rotation: page.Rotation, Skew: page.Skew, Blank: page.Blank, Ink: page.Ink,
		Sharpness: page.Sharpness, Language: page.Language, TextSource: page.Layout.Source, Words: words,
		Confidence: confidence, Warnings: page.Warnings, Reason: page.Reason,
		Image: MetadataImage{
			Format: page.Image.Format, Width: page.Image.Width, Height: page.Image.Height, Bytes: stored,
			PassedThrough: page.Image.PassedThrough,
		},
		Barcodes: metadataBarcodes(page.Barcodes),
	})
	if d := &m.Deposits[deposit]; d.FirstPage == 0 {
		d.FirstPage = number
	}
	m.Deposits[deposit].LastPage = max(number, m.Deposits[deposit].LastPage)
	m.Warnings = merge(m.Warnings, page.Warnings)
	m.addText(page)
	return number
}

func metadataBarcodes(barcodes []dossier.Barcode) []MetadataBarcode {
	var list []MetadataBarcode
	for _, b := range barcodes {
		list = append(list, MetadataBarcode{b.Symbology, [4]float64{b.Box.X0, b.Box.Y0, b.Box.X1, b.Box.Y1}})
	}
	return list
}

func (m *Metadata) addText(page *dossier.Page) {
	before := float64(m.Text.Characters) * m.Text.Confidence
	for line := range page.Layout.Lines {
		for _, w := range line.Words {
			n := utf8.RuneCountInString(w.Text)
			m.Text.Words++
			m.Text.Characters += n
			before += float64(n) * w.Confidence
		}
	}
	if m.Text.Characters > 0 {
		m.Text.Confidence = before / float64(m.Text.Characters)
	}
	if page.Language != "" {
		m.Text.Languages[page.Language]++
	}
}

// merge adds codes to a sorted list that has each once.
func merge(codes, more []string) []string {
	for _, code := range more {
		if i, found := slices.BinarySearch(codes, code); !found {
			codes = slices.Insert(codes, i, code)
		}
	}
	return codes
}

// Unreadable says why nothing is published of which no page has an image: what was wrong with the first. It is nil
// where there is an image.
func (m *Metadata) Unreadable() *dossier.Reason {
	for _, page := range m.Pages {
		if page.Image.Format != "" {
			return nil
		}
	}
	if len(m.Pages) > 0 && m.Pages[0].Reason != nil {
		return m.Pages[0].Reason
	}
	return noImage()
}

func noImage() *dossier.Reason { return dossier.Reject(dossier.CodeNoPages, "no page has an image") }

// modified is the time of the version.
func (m *Metadata) modified() time.Time {
	if m.Dossier.ModifiedAt.IsZero() {
		return m.Dossier.CreatedAt
	}
	return m.Dossier.ModifiedAt
}
