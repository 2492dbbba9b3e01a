package pages

import (
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/language"
)

// languages are those of the pages; the first column of the messages is the first of them.
var languages = []string{"vi", "fr", "en"}

// Names of the cookies that keep what a visitor prefers. They tell nothing about anybody.
const (
	languageCookie = "dossierd_language"
	themeCookie    = "dossierd_theme"
)

var themes = []string{"light", "dark"}

// prefer finds language and theme: those chosen before, else the browser's, else the house's.
func (v *visit) prefer() {
	v.Language = v.site.cfg.Language
	if tags, _, err := language.ParseAcceptLanguage(v.r.Header.Get("Accept-Language")); err == nil {
		if l := firstOfOurs(tags); l != "" {
			v.Language = l
		}
	}
	if c, err := v.r.Cookie(languageCookie); err == nil && slices.Contains(languages, c.Value) {
		v.Language = c.Value
	}
	if !slices.Contains(languages, v.Language) {
		v.Language = "en"
	}
	if c, err := v.r.Cookie(themeCookie); err == nil && slices.Contains(themes, c.Value) {
		v.Theme = c.Value
	}
}

func firstOfOurs(tags []language.Tag) string {
	for _, tag := range tags {
		if base, _ := tag.Base(); slices.Contains(languages, base.String()) {
			return base.String()
		}
	}
	return ""
}

// keep has the browser remember a preference for a year; "" forgets it.
func (v *visit) keep(name, value string) {
	age := int((365 * 24 * time.Hour).Seconds())
	if value == "" {
		age = -1
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.r.TLS != nil,
	})
}
