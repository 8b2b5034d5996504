package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// writeRuntime shows the run-time and the process, as far as /proc tells.
func writeRuntime(page *bytes.Buffer) {
	gauge := func(name, help string, value float64) { writeMetric(page, name, help, "gauge", value) }
	counter := func(name, help string, value float64) { writeMetric(page, name, help, "counter", value) }

	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	gauge("go_goroutines", "Number of goroutines that currently exist.", float64(runtime.NumGoroutine()))
	fmt.Fprintf(page, "# HELP go_info Information about the Go environment.\n# TYPE go_info gauge\n"+
		"go_info{version=%q} 1\n", runtime.Version())
	gauge("go_memstats_alloc_bytes", "Number of bytes allocated in heap and currently in use.", float64(memory.Alloc))
	counter("go_memstats_alloc_bytes_total", "Total number of bytes allocated in heap until now, even if released already.", float64(memory.TotalAlloc))
	gauge("go_memstats_heap_inuse_bytes", "Number of heap bytes that are in use.", float64(memory.HeapInuse))
	gauge("go_memstats_sys_bytes", "Number of bytes obtained from system.", float64(memory.Sys))

	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
			float64(usage.Utime.Nano()+usage.Stime.Nano())/1e9)
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		gauge("process_max_fds", "Maximum number of open file descriptors.", float64(limit.Cur))
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		gauge("process_open_fds", "Number of open file descriptors.", float64(len(open)))
	}
	if virtual, resident, ok := processMemory(); ok {
		gauge("process_resident_memory_bytes", "Resident memory size in bytes.", resident)
		gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", virtual)
	}
}

func writeMetric(page *bytes.Buffer, name, help, kind string, value float64) {
	fmt.Fprintf(page, "# HELP %s %s\n# TYPE %s %s\n%s %s\n",
		name, help, name, kind, name, strconv.FormatFloat(value, 'g', -1, 64))
}

// processMemory reads the first two numbers of proc_pid_statm(5), in pages.
func processMemory() (virtual, resident float64, ok bool) {
	statm, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(statm))
	if err != nil || len(fields) < 2 {
		return 0, 0, false
	}
	pageSize := float64(os.Getpagesize())
	v, err1 := strconv.ParseFloat(fields[0], 64)
	r, err2 := strconv.ParseFloat(fields[1], 64)
	return v * pageSize, r * pageSize, err1 == nil && err2 == nil
}
