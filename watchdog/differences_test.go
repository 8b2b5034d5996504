package main

import (
	"bufio"
	"errors"
	"fmt"
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

// The tests that testdata/differences.json names: what happens instead.

func mustGet(t *testing.T, url string, wantStatus int) string {
	t.Helper()
	status, body, err := get(url)
	if err != nil || status != wantStatus {
		t.Fatalf("%s: want %d, got %d %q, %v", url, wantStatus, status, body, err)
	}
	return body
}

func mustExit(t *testing.T, w *watchdog, limit time.Duration, wantCode int) {
	t.Helper()
	if code, err := w.awaitExit(limit); err != nil || code != wantCode {
		t.Fatalf("want exit code %d, got %d, %v", wantCode, code, err)
	}
}

func mustSay(t *testing.T, w *watchdog, want string) {
	t.Helper()
	if err := within(5*time.Second, func() error { return found(w.stderr.String(), want) }); err != nil {
		t.Fatal(err)
	}
}

func TestMetricsPort(t *testing.T) {
	t.Parallel()
	moved := start(t, map[string]string{"fprocess": "cat"})
	mustSay(t, moved, fmt.Sprintf("Metrics listening on port: %d", moved.metricsPort))
	mustGet(t, fmt.Sprintf("http://127.0.0.1:%d/metrics", moved.metricsPort), http.StatusOK)

	taken := start(t, map[string]string{"fprocess": "cat", "metrics_port": fmt.Sprint(moved.metricsPort)})
	mustSay(t, taken, "Metrics are not served: listen tcp :")
	mustGet(t, taken.url("/"), http.StatusOK)

	off := start(t, map[string]string{"fprocess": "cat", "metrics_port": "0"})
	mustSay(t, off, "Metrics are off")
	mustGet(t, off.url("/"), http.StatusOK)

	port := freePort()
	same := launch(t, folder(t), map[string]string{"fprocess": "cat", "port": fmt.Sprint(port), "metrics_port": fmt.Sprint(port)})
	mustSay(t, same, "Metrics are not served")
	mustGet(t, fmt.Sprintf("http://127.0.0.1:%d/", port), http.StatusOK)
}

func TestJWTIsRefused(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"true", "1", "TRUE", "yes", "on"} {
		w := launch(t, folder(t), map[string]string{"fprocess": "cat", "jwt_auth": on})
		mustExit(t, w, 5*time.Second, exitFailure)
		mustSay(t, w, "Error creating JWTAuthMiddleware: this watchdog cannot check tokens")
	}
	for _, off := range []string{"", "false", "0"} {
		w := start(t, map[string]string{"fprocess": "cat", "jwt_auth": off})
		mustGet(t, w.url("/"), http.StatusOK)
	}
}

func TestLockFolderNotWritable(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	w := launch(t, dir, map[string]string{"fprocess": "cat", "TMPDIR": filepath.Join(dir, "missing"), "healthcheck_interval": "1s"})
	if err := w.awaitReady(w.port); err != nil {
		t.Fatal(err)
	}
	mustSay(t, w, "Cannot write "+dir+"/missing/.lock, health is answered without it.")
	mustGet(t, w.url("/"), http.StatusOK)
	if body := mustGet(t, w.url(healthPath), http.StatusOK); body != "OK" {
		t.Errorf("health: %q", body)
	}
	if code := w.healthcheck(t); code != 0 {
		t.Errorf("-run-healthcheck without a lock file: exit code %d", code)
	}
	w.signal(syscall.SIGTERM)
	mustSay(t, w, "SIGTERM")
	mustGet(t, w.url(healthPath), http.StatusServiceUnavailable)
	if code := w.healthcheck(t); code != exitFailure {
		t.Errorf("-run-healthcheck after SIGTERM: exit code %d", code)
	}
	mustExit(t, w, 5*time.Second, exitOK)
}

func TestHeaderCannotForgeQuery(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "env"})
	request, _ := http.NewRequest(http.MethodGet, w.url("/real"), nil)
	for _, name := range []string{"Query", "Path", "Method", "Content_Length", "Contentlength"} {
		request.Header.Set(name, "forged")
	}
	response, err := fresh.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if strings.Contains(string(body), "Http_Query") || !strings.Contains(string(body), "\nHttp_Path=/real\n") {
		t.Errorf("the function saw:\n%s", body)
	}
}

func TestTimeoutKillsTheGroup(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"in the group": "#!/bin/sh\n(sleep 2; touch late) & wait\n",
		"out of it":    "#!/bin/sh\nsetsid sleep 3 & wait\n",
	} {
		dir := folder(t)
		writeScript(t, filepath.Join(dir, "fn.sh"), script)
		w := launch(t, dir, map[string]string{"fprocess": "./fn.sh", "exec_timeout": "300ms"})
		if err := w.awaitReady(w.port); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		mustGet(t, w.url("/"), http.StatusRequestTimeout)
		if took := time.Since(begin); took > 1500*time.Millisecond {
			t.Errorf("%s: 408 after %s", name, took)
		}
		time.Sleep(2 * time.Second) // when it would have come
		if exists(filepath.Join(dir, "late")) {
			t.Errorf("%s: the function went on", name)
		}
	}
}

func writeScript(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o755), os.Chmod(path, 0o755)); err != nil {
		t.Fatal(err)
	}
}

func TestTruncatedBodyIsNeverRun(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "touch run", "marshal_request": "true"})
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", w.port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
	_ = conn.(*net.TCPConn).CloseWrite()
	answer := readReply(bufio.NewReader(conn), "POST", func() {})
	if answer.status != http.StatusBadRequest || string(answer.body) != "unexpected EOF\n" {
		t.Errorf("got %d %q, %v", answer.status, answer.body, answer.err)
	}
	if exists(filepath.Join(w.dir, "run")) {
		t.Error("the function was run")
	}
}

func TestPortProblemsAreFailures(t *testing.T) {
	t.Parallel()
	first := start(t, map[string]string{"fprocess": "cat"})
	second := launch(t, folder(t), map[string]string{"fprocess": "cat", "port": fmt.Sprint(first.port)})
	mustExit(t, second, 5*time.Second, exitFailure)
	mustSay(t, second, fmt.Sprintf("Error ListenAndServe: listen tcp :%d: bind: address already in use", first.port))

	invalid := launch(t, folder(t), map[string]string{"fprocess": "cat", "port": "70000"})
	mustExit(t, invalid, 5*time.Second, exitFailure)
	mustSay(t, invalid, "invalid port")
}

func TestNoDebugVariables(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "echo the function"})
	if body := mustGet(t, w.url("/debug/vars"), http.StatusOK); body != "the function\n" {
		t.Errorf("got %q", body)
	}
}

func TestWriteDebugMissingExecutable(t *testing.T) {
	t.Parallel()
	w := start(t, map[string]string{"fprocess": "no-such-program", "write_debug": "true", "max_inflight": "1"})
	for range 3 {
		body := mustGet(t, w.url("/"), http.StatusInternalServerError)
		if body != "exec: \"no-such-program\": executable file not found in $PATH\n" {
			t.Errorf("got %q", body)
		}
	}
}
