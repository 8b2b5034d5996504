package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

func (c *caseRun) check(want *response, got reply) error {
	switch {
	case want == nil:
		return nil
	case want.none && got.err == nil:
		return fmt.Errorf("want no answer, got %d %q", got.status, got.body)
	case want.none:
		return nil
	case got.err != nil:
		return got.err
	case want.CutOff != (got.bodyErr != nil):
		return fmt.Errorf("want cut off %t, got %w", want.CutOff, got.bodyErr)
	case want.Status != got.status:
		return fmt.Errorf("want status %d, got %d: %.200s", want.Status, got.status, got.body)
	case want.Protocol != "" && want.Protocol != got.protocol:
		return fmt.Errorf("want %s, got %s", want.Protocol, got.protocol)
	case !slices.Equal(want.Interim, got.interim):
		return fmt.Errorf("want interim %v, got %v", want.Interim, got.interim)
	}
	for name, value := range want.Headers {
		values, has := got.headers[name]
		if has != (value != nil) || has && !equal(*value, strings.Join(values, ", ")) {
			return fmt.Errorf("header %s: got %q (all: %v)", name, values, got.headers)
		}
	}
	return errors.Join(timed(want.Seconds, got.took), c.checkBody(want, got.body))
}

func (c *caseRun) checkBody(want *response, got []byte) error {
	if want.BodyBase64 != nil && !bytes.Equal(want.BodyBase64, got) {
		return fmt.Errorf("body: got %s", base64.StdEncoding.EncodeToString(got))
	}
	if want.BodyLength != nil && *want.BodyLength != len(got) {
		return fmt.Errorf("body length: want %d, got %d", *want.BodyLength, len(got))
	}
	if sum := sha256.Sum256(got); want.BodySHA256 != "" && want.BodySHA256 != hex.EncodeToString(sum[:]) {
		return fmt.Errorf("body: SHA-256 is %x", sum)
	}
	if want.BodyJSON != nil {
		var value any
		if err := json.Unmarshal(got, &value); err != nil || !reflect.DeepEqual(want.BodyJSON, value) {
			return fmt.Errorf("body: want %v, got %s", want.BodyJSON, got)
		}
	}
	for _, part := range want.BodyContains {
		if err := found(string(got), part); err != nil {
			return err
		}
	}
	if want.BodyEnv != nil {
		if err := c.checkEnv(want.BodyEnv, fromLatin1(got)); err != nil {
			return err
		}
	}
	return c.exactly("body", want.Body, string(got))
}

// checkEnv compares the output of env; of the names Http_… none may be added.
func (c *caseRun) checkEnv(want map[string]*string, got string) error {
	variables := map[string]string{}
	for line := range strings.Lines(got) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if _, twice := variables[name]; twice {
			return fmt.Errorf("%s is set twice", name)
		}
		variables[name] = value
		if strings.HasPrefix(name, "Http_") && want[name] == nil {
			return fmt.Errorf("unexpected %s=%s", name, value)
		}
	}
	for name, value := range want {
		got, has := variables[name]
		switch {
		case name == "port": // recorded with another one
		case has != (value != nil), has && c.real(*value) != got:
			return fmt.Errorf("%s: got %q (there: %t)", name, got, has)
		}
	}
	return nil
}
