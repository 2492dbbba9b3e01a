package tesseract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/otiai10/gosseract/v2"
)

// Version is that of the Tesseract library.
func Version() string { return gosseract.Version() }

// Installed gives the languages that the engine has a model for, each with the model's SHA-256.
func (e *Engine) Installed() (map[string]string, error) {
	const ext = ".traineddata"
	files, err := filepath.Glob(filepath.Join(e.models, "*"+ext))
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	models := make(map[string]string, len(files))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read model: %w", err)
		}
		sum := sha256.Sum256(data)
		models[strings.TrimSuffix(filepath.Base(file), ext)] = hex.EncodeToString(sum[:])
	}
	return models, nil
}
