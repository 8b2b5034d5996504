// Command answer is the only program of the images without a shell. It reads its standard input and
// answers one JSON object with it, its arguments, its environment and who it is.
//
//	answer [-raw] [-sleep 2s] [-exit 3] [-crash] [ARGUMENT...]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	raw := flag.Bool("raw", false, "echo the standard input and nothing else")
	sleep := flag.Duration("sleep", 0, "wait so long before the answer")
	exit := flag.Int("exit", 0, "exit code, after the answer")
	crash := flag.Bool("crash", false, "crash at the start, before anything is read")
	flag.Parse()
	if *crash {
		panic("asked to crash")
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "answer:", err)
		os.Exit(1)
	}
	time.Sleep(*sleep)
	if *raw {
		os.Stdout.Write(input)
	} else {
		environment := map[string]string{}
		for _, line := range os.Environ() {
			name, value, _ := strings.Cut(line, "=")
			environment[name] = value
		}
		folder, _ := os.Getwd()
		json.NewEncoder(os.Stdout).Encode(map[string]any{
			"stdin": string(input), "args": append([]string{}, flag.Args()...), "env": environment,
			"uid": os.Getuid(), "gid": os.Getgid(), "cwd": folder, "arch": runtime.GOARCH,
		})
	}
	os.Exit(*exit)
}
