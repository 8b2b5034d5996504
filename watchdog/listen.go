package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"syscall"
	"time"
)

// settle is how long a door that lets nobody else in stays open for those who
// were on the threshold: a handshake under way needs a moment to end.
const settle = 20 * time.Millisecond

// door is a listener that can be shut without losing a caller. Closing a plain
// one resets every connection that the kernel has taken in and nobody accepted.
type door struct {
	rawListener
	keepOut func() error // lets no new callers in; those inside stay
	empty   chan struct{}
}

type rawListener interface {
	net.Listener
	syscall.Conn
	SetDeadline(time.Time) error
}

func newDoor(listener rawListener, keepOut func() error) *door {
	return &door{rawListener: listener, keepOut: keepOut, empty: make(chan struct{})}
}

// shut accepts those who are waiting and closes the listener in the same breath.
// Somebody must be accepting meanwhile.
func (d *door) shut() {
	closing := time.Now()
	if err := d.keepOut(); err != nil {
		log.Printf("Cannot keep out new connections, some may be reset: %s", err)
	} else {
		closing = closing.Add(settle)
	}
	_ = d.SetDeadline(closing)
	<-d.empty
}

func (d *door) Accept() (net.Conn, error) {
	conn, err := d.rawListener.Accept()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return conn, err
	}
	// A deadline may pass before a look at the kernel's queue.
	if conn, err := d.acceptWaiting(); err == nil {
		return conn, nil
	}
	_ = d.Close()
	close(d.empty)
	return nil, net.ErrClosed
}

// acceptWaiting goes past the deadline, which the library would obey first.
func (d *door) acceptWaiting() (net.Conn, error) {
	raw, err := d.SyscallConn()
	if err != nil {
		return nil, err
	}
	var fd int
	refused := raw.Control(func(listener uintptr) {
		for {
			fd, _, err = syscall.Accept4(int(listener), syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK)
			if !errors.Is(err, syscall.EINTR) && !errors.Is(err, syscall.ECONNABORTED) {
				return
			}
		}
	})
	if err = errors.Join(refused, err); err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "connection")
	defer file.Close()
	return net.FileConn(file)
}

func listenTCP(port int) (*door, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return nil, err
	}
	tcp := listener.(*net.TCPListener)
	return newDoor(tcp, func() error { return bindNowhere(tcp) }), nil
}

// bindNowhere ties the listener to a network interface that does not exist. The
// kernel then refuses new connections as if the port were closed, but keeps what
// it has begun or queued (Linux 5.7 or later, no privilege needed).
func bindNowhere(listener *net.TCPListener) error {
	const bindToInterface, noInterface = 62, 1<<31 - 1 // SO_BINDTOIFINDEX, socket(7)
	raw, err := listener.SyscallConn()
	if err != nil {
		return err
	}
	refused := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, bindToInterface, noInterface)
	})
	return errors.Join(refused, err)
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
	return newDoor(listener, func() error {
		now, err := os.Lstat(path)
		if err != nil || !os.SameFile(mine, now) {
			return nil // gone, or a successor has taken the name
		}
		return os.Remove(path)
	}), nil
}
