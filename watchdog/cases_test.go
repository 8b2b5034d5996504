package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// testCase is one line of testdata/cases.jsonl: what the classic watchdog does.
type testCase struct {
	Name     string             `json:"name"`
	Kind     string             `json:"kind"`
	Env      map[string]*string `json:"env"`
	Files    map[string]file    `json:"files"`
	Args     []string           `json:"args"`
	Listen   int                `json:"listen"`
	NoListen bool               `json:"no_listen"`

	Request  *request  `json:"request"`
	Response *response `json:"response"`
	Steps    []step    `json:"steps"`

	Stdout         *string  `json:"stdout"`
	Stderr         *string  `json:"stderr"`
	StdoutContains []string `json:"stdout_contains"`
	StderrContains []string `json:"stderr_contains"`
	StderrLacks    []string `json:"stderr_lacks"`
}

// file is a text, or one with a mode.
type file struct {
	Text string `json:"text"`
	Mode string `json:"mode"`
}

func (f *file) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &f.Text)
	}
	type plain file
	return json.Unmarshal(data, (*plain)(f))
}

// difference is an entry of testdata/differences.json. "same": the quirk is
// kept, the case passes. "better" (a quirk) and "different" (anything else):
// the case fails, on purpose, and the test named shows what happens instead.
type difference struct {
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
	Test    string `json:"test"`
}

func TestCases(t *testing.T) {
	t.Parallel()
	differences := readDifferences(t)
	cases := readCases(t)
	known := map[string]bool{}
	for _, c := range cases {
		known[c.Name] = true
		listed, isListed := differences[c.Name]
		if c.Kind == "quirk" && !isListed {
			t.Errorf("%s: a quirk, but not in differences.json", c.Name)
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if c.needsFixedPorts() {
				fixedPorts.Lock()
				t.Cleanup(fixedPorts.Unlock)
			}
			run := newCaseRun(t, c)
			run.expectDeviation = isListed && listed.Verdict != "same"
			err := run.run()
			switch {
			case err == nil && isListed && listed.Verdict != "same":
				t.Errorf("passes, but differences.json calls it %q", listed.Verdict)
			case err != nil && (!isListed || listed.Verdict == "same"):
				t.Error(err)
			}
		})
	}
	for name := range differences {
		if !known[name] {
			t.Errorf("differences.json: there is no case %q", name)
		}
	}
}

func TestListOfDifferencesIsComplete(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{}
	for _, c := range readCases(t) {
		kinds[c.Name] = c.Kind
	}
	tests := sources(t, "*_test.go")
	document, err := os.ReadFile("../docs/watchdog.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range readDifferences(t) {
		want := map[string]string{"same": "quirk", "better": "quirk"}[d.Verdict]
		if want == "" && d.Verdict != "different" {
			t.Errorf("%s: unknown verdict %q", name, d.Verdict)
		}
		if isQuirk := kinds[name] == "quirk"; isQuirk != (want == "quirk") {
			t.Errorf("%s: verdict %q does not go with a %s", name, d.Verdict, kinds[name])
		}
		if d.Reason == "" {
			t.Errorf("%s: no reason", name)
		}
		if d.Verdict != "same" && !strings.Contains(tests, "\nfunc "+d.Test+"(t ") {
			t.Errorf("%s: there is no test %q", name, d.Test)
		}
		if !strings.Contains(string(document), "`"+name+"`") {
			t.Errorf("%s: docs/watchdog.md does not mention it", name)
		}
	}
}

func sources(t *testing.T, pattern string) string {
	t.Helper()
	names, _ := filepath.Glob(pattern)
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func readDifferences(t *testing.T) map[string]difference {
	t.Helper()
	text, err := os.ReadFile("testdata/differences.json")
	if err != nil {
		t.Fatal(err)
	}
	var differences map[string]difference
	if err := json.Unmarshal(text, &differences); err != nil {
		t.Fatal(err)
	}
	return differences
}

func readCases(t *testing.T) []testCase {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var cases []testCase
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text))
	for lines.Scan() {
		var c testCase
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		if err := decoder.Decode(&c); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		cases = append(cases, c)
	}
	return cases
}

// fixedPorts is held by the one test that uses 8080 or 8081.
var fixedPorts sync.Mutex

// needsFixedPorts: the case is about port 8080 or 8081 or the one /tmp.
func (c *testCase) needsFixedPorts() bool {
	return c.Listen == 8080 || c.Name == "port-8081" || c.Name == "metrics-port-in-use" ||
		c.Name == "config-of-watchdog-options" || c.Name == "lock-default-folder"
}
