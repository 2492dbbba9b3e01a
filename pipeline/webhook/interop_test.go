package webhook_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/internal/testserver"
)

// verifier is what a case system in Python does with a request: the library's own check, by each of the secrets given.
const verifier = `
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
request = json.load(sys.stdin)
for secret in sys.argv[1:]:
    try:
        event = Webhook(secret).verify(request["body"], request["headers"])
        print("good", event["id"])
    except WebhookVerificationError as e:
        print("bad", e)
`

func TestThePythonLibraryAcceptsWhatIsSigned(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Python with standardwebhooks")
	}
	python := findPython(t)
	for name, c := range map[string]struct {
		signWith, verifyWith []string
		want                 string
	}{
		"one secret":      {[]string{secret}, []string{secret}, "good evt_1\n"},
		"rotation":        {[]string{newSecret, secret}, []string{secret, newSecret}, "good evt_1\ngood evt_1\n"},
		"another secret":  {[]string{secret}, []string{newSecret}, "bad No matching signature found\n"},
		"without whsec_ ": {[]string{strings.TrimPrefix(secret, "whsec_")}, []string{secret}, "good evt_1\n"},
	} {
		sub, got := subscribe(t, status(http.StatusOK))
		sub.Secrets = c.signWith
		send(t, sub)
		if said := verify(t, python, <-got, c.verifyWith); said != c.want {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
	}
}

func TestThePythonLibraryRefusesAnotherBody(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Python with standardwebhooks")
	}
	python := findPython(t)
	sub, got := subscribe(t, status(http.StatusOK))
	send(t, sub)
	req := <-got
	req.body = append(req.body, ' ')
	if said := verify(t, python, req, []string{secret}); !strings.HasPrefix(said, "bad") {
		t.Error(said)
	}
}

func verify(t *testing.T, python string, r received, secrets []string) string {
	t.Helper()
	headers := map[string]string{}
	for name := range r.header {
		headers[strings.ToLower(name)] = r.header.Get(name)
	}
	input, err := json.Marshal(map[string]any{"headers": headers, "body": string(r.body)})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, append([]string{"-c", verifier}, secrets...)...)
	cmd.Stdin = strings.NewReader(string(input))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// findPython is a Python that has the library.
func findPython(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range []string{
		os.Getenv("DOSSIERD_PEER_PYTHON"), "/opt/peer/bin/python", filepath.Join(root, ".cache/peer/bin/python"),
	} {
		if python != "" && exec.Command(python, "-c", "import standardwebhooks").Run() == nil {
			return python
		}
	}
	testserver.Missing(t, "no Python has standardwebhooks")
	return ""
}
