package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// One way to registries.
type way struct {
	name      string
	source    string
	target    string
	variables []string
}

// One thing that both programs do, in turn.
type contest struct {
	name   string
	must   float64 // the ratio that is to be reached
	aim    float64
	rounds int
	rival  string
	// Both make what is needed of the round's number; a number below 0 is the warm-up's.
	ours, theirs func(int) command
	// What happens before each round, if anything.
	prepare func(int) error
	result
}

// What came of a contest.
type result struct {
	ratios, wall, rivals, memory sample
}

// The bench: where all is.
type bench struct {
	folder   string
	project  string
	watchdog string // crane's layer
	images   map[int]image
	ways     []way
	slow     way
	rounds   int
}

func (b *bench) wrap(way way, source, target string, more ...string) command {
	arguments := append([]string{filepath.Join(b.project, "contract-builder"), "wrap", source, target}, more...)
	return command{arguments, way.variables}
}

// crane appends the watchdog's layer and sets what it can set.
func (b *bench) crane(way way, source, target string, more ...string) command {
	arguments := append([]string{"crane", "mutate", source, "--append", b.watchdog, "--tag", target, "--user", "1000:1000",
		"--cmd", "/usr/bin/fwatchdog", "--env", "write_debug=false"}, more...)
	return command{arguments, way.variables}
}

func (b *bench) buildah(way way, source, target string, number int) command {
	storage := filepath.Join(b.folder, fmt.Sprintf("buildah%d", number))
	context := filepath.Join(b.folder, "context")
	script := fmt.Sprintf(`set -e
buildah pull --tls-verify=false -q %[1]s
buildah bud --tls-verify=false -q --format oci --build-arg BASE=%[1]s -t localhost/built %[3]s
buildah push --tls-verify=false -q localhost/built docker://%[2]s`, source, target, context)
	return command{[]string{"sh", "-c", script}, append([]string{"PARTS_STORAGE=" + storage}, way.variables...)}
}

func contract(number int) string {
	return fmt.Sprintf("11111111-2222-4333-8444-%012d", number+1000)
}

// contests lists them; what has to be there before is made.
func (b *bench) contests(sizes []int) ([]*contest, error) {
	var all []*contest
	for _, way := range b.ways {
		for _, size := range sizes {
			all = append(all, b.nothingKnown(way, size))
		}
	}
	middle := sizes[min(1, len(sizes)-1)]
	for _, way := range append(b.ways, b.slow) {
		known, err := b.known(way, middle)
		if err != nil {
			return nil, err
		}
		all = append(all, known...)
	}
	return append(all, b.againstBuildah(b.ways[0], middle)), nil
}

func (b *bench) source(way way, size int, tag string) string {
	return way.source + strings.TrimPrefix(b.images[size].name(tag), b.images[size].registry)
}

// nothingKnown: each round has a repository of its own.
func (b *bench) nothingKnown(way way, size int) *contest {
	source := b.source(way, size, "1")
	made := &contest{name: fmt.Sprintf("a, %d MB, %s", size, way.name), must: 1, aim: 0.75, rival: "crane", rounds: b.rounds}
	if size < 100 {
		made.must, made.aim = 0, 0
	}
	made.ours = func(i int) command {
		return b.wrap(way, source, fmt.Sprintf("%s/ours/new%d-%d:1", way.target, size, i))
	}
	made.theirs = func(i int) command {
		return b.crane(way, source, fmt.Sprintf("%s/theirs/new%d-%d:1", way.target, size, i))
	}
	return made
}

// known: the image's layers were pushed before.
func (b *bench) known(way way, size int) ([]*contest, error) {
	source := b.source(way, size, "1")
	ours, theirs := way.target+"/ours/known", way.target+"/theirs/known"
	for _, first := range []command{b.wrap(way, source, ours+":1"), b.crane(way, source, theirs+":1")} {
		if _, err := first.run(); err != nil {
			return nil, err
		}
	}
	must, aim := 1.1, 0.8
	if way.name == "HTTPS" {
		must, aim = 2.2, 1.2
	}
	named := func(what string) string { return fmt.Sprintf("%s, %d MB, %s", what, size, way.name) }
	again := &contest{name: named("c"), must: must, aim: aim, rival: "crane", rounds: b.rounds}
	tag := func(i int) string { return fmt.Sprintf("%s-%d", strings.ToLower(strings.Fields(way.name)[0]), i+1) }
	again.prepare = func(i int) error { return b.images[size].tag(tag(i)) }
	again.ours = func(i int) command { return b.wrap(way, b.source(way, size, tag(i)), ours+":1") }
	again.theirs = func(i int) command { return b.crane(way, b.source(way, size, tag(i)), theirs+":1") }
	if way.name == b.slow.name {
		again.must, again.aim = 0.5, 0.4
		return []*contest{again}, nil
	}
	same := &contest{name: named("b, same repository"), must: must, aim: aim, rival: "crane", rounds: b.rounds}
	same.ours = func(i int) command {
		return b.wrap(way, source, fmt.Sprintf("%s:b%d", ours, i+1), "--contract", contract(i))
	}
	same.theirs = func(i int) command {
		return b.crane(way, source, fmt.Sprintf("%s:b%d", theirs, i+1), "--label", "contract="+contract(i))
	}
	sibling := &contest{name: named("b, sibling repository"), must: 0.4, aim: 0.3, rival: "crane", rounds: b.rounds}
	sibling.ours = func(i int) command {
		return b.wrap(way, source, fmt.Sprintf("%s/ours/sibling%d:1", way.target, i+1), "--contract", contract(i), "--mount-from", "ours/known")
	}
	sibling.theirs = func(i int) command {
		return b.crane(way, source, fmt.Sprintf("%s/theirs/sibling%d:1", way.target, i+1), "--label", "contract="+contract(i))
	}
	return []*contest{same, sibling, again}, nil
}

func (b *bench) againstBuildah(way way, size int) *contest {
	source := b.source(way, size, "1")
	made := &contest{name: fmt.Sprintf("a, %d MB, %s", size, way.name), must: 0.25, aim: 0.15, rival: "buildah", rounds: b.rounds}
	made.ours = func(i int) command {
		return b.wrap(way, source, fmt.Sprintf("%s/ours/builder%d:1", way.target, i+1))
	}
	made.theirs = func(i int) command {
		return b.buildah(way, source, fmt.Sprintf("%s/theirs/builder%d:1", way.target, i+1), i+1)
	}
	made.prepare = func(i int) error { return os.RemoveAll(filepath.Join(b.folder, fmt.Sprintf("buildah%d", i))) }
	return made
}

// measure runs a contest: one warm-up, then the two in turn, each first in every other round.
func (c *contest) measure() error {
	for i := -1; i < c.rounds; i++ {
		if c.prepare != nil {
			if err := c.prepare(i); err != nil {
				return err
			}
		}
		var runs [2]run
		for turn := range 2 {
			which := (turn + i + 1) % 2
			command := c.ours(i)
			if which == 1 {
				command = c.theirs(i)
			}
			made, err := command.run()
			if err != nil {
				return err
			}
			runs[which] = made
		}
		if i < 0 {
			continue
		}
		c.ratios = append(c.ratios, runs[0].wall.Seconds()/runs[1].wall.Seconds())
		c.wall = append(c.wall, runs[0].wall.Seconds())
		c.rivals = append(c.rivals, runs[1].wall.Seconds())
		c.memory = append(c.memory, runs[0].memory)
	}
	return nil
}
