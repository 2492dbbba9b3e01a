package main

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// forbidSockets takes the network away, of which Landlock knows TCP only: no socket can be made, and io_uring, which
// could make one past the filter, not be set up. It binds the calling thread and all that it starts. A worker has no
// use for either. See https://docs.kernel.org/userspace-api/seccomp_filter.html.
func forbidSockets() error {
	const (
		number, machine = 0, 4    // where struct seccomp_data has them
		x32             = 1 << 30 // this bit calls the same by other numbers
		deny            = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
		load            = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal           = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		atLeast         = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		give            = unix.BPF_RET | unix.BPF_K
	)
	arch, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		return nil
	}
	filter := []unix.SockFilter{
		{Code: load, K: machine},
		{Code: equal, K: arch, Jt: 1},
		{Code: give, K: deny},
		{Code: load, K: number},
		{Code: atLeast, K: x32, Jf: 1},
		{Code: give, K: deny},
	}
	for _, call := range []uint32{unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_IO_URING_SETUP} {
		filter = append(filter, unix.SockFilter{Code: equal, K: call, Jf: 1}, unix.SockFilter{Code: give, K: deny})
	}
	filter = append(filter, unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	runtime.KeepAlive(filter)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		return nil // a kernel without filters, or a container that forbids them
	}
	if err != nil {
		return fmt.Errorf("forbid sockets: %w", err)
	}
	return nil
}
