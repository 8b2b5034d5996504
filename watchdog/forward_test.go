package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

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
