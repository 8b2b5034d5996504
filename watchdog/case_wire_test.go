package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// wirePart is a text to send, or a pause.
type wirePart struct {
	text  []byte
	pause float64
}

func (p *wirePart) UnmarshalJSON(data []byte) error {
	var text string
	var long repeated
	switch data[0] {
	case '"':
		err := json.Unmarshal(data, &text)
		p.text = latin1(text)
		return err
	case '{':
		err := json.Unmarshal(data, &long)
		p.text = latin1(long.String())
		return err
	default:
		return json.Unmarshal(data, &p.pause)
	}
}

// wire sends raw parts on one connection, then reads what came back.
func (c *caseRun) wire(s step) error {
	conn, err := net.Dial("tcp", c.address(""))
	if err != nil {
		return err
	}
	if s.KeepOpen {
		c.t.Cleanup(func() { _ = conn.Close() })
	} else {
		defer conn.Close()
	}
	for _, part := range s.Wire {
		if part.pause > 0 {
			// Of what it counts, the watchdog sees less: it begins when the head has come to it.
			time.Sleep(seconds(part.pause) + 50*time.Millisecond)
		}
		// An error here shows in the answer, or in its absence.
		_, _ = conn.Write(part.text)
	}
	if s.HalfClose {
		_ = conn.(*net.TCPConn).CloseWrite()
	}
	sent := time.Now()
	_ = conn.SetReadDeadline(sent.Add(15 * time.Second))

	var expected []*response
	if err := json.Unmarshal(s.Responses, &expected); err != nil {
		return err
	}
	from := bufio.NewReader(conn)
	for i, want := range expected {
		method := want.ToMethod
		if method == "" {
			method = "POST"
		}
		got := readReply(from, method, func() {})
		if want.none && errors.Is(got.err, os.ErrDeadlineExceeded) {
			return errors.New("still open, want it closed without an answer")
		}
		got.took = time.Since(sent)
		if err := c.check(want, got); err != nil {
			return fmt.Errorf("response %d: %w", i+1, err)
		}
	}
	if s.Closed == nil {
		return nil
	}
	limit := s.ClosedWithin
	if limit == 0 {
		limit = 10
	}
	_ = conn.SetReadDeadline(time.Now().Add(seconds(limit)))
	_, err = from.ReadByte()
	if closed := !errors.Is(err, os.ErrDeadlineExceeded); closed != *s.Closed {
		return fmt.Errorf("want closed %t, but reading says %w", *s.Closed, err)
	}
	return nil
}
