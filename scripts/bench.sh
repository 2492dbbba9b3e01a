#!/bin/sh
# The figures of the README: speed and accuracy against the peers in one run, intake, the way to the event, orientation.
# Half an hour on a machine that does nothing else.
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
peer=
for p in "$cache/peer/bin/ocrmypdf" /opt/peer/bin/ocrmypdf; do
	[ -x "$p" ] && peer=$p && break
done
corpus=${DOSSIERD_CORPUS:-$root/../shared/corpus}
export OMP_THREAD_LIMIT=1
mkdir -p "$cache"
go build -o "$cache/speed" ./internal/speed
go build -o "$cache/bench" ./internal/bench
echo "## Speed"
"$cache/speed" -dossierd "$root/bin/dossierd" -ocrmypdf "$peer" -corpus "$corpus" -rounds "${ROUNDS:-5}"
echo "## Intake and the way to the event"
go test -run '^$' -bench Intake -benchtime 2000x ./pipeline
go test -run '^$' -bench FromFileWholeToEvent -benchtime 40x -timeout 20m ./cmd/dossierd
echo "## Reading"
PATH=$(dirname "$peer"):$PATH "$cache/bench" -corpus "$corpus"
echo "## Orientation"
"$cache/bench" -corpus "$corpus" -orientation
echo "## Finding"
"$cache/bench" -corpus "$corpus" -finding
