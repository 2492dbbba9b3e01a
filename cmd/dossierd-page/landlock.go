package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// landlockLevel is the version of Landlock's interface that the kernel has; 0 where it has none or it is switched off.
// See https://docs.kernel.org/userspace-api/landlock.html.
func landlockLevel() int {
	level, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(level)
}

// ruleset is all that a kernel of the given level can forbid: every use of files, and of networks what it knows of.
func ruleset(level int) unix.LandlockRulesetAttr {
	const (
		files1 = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1 // every right of level 1, which are the lowest bits
		files2 = files1 | unix.LANDLOCK_ACCESS_FS_REFER
		files3 = files2 | unix.LANDLOCK_ACCESS_FS_TRUNCATE
		files5 = files3 | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
		files9 = files5 | unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX
		tcp    = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		udp    = unix.LANDLOCK_ACCESS_NET_BIND_UDP | unix.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP
		scopes = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	)
	var r unix.LandlockRulesetAttr
	for _, step := range []struct {
		level              int
		files, net, scopes uint64
	}{
		{1, files1, 0, 0},
		{2, files2, 0, 0},
		{3, files3, 0, 0},
		{4, files3, tcp, 0},
		{5, files5, tcp, 0},
		{6, files5, tcp, scopes},
		{9, files9, tcp, scopes},
		{10, files9, tcp | udp, scopes},
	} {
		if level >= step.level {
			r.Handled_access_fs, r.Handled_access_net, r.Scoped = step.files, step.net, step.scopes
		}
	}
	return r
}

// restrict binds the calling thread, and all that it starts, to what is allowed.
func restrict(level int, reach []allowed) error {
	attr := ruleset(level)
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("create a ruleset: %w", errno)
	}
	defer unix.Close(int(fd))
	for _, a := range reach {
		err := a.allow(func(path int, access uint64) error {
			rule := unix.LandlockPathBeneathAttr{Allowed_access: access & attr.Handled_access_fs, Parent_fd: int32(path)}
			_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, fd, unix.LANDLOCK_RULE_PATH_BENEATH,
				uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
			if errno != 0 {
				return errno
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("restrict this thread: %w", errno)
	}
	return nil
}
