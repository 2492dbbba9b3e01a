package web

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type depositInput struct {
	ID string `path:"id" maxLength:"64" doc:"Of the deposit: of an upload's answer, or of an event's data.deposit."`
}

type depositOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         depositAnswer
}

// depositAnswer is how a deposit stands.
type depositAnswer struct {
	ID          string          `json:"id"`
	State       dossier.State   `json:"state" enum:"received,reading,assembling,published,duplicate,rejected" doc:"The last three are ends."`
	Station     string          `json:"station"`
	Channel     dossier.Channel `json:"channel" enum:"counter,online"`
	Name        string          `json:"name" doc:"Of the file, identity numbers masked."`
	SHA256      string          `json:"sha256"`
	Bytes       int64           `json:"bytes"`
	ReceivedAt  time.Time       `json:"received_at"`
	Pages       int             `json:"pages,omitempty" doc:"Once the file was opened."`
	Dossiers    []string        `json:"dossiers,omitempty" doc:"Codes of the dossiers that have pages of it, as far as the caller sees them."`
	DuplicateOf string          `json:"duplicate_of,omitempty" doc:"Deposit that has the same bytes."`
	Reason      *dossier.Reason `json:"reason,omitempty" doc:"Why it was rejected."`
	Message     string          `json:"message,omitempty" doc:"The same as a sentence, in the station's language."`
	Warnings    []string        `json:"warnings,omitempty"`
}

func depositOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-deposit", Method: http.MethodGet, Path: depositsPath + "/{id}",
		Summary: "How a deposit stands",
		Errors:  []int{http.StatusNotFound},
	}
}

func (s *server) deposit(ctx context.Context, in *depositInput) (*depositOutput, error) {
	d, err := s.seenDeposit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	shown := []dossier.Deposit{d}
	if err := s.hideDossiers(ctx, shown); err != nil {
		return nil, s.catalogError(ctx, err)
	}
	return &depositOutput{CacheControl: "no-store", Body: s.depositAnswer(&shown[0])}, nil
}

// seenDeposit reads a deposit that the caller sees, and tells the audit log. Its error is for the client.
func (s *server) seenDeposit(ctx context.Context, id string) (dossier.Deposit, error) {
	who := access.Of(ctx)
	d, err := s.catalog.Deposit(ctx, id)
	if errors.Is(err, catalog.ErrNotFound) || err == nil && !who.Scope.Sees(d.Department, d.Station) {
		return d, refused("unknown_deposit")
	}
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionDeposit, Subject: d.ID})
	}
	if err != nil {
		return d, s.catalogError(ctx, err)
	}
	return d, nil
}

func (s *server) depositAnswer(d *dossier.Deposit) depositAnswer {
	a := depositAnswer{
		ID: d.ID, State: d.State, Station: d.Station, Channel: d.Channel, Name: dossier.MaskText(d.Name), SHA256: d.SHA256, Bytes: d.Bytes,
		ReceivedAt: d.ReceivedAt, Pages: d.Pages, Dossiers: d.Dossiers, DuplicateOf: d.Duplicate, Reason: d.Rejection, Warnings: d.Warnings,
	}
	if d.Rejection != nil {
		_, language, _ := s.cfg.Uploads.Station(d.Station)
		a.Message = dossier.MaskText(dossier.Message(language, d.Rejection, d.Name))
	}
	return a
}

func uploadOperation(api huma.API) *huma.Operation {
	schemas := api.OpenAPI().Components.Schemas
	fault := problemSchema(api)
	text := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description}
	}
	return &huma.Operation{
		Extensions: needs(access.Deposit), OperationID: "upload", Method: http.MethodPost, Path: depositsPath,
		Summary:     "A file that came online",
		Description: "The file goes the way of one that the station's folder is given. The caller needs a token with deposit: true in the settings.",
		Parameters: []*huma.Param{{
			Name: "Idempotency-Key", In: "header", Required: true, Schema: text("1 to 255 bytes"),
			Description: "The request under the same key, sent again, makes no second deposit and is answered alike.",
		}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"station", "file"}, Properties: map[string]*huma.Schema{
				"station":   text("Name of the station that it is for."),
				"file":      {Type: huma.TypeString, Format: "binary", Description: "One file, with its filename."},
				"code":      text("Code of the dossier that it belongs to, where no page says so."),
				"procedure": text("Code of the procedure."),
				"fields":    text(`Further fields as a ticket has them: a JSON object of texts.`),
			},
		}}}},
		Responses: map[string]*huma.Response{
			"202": {
				Description: "Taken in, or taken in before; Location says where to ask how it stands",
				Content:     map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[uploadAnswer](), true, "")}},
				Headers:     map[string]*huma.Param{"Location": {Schema: text("Path of the deposit.")}},
			},
			"400": {Description: "No Idempotency-Key, or a body that breaks off", Content: fault},
			"401": {Description: "No token, or one not known", Content: fault},
			"403": {Description: "The caller may not upload", Content: fault},
			"408": {Description: "The body stopped coming", Content: fault},
			"409": {Description: "A request under this key is in progress", Content: fault},
			"413": {Description: "The file is larger than limits.bytes", Content: fault},
			"415": {Description: "The body is no multipart/form-data", Content: fault},
			"422": {Description: "Another request came under this key, no such station, or a part that is missing or wrong", Content: fault},
			"503": {Description: "Disk space is short, or storage or catalogue can't be reached", Content: fault},
		},
	}
}
