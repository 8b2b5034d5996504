package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// request is written byte by byte as the case says, not as a library would.
type request struct {
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Headers headerLines `json:"headers"`
	Version string      `json:"version"`
	Address string      `json:"address"`
	To      string      `json:"to"`

	Body          *string   `json:"body"`
	BodyBase64    []byte    `json:"body_base64"`
	BodyRepeat    *repeated `json:"body_repeat"`
	Chunked       int       `json:"chunked"`
	AwaitContinue bool      `json:"await_continue"`
	HangUp        float64   `json:"hang_up"`
}

// headerLines keeps the order in which a case names its headers.
type headerLines []headerLine

type headerLine struct{ name, value string }

func (h *headerLines) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		switch v := value.(type) {
		case string:
			*h = append(*h, headerLine{name.(string), v})
		case []any:
			for _, one := range v {
				*h = append(*h, headerLine{name.(string), one.(string)})
			}
		case map[string]any:
			long := strings.Repeat(v["text"].(string), int(v["times"].(float64)))
			*h = append(*h, headerLine{name.(string), long})
		}
	}
	return nil
}

type repeated struct {
	Text  string `json:"text"`
	Times int    `json:"times"`
}

func (r repeated) String() string { return strings.Repeat(r.Text, r.Times) }

// response is what a case expects; none means closed without an answer.
type response struct {
	none bool

	Status   int                `json:"status"`
	Protocol string             `json:"protocol"`
	Headers  map[string]*string `json:"headers"`
	Interim  []int              `json:"interim"`
	Seconds  []float64          `json:"seconds"`
	CutOff   bool               `json:"cut_off"`
	ToMethod string             `json:"to_method"`

	Body         *string            `json:"body"`
	BodyBase64   []byte             `json:"body_base64"`
	BodyLength   *int               `json:"body_length"`
	BodySHA256   string             `json:"body_sha256"`
	BodyJSON     any                `json:"body_json"`
	BodyContains []string           `json:"body_contains"`
	BodyEnv      map[string]*string `json:"body_env"`
}

func (r *response) UnmarshalJSON(data []byte) error {
	if string(data) == `"none"` {
		r.none = true
		return nil
	}
	type plain response
	return json.Unmarshal(data, (*plain)(r))
}

// reply is what came.
type reply struct {
	err, bodyErr error
	status       int
	protocol     string
	headers      http.Header
	chunked      bool
	interim      []int
	body         []byte
	took         time.Duration
}

// latin1 turns text into the bytes it stands for, one for each character.
func latin1(text string) []byte {
	data := make([]byte, 0, len(text))
	for _, r := range text {
		data = append(data, byte(r))
	}
	return data
}

func fromLatin1(data []byte) string {
	var text strings.Builder
	for _, b := range data {
		text.WriteRune(rune(b))
	}
	return text.String()
}

func (c *caseRun) address(host string) string {
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(c.watchdog.port))
}

func (r *request) body() ([]byte, bool) {
	switch {
	case r.Body != nil:
		return []byte(*r.Body), true
	case r.BodyBase64 != nil:
		return r.BodyBase64, true
	case r.BodyRepeat != nil:
		return []byte(r.BodyRepeat.String()), true
	}
	return nil, false
}

// head returns the request line and the headers.
func (r *request) head(address string) []byte {
	version := r.Version
	if version == "" {
		version = "1.1"
	}
	head := bytes.NewBuffer(nil)
	fmt.Fprintf(head, "%s %s HTTP/%s\r\n", r.Method, r.Path, version)
	if !slices.ContainsFunc(r.Headers, func(h headerLine) bool { return h.name == "Host" }) {
		fmt.Fprintf(head, "Host: %s\r\n", address)
	}
	for _, h := range r.Headers {
		fmt.Fprintf(head, "%s: %s\r\n", h.name, latin1(h.value))
	}
	if body, has := r.body(); r.Chunked > 0 {
		head.WriteString("Transfer-Encoding: chunked\r\n")
	} else if has {
		fmt.Fprintf(head, "Content-Length: %d\r\n", len(body))
	}
	head.WriteString("\r\n")
	return head.Bytes()
}

func (r *request) payload() []byte {
	body, _ := r.body()
	if r.Chunked == 0 {
		return body
	}
	var payload bytes.Buffer
	for chunk := range slices.Chunk(body, r.Chunked) {
		fmt.Fprintf(&payload, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	payload.WriteString("0\r\n\r\n")
	return payload.Bytes()
}

func (c *caseRun) send(r *request) reply {
	address := c.address(r.Address)
	if r.To == "metrics" {
		address = fmt.Sprintf("127.0.0.1:%d", c.watchdog.metricsPort)
	}
	begin := time.Now()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return reply{err: err}
	}
	defer conn.Close()
	_ = conn.SetDeadline(begin.Add(20 * time.Second))
	head := r.head(address)
	if !r.AwaitContinue {
		// Reading must not wait for writing: an answer may come before the end.
		go func() { _, _ = conn.Write(append(head, r.payload()...)) }()
	} else if _, err := conn.Write(head); err != nil {
		return reply{err: err}
	}
	if r.HangUp > 0 {
		time.Sleep(seconds(r.HangUp))
		return reply{err: errors.New("hung up")}
	}
	answer := readReply(bufio.NewReader(conn), r.Method, func() {
		if r.AwaitContinue {
			_, _ = conn.Write(r.payload())
		}
	})
	answer.took = time.Since(begin)
	return answer
}

func readReply(from *bufio.Reader, method string, onContinue func()) reply {
	var answer reply
	for {
		got, err := http.ReadResponse(from, &http.Request{Method: method})
		if err != nil {
			answer.err = err
			return answer
		}
		if got.StatusCode < 200 {
			answer.interim = append(answer.interim, got.StatusCode)
			onContinue()
			continue
		}
		answer.status, answer.protocol, answer.headers = got.StatusCode, got.Proto, got.Header
		answer.chunked = slices.Contains(got.TransferEncoding, "chunked")
		answer.body, answer.bodyErr = io.ReadAll(got.Body)
		// The library takes these out of the headers.
		if answer.chunked {
			answer.headers.Set("Transfer-Encoding", "chunked")
		}
		if got.Close && answer.headers.Get("Connection") == "" && got.ProtoAtLeast(1, 1) {
			answer.headers.Set("Connection", "close")
		}
		return answer
	}
}
