package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	copied := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(copied, 0o755); err != nil {
		t.Fatal(err)
	}
	sources, _ := filepath.Glob("*.go")
	for _, name := range append(sources, "go.mod", "build.sh") {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, name), text, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	here, there := t.TempDir(), t.TempDir()
	for script, out := range map[string]string{"./build.sh": here, filepath.Join(copied, "build.sh"): there} {
		if text, err := exec.Command(script, out).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, text)
		}
	}
	for arch, machine := range map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64} {
		name := filepath.Join(arch, "fwatchdog")
		first, err1 := os.ReadFile(filepath.Join(here, name))
		second, err2 := os.ReadFile(filepath.Join(there, name))
		if err1 != nil || err2 != nil || !bytes.Equal(first, second) {
			t.Errorf("%s: not the same bytes (%v, %v)", arch, err1, err2)
			continue
		}
		if info, err := os.Stat(filepath.Join(here, name)); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%s: mode %v, %v", arch, info.Mode(), err)
		}
		binary, err := elf.NewFile(bytes.NewReader(first))
		if err != nil || binary.Machine != machine || binary.Section(".interp") != nil {
			t.Errorf("%s: not a static binary for it: %v", arch, err)
		}
		if len(first) > 10<<20 {
			t.Errorf("%s: %d bytes", arch, len(first))
		}
	}
	if text, err := os.ReadFile(filepath.Join(here, "version")); strings.TrimSpace(string(text)) != version {
		t.Errorf("version: %q, %v", text, err)
	}
}
