package scanners

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// The folders that are made inside a station's folder.
const (
	ownDir      = ".dossierd"
	claimedDir  = ownDir + "/claimed"
	spareDir    = ownDir + "/spare"
	probeFile   = ownDir + "/probe"
	rejectedDir = "_rejected"
	receiptsDir = "_receipts"
)

// Why a folder is away, beside what the file system says.
var (
	errNotMounted = errors.New("nothing is mounted there any more")
	errAway       = errors.New("the folder is away")
)

// place is a station's folder, opened for one piece of work: held open, it could not be unmounted. All access goes
// through root, so that a link put into the folder leads nowhere else.
type place struct {
	root    *os.Root
	inode   uint64
	device  uint64
	mounted bool // the folder is where a file system is mounted
	network bool // other machines write to it, or may
	owner   int
	group   int
}

// openPlace opens the folder at path. The caller closes it.
func openPlace(path string) (*place, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	p := &place{root: root}
	if err := p.look(); err != nil {
		p.close()
		return nil, fmt.Errorf("look at the folder: %w", err)
	}
	return p, nil
}

func (p *place) close() { _ = p.root.Close() } // was only read from

func (p *place) look() error {
	dir, err := p.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	info, err := dir.Stat()
	if err != nil {
		return err
	}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		p.inode, p.device, p.owner, p.group = sys.Ino, sys.Dev, int(sys.Uid), int(sys.Gid)
	}
	var s unix.Statfs_t
	if err := unix.Fstatfs(int(dir.Fd()), &s); err != nil {
		return err
	}
	p.network = isNetwork(uint32(s.Type))
	var x unix.Statx_t
	if err := unix.Statx(int(dir.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS, &x); err == nil {
		p.mounted = x.Attributes&x.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT != 0
	}
	return nil
}

// same reports whether p is the folder that o was.
func (p *place) same(o *place) bool {
	return p.inode == o.inode && p.device == o.device
}

// isNetwork knows the file systems whose changes may come from elsewhere: no event tells of those, and no lease.
func isNetwork(magic uint32) bool {
	switch magic {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.V9FS_MAGIC,
		unix.FUSE_SUPER_MAGIC, unix.CEPH_SUPER_MAGIC, unix.AFS_SUPER_MAGIC, unix.CODA_SUPER_MAGIC, unix.OCFS2_SUPER_MAGIC:
		return true
	}
	return false
}

// touch makes a file and removes it: it shows whether the folder can be written to, and whether events come. It stays
// empty, for on a full file system an empty file can still be made.
func (p *place) touch() error {
	f, err := p.root.OpenFile(probeFile, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write to the folder: %w", err)
	}
	if err := errors.Join(f.Close(), p.root.Remove(probeFile)); err != nil {
		return fmt.Errorf("write to the folder: %w", err)
	}
	return nil
}

// makeClaimDir makes the folder of one claim. Where the file system has no room for it, the spare one is taken: a station that
// is full gets room again only by having its files claimed.
func (p *place) makeClaimDir(dir string) error {
	err := p.root.Mkdir(dir, 0o700)
	full := errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
	if full && p.root.Rename(spareDir, dir) == nil {
		return nil
	}
	return err
}

// sync makes the entries of a folder inside durable.
func (p *place) sync(dir string) error {
	f, err := p.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOTSUP) {
		return err // the others say that this file system has nothing to sync
	}
	return nil
}

// adopt gives what was made for the clerk to the folder's owner and group, as far as allowed, with a mode that lets both
// change and delete it.
func (p *place) adopt(name string, mode fs.FileMode) error {
	if p.root.Lchown(name, p.owner, p.group) != nil {
		_ = p.root.Lchown(name, -1, p.group) // best effort: only root may give files away
	}
	return p.root.Chmod(name, mode)
}

// openForWriting reports whether some process holds f, which was opened for reading, open for writing. Where leases are
// not to be had (another owner's file, some file systems) nobody is known to.
func openForWriting(f *os.File) bool {
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	open := false
	err = conn.Control(func(fd uintptr) {
		_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK)
		if open = errors.Is(err, unix.EAGAIN); err == nil {
			_, _ = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK) // closing gives it back too
		}
	})
	return err == nil && open
}

// blame returns what an error says without the file's name in it: names may tell of a person, and logs must not.
func blame(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Op + ": " + path.Err.Error()
	case errors.As(err, &link):
		return link.Op + ": " + link.Err.Error()
	default:
		return err.Error()
	}
}
