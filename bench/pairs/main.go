// Command pairs measures the wrap beside other tools: whole processes, from launch to exit, in turn. It starts the
// registries, makes the images and prints a Markdown table.
//
//	pairs PROJECT ROUNDS MB...
//
// PROJECT is the folder with contract-builder; crane, docker-registry, certificates and buildah are on the PATH.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("pairs: ")
	if len(os.Args) < 4 {
		log.Fatal("usage: pairs PROJECT ROUNDS MB...")
	}
	rounds, err := strconv.Atoi(os.Args[2])
	if err != nil || rounds < 1 {
		log.Fatal("ROUNDS is a number above 0")
	}
	var sizes []int
	for _, argument := range os.Args[3:] {
		size, err := strconv.Atoi(argument)
		if err != nil || size < 1 {
			log.Fatal("MB are numbers above 0")
		}
		sizes = append(sizes, size)
	}
	folder, err := os.MkdirTemp("", "contract-builder-pairs")
	if err != nil {
		log.Fatal(err)
	}
	started := &registries{folder: folder}
	bench := &bench{folder: folder, project: os.Args[1], rounds: rounds, images: map[int]image{}}
	err = bench.run(started, sizes)
	started.stop()
	_ = os.RemoveAll(folder)
	if err != nil {
		log.Fatal(err)
	}
}

func (b *bench) run(started *registries, sizes []int) error {
	if err := b.start(started, sizes); err != nil {
		return err
	}
	contests, err := b.contests(sizes)
	if err != nil {
		return err
	}
	for _, contest := range contests {
		if err := contest.measure(); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s, against %s: %s\n", contest.name, contest.rival, contest.ratios.spread(2))
	}
	warm, err := b.throughput(sizes[0])
	if err != nil {
		return err
	}
	printTable(contests)
	fmt.Printf("\nOne warm process, sibling images of %d MB: %s.\n", sizes[0], warm)
	fmt.Printf("\n%d pairs of each, after one of each that does not count; %s.\n", b.rounds, b.machine())
	return nil
}

// start starts the registries and pushes the images.
func (b *bench) start(started *registries, sizes []int) error {
	if said, err := exec.Command("certificates", b.folder).CombinedOutput(); err != nil {
		return fmt.Errorf("certificates: %w: %s", err, said)
	}
	addresses := map[string]string{}
	for _, name := range []string{"source", "target", "source-tls", "target-tls"} {
		secured := strings.HasSuffix(name, "-tls")
		storage := name
		if name == "source-tls" {
			storage = "source"
		}
		address, err := started.start(name, storage, secured)
		if err != nil {
			return err
		}
		addresses[name] = address
		if secured {
			certificate := filepath.Join(b.folder, "certs.d", address)
			if err := os.MkdirAll(certificate, 0o755); err != nil {
				return err
			}
			if err := os.Link(filepath.Join(b.folder, "ca.pem"), filepath.Join(certificate, "ca.crt")); err != nil {
				return err
			}
		}
	}
	const roundTrip = 20 * time.Millisecond
	slowSource, err := delayed(addresses["source"], roundTrip)
	if err != nil {
		return err
	}
	slowTarget, err := delayed(addresses["target"], roundTrip)
	if err != nil {
		return err
	}
	variables := []string{
		"CONTRACT_BUILDER_CERTS=" + filepath.Join(b.folder, "certs.d"),
		"CONTRACT_BUILDER_STATE=" + filepath.Join(b.folder, "state"),
		"SSL_CERT_FILE=" + filepath.Join(b.folder, "ca.pem"),
		"DOCKER_CONFIG=" + filepath.Join(b.folder, "docker"),
	}
	if err := os.Mkdir(filepath.Join(b.folder, "state"), 0o755); err != nil {
		return err
	}
	b.ways = []way{
		{"HTTP", addresses["source"], addresses["target"], variables},
		{"HTTPS", addresses["source-tls"], addresses["target-tls"], variables},
	}
	b.slow = way{"HTTP at 20 ms", slowSource, slowTarget, variables}
	return b.prepare(addresses["source"], sizes)
}

func (b *bench) prepare(source string, sizes []int) error {
	for _, size := range sizes {
		made, err := pushImage(source, fmt.Sprintf("customer/mb%d", size), size)
		if err == nil {
			err = made.tag("1")
		}
		if err != nil {
			return err
		}
		b.images[size] = made
	}
	binary := filepath.Join(b.project, "dist/watchdog/builtin/amd64/fwatchdog")
	b.watchdog = filepath.Join(b.folder, "watchdog.tar.gz")
	if err := writeWatchdogLayer(binary, b.watchdog); err != nil {
		return err
	}
	context := filepath.Join(b.folder, "context")
	if err := os.Mkdir(context, 0o755); err != nil {
		return err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(context, "fwatchdog"), content, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(context, "Dockerfile"), []byte(`ARG BASE
FROM ${BASE}
COPY fwatchdog /usr/bin/fwatchdog
USER 1000:1000
ENTRYPOINT []
CMD ["/usr/bin/fwatchdog"]
ENV write_debug="false" healthcheck_interval=1s
`), 0o644)
}
