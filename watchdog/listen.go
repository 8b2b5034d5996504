package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// settle is how long no connection must arrive before a shut door is taken to
// be empty: a handshake that was under way needs a moment to end.
const settle = 20 * time.Millisecond

// door is a listener that can be shut without losing a caller. Closing a plain
// one resets every connection that the kernel has taken in and nobody accepted.
type door struct {
	deadlineListener
	keepOut func() // no new callers; those inside stay

	empty, closed        chan struct{}
	emptyOnce, closeOnce sync.Once
}

type deadlineListener interface {
	net.Listener
	SetDeadline(time.Time) error
}

func newDoor(listener deadlineListener, keepOut func()) *door {
	return &door{
		deadlineListener: listener, keepOut: keepOut,
		empty: make(chan struct{}), closed: make(chan struct{}),
	}
}

// shut keeps new callers out and returns when those who were in are accepted.
// Somebody must be accepting meanwhile. Close is still to be called.
func (d *door) shut() {
	d.keepOut()
	_ = d.SetDeadline(time.Now())
	select {
	case <-d.empty:
	case <-time.After(time.Second): // only where keepOut has no effect
	}
}

func (d *door) Accept() (net.Conn, error) {
	conn, err := d.deadlineListener.Accept()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return conn, err
	}
	// The door is shut, and the deadline may have come before a look at the queue.
	_ = d.SetDeadline(time.Now().Add(settle))
	conn, err = d.deadlineListener.Accept()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return conn, err
	}
	d.emptyOnce.Do(func() { close(d.empty) })
	<-d.closed
	return nil, net.ErrClosed
}

func (d *door) Close() error {
	d.closeOnce.Do(func() { close(d.closed) })
	return d.deadlineListener.Close()
}

func listenTCP(port int) (*door, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return nil, err
	}
	tcp := listener.(*net.TCPListener)
	return newDoor(tcp, func() { dropNewConnections(tcp) }), nil
}

// dropNewConnections has the kernel drop packets that open a connection: the
// caller tries again and is refused once the port is closed. If the kernel does
// not do it, a call that comes in the very moment of closing may be reset.
func dropNewConnections(listener *net.TCPListener) {
	const flags, syn, ack, drop, pass = 13, 0x02, 0x10, 0, 0xffffffff
	program := []syscall.SockFilter{
		{Code: syscall.BPF_LD | syscall.BPF_B | syscall.BPF_ABS, K: flags},
		{Code: syscall.BPF_ALU | syscall.BPF_AND | syscall.BPF_K, K: syn | ack},
		{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, Jt: 0, Jf: 1, K: syn},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: drop},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: pass},
	}
	if raw, err := listener.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.AttachLsf(int(fd), program) })
	}
}

// longestSocketPath is what fits a socket address, less the zero at its end.
const longestSocketPath = 107

// listenUnix listens on a Unix socket, in place of a stale one. The socket
// appears under its name only when callers of any user can be answered.
func listenUnix(path string) (*door, error) {
	fresh := path + ".new"
	if len(fresh) > longestSocketPath {
		return nil, fmt.Errorf("listen unix %s: path is longer than %d bytes",
			path, longestSocketPath-len(".new"))
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("listen unix %s: exists and is not a socket", path)
		}
		if conn, err := net.Dial("unix", path); err == nil {
			_ = conn.Close()
			return nil, fmt.Errorf("listen unix %s: address already in use", path)
		}
	}
	_ = os.Remove(fresh)
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: fresh, Net: "unix"})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false) // the name it knows is not the one it has
	err = os.Chmod(fresh, 0o666)     // past the umask
	if err == nil {
		err = os.Rename(fresh, path)
	}
	var mine os.FileInfo
	if err == nil {
		mine, err = os.Lstat(path)
	}
	if err != nil {
		_ = listener.Close()
		return nil, err
	}
	return newDoor(listener, func() {
		// A successor may have taken the name.
		if now, err := os.Lstat(path); err == nil && os.SameFile(mine, now) {
			_ = os.Remove(path)
		}
	}), nil
}
