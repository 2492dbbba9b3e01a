#!/bin/sh
# Brings the scripts of others that pages embed in again from npm, at the versions that versions.sh pins.
set -eu
. "$(dirname "$0")/versions.sh"
vendor=$root/web/pages/assets/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# fetch NAME PACKAGE FILE LICENSE
fetch() {
	tar xzf "$(npm pack --silent "$2")"
	mkdir -p "$vendor/$1"
	grep -v '^//# sourceMappingURL=' "package/$3" >"$vendor/$1/$(basename "$3")"
	cp "package/$4" "$vendor/$1/LICENSE"
	rm -rf package ./*.tgz
}
fetch htmx "$HTMX" dist/htmx.min.js LICENSE
fetch openseadragon "$OPENSEADRAGON" build/openseadragon/openseadragon.min.js LICENSE.txt
