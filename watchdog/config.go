package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// config is read once from the environment, at start.
type config struct {
	argv    []string
	command string // as logged when it is killed

	port         int // -1: no TCP port
	listenSocket string
	metricsPort  int // 0: none

	readTimeout, writeTimeout, execTimeout, healthcheckInterval time.Duration

	cgiHeaders, combineOutput, marshalRequest bool
	writeDebug, debugHeaders                  bool
	contentType                               string
	maxInflight                               int
	jwtAuth                                   bool

	suppressLock bool
	lockFile     string
}

func readConfig(getenv func(string) string) (config, error) {
	writeTimeout := parseTime(getenv("write_timeout"), 30*time.Second)
	cfg := config{
		port:         parseInt(getenv("port"), 8080),
		listenSocket: getenv("listen_socket"),
		metricsPort:  parseInt(getenv("metrics_port"), 8081),

		readTimeout:         parseTime(getenv("read_timeout"), 30*time.Second),
		writeTimeout:        writeTimeout,
		execTimeout:         parseTime(getenv("exec_timeout"), 0),
		healthcheckInterval: parseTime(getenv("healthcheck_interval"), writeTimeout),

		cgiHeaders:     parseBool(getenv("cgi_headers"), true),
		combineOutput:  parseBool(getenv("combine_output"), true),
		marshalRequest: parseBool(getenv("marshal_request"), false),
		writeDebug:     parseBool(getenv("write_debug"), false),
		debugHeaders:   parseBool(getenv("debug_headers"), false),
		contentType:    getenv("content_type"),
		maxInflight:    parseInt(getenv("max_inflight"), 0),
		jwtAuth:        wantsProtection(getenv("jwt_auth")),

		suppressLock: parseBool(getenv("suppress_lock"), false),
		lockFile:     lockPath(getenv),
	}
	if getenv("port") == "none" {
		if cfg.listenSocket == "" {
			return cfg, errors.New("port is none and listen_socket is not set: nothing to listen on")
		}
		cfg.port = -1
	}
	if list := getenv("fprocess_argv"); list != "" {
		argv, err := parseArgv(list)
		if err != nil {
			return cfg, fmt.Errorf("fprocess_argv: %w", err)
		}
		cfg.argv, cfg.command = argv, fmt.Sprintf("%q", argv)
	} else if command := getenv("fprocess"); command != "" {
		// The contract: split at every single space, no quoting of any kind.
		cfg.argv, cfg.command = strings.Split(command, " "), command
	}
	return cfg, nil
}

// parseArgv reads a command line whose arguments keep their spaces. It accepts
// only what it can pass on unchanged.
func parseArgv(list string) ([]string, error) {
	var items []*string
	if !utf8.ValidString(list) {
		return nil, errors.New("is not UTF-8")
	}
	if err := json.Unmarshal([]byte(list), &items); err != nil {
		return nil, fmt.Errorf("want a JSON array of strings: %w", err)
	}
	if len(items) == 0 || items[0] == nil || *items[0] == "" {
		return nil, errors.New("want a JSON array of strings that begins with the program")
	}
	// The JSON reader turns half of a surrogate pair into U+FFFD without a word.
	mayReplace := strings.Contains(list, "\uFFFD") || strings.Contains(strings.ToLower(list), `\ufffd`)
	argv := make([]string, len(items))
	for i, item := range items {
		switch {
		case item == nil:
			return nil, fmt.Errorf("item %d is null, want a string", i)
		case strings.Contains(*item, "\x00"):
			return nil, fmt.Errorf("item %d contains NUL, which no argument can carry", i)
		case strings.Contains(*item, "\uFFFD") && !mayReplace:
			return nil, fmt.Errorf("item %d contains half of a surrogate pair", i)
		}
		argv[i] = *item
	}
	return argv, nil
}

// parseTime takes whole seconds or a Go duration; anything else is the default.
func parseTime(text string, otherwise time.Duration) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil {
		if seconds < 0 {
			return otherwise
		}
		return time.Duration(seconds) * time.Second
	}
	if duration, err := time.ParseDuration(text); err == nil {
		return duration
	}
	return otherwise
}

func parseInt(text string, otherwise int) int {
	if number, err := strconv.Atoi(text); err == nil && number >= 0 {
		return number
	}
	return otherwise
}

// parseBool: only exactly "true" is true, so that a setting means the same
// here and in the classic watchdog.
func parseBool(text string, otherwise bool) bool {
	if text == "" {
		return otherwise
	}
	return text == "true"
}

// wantsProtection reads a switch that protects: what is not clearly off is on.
func wantsProtection(text string) bool {
	on, err := strconv.ParseBool(text)
	return text != "" && (on || err != nil)
}

func lockPath(getenv func(string) string) string {
	folder := getenv("TMPDIR")
	if folder == "" {
		folder = "/tmp"
	}
	return filepath.Join(folder, ".lock")
}
