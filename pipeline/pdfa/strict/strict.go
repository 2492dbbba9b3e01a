// Package strict validates a PDF with pdfcpu, which holds the whole file in memory several times over. It is for a child
// process: what pdfa.Check proves as a stream, another reader of PDF confirms here.
package strict

import (
	"fmt"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// Validate returns an error if the file breaks the PDF specification. It reads no configuration of pdfcpu's.
func Validate(path string) error {
	api.DisableConfigDir()
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	defer f.Close()
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	ctx, err := api.ReadContext(f, conf)
	if err != nil {
		return fmt.Errorf("validate %s: %w", path, err)
	}
	catalog, err := ctx.Catalog()
	if err != nil {
		return fmt.Errorf("validate %s: %w", path, err)
	}
	ctx.XRefTable.ValidationMode = model.ValidationStrict
	if _, associated := catalog.Find("AF"); associated {
		// PDF/A-3 takes AFRelationship into PDF 1.7; to pdfcpu's strict mode it is of PDF 2.0 only.
		ctx.XRefTable.ValidationMode = model.ValidationRelaxed
	}
	if err := api.ValidateContext(ctx); err != nil {
		return fmt.Errorf("validate %s: %w", path, err)
	}
	return nil
}
