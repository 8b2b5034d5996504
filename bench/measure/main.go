// Command measure runs a command and adds a line to a file: wall seconds, CPU seconds, peak resident MB.
//
//	measure FILE COMMAND ARGUMENT...
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	command := exec.Command(os.Args[2], os.Args[3:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	start := time.Now()
	err := command.Run()
	wall := time.Since(start)
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	file, err := os.OpenFile(os.Args[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	defer file.Close()
	state := command.ProcessState
	usage := state.SysUsage().(*syscall.Rusage)
	cpu := state.UserTime() + state.SystemTime()
	fmt.Fprintf(file, "%.3f %.3f %.1f\n", wall.Seconds(), cpu.Seconds(), float64(usage.Maxrss)/1024)
}
