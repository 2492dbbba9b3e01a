package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/web/access"
)

// TestNothingIsChangedFromAnotherSite sends whatever changes something as a page of another site would have a browser send it, with the
// session of somebody who may do everything. Logging in is among it: nobody must find herself in an account of somebody else.
func TestNothingIsChangedFromAnotherSite(t *testing.T) {
	s := prepare(t)
	v := newSurvey(t, s)
	before := v.kept(t)
	for _, r := range v.routes(t) {
		if r.method == http.MethodGet || r.method == http.MethodOptions {
			continue
		}
		paths, _ := v.paths(r)
		for _, forged := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			req, err := http.NewRequestWithContext(t.Context(), r.method, v.url+paths[0], strings.NewReader(v.body(r)))
			must(t, err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Cookie", access.SecureCookie+"=session all-administrator-true")
			req.Header.Set(forged[0], forged[1])
			resp, err := v.client.Do(req)
			must(t, err)
			_, err = io.Copy(io.Discard, resp.Body)
			must(t, err)
			must(t, resp.Body.Close())
			if resp.StatusCode != http.StatusForbidden || len(resp.Cookies()) > 0 {
				t.Errorf("%s %s with %s answers %d, cookies %v", r.method, paths[0], forged, resp.StatusCode, resp.Cookies())
			}
		}
	}
	if after := v.kept(t); after != before {
		t.Errorf("the record was changed:\n%s\n%s", before, after)
	}
}
