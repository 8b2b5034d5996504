package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// inBackground returns when the function runs.
func (c *caseRun) inBackground(s step) error {
	forks := func() int { return strings.Count(c.watchdog.stderr.String(), "Forking") }
	before := forks()
	done := make(chan reply, 1)
	c.background[s.Background] = done
	go func() { done <- c.send(s.Request) }()
	return within(5*time.Second, func() error {
		if forks() == before {
			return errors.New("the function was not started")
		}
		return nil
	})
}

func (c *caseRun) parallel(s step) error {
	var expected map[string]*response
	if s.Responses != nil {
		if err := json.Unmarshal(s.Responses, &expected); err != nil {
			return err
		}
	}
	replies := make([]reply, s.Parallel)
	var all sync.WaitGroup
	begin := time.Now()
	for i := range replies {
		all.Go(func() { replies[i] = c.send(s.Of) })
		time.Sleep(seconds(s.Spread))
	}
	all.Wait()
	if err := timed(s.Seconds, time.Since(begin)); err != nil {
		return err
	}
	statuses := map[string]int{}
	for _, r := range replies {
		status := strconv.Itoa(r.status)
		statuses[status]++
		if want := expected[status]; want != nil {
			if err := c.check(want, r); err != nil {
				return err
			}
		}
	}
	for status, want := range s.Statuses {
		if statuses[status] != want {
			return fmt.Errorf("statuses: want %v, got %v", s.Statuses, statuses)
		}
	}
	return nil
}

func (c *caseRun) exists(s step) error {
	info, err := os.Stat(c.real(s.Exists))
	switch want := s.Is == nil || *s.Is; {
	case (err == nil) != want:
		return fmt.Errorf("%s: want existing %t, got %v", s.Exists, want, err)
	case s.Mode != "" && fmt.Sprintf("%04o", info.Mode().Perm()) != s.Mode:
		return fmt.Errorf("%s: want mode %s, got %s", s.Exists, s.Mode, info.Mode())
	case s.Size != nil && info.Size() != *s.Size:
		return fmt.Errorf("%s: want size %d, got %d", s.Exists, *s.Size, info.Size())
	}
	return nil
}

func (c *caseRun) metrics(s step) error {
	_, page, err := get(fmt.Sprintf("http://127.0.0.1:%d/metrics", c.watchdog.metricsPort))
	if err != nil {
		return err
	}
	lines := strings.Split(page, "\n")
	for name, want := range s.Metrics {
		at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, name+" ") })
		switch {
		case at < 0 && want == nil:
		case at < 0 || want == nil:
			return fmt.Errorf("%s: want %v in:\n%s", name, want, page)
		default:
			if got := lines[at][len(name)+1:]; !equal(fmt.Sprint(want), got) {
				return fmt.Errorf("%s: want %v, got %s", name, want, got)
			}
		}
	}
	for _, want := range s.Lines {
		if !slices.Contains(lines, want) {
			return fmt.Errorf("no line %q in:\n%s", want, page)
		}
	}
	return nil
}

// runAgain runs the binary once more, beside the first.
func (c *caseRun) runAgain(s step) error {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(binary, *s.Run...)
	cmd.Dir, cmd.Env = c.dir, slices.Clone(c.watchdog.env)
	for name, value := range s.With {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	tooLong := time.AfterFunc(4*time.Second, func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait()
	tooLong.Stop()
	if code := cmd.ProcessState.ExitCode(); !slices.Contains(s.Code, code) {
		return fmt.Errorf("want exit code %v, got %d and:\n%s", s.Code, code, &stderr)
	}
	for _, want := range s.StderrContains {
		if err := found(stderr.String(), c.real(want)); err != nil {
			return err
		}
	}
	return errors.Join(c.exactly("stdout", s.Stdout, stdout.String()), c.exactly("stderr", s.Stderr, stderr.String()))
}

func (c *caseRun) exit(s step) error {
	var codes []int
	if json.Unmarshal(s.Exit, &codes) != nil {
		codes = make([]int, 1)
		if err := json.Unmarshal(s.Exit, &codes[0]); err != nil {
			return err
		}
	}
	limit := s.Within
	if s.Seconds != nil {
		limit = s.Seconds[1] + 1
	}
	if c.expectDeviation {
		limit = min(limit, 3)
	}
	code, err := c.watchdog.awaitExit(seconds(limit))
	if err != nil {
		return err
	}
	if !slices.Contains(codes, code) {
		return fmt.Errorf("want exit code %v, got %d", codes, code)
	}
	return timed(s.Seconds, time.Since(c.watchdog.lastSignal))
}
