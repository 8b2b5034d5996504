package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

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
	if err := within(5*time.Second, func() error {
		all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cmd.Process.Pid))
		for _, name := range all {
			if text, _ := os.ReadFile(name); len(bytes.TrimSpace(text)) > 0 {
				return fmt.Errorf("children remain: %s", text)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
