package config

import (
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

var hexDigest = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

func (v *validator) http() {
	h := v.c.HTTP
	_, port, err := net.SplitHostPort(h.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		v.fault("http.listen", "bad_listen", h.Listen)
	}
	if h.PublicURL != "" {
		v.url("http.public_url", h.PublicURL)
		v.c.HTTP.PublicURL = strings.TrimSuffix(h.PublicURL, "/")
	}
	if h.PerSecond < 1 {
		v.fault("http.requests_per_second", "too_small", "1")
	}
	v.proxies()
	v.tls()
	v.oidc()
	for i, token := range h.Tokens {
		key := fmt.Sprintf("http.tokens[%d].", i)
		v.name(key+"name", token.Name)
		if _, err := hex.DecodeString(token.SHA256); err != nil || !hexDigest.MatchString(token.SHA256) {
			v.fault(key+"sha256", "bad_sha256")
		}
		h.Tokens[i].SHA256 = strings.ToLower(token.SHA256)
		v.oneOf(key+"role", token.Role, roles(dossier.RoleCaseSystem)...)
		v.tokenScope(key, &token)
		if token.Expires == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, token.Expires, v.c.Location)
		if err != nil {
			v.fault(key+"expires", "bad_day", token.Expires)
		}
		h.Tokens[i].ExpiresAt = day.AddDate(0, 0, 1)
	}
}

// tokenScope sees to it that a list from which all names fell out does not make a token of it that sees everything.
func (v *validator) tokenScope(key string, t *Token) {
	for _, list := range []struct {
		key   string
		names []string
	}{{key + "departments", t.Departments}, {key + "stations", t.Stations}} {
		if v.lines[list.key] > 0 && len(list.names) == 0 || slices.Contains(list.names, "") {
			v.fault(list.key, "names_nothing")
		}
	}
	for j, station := range t.Stations {
		v.name(fmt.Sprintf("%sstations[%d]", key, j), station)
	}
}

// roles are those of users, and more.
func roles(more ...dossier.UserRole) []string {
	var names []string
	for _, r := range append(more, dossier.UserRoles()...) {
		names = append(names, string(r))
	}
	return names
}

func (v *validator) proxies() {
	h := &v.c.HTTP
	for i, text := range h.Proxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			var address netip.Addr
			if address, err = netip.ParseAddr(text); err == nil {
				network = netip.PrefixFrom(address, address.BitLen())
			}
		}
		if err != nil {
			v.fault(fmt.Sprintf("http.proxies[%d]", i), "bad_network", text)
			continue
		}
		h.Trusted = append(h.Trusted, network.Masked())
	}
}

// tls looks at the files too: a certificate that can't be shown shuts everybody out.
func (v *validator) tls() {
	t := v.c.HTTP.TLS
	files, acme := t.CertFile != "" || t.KeyFile != "", len(t.ACME.Domains) > 0
	switch {
	case files && acme:
		v.fault("http.tls.acme", "both", "cert_file")
	case files:
		v.required("http.tls.cert_file", t.CertFile)
		v.required("http.tls.key_file", t.KeyFile)
		if t.CertFile == "" || t.KeyFile == "" {
			return
		}
		if _, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile); err != nil {
			v.fault("http.tls.cert_file", "bad_certificate", t.CertFile, t.KeyFile, err)
		}
	case !acme && (t.ACME.Email != "" || t.ACME.Directory != ""):
		v.fault("http.tls.acme.domains", "required")
	}
	for i, domain := range t.ACME.Domains {
		if _, err := netip.ParseAddr(domain); err == nil || !strings.Contains(domain, ".") || strings.ContainsAny(domain, "*:/ ") {
			v.fault(fmt.Sprintf("http.tls.acme.domains[%d]", i), "bad_domain", domain)
		}
	}
	if t.ACME.Directory != "" {
		v.url("http.tls.acme.directory", t.ACME.Directory)
	}
}

func (v *validator) oidc() {
	o := v.c.HTTP.OIDC
	const key = "http.oidc."
	if o.Issuer == "" {
		if o.ClientID != "" || len(o.Rules) > 0 {
			v.fault(key+"issuer", "required")
		}
		return
	}
	v.url(key+"issuer", o.Issuer)
	v.required(key+"client_id", o.ClientID)
	v.required(key+"client_secret", o.ClientSecret)
	if v.c.HTTP.PublicURL == "" {
		v.fault("http.public_url", "required")
	}
	if u, err := url.Parse(v.c.HTTP.PublicURL); err == nil && strings.Trim(u.Path, "/") != "" {
		v.fault("http.public_url", "bad_base", v.c.HTTP.PublicURL)
	}
	if len(o.Rules) == 0 {
		v.fault(key+"rules", "required")
	}
	for i, r := range o.Rules {
		rule := fmt.Sprintf("%srules[%d].", key, i)
		v.required(rule+"value", r.Value)
		v.required(rule+"role", r.Role)
		if r.Role != "" {
			v.oneOf(rule+"role", r.Role, roles()...)
		}
		if !r.All && len(r.Departments)+len(r.Stations) == 0 && slices.Contains(dossier.UserRoles(), dossier.UserRole(r.Role)) {
			v.fault(rule+"departments", "sees_nothing")
		}
	}
}
