package main

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSigtermServesWhileBusy(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "sleep 2", "healthcheck_interval": "20s"})
	first := inBackground(w)
	w.signal(syscall.SIGTERM)
	time.Sleep(1500 * time.Millisecond) // past the least time, while the first call runs
	mustGet(t, w.url(healthPath), http.StatusServiceUnavailable)
	late := time.Now()
	mustGet(t, w.url("/"), http.StatusOK)
	if err := <-first; err != nil {
		t.Error(err)
	}
	mustExit(t, w, 5*time.Second, exitOK)
	if idle := time.Since(late) - 2*time.Second; idle > time.Second {
		t.Errorf("ended %s after the last call", idle)
	}
}

// inBackground starts a call and returns when its function runs.
func inBackground(w *watchdog) <-chan error {
	done := make(chan error, 1)
	before := strings.Count(w.stderr.String(), "Forking")
	go func() {
		status, body, err := get(w.url("/"))
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%d %q", status, body)
		}
		done <- err
	}()
	_ = within(5*time.Second, func() error {
		if strings.Count(w.stderr.String(), "Forking") == before {
			return errors.New("not yet")
		}
		return nil
	})
	return done
}

func TestSigtermIdleEndsQuickly(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "cat"})
	w.signal(syscall.SIGTERM)
	mustExit(t, w, 4*time.Second, exitOK)
	if took := time.Since(w.lastSignal); took < 900*time.Millisecond {
		t.Errorf("ended after %s: callers had no time to notice", took)
	}
	if exists(filepath.Join(w.dir, "tmp", ".lock")) {
		t.Error("the lock file is still there")
	}
}

func TestSigtermAgainDrainsNow(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "sleep 1", "healthcheck_interval": "20s"})
	call := inBackground(w)
	w.signal(syscall.SIGTERM)
	mustSay(t, w, "SIGTERM: no new connections")
	w.signal(syscall.SIGTERM)
	mustSay(t, w, "No new connections allowed, draining: 1 requests")
	w.signal(syscall.SIGTERM) // and a third changes nothing
	if err := <-call; err != nil {
		t.Error(err)
	}
	mustExit(t, w, 4*time.Second, exitOK)
}

func TestSigtermIntervalZero(t *testing.T) {
	t.Parallel()
	for _, env := range []map[string]string{
		{"fprocess": "sleep 1", "healthcheck_interval": "0"},
		{"fprocess": "sleep 1", "healthcheck_interval": "-1s"},
		{"fprocess": "sleep 1", "write_timeout": "0"},
	} {
		w := start(t, env)
		call := inBackground(w)
		w.signal(syscall.SIGTERM)
		mustSay(t, w, "draining: 1 requests")
		if err := <-call; err != nil {
			t.Errorf("%v: %v", env, err)
		}
		mustExit(t, w, 3*time.Second, exitOK)
	}
}
