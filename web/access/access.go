// Package access tells who asks.
//
// It owns the way from a request's credentials to a principal in its context. What a principal may do with a record is
// asked where the record is. Proof: tests of package web, which asks every route as everybody.
package access

import (
	"context"

	"github.com/dossierd/dossierd/dossier"
)

type key struct{}

// With returns a context in which p asks.
func With(ctx context.Context, p dossier.Principal) context.Context {
	return context.WithValue(ctx, key{}, p)
}

// Of returns who asks; the zero principal, who may do nothing, if nobody said.
func Of(ctx context.Context) dossier.Principal {
	p, _ := ctx.Value(key{}).(dossier.Principal)
	return p
}
