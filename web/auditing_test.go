package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// notLogged are the only routes that answer somebody and leave no entry in the audit log, each with the reason.
var notLogged = map[string]string{
	"get-status":                       "states and counts",
	"list-deliveries":                  "codes and states",
	"GET /deliveries":                  "the same",
	"list-subscribers":                 "the settings, and how many deliveries are held",
	"list-stations":                    "states and counts",
	"get-station":                      "the same",
	"list-procedures":                  "the settings",
	"get-procedure":                    "the same",
	"list-kinds":                       "the same",
	"get-kind":                         "the same",
	"GET /admin":                       "the same",
	"GET /admin/rules":                 "the same",
	"GET /admin/users":                 "users, and no records",
	"GET /admin/users/{name}":          "the same",
	"GET /iiif/image/{page}":           "leads to the next",
	"GET /iiif/image/{page}/info.json": "how large a page is",
	"GET /search/period":               "leads to a search",
	"GET /pages/{id}/thumb.jpg":        "a small picture that is not personal",
	"GET /counters":                    "the board of the counters, which hangs before those whose papers it shows",
	"GET /counters/{station}":          "the same",
	"GET /counters/live":               "the same",
	"GET /waiting?dismissed=1":         "there is nothing in the list",
	"GET /dossiers/{code}/making":      "whether a version is made",
}

// newcomer is somebody who sees everything and of whom the audit log knows nothing: a view that was logged of late is not logged again.
func (v *survey) newcomer(t *testing.T, n int) (name string, header [2]string) {
	t.Helper()
	name = fmt.Sprintf("newcomer-%d", n)
	must(t, v.catalog.AddUser(t.Context(), catalog.User{Name: name, Role: dossier.RoleAdministrator, All: true, Clear: true}, by("test")))
	_, err := v.catalog.StartSession(t.Context(), catalog.NewSession{Name: name, Hash: digest("session " + name)},
		catalog.SessionTimes{Idle: time.Hour, Whole: time.Hour}, time.Now())
	must(t, err)
	return name, [2]string{"Cookie", access.SecureCookie + "=session " + name}
}

// TestWhoIsShownARecordStandsInTheAuditLog asks every route that answers with something, each time as somebody else.
func TestWhoIsShownARecordStandsInTheAuditLog(t *testing.T) {
	s := prepare(t)
	v := newSurvey(t, s)
	n := 0
	for _, r := range v.routes(t) {
		if r.method != http.MethodGet || r.right == access.Anyone || r.right == access.Somebody {
			continue
		}
		paths, _ := v.paths(r)
		for _, path := range paths {
			n++
			name, header := v.newcomer(t, n)
			if status, _ := v.ask(t, r, path, header); status >= http.StatusBadRequest {
				continue
			}
			log, err := v.catalog.AuditLog(t.Context(), catalog.AuditFilter{Who: name})
			must(t, err)
			logged := slices.ContainsFunc(log, func(a catalog.Audited) bool { return a.Action != catalog.ActionLogin })
			excused := notLogged[r.operation]+notLogged[r.method+" "+path] != "" && !strings.Contains(path, keptDeposit+"-3") // which is personal
			if logged == excused {
				t.Errorf("%s %s is logged: %t", r.operation, path, logged)
			}
		}
	}
}
