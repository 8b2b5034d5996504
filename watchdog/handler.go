package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

// function answers each request with one run of the program.
type function struct {
	cfg     config
	program *program
}

func (f *function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		f.call(w, r)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (f *function) call(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	log.Println("Forking fprocess.")
	if f.cfg.debugHeaders {
		printHeaders("in", r.Header)
	}
	body := &buffer{}
	if read, err := body.ReadFrom(r.Body); err != nil {
		if f.cfg.writeDebug {
			log.Printf("Error=%s, ReadLen=%d", err, read)
		}
		f.fail(w, http.StatusBadRequest, err.Error()+"\n", nil)
		return
	}
	if f.cfg.marshalRequest {
		body = marshal(r.Header, body)
	}
	if f.cfg.cgiHeaders && f.cfg.writeDebug {
		log.Println("Query ", r.URL.RawQuery)
		log.Println("Path ", r.URL.Path)
	}

	result := f.program.run(environment(r, f.cfg.cgiHeaders), body)
	if result.errOut.size > 0 {
		log.Printf("stderr: %s", text(result.errOut))
	}
	switch {
	case result.timedOut:
		f.logFailure(result)
		f.fail(w, http.StatusRequestTimeout, "Killed process.\n", nil)
	case result.err != nil:
		f.logFailure(result)
		f.fail(w, http.StatusInternalServerError, result.err.Error()+"\n", result.out)
	default:
		f.succeed(w, r, result.out, time.Since(start))
	}
}

func (f *function) succeed(w http.ResponseWriter, r *http.Request, out *buffer, took time.Duration) {
	if f.cfg.writeDebug {
		_, _ = out.WriteTo(os.Stdout)
		log.Printf("Duration: %fs", took.Seconds())
	} else {
		log.Printf("Wrote %d Bytes - Duration: %fs", out.size, took.Seconds())
	}
	header := w.Header()
	header.Set("X-Duration-Seconds", fmt.Sprintf("%f", took.Seconds()))
	if f.cfg.contentType != "" {
		header.Set("Content-Type", f.cfg.contentType)
	} else if requested := r.Header.Get("Content-Type"); requested != "" {
		header.Set("Content-Type", requested)
	}
	f.answer(w, http.StatusOK, out)
}

// fail leaves the content type to the HTTP library: the reason is plain text,
// whatever the function promises on success.
func (f *function) fail(w http.ResponseWriter, status int, reason string, out *buffer) {
	body := &buffer{}
	_, _ = io.WriteString(body, reason)
	f.answer(w, status, body, out)
}

func (f *function) answer(w http.ResponseWriter, status int, parts ...*buffer) {
	if f.cfg.debugHeaders {
		printHeaders("out", w.Header())
	}
	w.WriteHeader(status)
	for _, part := range parts {
		if part == nil {
			continue
		}
		if err := part.drainTo(w); err != nil {
			return // the caller has gone; there is nobody to tell
		}
	}
}

func (f *function) logFailure(result outcome) {
	if f.cfg.writeDebug {
		log.Printf("Success=false, Error=%s", result.err)
		log.Printf("Out=%s", text(result.out))
	}
}

// marshal wraps headers and body into the JSON object of marshal_request.
func marshal(header http.Header, body *buffer) *buffer {
	whole := &buffer{}
	names, _ := json.Marshal(header) // a map of strings always marshals
	fmt.Fprintf(whole, `{"header":%s,"body":{"raw":"`, names)
	encoder := base64.NewEncoder(base64.StdEncoding, whole)
	_ = body.drainTo(encoder) // a buffer takes everything
	_ = encoder.Close()
	_, _ = io.WriteString(whole, `"}}`)
	return whole
}

func printHeaders(direction string, header http.Header) {
	for name, values := range header {
		fmt.Printf("[%s] %s=%v\n", direction, name, values)
	}
}

func text(b *buffer) string {
	var s strings.Builder
	_, _ = b.WriteTo(&s)
	return s.String()
}
