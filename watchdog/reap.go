package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

// reaper starts processes and is the only one to wait for any. In a container
// the watchdog is process 1 and inherits every orphan; waiting for all children
// in one place clears those away without stealing the status of a function.
type reaper struct {
	mu       sync.Mutex
	children map[int]*child
}

// child is one started process.
type child struct {
	pid    int
	ended  chan struct{} // closed once status is set
	status syscall.WaitStatus
}

func newReaper() *reaper {
	r := &reaper{children: map[int]*child{}}
	// Before the first start, so that no end goes unnoticed.
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	go func() {
		for range ends {
			r.reap()
		}
	}()
	return r
}

// start starts cmd, whose Wait must not be called: the returned child tells.
func (r *reaper) start(cmd *exec.Cmd) (*child, error) {
	// Held over the start: the process may end before its number is known.
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{pid: cmd.Process.Pid, ended: make(chan struct{})}
	r.children[c.pid] = c
	return c, cmd.Process.Release()
}

// reap collects everything that has ended; one signal may stand for several.
func (r *reaper) reap() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if c := r.children[pid]; c != nil {
			delete(r.children, pid)
			c.status = status
			close(c.ended)
		}
	}
}

// killGroup kills c with everything in its process group. Once c is reaped its
// number may belong to somebody else, so then nothing is killed.
func (r *reaper) killGroup(c *child) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.children[c.pid] == c {
		_ = syscall.Kill(-c.pid, syscall.SIGKILL)
	}
}

// failure is nil for exit code 0, else the reason in os/exec's words.
func (c *child) failure() error {
	switch s := c.status; {
	case s.Exited() && s.ExitStatus() == 0:
		return nil
	case s.Exited():
		return fmt.Errorf("exit status %d", s.ExitStatus())
	case s.CoreDump():
		return fmt.Errorf("signal: %s (core dumped)", s.Signal())
	default:
		return fmt.Errorf("signal: %s", s.Signal())
	}
}
