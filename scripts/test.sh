#!/bin/sh
# What needs real servers, judges and kills; what the race detector has to say, make check has heard. CI=true turns skips for want of a
# tool or of the corpus into failures. Four tests of a package at once: most of them wait for a daemon.
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
timeout=${TEST_TIMEOUT:-80m}
go test -vet=off -parallel 4 -timeout "$timeout" ./...
scripts/fuzz.sh "${FUZZ_TIME:-10s}"
