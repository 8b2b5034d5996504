package main

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// serve answers requests until a SIGTERM has been obeyed; it returns the exit code.
func serve(cfg config) int {
	terms := make(chan os.Signal, 8)
	signal.Notify(terms, syscall.SIGTERM)

	log.Printf("Timeouts: read: %s write: %s hard: %s health: %s.",
		cfg.readTimeout, cfg.writeTimeout, cfg.execTimeout, cfg.healthcheckInterval)
	doors, err := openDoors(cfg)
	if err != nil {
		log.Printf("Error ListenAndServe: %s", err)
		return exitFailure
	}

	fitness := &health{lockFile: cfg.lockFile}
	metrics := newMetrics()
	connections := newConnections()
	server := &http.Server{
		Handler:        routes(cfg, fitness, metrics),
		ReadTimeout:    cfg.readTimeout,
		WriteTimeout:   cfg.writeTimeout,
		MaxHeaderBytes: http.DefaultMaxHeaderBytes,
		ConnState:      connections.changed,
	}
	broken := make(chan error, len(doors))
	for _, d := range doors {
		go func() {
			if err := server.Serve(d); !errors.Is(err, http.ErrServerClosed) {
				broken <- err
			}
		}()
	}
	fitness.mark(cfg.suppressLock)
	serveMetrics(cfg.metricsPort, metrics)

	select {
	case err := <-broken:
		log.Printf("Error ListenAndServe: %s", err)
		return exitFailure
	case <-terms:
		s := shutdown{cfg, server, doors, connections, metrics, fitness, terms}
		s.run()
		return exitOK
	}
}

func openDoors(cfg config) ([]*door, error) {
	var doors []*door
	if cfg.port >= 0 {
		log.Printf("Listening on port: %d", cfg.port)
		d, err := listenTCP(cfg.port)
		if err != nil {
			return nil, err
		}
		if cfg.port == 0 {
			log.Printf("Listening on address: %s", d.Addr())
		}
		doors = append(doors, d)
	}
	if cfg.listenSocket != "" {
		log.Printf("Listening on socket: %s", cfg.listenSocket)
		d, err := listenUnix(cfg.listenSocket)
		if err != nil {
			return nil, err
		}
		doors = append(doors, d)
	}
	return doors, nil
}

func routes(cfg config, fitness *health, metrics *metrics) http.Handler {
	var calls http.Handler = &function{cfg: cfg, program: &program{
		argv: cfg.argv, command: cfg.command, combineOutput: cfg.combineOutput,
		timeout: cfg.execTimeout, reaper: newReaper(),
	}}
	if cfg.maxInflight > 0 {
		calls = limit(cfg.maxInflight, calls)
	}
	mux := http.NewServeMux()
	mux.Handle(healthPath, fitness)
	mux.Handle("/", metrics.count(&fitness.stopping, calls))
	return mux
}

// limit refuses what exceeds max at once; nothing queues.
func limit(max int, next http.Handler) http.Handler {
	places := make(chan struct{}, max)
	refusal := fmt.Sprintf("Concurrent request limit exceeded. Max concurrent requests: %d\n", max)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("X-OpenFaaS-Internal", "faas-middleware")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(refusal))
		}
	})
}

// serveMetrics is a side room: if its port is taken, calls are served all the same.
func serveMetrics(port int, metrics *metrics) {
	if port == 0 {
		log.Println("Metrics are off")
		return
	}
	d, err := listenTCP(port)
	if err != nil {
		log.Printf("Metrics are not served: %s", err)
		return
	}
	log.Printf("Metrics listening on port: %d", port)
	mux := http.NewServeMux()
	mux.Handle("/metrics", metrics)
	server := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}
	go func() { log.Printf("Metrics are no longer served: %s", server.Serve(d)) }()
}
