package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const healthPath = "/_/health"

// health answers the health check: 503 once a SIGTERM came, else whether the
// lock file is there. Where the file cannot be written, running is healthy.
type health struct {
	lockFile string
	noFile   bool
	stopping atomic.Bool
}

// mark declares the function healthy, as the classic watchdog does: by a file.
func (h *health) mark(suppressLock bool) {
	if suppressLock {
		log.Println(`Warning: "suppress_lock" is enabled. No automated health-checks will be in place for your function.`)
		return
	}
	log.Printf("Writing lock-file to: %s", h.lockFile)
	if err := os.WriteFile(h.lockFile, nil, 0o660); err != nil {
		log.Printf("Cannot write %s, health is answered without it. Error: %s.", h.lockFile, err)
		h.noFile = true
	}
}

func (h *health) unmark() {
	h.stopping.Store(true)
	if h.noFile {
		return
	}
	log.Printf("Removing lock-file : %s", h.lockFile)
	if err := os.Remove(h.lockFile); err != nil {
		log.Printf("Unable to mark server as unhealthy: %s", err)
	}
}

func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		w.Header().Set("Connection", "close")
	}
	switch {
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case h.stopping.Load() || !h.noFile && !exists(h.lockFile):
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		_, _ = w.Write([]byte("OK"))
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// healthy is what -run-healthcheck asks: the lock file, as ever; without one
// the watchdog itself, which may run where no file can be written.
func healthy(getenv func(string) string) bool {
	if exists(lockPath(getenv)) {
		return true
	}
	if getenv("port") != "none" {
		port := parseInt(getenv("port"), 8080)
		if answersHealthy("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))) {
			return true
		}
	}
	socket := getenv("listen_socket")
	return socket != "" && answersHealthy("unix", socket)
}

func answersHealthy(network, address string) bool {
	client := http.Client{
		Timeout: 2 * time.Second,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, address)
			},
		},
	}
	response, err := client.Get("http://localhost" + healthPath)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
