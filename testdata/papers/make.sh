#!/bin/sh
# Makes testdata/papers/layouts again. Needs chromium, poppler-utils, fonts-liberation, fonts-dejavu-core, fonts-ocr-b,
# fonts-dancingscript and bin/dossierd-page (make build). Arguments are make.go's.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p testdata/papers/layouts
exec go run ./testdata/papers "$@"
