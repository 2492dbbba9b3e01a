package main_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestAFirstStartLogsTheWayInAndWhatIsSeenStandsInTheAuditLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	link := regexp.MustCompile(`"link":"http://` + regexp.QuoteMeta(h.address) + `/link/([\w-]{43})"`)
	h.start("")
	first := link.FindStringSubmatch(h.log.String())
	if first == nil {
		t.Fatal(h.log)
	}
	h.kill()
	h.start("")
	all := link.FindAllStringSubmatch(h.log.String(), -1)
	if len(all) != 2 || all[1][1] == first[1] {
		t.Fatalf("%q", all)
	}
	if out := h.command("users", "list"); !strings.Contains(out, "admin  administrator  all   -       no password yet") {
		t.Error(out)
	}
	h.command("users", "add", "hoa", "--role", "clerk", "--station", "quay-9")
	before := h.command("verify", "--audit")
	id := h.uploaded("k", "a.jpg", sample(t))
	h.asked(id)
	head := regexp.MustCompile(`\d+:[0-9a-f]{64}`)
	if after := h.command("verify", "--audit", "--head", head.FindString(before)); !strings.Contains(after, "is whole: 7 row(s)") {
		t.Errorf("%s, before %s", after, before)
	}
	if !regexp.MustCompile(`"msg":"audit log","head":"\d+:[0-9a-f]{64}"`).MatchString(h.log.String()) {
		t.Error("the daemon's log has no end of the audit log")
	}
	resp, err := http.Get("http://" + h.address + "/api/v1/deposits/" + id)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}
