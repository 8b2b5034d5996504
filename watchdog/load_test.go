package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestLoadKeepsMemoryFlat makes many calls, some of them large, and looks at
// the watchdog's memory after each tenth.
func TestLoadKeepsMemoryFlat(t *testing.T) {
	calls, atOnce := 10_000, 50
	if testing.Short() {
		calls = 1_000
	}
	w := start(t, map[string]string{"fprocess": "cat"})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	defer client.CloseIdleConnections()

	var next, lost atomic.Int64
	var resident []int
	for tenth := 1; tenth <= 10; tenth++ {
		var callers sync.WaitGroup
		for range atOnce {
			callers.Go(func() {
				for n := next.Add(1); n <= int64(calls*tenth/10); n = next.Add(1) {
					if err := echo(client, w.url("/"), int(n)); err != nil && lost.Add(1) < 5 {
						t.Errorf("call %d: %v", n, err)
					}
				}
			})
		}
		callers.Wait()
		next.Store(int64(calls * tenth / 10))
		resident = append(resident, status(t, w, "VmRSS:"))
	}
	t.Logf("%d calls, %d lost; resident kB after each tenth: %v; peak %d kB",
		calls, lost.Load(), resident, status(t, w, "VmHWM:"))
	if lost.Load() > 0 {
		t.Errorf("%d of %d calls lost", lost.Load(), calls)
	}
	// The collector's pace moves it by a few MB; a leak of 1 kB for each call
	// would add 8 MB between the second tenth and the last.
	if first, last := resident[1], resident[9]; last > first+8<<10 {
		t.Errorf("memory grows: %v kB", resident)
	}
	_, page, err := get(fmt.Sprintf("http://127.0.0.1:%d/metrics", w.metricsPort))
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("http_requests_total{code=\"200\",method=\"post\"} %d", calls)
	if err := found(page, want); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"go_goroutines ", "process_open_fds "} {
		_, value, _ := strings.Cut(page, "\n"+name)
		value, _, _ = strings.Cut(value, "\n")
		if number, err := strconv.ParseFloat(value, 64); err != nil || number > float64(4*atOnce) {
			t.Errorf("%s after the load: %q, %v", name, value, err)
		}
	}
}

// echo sends a body of its own, a few bytes or, once in a hundred, 256 KiB.
func echo(client *http.Client, url string, n int) error {
	body := []byte(fmt.Sprintf("call %d ", n))
	if n%100 == 0 {
		body = bytes.Repeat(body, 256<<10/len(body))
	}
	response, err := client.Post(url, "text/plain", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !bytes.Equal(got, body)) {
		err = fmt.Errorf("%d, %d bytes of %d", response.StatusCode, len(got), len(body))
	}
	return err
}

// status reads a number from proc_pid_status(5).
func status(t *testing.T, w *watchdog, name string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, value, _ := strings.Cut(string(text), name)
	number, err := strconv.Atoi(strings.Fields(value)[0])
	if err != nil {
		t.Fatal(err)
	}
	return number
}
