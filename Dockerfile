# dossierd with Tesseract and the models vie, fra, eng, osd. The result runs as an ordinary user and keeps its data in
# /var/lib/dossierd; its settings are /etc/dossierd.yaml.
#
#   docker build --build-arg VERSION=$(git describe --always) -t dossierd .
FROM golang:1.26-bookworm AS build
ENV GOTOOLCHAIN=auto
RUN apt-get update && apt-get install -y --no-install-recommends pkg-config libtesseract-dev libleptonica-dev libtiff-dev \
        libopenjp2-7-dev libjpeg62-turbo-dev libzxing-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -X main.stamp=$VERSION" -o /out/dossierd ./cmd/dossierd \
 && go build -trimpath -ldflags=-s -o /out/dossierd-page ./cmd/dossierd-page

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata libtesseract5 liblept5 libtiff6 \
        libopenjp2-7 libjpeg62-turbo libzxing2 tesseract-ocr-vie tesseract-ocr-fra tesseract-ocr-eng tesseract-ocr-osd \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 8480 --home-dir /var/lib/dossierd --create-home --shell /usr/sbin/nologin dossierd \
 && mkdir -p /srv/scans && chown dossierd: /srv/scans
COPY --from=build /out/ /usr/local/bin/
USER dossierd
WORKDIR /var/lib/dossierd
VOLUME ["/var/lib/dossierd", "/srv/scans"]
EXPOSE 8480
HEALTHCHECK --interval=30s --timeout=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8480 && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && grep -q ok <&3"]
ENTRYPOINT ["dossierd"]
CMD ["serve"]
