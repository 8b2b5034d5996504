package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
	}}
}

func mustPostOver(t *testing.T, client *http.Client, body string) {
	t.Helper()
	response, err := client.Post("http://function/", "text/plain", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); err != nil || string(got) != body {
		t.Fatalf("want %q, got %q, %v", body, got, err)
	}
}

// staleSocket leaves a socket behind as a killed process does.
func staleSocket(t *testing.T, path string) {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	_ = listener.Close()
}

func TestSocketBesideThePort(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	socket := filepath.Join(dir, "function.sock")
	staleSocket(t, socket)
	w := launch(t, dir, map[string]string{"fprocess": "cat", "listen_socket": socket, "healthcheck_interval": "0"})
	if err := w.awaitReady(w.port); err != nil {
		t.Fatal(err)
	}
	mustPostOver(t, overSocket(socket), "over the socket")
	mustGet(t, w.url("/"), http.StatusOK)
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o666 {
		t.Errorf("socket: %v, %v", info.Mode(), err)
	}

	second := launch(t, dir, map[string]string{"fprocess": "cat", "listen_socket": socket})
	mustExit(t, second, 5*time.Second, exitFailure)
	mustSay(t, second, "Error ListenAndServe: listen unix "+socket+": address already in use")
	mustPostOver(t, overSocket(socket), "still the first one's")

	w.signal(syscall.SIGTERM)
	mustExit(t, w, 5*time.Second, exitOK)
	if exists(socket) {
		t.Error("the socket is still there")
	}
}

func TestSocketAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	socket := filepath.Join(dir, "s")
	w := launch(t, dir, map[string]string{
		"fprocess": "cat", "listen_socket": socket, "port": "none", "metrics_port": "0",
		"TMPDIR": filepath.Join(dir, "missing"),
	})
	mustSay(t, w, "Metrics are off")
	mustPostOver(t, overSocket(socket), "x")
	if strings.Contains(w.stderr.String(), "Listening on port") {
		t.Error("listens on a port, too")
	}
	if code := w.healthcheck(t); code != 0 {
		t.Errorf("-run-healthcheck: exit code %d", code)
	}
}

func TestSocketNeverReplacesAFile(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	path := filepath.Join(dir, "data")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for socket, reason := range map[string]string{
		path: "exists and is not a socket",
		filepath.Join(dir, strings.Repeat("x", 100)): "path is longer than 103 bytes",
		filepath.Join(dir, "missing", "s"):           "no such file or directory",
	} {
		w := launch(t, dir, map[string]string{"fprocess": "cat", "listen_socket": socket})
		mustExit(t, w, 5*time.Second, exitFailure)
		mustSay(t, w, reason)
	}
	if text, _ := os.ReadFile(path); string(text) != "precious" {
		t.Errorf("the file is now %q", text)
	}
}
