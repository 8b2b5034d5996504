package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
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

// startForwarder forwards a new socket to address.
func startForwarder(t *testing.T, address string) (*watchdog, string) {
	t.Helper()
	dir := folder(t)
	socket := filepath.Join(dir, "f.sock")
	staleSocket(t, socket)
	w := launch(t, dir, nil, "--forward", socket, "--to", address)
	mustSay(t, w, "Forwarding "+socket+" to "+address)
	return w, socket
}

// listenOnce answers every connection on a new port with serve.
func listenOnce(t *testing.T, serve func(*net.TCPConn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn.(*net.TCPConn))
		}
	}()
	return listener.Addr().String()
}

func mustDial(t *testing.T, socket string) *net.UnixConn {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn.(*net.UnixConn)
}

func TestForwardPassesBytesAndHalfCloses(t *testing.T) {
	t.Parallel()
	address := listenOnce(t, func(conn *net.TCPConn) {
		defer conn.Close()
		data, _ := io.ReadAll(conn) // needs the caller's end of data
		_, _ = conn.Write(data)
	})
	w, socket := startForwarder(t, address)
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o666 {
		t.Errorf("socket: %v, %v", info.Mode(), err)
	}
	data := make([]byte, 5<<20)
	_, _ = rand.Read(data)
	conn := mustDial(t, socket)
	if _, err := conn.Write(data); err != nil {
		t.Fatal(err)
	}
	_ = conn.CloseWrite()
	if got, err := io.ReadAll(conn); err != nil || !bytes.Equal(got, data) {
		t.Errorf("got %d bytes of %d back, %v", len(got), len(data), err)
	}
	w.signal(syscall.SIGTERM)
	mustExit(t, w, 2*time.Second, exitOK)
	if exists(socket) {
		t.Error("the socket is still there")
	}
}

func TestForwardToNobodyCloses(t *testing.T) {
	t.Parallel()
	_, socket := startForwarder(t, fmt.Sprintf("127.0.0.1:%d", freePort()))
	conn := mustDial(t, socket)
	if n, err := conn.Read(make([]byte, 1)); err == nil || n > 0 {
		t.Error("something was read")
	}
}

func TestForwardDrainsOnSigterm(t *testing.T) {
	t.Parallel()
	function := start(t, map[string]string{"fprocess": "sleep 3"})
	w, socket := startForwarder(t, fmt.Sprintf("127.0.0.1:%d", function.port))
	idle := mustDial(t, socket) // must not hold up the end
	call := mustDial(t, socket)
	fmt.Fprint(call, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	mustSay(t, function, "Forking")
	w.signal(syscall.SIGTERM)
	mustSay(t, w, "draining")
	answer := make([]byte, 15)
	if _, err := io.ReadFull(call, answer); err != nil || string(answer) != "HTTP/1.1 200 OK" {
		t.Errorf("got %q, %v", answer, err)
	}
	if conn, err := net.Dial("unix", socket); err == nil {
		_ = conn.Close()
		t.Error("still takes connections")
	}
	mustExit(t, w, 5*time.Second, exitOK) // though the caller keeps the connection
	_ = idle
}

func TestOrphansAreReaped(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	writeScript(t, filepath.Join(dir, "fn.sh"), "#!/bin/sh\n(sleep 0.3 >/dev/null 2>&1 &)\necho $$\n")
	port := freePort()
	cmd := exec.Command(binary)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + casePath, "TMPDIR=" + dir, "fprocess=./fn.sh", "metrics_port=0", fmt.Sprint("port=", port)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Skipf("no process namespace here: %v", err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	url := fmt.Sprintf("http://127.0.0.1:%d/", port)
	if err := within(5*time.Second, func() error { _, _, err := get(url + healthPath[1:]); return err }); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		mustGet(t, url, http.StatusOK)
	}
	children := fmt.Sprintf("/proc/%d/task/%d/children", cmd.Process.Pid, cmd.Process.Pid)
	if err := within(5*time.Second, func() error {
		all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cmd.Process.Pid))
		for _, name := range all {
			if text, _ := os.ReadFile(name); len(bytes.TrimSpace(text)) > 0 {
				return fmt.Errorf("children remain: %s", text)
			}
		}
		return nil
	}); err != nil {
		t.Error(err, children)
	}
}
