package main

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestArgvKeepsItsSpaces(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	writeScript(t, filepath.Join(dir, "my args.sh"), "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done\n")
	w := launch(t, dir, map[string]string{
		"fprocess":      "false",
		"fprocess_argv": `["./my args.sh", "a b", "", " c ", "d\ne", "\"é$HOME*"]`,
	})
	if err := w.awaitReady(w.port); err != nil {
		t.Fatal(err)
	}
	if body := mustGet(t, w.url("/"), http.StatusOK); body != "[a b][][ c ][d\ne][\"é$HOME*]" {
		t.Errorf("got %q", body)
	}
}

func TestArgvThatIsMalformedEndsTheStart(t *testing.T) {
	t.Parallel()
	w := launch(t, folder(t), map[string]string{"fprocess": "cat", "fprocess_argv": "cat -n"})
	mustExit(t, w, 5*time.Second, exitUsage)
	mustSay(t, w, "Error in configuration: fprocess_argv: want a JSON array of strings")
}

func TestParseArgv(t *testing.T) {
	t.Parallel()
	for list, want := range map[string][]string{
		`["cat"]`:                    {"cat"},
		` [ "a b" , "" ] `:           {"a b", ""},
		`["a","\u00e9\ud83d\ude00"]`: {"a", "é😀"},
		"[\"a\",\"\uFFFD\"]":         {"a", "\uFFFD"},
		`["a","\uFFFD"]`:             {"a", "\uFFFD"},
		`[]`:                         nil,
		`null`:                       nil,
		`[""]`:                       nil,
		`["a",1]`:                    nil,
		`["a",null]`:                 nil,
		`[null]`:                     nil,
		`["a","\u0000"]`:             nil,
		`["a","\ud800"]`:             nil,
		"[\"a\",\"\xff\"]":           nil,
		`["a"`:                       nil,
		`["a"] x`:                    nil,
		`"cat"`:                      nil,
		`{"0":"cat"}`:                nil,
	} {
		got, err := parseArgv(list)
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v", list, got, err)
		}
	}
}

func TestPortNoneNeedsASocket(t *testing.T) {
	t.Parallel()
	w := launch(t, folder(t), map[string]string{"fprocess": "cat", "port": "none"})
	mustExit(t, w, 5*time.Second, exitUsage)
	mustSay(t, w, "nothing to listen on")
}

func TestPortZeroIsNamedInTheLog(t *testing.T) {
	t.Parallel()
	w := launch(t, folder(t), map[string]string{"fprocess": "cat", "port": "0"})
	mustSay(t, w, "Listening on address: ")
	_, address, _ := strings.Cut(w.stderr.String(), "Listening on address: [::]")
	port, _, _ := strings.Cut(address, "\n")
	mustGet(t, "http://127.0.0.1"+port+"/", http.StatusOK)
}
