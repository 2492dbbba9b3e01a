package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// limits are what a worker may take and reach.
type limits struct {
	scratch string
	cache   string
	memory  int64 // bytes; 0 for no limit
	draws   bool
}

// confinedEnv tells the second life of a worker how far it is confined.
const confinedEnv = "DOSSIERD_PAGE_CONFINED"

// confine limits what the process may take and reach, and returns the version of the kernel's Landlock that sees to
// the latter; 0 where there is none.
//
// Landlock and seccomp bind a thread and those it starts, and by now there are several. So they are set on one thread, from which the
// binary executes itself again: it then begins confined, with all the threads it will ever have.
func confine(l limits) (level int, err error) {
	if confined, ok := os.LookupEnv(confinedEnv); ok {
		return strconv.Atoi(confined)
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	runtime.LockOSThread()
	if err := l.limitResources(); err != nil {
		return 0, err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("set no_new_privs: %w", err)
	}
	level = landlockLevel()
	if level > 0 {
		if err := restrict(level, l.reach(self)); err != nil {
			return 0, fmt.Errorf("restrict by landlock: %w", err)
		}
	}
	if err := forbidSockets(); err != nil {
		return 0, err
	}
	env := append(os.Environ(), confinedEnv+"="+strconv.Itoa(level))
	return 0, unix.Exec(self, os.Args, env)
}

// limitResources bounds what the pool does not watch or sees too late. The address space can't be bounded: Go and
// Tesseract take gigabytes of it before the first page.
func (l limits) limitResources() error {
	const (
		files    = 64
		compiled = 256 << 20 // bytes of the largest file that a drawing worker writes
	)
	most := map[int]uint64{unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: files, unix.RLIMIT_FSIZE: 0}
	if l.draws {
		most[unix.RLIMIT_FSIZE] = compiled
	}
	if l.memory > 0 {
		// Not all that is asked for is ever used; what is, the pool counts.
		most[unix.RLIMIT_DATA] = 2 * uint64(l.memory)
	}
	for resource, value := range most {
		var now unix.Rlimit
		if err := unix.Getrlimit(resource, &now); err != nil {
			return fmt.Errorf("get rlimit %d: %w", resource, err)
		}
		value = min(value, now.Max)
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: value, Max: value}); err != nil {
			return fmt.Errorf("set rlimit %d: %w", resource, err)
		}
	}
	return nil
}

// reach is what of the file system the worker may use.
func (l limits) reach(self string) []allowed {
	const (
		read    = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
		execute = read | unix.LANDLOCK_ACCESS_FS_EXECUTE
		write   = read | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
			unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
			unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR
	)
	reach := []allowed{
		{self, execute},
		{"/lib", execute},
		{"/lib64", execute},
		{"/usr/lib", execute},
		{"/usr/lib64", execute},
		{"/usr/local/lib", execute},
		{"/etc/ld.so.cache", read},
		{"/usr/share/tesseract-ocr", read},
		{os.Getenv("TESSDATA_PREFIX"), read},
		{"/sys/kernel/mm/transparent_hugepage", read}, // Go looks at it when it starts
		{"/dev/null", read | unix.LANDLOCK_ACCESS_FS_WRITE_FILE},
		{l.scratch, read},
	}
	if l.draws {
		reach = append(reach, allowed{l.cache, write})
	}
	return reach
}

// allowed is one path and what may be done beneath it.
type allowed struct {
	path   string
	access uint64
}

// allow opens the path and hands it to add; a path that is not there is none to be reached.
func (a allowed) allow(add func(fd int, access uint64) error) error {
	if a.path == "" {
		return nil
	}
	fd, err := unix.Open(a.path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", a.path, err)
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("look at %s: %w", a.path, err)
	}
	access := a.access
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		const ofFiles = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
			unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
		access &= ofFiles
	}
	if err := add(fd, access); err != nil {
		return fmt.Errorf("allow %s: %w", a.path, err)
	}
	return nil
}
