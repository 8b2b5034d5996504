package main

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"time"
)

func TestShutDoorAcceptsThoseWhoWait(t *testing.T) {
	t.Parallel()
	port := freePort()
	d, err := listenTCP(port)
	if err != nil {
		t.Fatal(err)
	}
	address := d.Addr().String()
	before := make([]net.Conn, 5)
	for i := range before {
		if before[i], err = net.Dial("tcp", address); err != nil {
			t.Fatal(err)
		}
		defer before[i].Close()
	}
	if err := d.keepOut(); err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("one more: %v, %v", conn, err)
	}
	accepted := make(chan int)
	// The library would give up at the deadline, before a look at the queue.
	_ = d.SetDeadline(time.Now())
	go func() {
		n := 0
		for {
			if _, err := d.Accept(); err != nil {
				accepted <- n
				return
			}
			n++
		}
	}()
	d.shut()
	if n := <-accepted; n != len(before) {
		t.Errorf("accepted %d of %d that were in", n, len(before))
	}
	if conn, err := net.Dial("tcp", address); err == nil {
		_ = conn.Close()
		t.Error("still open")
	}
}
