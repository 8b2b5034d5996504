// The demonstration's customer's contract: reads a call from stdin and answers with JSON, as a
// contract in any language would. Which version it is comes with its image, as a file.
package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
)

type answer struct {
	Version  string   `json:"version"`
	Input    string   `json:"input"`
	Args     []string `json:"args"`
	Greeting string   `json:"greeting"`
	// Never the secret itself: only that it arrived.
	SecretRead bool `json:"secretRead"`
	User       int  `json:"user"`
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		os.Exit(1)
	}
	version, err := os.ReadFile("/contract/version")
	if err != nil {
		os.Exit(1)
	}
	secrets := "/var/openfaas/secrets/sc-" + os.Getenv("SMART_CONTRACT_ID") + "-"
	secret, err := os.ReadFile(secrets + "api-token")
	json.NewEncoder(os.Stdout).Encode(answer{
		Version:    strings.TrimSpace(string(version)),
		Input:      string(input),
		Args:       os.Args[1:],
		Greeting:   os.Getenv("GREETING"),
		SecretRead: err == nil && len(secret) > 0,
		User:       os.Getuid(),
	})
}
