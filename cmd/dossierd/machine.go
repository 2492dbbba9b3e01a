package main

import (
	"os"
	"path/filepath"
)

// tessdataFolders are where Debian's packages, and a build by hand, put the models.
func tessdataFolders() []string {
	folders := []string{"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata"}
	if prefix := os.Getenv("TESSDATA_PREFIX"); prefix != "" {
		folders = append([]string{prefix}, folders...)
	}
	return folders
}

// tessdata is the first folder that holds models, or "".
func tessdata() string {
	for _, folder := range tessdataFolders() {
		if models, err := filepath.Glob(filepath.Join(folder, "*.traineddata")); err == nil && len(models) > 0 {
			return folder
		}
	}
	return ""
}

// installedModel reports whether Tesseract has a model of this name.
func installedModel(language string) bool {
	folder := tessdata()
	if folder == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(folder, language+".traineddata"))
	return err == nil
}

// pageCommand is the worker's binary: $DOSSIERD_PAGE, else the one beside this binary, else the one in PATH.
func pageCommand() string {
	if path := os.Getenv("DOSSIERD_PAGE"); path != "" {
		return path
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), "dossierd-page")
		if _, err := os.Stat(beside); err == nil {
			return beside
		}
	}
	return "dossierd-page"
}

func cacheFolder() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "dossierd")
}
