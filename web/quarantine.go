package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type quarantineInput struct {
	ListInput
	Station    string       `query:"station" maxLength:"32"`
	Code       dossier.Code `query:"code" enum:"empty,unknown_format,truncated,damaged,encrypted,too_many_pixels,too_many_pages,too_large,no_pages,not_a_file,bad_ticket,worker_crashed,worker_timed_out,worker_out_of_memory" doc:"Why."`
	Assigned   string       `query:"assigned" maxLength:"64" doc:"To whom."`
	Unassigned bool         `query:"unassigned" doc:"To nobody."`
	Dismissed  bool         `query:"dismissed" doc:"Those that were dismissed, in place of the others."`
}

// quarantined is a deposit that was refused.
type quarantined struct {
	Deposit   depositAnswer      `json:"deposit"`
	Retryable bool               `json:"retryable" doc:"Its bytes are stored: it can be tried again."`
	Assigned  string             `json:"assigned,omitempty" doc:"Who sees to it."`
	Dismissed *dossier.Dismissal `json:"dismissed,omitempty" doc:"Nothing more is done about it."`
	Thumbs    []string           `json:"thumbs" nullable:"false" doc:"Ids of its pages that have a thumbnail."`
}

type quarantineOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Deposits []quarantined `json:"deposits" nullable:"false" doc:"The one that waits longest first."`
		Next     string        `json:"next,omitempty" doc:"The after of the next request; none at the end of the list."`
	}
}

func quarantineOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "list-quarantine", Method: http.MethodGet, Path: "/api/v1/quarantine",
		Summary: "Deposits that were refused, the one that waits longest first", Errors: []int{http.StatusBadRequest},
	}
}

func (s *server) quarantine(ctx context.Context, in *quarantineInput) (*quarantineOutput, error) {
	list, err := s.catalog.Quarantine(ctx, access.Of(ctx).Scope, catalog.QuarantineFilter{
		Station: in.Station, Code: in.Code, Assigned: in.Assigned, Unassigned: in.Unassigned, Dismissed: in.Dismissed,
		Limit: in.Limit, After: in.After,
	})
	if err == nil {
		err = s.listed(ctx, "quarantine")
	}
	if err != nil {
		return nil, s.listError(ctx, err)
	}
	out := &quarantineOutput{CacheControl: "no-store"}
	out.Body.Deposits = make([]quarantined, 0, len(list))
	for i := range list {
		q := &list[i]
		if q.Dismissed != nil {
			q.Dismissed.Reason = dossier.MaskText(q.Dismissed.Reason)
		}
		out.Body.Deposits = append(out.Body.Deposits, quarantined{
			Deposit: s.depositAnswer(&q.Deposit), Retryable: q.Retryable, Assigned: q.Assigned, Dismissed: q.Dismissed,
			Thumbs: append([]string{}, q.Thumbs...),
		})
	}
	out.Body.Next = next(list, in.Limit, func(q *catalog.Quarantined) string { return q.ID })
	return out, nil
}

// mended is what became of each of several deposits.
type mended struct {
	Body struct {
		Done    int       `json:"done"`
		Refused []notDone `json:"refused" nullable:"false" doc:"Those that were left as they are."`
	}
}

type notDone struct {
	ID     string `json:"id"`
	Code   string `json:"code" enum:"unknown_deposit,not_rejected"`
	Detail string `json:"detail" doc:"For people."`
}

// Several names deposits.
type Several struct {
	Deposits []string `json:"deposits" minItems:"1" maxItems:"1000" nullable:"false" doc:"Ids."`
}

// Spoken is the language in which a caller is answered.
type Spoken struct {
	Language string `header:"Accept-Language"`
}

type retryInput struct {
	Spoken
	Body struct {
		Several
		Plain bool `json:"plain,omitempty" doc:"Without optional steps, the safest reading from the first try on."`
	}
}

func retryOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "retry-deposits", Method: http.MethodPost, Path: "/api/v1/quarantine/retry",
		Summary: "Try refused deposits again",
	}
}

func (s *server) retry(ctx context.Context, in *retryInput) (*mended, error) {
	return s.mend(ctx, in.Language, "retry", in.Body.Deposits, func(who dossier.Principal) ([]catalog.Refused, error) {
		return s.catalog.Requeue(ctx, who, in.Body.Deposits, &dossier.Retry{Plain: in.Body.Plain})
	})
}

type assignInput struct {
	Spoken
	Body struct {
		Several
		To string `json:"to" maxLength:"64" doc:"Who sees to them; empty for nobody."`
	}
}

func assignOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "assign-deposits", Method: http.MethodPost,
		Path:    "/api/v1/quarantine/assign",
		Summary: "Say who sees to refused deposits",
	}
}

func (s *server) assign(ctx context.Context, in *assignInput) (*mended, error) {
	return s.mend(ctx, in.Language, "assign", in.Body.Deposits, func(who dossier.Principal) ([]catalog.Refused, error) {
		return s.catalog.Assign(ctx, who, in.Body.Deposits, in.Body.To)
	})
}

type dismissInput struct {
	Spoken
	Body struct {
		Several
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why nothing more is to be done."`
	}
}

func dismissOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Mend), OperationID: "dismiss-deposits", Method: http.MethodPost,
		Path:        "/api/v1/quarantine/dismiss",
		Summary:     "Nothing more is done about refused deposits",
		Description: "They leave the list and stay counted as rejected; deposit.dismissed tells of each.",
	}
}

func (s *server) dismiss(ctx context.Context, in *dismissInput) (*mended, error) {
	return s.mend(ctx, in.Language, "dismiss", in.Body.Deposits, func(who dossier.Principal) ([]catalog.Refused, error) {
		return s.catalog.Dismiss(ctx, who, in.Body.Deposits, in.Body.Reason)
	})
}

// mend does something about refused deposits.
func (s *server) mend(
	ctx context.Context, language, what string, ids []string, do func(dossier.Principal) ([]catalog.Refused, error),
) (*mended, error) {
	who := access.Of(ctx)
	left, err := do(who)
	if misfit := (*catalog.Misfit)(nil); errors.As(err, &misfit) {
		return nil, refused("no_reason")
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	s.log.Info("quarantine mended", "what", what, "deposits", len(ids), "left", len(left), "who", who.Name)
	out := new(mended)
	out.Body.Done, out.Body.Refused = len(ids)-len(left), []notDone{}
	for _, l := range left {
		f := refused("not_rejected")
		if errors.Is(l.Err, catalog.ErrNotFound) {
			f = refused("unknown_deposit")
		}
		out.Body.Refused = append(out.Body.Refused, notDone{l.ID, f.code, f.say(spoken(language))})
	}
	return out, nil
}
