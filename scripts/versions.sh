# What the build and the tests pin. Sourced by the other scripts.
# shellcheck shell=sh disable=SC2034
GOFUMPT=mvdan.cc/gofumpt@v0.12.0
GOLANGCI=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0
MINIO=github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
VERAPDF_VERSION=1.28.1
OCRMYPDF=ocrmypdf==17.13.0
STANDARDWEBHOOKS=standardwebhooks
AXE=axe-core@4.14.1
HTMX=htmx.org@2.0.11
OPENSEADRAGON=openseadragon@5.0.1
OAPI_CODEGEN=github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2
SPECTRAL=@stoplight/spectral-cli@6.16.3
SCHEMATHESIS=schemathesis==4.32.5
IIIF_VALIDATOR=iiif-validator==1.0.5
IIIF_PREZI=iiif-prezi3==3.1.1
MIRADOR=mirador@4.0.0

root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/.cache
tools=$cache/bin
PATH=$tools:$(go env GOPATH 2>/dev/null)/bin:$PATH
export PATH
