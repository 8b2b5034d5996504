package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// throughput wraps many siblings in one process, once its layers are known.
func (b *bench) throughput(size int) (string, error) {
	way := b.ways[0]
	jars := filepath.Join(b.project, "dist/lib/*")
	process := exec.Command(filepath.Join(os.Getenv("JAVA_HOME"), "bin/java"), "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
		"-Djava.library.path="+filepath.Join(b.project, "dist/lib/native"), "-cp", jars,
		filepath.Join(b.project, "bench/Throughput.java"), filepath.Join(b.project, "dist"),
		b.source(way, size, "1"), way.target+"/ours/warm", fmt.Sprint(max(50, 40*b.rounds)))
	process.Stderr = os.Stderr
	output, err := process.Output()
	return strings.TrimSpace(string(output)), err
}
