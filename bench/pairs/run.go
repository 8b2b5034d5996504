package main

import (
	"fmt"
	"os"
	"os/exec"
	"sort"
	"syscall"
	"time"
)

// A command, with variables beside those of this process.
type command struct {
	arguments []string
	variables []string
}

// What one process took, from its launch to its exit.
type run struct {
	wall   time.Duration
	cpu    time.Duration
	memory float64 // MB, resident, at its peak
}

func (c command) run() (run, error) {
	process := exec.Command(c.arguments[0], c.arguments[1:]...)
	process.Env = append(os.Environ(), c.variables...)
	log, err := os.CreateTemp("", "pairs-output")
	if err != nil {
		return run{}, err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	process.Stdout, process.Stderr = log, log
	start := time.Now()
	err = process.Run()
	wall := time.Since(start)
	if err != nil {
		said, _ := os.ReadFile(log.Name())
		return run{}, fmt.Errorf("%v: %w\n%s", c.arguments, err, said)
	}
	state := process.ProcessState
	usage := state.SysUsage().(*syscall.Rusage)
	return run{wall, state.UserTime() + state.SystemTime(), float64(usage.Maxrss) * 1024 / 1e6}, nil
}

// A number of measurements.
type sample []float64

// at answers with the value below which a part of all lies.
func (s sample) at(part float64) float64 {
	sorted := append(sample{}, s...)
	sort.Float64s(sorted)
	place := part * float64(len(sorted)-1)
	below := int(place)
	if below+1 == len(sorted) {
		return sorted[below]
	}
	return sorted[below] + (place-float64(below))*(sorted[below+1]-sorted[below])
}

func (s sample) median() float64 { return s.at(0.5) }

// spread writes the median, and between which values the middle half lies.
func (s sample) spread(digits int) string {
	return fmt.Sprintf("%.*f (%.*f to %.*f)", digits, s.median(), digits, s.at(0.25), digits, s.at(0.75))
}
