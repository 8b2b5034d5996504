package main

import (
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// quiet is how long a connection whose last bytes came from the server must
	// rest before a shutdown takes it for idle.
	quiet = 2 * time.Second
	// longestForwardDrain bounds a shutdown where no answer ever comes.
	longestForwardDrain = 30 * time.Second
)

// forward passes connections on a Unix socket to a TCP address, byte for byte,
// until SIGTERM or SIGINT; it returns the exit code.
func forward(socket, address string) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	d, err := listenUnix(socket)
	if err != nil {
		log.Printf("Error forwarding: %s", err)
		return exitFailure
	}
	log.Printf("Forwarding %s to %s", socket, address)
	f := &forwarder{address: address, links: map[*link]bool{}}
	broken := make(chan error, 1)
	go func() { broken <- f.accept(d) }()

	select {
	case err := <-broken:
		log.Printf("Error forwarding: %s", err)
		return exitFailure
	case sig := <-signals:
		log.Printf("%s: no new connections, draining", sig)
	}
	d.shut()
	f.drain(signals)
	return exitOK
}

type forwarder struct {
	address string
	mu      sync.Mutex
	links   map[*link]bool
}

func (f *forwarder) accept(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			// Out of descriptors passes; anything else is the end.
			if temporary, ok := err.(interface{ Temporary() bool }); ok && temporary.Temporary() {
				time.Sleep(glance)
				continue
			}
			return err
		}
		l := &link{caller: conn.(*net.UnixConn)}
		l.moved(fromServer)
		// Before the next Accept, so that a drain sees every accepted caller.
		f.mu.Lock()
		f.links[l] = true
		f.mu.Unlock()
		go func() {
			l.run(f.address)
			f.mu.Lock()
			delete(f.links, l)
			f.mu.Unlock()
		}()
	}
}

// drain returns when no connection carries a call any more, or on another signal.
func (f *forwarder) drain(signals <-chan os.Signal) {
	end := time.NewTimer(longestForwardDrain)
	defer end.Stop()
	look := time.NewTicker(glance)
	defer look.Stop()
	for f.busy() {
		select {
		case <-end.C:
			return
		case <-signals:
			return
		case <-look.C:
		}
	}
}

func (f *forwarder) busy() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for l := range f.links {
		if !l.idle() {
			return true
		}
	}
	return false
}

const (
	fromServer = iota
	fromCaller
)

// link is one caller's connection and the one made for it.
type link struct {
	caller *net.UnixConn
	last   atomic.Int64 // when bytes moved last, in ns, its lowest bit the direction
}

func (l *link) moved(direction int64) {
	l.last.Store(time.Now().UnixNano()&^1 | direction)
}

// idle: the server spoke last (or nobody yet), and not just now. Bytes do not
// show where an answer ends, but a request without any answer is seen.
func (l *link) idle() bool {
	last := l.last.Load()
	return last&1 == fromServer && time.Since(time.Unix(0, last)) > quiet
}

func (l *link) run(address string) {
	defer l.caller.Close()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		log.Printf("Error forwarding: %s", err)
		return
	}
	server := conn.(*net.TCPConn)
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { l.copy(server, l.caller, fromCaller) })
	both.Go(func() { l.copy(l.caller, server, fromServer) })
	both.Wait()
}

type duplex interface {
	io.ReadWriteCloser
	CloseRead() error
	CloseWrite() error
}

// copy passes on bytes and their end. If the receiver takes no more, the sender
// is told by closing that half.
func (l *link) copy(to, from duplex, direction int64) {
	data := make([]byte, 32<<10)
	for {
		n, err := from.Read(data)
		if n > 0 {
			l.moved(direction)
			if _, writeErr := to.Write(data[:n]); writeErr != nil {
				_ = from.CloseRead()
				return
			}
		}
		if err == io.EOF {
			_ = to.CloseWrite()
			return
		}
		if err != nil {
			// A broken connection is broken for both, or the other half may wait for ever.
			_ = to.Close()
			_ = from.Close()
			return
		}
	}
}
