#!/bin/sh
# Checks for a Go that can fetch the toolchain go.mod names: 1.21 was the first.
set -eu
remedy="Install it with: sudo apt install -t bookworm-backports golang-go, or from https://go.dev/dl/"
if ! command -v go >/dev/null 2>&1; then
	echo "dossierd needs Go 1.21 or newer, and there is none. $remedy" >&2
	exit 3
fi
# Outside the module: an old go would trip over go.mod before it could say its version.
version=$(cd / && GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//')
major=${version%%.*}
minor=$(echo "$version" | cut -d. -f2 | sed 's/[^0-9].*//')
if [ "$major" -eq 1 ] && [ "$minor" -lt 21 ]; then
	echo "dossierd needs Go 1.21 or newer; this is $version. $remedy" >&2
	exit 3
fi
