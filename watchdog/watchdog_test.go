package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The variables every case was recorded with.
const casePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// watchdog is one running binary.
type watchdog struct {
	dir               string
	port, metricsPort int
	env               []string
	stdout, stderr    *output
	cmd               *exec.Cmd
	ended             chan struct{}
	lastSignal        time.Time
}

// output can be read while it grows.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

var lastPort atomic.Int32

// freePort hands out ports below those the kernel gives to callers.
func freePort() int {
	for {
		port := 20000 + int(lastPort.Add(1))%12000
		if listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port)); err == nil {
			_ = listener.Close()
			return port
		}
	}
}

// folder is a new one with a "tmp" inside, named without links. Its name is
// short enough for sockets and, unlike T.TempDir's, says nothing that a case
// could find in the log.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wd")
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// launch runs the binary in dir with env besides the usual; an empty value
// stays, "-" takes the variable away.
func launch(t *testing.T, dir string, env map[string]string, args ...string) *watchdog {
	t.Helper()
	w := &watchdog{dir: dir, stdout: &output{}, stderr: &output{}, ended: make(chan struct{})}
	all := map[string]string{"PATH": casePath, "TMPDIR": filepath.Join(dir, "tmp")}
	if _, set := env["port"]; !set {
		w.port = freePort()
		all["port"] = strconv.Itoa(w.port)
	}
	if _, set := env["metrics_port"]; !set {
		w.metricsPort = freePort()
		all["metrics_port"] = strconv.Itoa(w.metricsPort)
	}
	for name, value := range env {
		all[name] = value
	}
	for name, value := range all {
		if value != "-" {
			w.env = append(w.env, name+"="+value)
		}
	}
	w.cmd = exec.Command(binary, args...)
	w.cmd.Dir, w.cmd.Env = dir, w.env
	w.cmd.Stdout, w.cmd.Stderr = w.stdout, w.stderr
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// What a function left behind may hold the output open.
	w.cmd.WaitDelay = 100 * time.Millisecond
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = w.cmd.Wait()
		close(w.ended)
	}()
	t.Cleanup(w.stop)
	return w
}

// start launches a watchdog and waits until it serves.
func start(t *testing.T, env map[string]string, args ...string) *watchdog {
	t.Helper()
	w := launch(t, folder(t), env, args...)
	if err := w.awaitReady(w.port); err != nil {
		t.Fatal(err)
	}
	return w
}

// awaitReady waits for the last line of the start and for the port, if any.
func (w *watchdog) awaitReady(port int) error {
	err := within(10*time.Second, func() error {
		select {
		case <-w.ended:
			return nil
		default:
			return found(w.stderr.String(), "Metrics ")
		}
	})
	if err != nil || port == 0 {
		return err
	}
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return fmt.Errorf("not listening: %w; it said:\n%s", err, w.stderr)
	}
	return conn.Close()
}

// stop ends the watchdog and all it started in its process group.
func (w *watchdog) stop() {
	_ = syscall.Kill(-w.cmd.Process.Pid, syscall.SIGKILL)
	<-w.ended
}

func (w *watchdog) signal(signal syscall.Signal) {
	w.lastSignal = time.Now()
	_ = w.cmd.Process.Signal(signal)
}

// awaitExit waits for the end; a negative code names the signal that ended it.
func (w *watchdog) awaitExit(limit time.Duration) (int, error) {
	select {
	case <-w.ended:
	case <-time.After(limit):
		return 0, fmt.Errorf("still running after %s; it said:\n%s", limit, w.stderr)
	}
	status := w.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return -int(status.Signal()), nil
	}
	return status.ExitStatus(), nil
}

func (w *watchdog) url(path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", w.port, path)
}

// fresh calls use a connection each.
var fresh = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(url string) (status int, body string, err error) {
	response, err := fresh.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// within tries until there is no error.
func within(limit time.Duration, try func() error) error {
	end := time.Now().Add(limit)
	for {
		err := try()
		if err == nil || time.Now().After(end) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// found looks for a text, or for a regular expression after "~".
func found(text, want string) error {
	if pattern, isPattern := strings.CutPrefix(want, "~"); isPattern {
		if regexp.MustCompile("(?m)" + pattern).MatchString(text) {
			return nil
		}
	} else if strings.Contains(text, want) {
		return nil
	}
	return fmt.Errorf("%q not found in:\n%s", want, text)
}

// healthcheck runs the binary as a container's health check does.
func (w *watchdog) healthcheck(t *testing.T) int {
	t.Helper()
	cmd := exec.Command(binary, "--run-healthcheck")
	cmd.Env = w.env
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode()
}
