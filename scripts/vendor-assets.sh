#!/bin/sh
# Brings what others made of the pages' assets in again from npm, at the pinned versions. By hand, when a version changes.
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --prefix "$work" "$HTMX"
to=web/pages/assets/vendor/htmx
mkdir -p "$to"
cp "$work/node_modules/htmx.org/dist/htmx.min.js" "$work/node_modules/htmx.org/LICENSE" "$to/"
