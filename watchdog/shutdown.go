package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

const (
	// leastGrace is how long an idle watchdog goes on serving after SIGTERM, if
	// healthcheck_interval allows: callers need a moment to notice that it goes.
	leastGrace = time.Second
	// silence is how old a connection may become without a request before it no
	// longer counts as a caller about to speak; net/http uses the same.
	silence = 5 * time.Second
	// glance is how often a waiting shutdown looks whether it can go on.
	glance = 20 * time.Millisecond
)

// shutdown ends the watchdog so that no call is lost: unhealthy at once, serving
// while that is of use, then closed to new callers, and gone with the last call.
type shutdown struct {
	cfg         config
	server      *http.Server
	doors       []*door
	connections *connections
	metrics     *metrics
	health      *health
	terms       <-chan os.Signal
}

func (s *shutdown) run() {
	log.Printf("SIGTERM: no new connections in %s", s.cfg.healthcheckInterval)
	s.health.unmark()
	s.grace()

	log.Printf("No new connections allowed, draining: %d requests", s.metrics.inFlight.Load())
	var shutting sync.WaitGroup
	for _, d := range s.doors {
		shutting.Go(d.shut)
	}
	shutting.Wait()
	// A call that was taken in can be answered for write_timeout from its start,
	// so nothing is left to wait for after that.
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if s.cfg.writeTimeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, s.cfg.writeTimeout)
	}
	defer cancel()
	s.drain(ctx)
	if err := s.server.Shutdown(ctx); err != nil {
		log.Printf("Error in Shutdown: %s", err)
	}
	log.Printf("Exiting. Active connections: %d", s.metrics.inFlight.Load())
}

// grace goes on serving: for healthcheck_interval at most, shorter once nobody
// is being served. Another SIGTERM ends it.
func (s *shutdown) grace() {
	if s.cfg.healthcheckInterval <= 0 {
		return
	}
	start := time.Now()
	end := time.NewTimer(s.cfg.healthcheckInterval)
	defer end.Stop()
	look := time.NewTicker(glance)
	defer look.Stop()
	for {
		select {
		case <-end.C:
			return
		case <-s.terms:
			log.Println("SIGTERM again: draining now")
			return
		case now := <-look.C:
			if now.Sub(start) >= leastGrace && !s.connections.busy(now) {
				return
			}
		}
	}
}

// drain waits for the callers who are in. net/http's own Shutdown throws away a
// request that it has just read, so it is called only when there is none; until
// then each answer ends its connection.
func (s *shutdown) drain(ctx context.Context) {
	look := time.NewTicker(glance)
	defer look.Stop()
	for s.connections.busy(time.Now()) {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// connections knows which connections carry a request or may be about to.
type connections struct {
	mu    sync.Mutex
	state map[net.Conn]connection
}

type connection struct {
	state http.ConnState
	since time.Time
}

func newConnections() *connections {
	return &connections{state: map[net.Conn]connection{}}
}

func (c *connections) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew, http.StateActive:
		c.state[conn] = connection{state, time.Now()}
	default:
		delete(c.state, conn)
	}
}

func (c *connections) busy(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.state {
		if conn.state == http.StateActive || now.Sub(conn.since) < silence {
			return true
		}
	}
	return false
}
