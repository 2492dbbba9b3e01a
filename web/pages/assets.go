package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
)

//go:embed assets
var assetFiles embed.FS

const assetsPath = "/assets/"

// assets are the files below assets/. Their addresses begin with a hash of them all, so that a browser may keep them for ever, and
// they can name each other by relative paths.
type assets struct {
	hash  string
	files map[string]asset
}

type asset struct {
	kind        string // Content-Type
	plain, gzip []byte
}

func loadAssets() *assets {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".md" {
			return err
		}
		data, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(name, "assets/")
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
		a.files[name] = asset{kind: assetKind(name), plain: data, gzip: squeezed(data)}
		return nil
	})
	if err != nil {
		panic(err) // the files come with the binary
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a
}

func assetKind(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case "":
		return "text/plain; charset=utf-8" // licences
	}
	return mime.TypeByExtension(path.Ext(name))
}

func squeezed(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one that exists
	_, _ = z.Write(data)                                  // memory takes what it is given
	_ = z.Close()
	return b.Bytes()
}

// path is where an asset is served. A name that is none is a fault of a template: tests render them all.
func (a *assets) path(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("no asset %s", name)
	}
	return assetsPath + a.hash + "/" + name, nil
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, assetsPath), "/")
	f, ok := a.files[name]
	if !ok || hash != a.hash {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if acceptsGzip(r) && len(f.gzip) < len(f.plain) {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	_, _ = w.Write(body) // a client gone is its own affair
}
