package web_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// someUser is a clerk of a station that has nothing to do with the record.
const someUser = "an-ngoai"

// body is what a route is sent; an empty object, or an empty form, where it needs nothing.
func (v *survey) body(r route) string {
	if r.method == http.MethodGet {
		return ""
	}
	body, known := map[string]string{
		"decide":            `{"do":"cut","page":2}`,
		"set-state":         `{"state":"returned"}`,
		"set-place":         `{"place":"Kệ 3"}`,
		"lookup-dossiers":   `{"number":"001089012345"}`,
		"retry-deposits":    `{"deposits":["` + keptRefused + `"]}`,
		"assign-deposits":   `{"deposits":["` + keptRefused + `"],"to":"anna"}`,
		"dismiss-deposits":  `{"deposits":["` + keptRefused + `"],"reason":"blank"}`,
		"replay-deliveries": `{"deliveries":["` + v.delivery + `"]}`,

		"POST /search/saved":              "q=page&name=x",
		"POST /dossiers/{code}/decisions": "do=cut&pages=2&version=1",
		"POST /dossiers/{code}/fields":    "page=1&field=so&value=1&version=1",
		"POST /dossiers/{code}/state":     "state=returned",
		"POST /dossiers/{code}/place":     "place=3",
		"POST /waiting/close":             "batch=" + keptBatch,
		"POST /waiting/retry":             "id=" + keptRefused,
		"POST /waiting/assign":            "to=anna&id=" + keptRefused,
		"POST /waiting/dismiss":           "reason=blank&id=" + keptRefused,
		"POST /deliveries/replay":         "id=" + v.delivery,
		"POST /deliveries/test":           "subscriber=1",
		"POST /deliveries/on":             "subscriber=1",
		"POST /deliveries/now":            "subscriber=1",
		"POST /dossiers/{code}/whole":     "do=withdraw&reason=x&version=1&confirm=" + v.code,
		"POST /admin/kinds/{name}":        "page=2&code=" + v.code,
		"POST /admin/users":               "name=moi&role=clerk&station=quay-9",
		"POST /admin/users/{name}":        "role=clerk&station=quay-9",
	}[r.operation]
	if !known && !r.ofPages() {
		return "{}"
	}
	return body
}

// queries are what routes are asked with that need something, or show less without.
func queries(r route) []string {
	found := []string{"?q=" + keptText[:5] + "*", "?q=" + keptPersonal[:5] + "*"}
	switch r.operation {
	case "search", "GET /search", "GET /search.csv", "GET /iiif/dossiers/{code}/search", "GET /dossiers/{code}/layer/{page}":
		return found
	case "GET /dossiers/{code}":
		return append(found, "")
	case "GET /iiif/dossiers/{code}/autocomplete":
		return []string{"?q=" + keptText[:5], "?q=" + keptPersonal[:5]}
	case "GET /dossiers/{code}/whole":
		return []string{"?do=withdraw"}
	case "GET /counters/live":
		return []string{"", "?station=" + keptStation}
	case "GET /waiting":
		return []string{"", "?who=nobody", "?dismissed=1"}
	}
	return []string{""}
}

// values are what a path's parameter is filled with, and whether that names the record.
func (v *survey) values(path, parameter string) (values []string, ofRecord bool) {
	switch parameter {
	case "":
		return []string{""}, false
	case "key":
		return slices.Sorted(maps.Keys(objects(v.code))), true
	}
	readPages := []string{keptDeposit + "-2", keptDeposit + "-3"}
	for prefix, values := range map[string][]string{
		"/api/v1/dossiers/{code}": {v.code}, "/iiif/dossiers/{code}": {v.code}, "/dossiers/{code}": {v.code}, "/api/v1/deposits/{id}": {keptDeposit}, "/api/v1/deliveries/{id}": {v.delivery}, "/deliveries/{id}": {v.delivery},
		"/api/v1/stations/{name}": {keptStation}, "/counters/{station}": {keptStation},
		"/api/v1/pages/{id}": readPages, "/pages/{id}": readPages, "/iiif/image/{page}": readPages, "/iiif/pages/{page}": readPages,
	} {
		if strings.HasPrefix(path, prefix) && strings.HasSuffix(prefix, "{"+parameter+"}") {
			return values, true
		}
	}
	other := map[string]string{
		"region": "full", "size": "max", "rotation": "0", "file": "default.jpg", // of a picture
		"/admin/users/{name}": someUser, "/admin/users/{name}/link": someUser,
	}
	for _, name := range []string{parameter, path} {
		if value, found := other[name]; found {
			return []string{value}, false
		}
	}
	return []string{"1"}, false
}

var parameter = regexp.MustCompile(`\{(\w+)(\.\.\.)?\}|\{\$\}`)

// paths are the ways to ask a route, and whether they name a record.
func (v *survey) paths(r route) (paths []string, ofRecord bool) {
	for _, query := range queries(r) {
		paths = append(paths, r.path+query)
	}
	for _, p := range parameter.FindAllStringSubmatch(r.path, -1) {
		values, names := v.values(r.path, p[1])
		ofRecord = ofRecord || names
		var filled []string
		for _, path := range paths {
			for _, value := range values {
				filled = append(filled, strings.Replace(path, p[0], value, 1))
			}
		}
		paths = filled
	}
	return paths, ofRecord
}
