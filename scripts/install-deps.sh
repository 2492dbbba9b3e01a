#!/bin/sh
# Names and installs what is missing. Usage: install-deps.sh run|build|test
#   run    what `make run` needs: Tesseract, its models, and what the page worker is built against
#   build  the same, and the linters of `make check`
#   test   what `make test` and `make bench` need besides: MinIO, PostgreSQL, veraPDF, poppler, qpdf, Chromium, axe-core, judges of API
#          and IIIF, peers
set -eu
. "$(dirname "$0")/versions.sh"

packages="gcc g++ libc6-dev pkg-config libtesseract-dev libleptonica-dev libtiff-dev libopenjp2-7-dev libjpeg62-turbo-dev libzxing-dev
tesseract-ocr-vie tesseract-ocr-fra tesseract-ocr-eng tesseract-ocr-osd"
test_packages="poppler-utils qpdf postgresql imagemagick libtiff-tools libopenjp2-tools libjpeg-turbo-progs libxml2-utils default-jre-headless maven
python3-venv npm libmagic1 tesseract-ocr ghostscript unpaper time chromium fonts-noto-core"

missing() {
	for p in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || echo "$p"
	done
}

install_packages() {
	want=$(missing "$@")
	[ -z "$want" ] && return 0
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "These packages are missing, and this is not Debian: $(echo $want)" >&2
		exit 3
	fi
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		sudo=sudo
		command -v sudo >/dev/null 2>&1 || { echo "Run as root: apt-get install $(echo $want)" >&2; exit 3; }
	fi
	echo "Installing Debian packages: $(echo $want)"
	$sudo apt-get update -qq
	# shellcheck disable=SC2086
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $want >/dev/null
}

install_go() {
	name=$(basename "${1%@*}")
	command -v "$name" >/dev/null 2>&1 && return 0
	echo "Building $name"
	mkdir -p "$tools"
	(cd / && GOBIN=$tools GOFLAGS=-mod=mod go install "$1")
}

# shellcheck disable=SC2086
install_packages $packages
[ "$1" = run ] && exit 0

install_go "$GOFUMPT"
install_go "$GOLANGCI"
install_go "$GOVULNCHECK"
[ "$1" = build ] && exit 0

# A Java and an npm of any packaging will do.
command -v java >/dev/null 2>&1 && test_packages=$(echo "$test_packages" | sed 's/default-jre-headless//')
command -v npm >/dev/null 2>&1 && test_packages=$(echo "$test_packages" | sed 's/ npm / /')
# shellcheck disable=SC2086
install_packages $test_packages
install_go "$MINIO"
if ! grep -q "\"version\": \"${AXE#*@}\"" "$cache/npm/node_modules/axe-core/package.json" 2>/dev/null; then
	echo "Fetching $AXE"
	npm install --silent --no-audit --no-fund --prefix "$cache/npm" "$AXE"
fi
jar=$HOME/.m2/repository/org/verapdf/apps/greenfield-apps/$VERAPDF_VERSION/greenfield-apps-$VERAPDF_VERSION.jar
if [ ! -f "$jar" ]; then
	echo "Fetching veraPDF $VERAPDF_VERSION"
	mvn -q dependency:get -Dartifact=org.verapdf.apps:greenfield-apps:$VERAPDF_VERSION -Dtransitive=false
fi
if [ ! -x /opt/peer/bin/ocrmypdf ] && [ ! -x "$cache/peer/bin/ocrmypdf" ]; then
	echo "Installing the peers: $OCRMYPDF, $STANDARDWEBHOOKS"
	python3 -m venv "$cache/peer"
	"$cache/peer/bin/pip" install -q "$OCRMYPDF" "$STANDARDWEBHOOKS"
fi
install_go "$OAPI_CODEGEN"
if [ ! -x "$cache/spectral/node_modules/.bin/spectral" ]; then
	echo "Installing the API's linter: $SPECTRAL"
	npm install --silent --no-fund --no-audit --ignore-scripts --prefix "$cache/spectral" "$SPECTRAL"
fi
if ! "$cache/api/bin/st" --version >/dev/null 2>&1; then # a moved venv has it and can't run it
	echo "Installing the API's examiner: $SCHEMATHESIS"
	python3 -m venv --clear "$cache/api"
	"$cache/api/bin/pip" install -q "$SCHEMATHESIS"
fi
if ! "$cache/iiif/bin/pip" freeze 2>/dev/null | grep -qx "$IIIF_PREZI"; then
	echo "Installing the judges of IIIF: $IIIF_VALIDATOR, $IIIF_PREZI"
	python3 -m venv "$cache/iiif"
	"$cache/iiif/bin/pip" install -q "$IIIF_VALIDATOR" "$IIIF_PREZI"
fi
mirador=$cache/mirador-${MIRADOR#*@}
if [ ! -f "$mirador/dist/mirador.min.js" ]; then
	echo "Fetching $MIRADOR"
	mkdir -p "$mirador"
	(cd "$mirador" && tar xzf "$(npm pack --silent "$MIRADOR")" --strip-components=1 && rm -f ./*.tgz)
fi
