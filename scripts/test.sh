#!/bin/sh
# What needs real servers, judges and kills. CI=true turns skips for want of a tool or of the corpus into failures.
set -eu
. "$(dirname "$0")/versions.sh"
cd "$root"
timeout=${TEST_TIMEOUT:-80m}
go test -timeout "$timeout" ./...
# shellcheck disable=SC2086 # several flags
go test ${RACE:--race} -timeout "$timeout" ./ocr/... ./pipeline
scripts/fuzz.sh "${FUZZ_TIME:-5s}"
