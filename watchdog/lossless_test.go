package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestSigtermLosesNoCall has callers come without a pause while the watchdog
// ends: each is either answered or never let in.
func TestSigtermLosesNoCall(t *testing.T) {
	for _, test := range []struct {
		name      string
		interval  string
		socket    bool
		keepAlive bool
	}{
		{"port, closed at once", "0", false, false},
		{"port, after a while", "500ms", false, false},
		{"port, kept alive", "500ms", false, true},
		{"socket, closed at once", "0", true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t)
			socket := filepath.Join(dir, "s")
			w := launch(t, dir, map[string]string{
				"fprocess": "sleep 0.02", "listen_socket": socket, "healthcheck_interval": test.interval,
			})
			if err := w.awaitReady(w.port); err != nil {
				t.Fatal(err)
			}
			network, address := "tcp", fmt.Sprintf("127.0.0.1:%d", w.port)
			if test.socket {
				network, address = "unix", socket
			}
			var answered, lost atomic.Int64
			var callers sync.WaitGroup
			for range 16 {
				callers.Go(func() {
					client := &http.Client{Transport: &http.Transport{
						DisableKeepAlives: !test.keepAlive,
						DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
							return new(net.Dialer).DialContext(ctx, network, address)
						},
					}}
					for {
						err := callOnce(client)
						switch {
						case err == nil:
							answered.Add(1)
						case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
							return // never let in
						default:
							lost.Add(1)
							t.Errorf("lost: %v", err)
							return
						}
					}
				})
			}
			_ = within(10*time.Second, func() error {
				if answered.Load() < 100 {
					return errors.New("not yet")
				}
				return nil
			})
			w.signal(syscall.SIGTERM)
			callers.Wait()
			mustExit(t, w, 5*time.Second, exitOK)
			t.Logf("%d answered, %d lost", answered.Load(), lost.Load())
		})
	}
}

// callOnce posts in a way that the client cannot repeat behind our back.
func callOnce(client *http.Client) error {
	request, err := http.NewRequest(http.MethodPost, "http://function/", io.NopCloser(strings.NewReader("x")))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}
