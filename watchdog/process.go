package main

import (
	"errors"
	"log"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

var errTimedOut = errors.New("exec_timeout passed")

// program runs the function's command, one process for each call.
type program struct {
	argv          []string
	command       string
	combineOutput bool
	timeout       time.Duration
	reaper        *reaper
}

// outcome of one call. err is nil only for exit code 0; timedOut goes with any err.
type outcome struct {
	out, errOut *buffer
	err         error
	timedOut    bool
}

// run feeds stdin to a new process and returns when the process has exited and
// nobody holds its output any more, or when the time is up.
func (p *program) run(env []string, stdin *buffer) outcome {
	result := outcome{out: &buffer{}, errOut: &buffer{}}
	var ours, theirs files
	defer ours.close()
	defer theirs.close()

	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Env = env
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		result.err = err
		return result
	}
	theirs, ours = append(theirs, inRead), append(ours, inWrite)
	cmd.Stdin = inRead

	outputs := []*buffer{result.out}
	if !p.combineOutput {
		outputs = append(outputs, result.errOut)
	}
	var reads files
	for range outputs {
		read, write, err := os.Pipe()
		if err != nil {
			result.err = err
			return result
		}
		reads, ours, theirs = append(reads, read), append(ours, read), append(theirs, write)
	}
	cmd.Stdout, cmd.Stderr = theirs[1], theirs[len(theirs)-1]
	if p.timeout > 0 {
		// A group of its own, so that a kill reaches what the program started.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}

	process, err := p.reaper.start(cmd)
	if err != nil {
		result.err = err
		return result
	}
	theirs.close() // or the output would never end

	go func() {
		// A program may leave its input unread: errors mean nothing here.
		_ = stdin.drainTo(inWrite)
		_ = inWrite.Close()
	}()
	var reading sync.WaitGroup
	for i, output := range outputs {
		reading.Go(func() { _, _ = output.ReadFrom(reads[i]) })
	}
	finished := make(chan struct{})
	go func() {
		<-process.ended
		reading.Wait()
		close(finished)
	}()

	var timeUp <-chan time.Time
	if p.timeout > 0 {
		timer := time.NewTimer(p.timeout)
		defer timer.Stop()
		timeUp = timer.C
	}
	select {
	case <-finished:
		result.err = process.failure()
	case <-timeUp:
		log.Printf("Killing process: %s", p.command)
		p.reaper.killGroup(process)
		// Whoever left the group and still holds the output is not waited for.
		ours.close()
		<-finished
		result.timedOut = true
		if result.err = process.failure(); result.err == nil {
			result.err = errTimedOut
		}
	}
	return result
}

type files []*os.File

// close closes all; closing one twice does no harm.
func (f files) close() {
	for _, file := range f {
		_ = file.Close()
	}
}
