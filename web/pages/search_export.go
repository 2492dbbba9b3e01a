package pages

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

const (
	// mostExported is how many pages a file of results names.
	mostExported   = 10_000
	exportedAtOnce = 200
	// exportPatience is how long a client may take nothing of a file.
	exportPatience = time.Minute
)

// exportFound gives what was found as a file for spreadsheets. The audit log is told before anything is given out. A file that breaks
// off on the way ends without its last line, which says how many pages it names and whether there are more.
func (s *site) exportFound(v *visit) error {
	if !access.May(v.Who, access.Search) {
		return errForbidden
	}
	a, err := askedOf(v.r.URL.Query())
	if err != nil || a.query.Root == nil {
		return errNotFound
	}
	err = s.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{
		Action: catalog.ActionExport, Details: map[string]any{"of": "search", "query": dossier.MaskText(a.Text), "most": mostExported},
	})
	if err != nil {
		return err
	}
	how := catalog.Search{Query: a.query, Who: v.Who, Order: a.Order, Exact: a.Exact, Limit: exportedAtOnce}
	found, err := s.catalog.Search(v.r.Context(), how)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+v.T("export.file")+`.csv"`)
	h.Set("Cache-Control", "no-store")
	_, _ = io.WriteString(v.w, "\ufeff") // spreadsheets know by it that this is UTF-8
	table := csv.NewWriter(v.w)
	table.UseCRLF = true
	_ = table.Write(strings.Split(v.T("export.columns"), ";"))
	written, control := 0, http.NewResponseController(v.w)
	for {
		_ = control.SetWriteDeadline(time.Now().Add(exportPatience)) // where it can't be moved, the server's holds
		for _, h := range found.Hits {
			_ = table.Write(v.exported(h))
		}
		written += len(found.Hits)
		table.Flush()
		if table.Error() != nil {
			return nil // a client gone is its own affair
		}
		if found.Next == "" || written >= mostExported {
			break
		}
		how.Cursor = found.Next
		if found, err = s.catalog.Search(v.r.Context(), how); err != nil {
			s.log.Error("export broke off", "written", written, "error", err)
			return nil
		}
	}
	end := v.T("export.end", written)
	if found.Next != "" || found.Shortfall().Lacking() {
		end = v.T("export.more", written)
	}
	_ = table.Write([]string{end})
	table.Flush()
	return nil
}

func (v *visit) exported(h catalog.Hit) []string {
	var text strings.Builder
	for _, f := range h.Snippet {
		text.WriteString(f.Text)
	}
	match := ""
	if h.Similar {
		match = v.T("mark.similar")
	}
	row := []string{
		h.Code, strconv.Itoa(h.Version), strconv.Itoa(h.Page), v.named("kind", h.Kind), h.Title, h.Department, h.Station, v.named("procedure", h.Procedure),
		h.ReceivedAt.In(v.site.cfg.Location).Format(time.DateTime), strconv.FormatFloat(h.Confidence, 'f', 2, 64), match,
		strings.Join(strings.Fields(text.String()), " "),
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return row
}

// harmless keeps a spreadsheet from taking a text that stood on paper for a formula; some go by the wide signs of East Asia, too.
func harmless(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}
