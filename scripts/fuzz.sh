#!/bin/sh
# Runs every fuzz target for the given time, on one core each, two at once: while one is built, the other is tried.
# Usage: fuzz.sh TIME [FOLDER TARGET]
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
if [ $# -eq 1 ]; then
	mkdir -p "$cache"
	grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do
		sed -nE "s|^func (Fuzz[A-Za-z0-9_]*)\(.*|$(dirname "$file") \1|p" "$file"
	done | xargs -n 2 -P 2 "scripts/fuzz.sh" "$1"
	exit
fi
out=$cache/fuzz$(echo "$2-$3" | tr -c "A-Za-z0-9\n" -).txt
if go test -vet=off -run '^$' -fuzz "^$3\$" -fuzztime "$1" -fuzzminimizetime 10x -parallel 1 "$2" >"$out" 2>&1; then
	echo "fuzz $3 in $2 for $1: $(tail -n 1 "$out")"
# A run that ends while an input is still tried fails with this text and no input (golang.org/issue/48591).
elif grep -q 'context deadline exceeded' "$out" && ! grep -q 'Failing input' "$out"; then
	echo "fuzz $3 in $2 for $1: ended at its time, no failing input"
else
	echo "fuzz $3 in $2 for $1:"
	cat "$out"
	exit 1
fi
