package main

// call is a system call that may change a folder.
type call struct {
	name string
	// Whether it is about an open file, its first argument.
	fd bool
	// Which argument is the path; with 1, the one before may be the folder that it starts from.
	argument int
	// Which argument says whether it makes anything; -1: it always does.
	opens int
}

func file(name string) call      { return call{name: name, fd: true, opens: -1} }
func path(name string) call      { return call{name: name, opens: -1} }
func pathAt(name string) call    { return call{name: name, argument: 1, opens: -1} }
func opening(name string) call   { return call{name: name, opens: 1} }
func openingAt(name string) call { return call{name: name, argument: 1, opens: 2} }

// seccomp is the number of the system call of that name.
var seccomp = map[string]uintptr{"amd64": 317, "arm64": 277}

// calls are known by their numbers, which are another machine's others.
var calls = map[string]map[int]call{
	"amd64": {
		1: file("write"), 18: file("pwrite64"), 20: file("writev"), 77: file("ftruncate"), 285: file("fallocate"),
		74: file("fsync"), 75: file("fdatasync"), 91: file("fchmod"), 93: file("fchown"),
		2: opening("open"), 257: openingAt("openat"),
		82: path("rename"), 264: pathAt("renameat"), 316: pathAt("renameat2"),
		87: path("unlink"), 263: pathAt("unlinkat"), 84: path("rmdir"),
		83: path("mkdir"), 258: pathAt("mkdirat"), 90: path("chmod"), 268: pathAt("fchmodat"),
		92: path("chown"), 94: path("lchown"), 260: pathAt("fchownat"),
	},
	"arm64": {
		64: file("write"), 68: file("pwrite64"), 66: file("writev"), 46: file("ftruncate"), 47: file("fallocate"),
		82: file("fsync"), 83: file("fdatasync"), 52: file("fchmod"), 55: file("fchown"),
		56: openingAt("openat"), 38: pathAt("renameat"), 276: pathAt("renameat2"),
		35: pathAt("unlinkat"), 34: pathAt("mkdirat"), 53: pathAt("fchmodat"), 54: pathAt("fchownat"),
	},
}
