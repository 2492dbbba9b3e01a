# The commands people type. Everything that installs lives in scripts/; everything pinned lives in scripts/versions.sh.

GO ?= go
export CGO_ENABLED ?= 1
# Tesseract's threads get in each other's way, and have a test that reads in its own process take twice the CPU; workers are started so.
export OMP_THREAD_LIMIT := 1
BIN := bin
VERSION := $(shell git describe --always --dirty 2>/dev/null)
CHECK_TIMEOUT := 10m
# SQLite and its C library, translated, are some seven times slower under the race detector, which has nothing to say of C's memory.
RACE := -race $(foreach p,libc memory sqlite/lib,-gcflags=modernc.org/$p=-race=false)

.PHONY: all build run check test fuzz fuzz-hour bench deps test-deps clean

all: build

## build: both binaries into bin/
build:
	@mkdir -p $(BIN)
	CGO_ENABLED=0 $(GO) build -ldflags "-X main.stamp=$(VERSION)" -o $(BIN)/dossierd ./cmd/dossierd
	$(GO) build -o $(BIN)/dossierd-page ./cmd/dossierd-page

## run: everything a first look needs; Ctrl-C ends it
run:
	@scripts/need-go.sh
	@scripts/install-deps.sh run
	@$(MAKE) --no-print-directory build
	@exec $(BIN)/dossierd serve --demo testdata/pages/sample.jpg

## check: format, lint, vet, vulnerabilities and the quick tests (-race -short, no servers)
check: deps
	@scripts/check.sh
	$(GO) test -vet=off $(RACE) -short -shuffle=on -timeout $(CHECK_TIMEOUT) ./...

## test: the rest: real servers, judges and kills
test: test-deps build
	@scripts/test.sh

## fuzz: every fuzz target for a minute of one core (make test gives each ten seconds)
fuzz: deps
	@scripts/fuzz.sh 60s

## fuzz-hour: the same for twelve minutes each, by hand
fuzz-hour: deps
	@scripts/fuzz.sh 12m

## bench: the figures of the README, against the peers, in one run
bench: test-deps build
	@scripts/bench.sh

deps:
	@scripts/need-go.sh
	@scripts/install-deps.sh build

test-deps: deps
	@scripts/install-deps.sh test

clean:
	rm -rf $(BIN) dossierd-data
