package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Prometheus' default buckets, in seconds.
var bucketBounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics counts calls and shows them in Prometheus' text format.
type metrics struct {
	inFlight atomic.Int64
	scrapes  atomic.Int64

	mu    sync.Mutex
	calls map[callKind]*callCount
}

type callKind struct {
	code   int
	method string
}

type callCount struct {
	buckets [11]uint64 // one for each of bucketBounds, not yet summed up
	count   uint64
	seconds float64
}

func newMetrics() *metrics {
	return &metrics{calls: map[callKind]*callCount{}}
}

// count counts what next answers. While stopping, answers also ask the caller
// to take the next call elsewhere.
func (m *metrics) count(stopping *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		m.inFlight.Add(1)
		defer m.inFlight.Add(-1)
		recorder := &statusRecorder{ResponseWriter: w, stopping: stopping, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		m.add(callKind{recorder.status, methodLabel(r.Method)}, time.Since(start).Seconds())
	})
}

func (m *metrics) add(kind callKind, seconds float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.calls[kind]
	if c == nil {
		c = &callCount{}
		m.calls[kind] = c
	}
	c.count++
	c.seconds += seconds
	if i, _ := slices.BinarySearch(bucketBounds, seconds); i < len(c.buckets) {
		c.buckets[i]++
	}
}

// methodLabel bounds the number of labels a caller can make.
func methodLabel(method string) string {
	switch method {
	case "GET", "get":
		return "get"
	case "PUT", "put":
		return "put"
	case "HEAD", "head":
		return "head"
	case "POST", "post":
		return "post"
	case "DELETE", "delete":
		return "delete"
	case "CONNECT", "connect":
		return "connect"
	case "OPTIONS", "options":
		return "options"
	case "NOTIFY", "notify":
		return "notify"
	case "TRACE", "trace":
		return "trace"
	case "PATCH", "patch":
		return "patch"
	default:
		return "unknown"
	}
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	var page bytes.Buffer
	m.writeCalls(&page)
	writeRuntime(&page)
	fmt.Fprintf(&page, "# HELP promhttp_metric_handler_requests_total Total number of scrapes by HTTP status code.\n"+
		"# TYPE promhttp_metric_handler_requests_total counter\n"+
		"promhttp_metric_handler_requests_total{code=\"200\"} %d\n", m.scrapes.Add(1)-1)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
	_, _ = w.Write(page.Bytes())
}

func (m *metrics) writeCalls(page *bytes.Buffer) {
	fmt.Fprintf(page, "# HELP http_requests_in_flight total HTTP requests in-flight\n"+
		"# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight %d\n", m.inFlight.Load())
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.calls) == 0 {
		return
	}
	kinds := make([]callKind, 0, len(m.calls))
	for kind := range m.calls {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b callKind) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.method, b.method))
	})

	page.WriteString("# HELP http_request_duration_seconds Seconds spent serving HTTP requests.\n" +
		"# TYPE http_request_duration_seconds histogram\n")
	for _, kind := range kinds {
		c, sum := m.calls[kind], uint64(0)
		labels := fmt.Sprintf("code=\"%d\",method=%q", kind.code, kind.method)
		for i, bound := range bucketBounds {
			sum += c.buckets[i]
			fmt.Fprintf(page, "http_request_duration_seconds_bucket{%s,le=\"%s\"} %d\n",
				labels, strconv.FormatFloat(bound, 'g', -1, 64), sum)
		}
		fmt.Fprintf(page, "http_request_duration_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, c.count)
		fmt.Fprintf(page, "http_request_duration_seconds_sum{%s} %g\n", labels, c.seconds)
		fmt.Fprintf(page, "http_request_duration_seconds_count{%s} %d\n", labels, c.count)
	}
	page.WriteString("# HELP http_requests_total total HTTP requests processed\n" +
		"# TYPE http_requests_total counter\n")
	for _, kind := range kinds {
		fmt.Fprintf(page, "http_requests_total{code=\"%d\",method=%q} %d\n",
			kind.code, kind.method, m.calls[kind].count)
	}
}

// statusRecorder remembers the status that was sent.
type statusRecorder struct {
	http.ResponseWriter
	stopping *atomic.Bool
	status   int
}

func (s *statusRecorder) WriteHeader(status int) {
	if s.stopping.Load() {
		s.Header().Set("Connection", "close")
	}
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
