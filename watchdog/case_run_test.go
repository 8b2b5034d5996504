package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// step is one thing a case does; the fields that are set say which.
type step struct {
	Request    *request  `json:"request"`
	Response   *response `json:"response"`
	Background string    `json:"background"`
	Join       string    `json:"join"`

	Wire         []wirePart      `json:"wire"`
	Responses    json.RawMessage `json:"responses"`
	Closed       *bool           `json:"closed"`
	ClosedWithin float64         `json:"closed_within"`
	HalfClose    bool            `json:"half_close"`
	KeepOpen     bool            `json:"keep_open"`

	Parallel int            `json:"parallel"`
	Of       *request       `json:"of"`
	Spread   float64        `json:"spread"`
	Statuses map[string]int `json:"statuses"`

	Signal  string  `json:"signal"`
	Sleep   float64 `json:"sleep"`
	Alive   bool    `json:"alive"`
	Refused bool    `json:"refused"`

	Write  string   `json:"write"`
	Remove string   `json:"remove"`
	Link   []string `json:"link"`
	Exists string   `json:"exists"`
	Is     *bool    `json:"is"`
	Mode   string   `json:"mode"`
	Size   *int64   `json:"size"`

	Metrics     map[string]any `json:"metrics"`
	Lines       []string       `json:"lines"`
	AwaitStderr string         `json:"await_stderr"`

	Run            *[]string         `json:"run"`
	With           map[string]string `json:"with"`
	Code           []int             `json:"code"`
	Stdout         *string           `json:"stdout"`
	Stderr         *string           `json:"stderr"`
	StderrContains []string          `json:"stderr_contains"`

	Exit    json.RawMessage `json:"exit"`
	Within  float64         `json:"within"`
	Seconds []float64       `json:"seconds"`
}

// caseRun plays one case against one watchdog; the first deviation ends it.
type caseRun struct {
	t          *testing.T
	testCase   testCase
	dir        string
	watchdog   *watchdog
	background map[string]chan reply

	expectDeviation bool // then an exit that does not come is not waited for so long
}

func newCaseRun(t *testing.T, c testCase) *caseRun {
	return &caseRun{t: t, testCase: c, dir: folder(t), background: map[string]chan reply{}}
}

func (c *caseRun) run() error {
	c.writeFiles()
	env := map[string]string{}
	for name, value := range c.testCase.Env {
		env[name] = "-"
		if value != nil {
			env[name] = c.real(*value)
		}
	}
	if c.testCase.needsFixedPorts() && env["metrics_port"] == "" {
		env["metrics_port"] = "-"
	}
	if c.testCase.Name == "lock-default-folder" && !exists("/tmp/.lock") {
		c.t.Cleanup(func() { _ = os.Remove("/tmp/.lock") })
	}
	c.watchdog = launch(c.t, c.dir, env, c.testCase.Args...)
	if c.watchdog.metricsPort == 0 {
		c.watchdog.metricsPort = 8081
	}
	if c.testCase.Listen != 0 {
		c.watchdog.port = c.testCase.Listen
	}
	if !c.testCase.NoListen {
		if err := c.watchdog.awaitReady(c.watchdog.port); err != nil {
			return err
		}
	}
	if c.testCase.Request != nil {
		c.testCase.Steps = []step{{Request: c.testCase.Request, Response: c.testCase.Response}}
	}
	for i, s := range c.testCase.Steps {
		if err := c.play(s); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return c.checkOutput()
}

func (c *caseRun) writeFiles() {
	for name, f := range c.testCase.Files {
		path, mode := filepath.Join(c.dir, name), uint64(0o755)
		if f.Mode != "" {
			mode, _ = strconv.ParseUint(f.Mode, 8, 32)
		}
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(f.Text), 0o600), os.Chmod(path, os.FileMode(mode)))
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

// real fills in the folder and the ports.
func (c *caseRun) real(text string) string {
	text = strings.ReplaceAll(text, "{{dir}}", c.dir)
	if w := c.watchdog; w != nil {
		text = strings.ReplaceAll(text, "{{port}}", strconv.Itoa(w.port))
		text = strings.ReplaceAll(text, "8081", strconv.Itoa(w.metricsPort))
	}
	return text
}

func (c *caseRun) checkOutput() error {
	w := c.watchdog
	for _, want := range c.testCase.StdoutContains {
		if err := within(2*time.Second, func() error { return found(w.stdout.String(), c.real(want)) }); err != nil {
			return fmt.Errorf("stdout: %w", err)
		}
	}
	for _, want := range c.testCase.StderrContains {
		if err := within(2*time.Second, func() error { return found(w.stderr.String(), c.real(want)) }); err != nil {
			return fmt.Errorf("stderr: %w", err)
		}
	}
	w.stop()
	for _, unwanted := range c.testCase.StderrLacks {
		if found(w.stderr.String(), c.real(unwanted)) == nil {
			return fmt.Errorf("stderr contains %q:\n%s", unwanted, w.stderr)
		}
	}
	return errors.Join(c.exactly("stdout", c.testCase.Stdout, w.stdout.String()),
		c.exactly("stderr", c.testCase.Stderr, w.stderr.String()))
}

// exactly compares a whole text; nil is not asked for.
func (c *caseRun) exactly(what string, want *string, got string) error {
	if want == nil {
		return nil
	}
	if !equal(c.real(*want), got) {
		return fmt.Errorf("%s: want %q, got %q", what, c.real(*want), got)
	}
	return nil
}

// equal: a text that begins with "~" is a regular expression for the whole.
func equal(want, got string) bool {
	if pattern, isPattern := strings.CutPrefix(want, "~"); isPattern {
		return regexp.MustCompile(`\A(?s:` + pattern + `)\z`).MatchString(got)
	}
	return want == got
}

func (c *caseRun) play(s step) error {
	switch {
	case s.Background != "":
		return c.inBackground(s)
	case s.Join != "":
		return c.check(s.Response, <-c.background[s.Join])
	case s.Request != nil:
		return c.check(s.Response, c.send(s.Request))
	case s.Wire != nil:
		return c.wire(s)
	case s.Parallel > 0:
		return c.parallel(s)
	case s.Signal != "":
		signals := map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT,
			"HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT, "USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2}
		c.watchdog.signal(signals[s.Signal])
	case s.Sleep > 0:
		time.Sleep(seconds(s.Sleep))
	case s.Alive:
		select {
		case <-c.watchdog.ended:
			return errors.New("has ended")
		default:
		}
	case s.Refused:
		if conn, err := net.Dial("tcp", c.address("")); err == nil {
			_ = conn.Close()
			return errors.New("still takes connections")
		}
	case s.Write != "":
		return os.WriteFile(c.real(s.Write), nil, 0o644)
	case s.Remove != "":
		return os.Remove(c.real(s.Remove))
	case s.Link != nil:
		return os.Symlink(c.real(s.Link[0]), c.real(s.Link[1]))
	case s.Exists != "":
		return c.exists(s)
	case s.Metrics != nil:
		return within(3*time.Second, func() error { return c.metrics(s) })
	case s.AwaitStderr != "":
		return within(5*time.Second, func() error { return found(c.watchdog.stderr.String(), s.AwaitStderr) })
	case s.Run != nil:
		return c.runAgain(s)
	case s.Exit != nil:
		return c.exit(s)
	default:
		return errors.New("unknown step")
	}
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// timed checks a duration against its bounds in seconds, if there are any.
func timed(bounds []float64, took time.Duration) error {
	if bounds != nil && (took < seconds(bounds[0]) || took > seconds(bounds[1])) {
		return fmt.Errorf("took %s, want %v s", took, bounds)
	}
	return nil
}
