package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

func printTable(contests []*contest) {
	fmt.Println("| | beside | ratio of the times | must reach | aim | ours, s | the other, s | our peak memory, MB |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, c := range contests {
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %s | %s |\n", c.name, c.rival, c.ratios.spread(2), goal(c.must), goal(c.aim),
			c.wall.spread(3), c.rivals.spread(3), c.memory.spread(0))
	}
}

func goal(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return fmt.Sprintf("≤ %.2f", ratio)
}

// machine says what it was measured on and with.
func (b *bench) machine() string {
	return strings.Join([]string{
		fmt.Sprintf("%d cores (%s), %s", runtime.NumCPU(), processor(), said("uname", "-sm")),
		said(filepath.Join(b.project, "contract-builder"), "--version"),
		java(),
		"crane " + said("crane", "version"),
		said("docker-registry", "--version"),
		said("buildah", "--version"),
	}, "; ")
}

func processor() string {
	all, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(all)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return strings.TrimLeft(strings.TrimSpace(name), ": ")
		}
	}
	return "processor unknown"
}

func java() string {
	release, _ := os.ReadFile(filepath.Join(os.Getenv("JAVA_HOME"), "release"))
	for line := range strings.Lines(string(release)) {
		if version, found := strings.CutPrefix(line, "IMPLEMENTOR_VERSION="); found {
			return strings.Trim(version, "\"\n")
		}
	}
	return "Java unknown"
}

// said is the first line of what a command answers.
func said(name string, arguments ...string) string {
	output, err := exec.Command(name, arguments...).Output()
	if err != nil {
		return name + " (none)"
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return first
}
