package config

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

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
