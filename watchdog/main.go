// Command fwatchdog is the Contract Builder's built-in watchdog: the process
// in a function's container that takes HTTP requests and runs one program for
// each. It speaks the contract of OpenFaaS's classic watchdog; docs/watchdog.md
// lists where it differs on purpose.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
)

const (
	version = "1.0.0"
	// The classic watchdog prints its commit here; this one is built without
	// version-control data so that equal sources give equal bytes.
	revision = "built-in"
)

const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	showVersion := flag.Bool("version", false, "print the version and exit")
	runHealthcheck := flag.Bool("run-healthcheck", false,
		"exit 0 if the function is healthy, else 1")
	forwardSocket := flag.String("forward", "",
		"forward connections from this Unix `socket` to the address given by -to")
	forwardTo := flag.String("to", "127.0.0.1:8080", "TCP `address` for -forward")
	flag.Parse()

	switch {
	case *runHealthcheck:
		if !healthy(os.Getenv) {
			fmt.Fprintln(os.Stderr, "unable to find lock file.")
			os.Exit(exitFailure)
		}
	case *showVersion:
		printVersion()
	case *forwardSocket != "":
		os.Exit(forward(*forwardSocket, *forwardTo))
	default:
		printVersion()
		cfg, err := readConfig(os.Getenv)
		if err != nil {
			log.Printf("Error in configuration: %s", err)
			os.Exit(exitUsage)
		}
		if len(cfg.argv) == 0 {
			// The classic watchdog's words and way of ending.
			panic("Provide a valid process via fprocess environmental variable.")
		}
		if cfg.jwtAuth {
			log.Printf("Error creating JWTAuthMiddleware: this watchdog cannot check tokens (jwt_auth=%q); "+
				"use the classic watchdog for this function or unset jwt_auth.", os.Getenv("jwt_auth"))
			os.Exit(exitFailure)
		}
		os.Exit(serve(cfg))
	}
}

func printVersion() {
	log.Printf("Version: %s\tSHA: %s", version, revision)
}
