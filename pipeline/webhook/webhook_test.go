package webhook_test

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/pipeline/webhook"
)

const (
	secret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	newSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	event     = `{"type":"dossier.published","id":"evt_1","data":{"dossier":{"code":"quay-1-20260105-0007"}}}`
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// received is one request as the subscriber saw it.
type received struct {
	header http.Header
	body   []byte
}

// subscribe starts a subscriber that answers by handler and hands over what it got.
func subscribe(t *testing.T, answer http.HandlerFunc) (webhook.Subscriber, <-chan received) {
	t.Helper()
	got := make(chan received, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		select {
		case got <- received{r.Header, body}:
		default:
			t.Error("more than one request")
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return webhook.Subscriber{Name: "case-system", URL: server.URL + "/hooks", Secrets: []string{secret}}, got
}

func send(t *testing.T, sub webhook.Subscriber) webhook.Result {
	t.Helper()
	client := webhook.NewClient()
	defer client.CloseIdleConnections()
	return webhook.Send(t.Context(), client, sub, "evt_1", time.Now(), []byte(event))
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestASubscriberGetsTheBodySigned(t *testing.T) {
	sub, got := subscribe(t, status(http.StatusNoContent))
	before := time.Now().Unix()
	if r := send(t, sub); r.Outcome != webhook.Delivered || r.Status != http.StatusNoContent || r.Err != nil {
		t.Fatalf("%+v", r)
	}
	req := <-got
	if string(req.body) != event || req.header.Get("Content-Type") != "application/json" || req.header.Get("Webhook-Id") != "evt_1" {
		t.Errorf("%v %s", req.header, req.body)
	}
	if at, err := strconv.ParseInt(req.header.Get("Webhook-Timestamp"), 10, 64); err != nil || at < before || at > time.Now().Unix() {
		t.Errorf("timestamp %d, %v", at, err)
	}
	wantSigned(t, req, secret)
}

func TestASecretThatRotatesSignsBesideTheOldOne(t *testing.T) {
	sub, got := subscribe(t, status(http.StatusOK))
	sub.Secrets = []string{newSecret, secret}
	send(t, sub)
	req := <-got
	wantSigned(t, req, secret)
	wantSigned(t, req, newSecret)
}

func wantSigned(t *testing.T, r received, by string) {
	t.Helper()
	hook, err := standardwebhooks.NewWebhook(by)
	if err != nil {
		t.Fatal(err)
	}
	if err := hook.Verify(r.body, r.header); err != nil {
		t.Error(err)
	}
}

func TestTheStatusSaysWhatIsNext(t *testing.T) {
	for code, want := range map[int]webhook.Outcome{
		200: webhook.Delivered, 201: webhook.Delivered, 299: webhook.Delivered,
		301: webhook.Retry, 307: webhook.Retry, 308: webhook.Retry, 304: webhook.Retry,
		400: webhook.Retry, 401: webhook.Retry, 404: webhook.Retry, 409: webhook.Retry, 429: webhook.Retry,
		410: webhook.Gone,
		500: webhook.Retry, 503: webhook.Retry,
	} {
		sub, _ := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(code)
		})
		if r := send(t, sub); r.Outcome != want || r.Status != code || (r.Err == nil) != (want == webhook.Delivered) {
			t.Errorf("%d: %+v", code, r)
		}
	}
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":                              0,
		"120":                           2 * time.Minute,
		"-5":                            0,
		"soon":                          0,
		"999999999999999":               24 * time.Hour,
		"Mon, 02 Jan 2006 15:04:05 GMT": 0,
		time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat): 10 * time.Minute,
		time.Now().Add(999 * time.Hour).UTC().Format(http.TimeFormat):  24 * time.Hour,
	} {
		sub, _ := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		if r := send(t, sub); r.After > want || r.After < want-5*time.Second {
			t.Errorf("%q: %v, want %v", value, r.After, want)
		}
	}
}

func TestNoAnswerIsForRetry(t *testing.T) {
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	tls := httptest.NewUnstartedServer(status(http.StatusOK)) // its certificate is nobody's
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	hangUp, _ := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		c.Close()
	})
	for name, address := range map[string]string{
		"refused": "http://" + refusing.Addr().String() + "/?token=hidden", "tls": tls.URL + "/?token=hidden",
		"unknown host": "http://subscriber.invalid/?token=hidden", "hung up": hangUp.URL, "no url": "://hidden",
	} {
		r := send(t, webhook.Subscriber{URL: address, Secrets: []string{secret}})
		if r.Outcome != webhook.Retry || r.Status != 0 || r.Err == nil || strings.Contains(r.Err.Error(), "hidden") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestASlowAnswerIsForRetryAfterTheTimeout(t *testing.T) {
	release := make(chan struct{})
	sub, _ := subscribe(t, func(http.ResponseWriter, *http.Request) { <-release })
	sub.Timeout = 50 * time.Millisecond
	if r := send(t, sub); r.Outcome != webhook.Retry || r.Status != 0 || r.Err == nil {
		t.Errorf("%+v", r)
	}
	close(release)
}

func TestALongAnswerIsNotReadToItsEnd(t *testing.T) {
	stopped := make(chan error, 1)
	sub, _ := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 32<<10)); err != nil {
				stopped <- err
				return
			}
		}
	})
	if r := send(t, sub); r.Outcome != webhook.Delivered {
		t.Errorf("%+v", r)
	}
	if err := <-stopped; err == nil {
		t.Error("the answer was read")
	}
}

func TestAFaultySecretIsNotRepeated(t *testing.T) {
	for _, secrets := range [][]string{nil, {"whsec_not base64!"}, {secret, "whsec_not base64!"}} {
		r := send(t, webhook.Subscriber{Name: "x", URL: "http://127.0.0.1:1", Secrets: secrets})
		if r.Outcome != webhook.Retry || r.Err == nil || strings.Contains(r.Err.Error(), "base64!") {
			t.Errorf("%+v", r)
		}
	}
}

func TestAnErrorIsShort(t *testing.T) {
	client := &http.Client{Transport: failing{errors.New(strings.Repeat("é", 1000))}}
	r := webhook.Send(t.Context(), client, webhook.Subscriber{URL: "http://x", Secrets: []string{secret}}, "evt_1", time.Now(), nil)
	if len(r.Err.Error()) > 300 || !strings.HasSuffix(r.Err.Error(), "é...") {
		t.Errorf("%v", r.Err)
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestPausesGrowFromSecondsToAnHour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-1, 1000).Draw(t, "n")
		rnd := rapid.Float64Range(0, 0.999).Draw(t, "rnd")
		pause := webhook.Backoff(n, rnd)
		if pause < 2500*time.Millisecond || pause > time.Hour || webhook.Backoff(n+1, rnd) < pause {
			t.Fatalf("%v, then %v", pause, webhook.Backoff(n+1, rnd))
		}
	})
	if first, last := webhook.Backoff(1, 0), webhook.Backoff(100, 0.999); first != 2500*time.Millisecond || last < 59*time.Minute {
		t.Errorf("from %v to %v", first, last)
	}
}

func TestAReasonInAnotherEncodingIsKeptAsUTF8(t *testing.T) {
	sub, _ := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 503 Arr\xeat\x00\r\nContent-Length: 0\r\n\r\n")
	})
	if r := send(t, sub); r.Err == nil || r.Err.Error() != "answered 503 Arr\uFFFDt\uFFFD" {
		t.Errorf("%+v", r)
	}
}

func TestAnAttemptIsKeptWithoutItsSecrets(t *testing.T) {
	sub, got := subscribe(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "no\x00pe \xff"+strings.Repeat("é", 2000))
	})
	sub.Secrets = append(sub.Secrets, newSecret)
	begin := time.Now()
	r := send(t, sub)
	signature := (<-got).header.Get(standardwebhooks.HeaderWebhookSignature)
	if r.Headers["webhook-id"] != "evt_1" || r.Headers["content-type"] != "application/json" || r.Headers["webhook-signature"] != "v1,*** v1,***" {
		t.Errorf("%q, sent with %q", r.Headers, signature)
	}
	if !strings.HasPrefix(r.Answer, "no\uFFFDpe \uFFFDé") || len(r.Answer) > 1100 || !utf8.ValidString(r.Answer) || strings.ContainsRune(r.Answer, 0) {
		t.Errorf("%d bytes: %q", len(r.Answer), r.Answer)
	}
	if r.At.Before(begin.Add(-time.Second)) || r.Took <= 0 || r.Took > time.Since(begin) {
		t.Errorf("at %v, took %v", r.At, r.Took)
	}
}
