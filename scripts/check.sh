#!/bin/sh
# The gate before the quick tests: format, lint, vet, tidy, vulnerabilities.
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
mkdir -p "$cache"
unformatted=$(git ls-files '*.go' ':!*.gen.go' | xargs gofumpt -l)
[ -z "$unformatted" ] || { echo "gofumpt wants to change: $unformatted" >&2; exit 1; }
go mod tidy -diff
go vet ./...
golangci-lint run ./...
if ! govulncheck ./... >"$cache/govulncheck.txt" 2>&1; then
	# Without the network's vulnerability database there is nothing to compare with; that is said, not hidden.
	if grep -q 'fetching vulnerabilities' "$cache/govulncheck.txt"; then
		echo "govulncheck: the vulnerability database can't be reached; NOT checked" >&2
	else
		cat "$cache/govulncheck.txt"
		exit 1
	fi
fi
