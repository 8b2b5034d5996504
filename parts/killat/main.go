// Command killat kills another command before it changes a folder.
//
//	killat FOLDER LOG N COMMAND [ARGUMENT...]
//
// Runs COMMAND and writes a line to LOG before each system call of its by which it changes anything in FOLDER: its name
// and the path within FOLDER. Instead of the N-th, from 1, its process gets SIGKILL; 0: none does. COMMAND needs not know:
// the kernel holds its calls until they are looked at (seccomp_unotify(2), Linux 5.8). Ends with COMMAND's exit code,
// 128 and the signal where a signal ended it, 125 where the kernel does not let it look.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"
)

const (
	cannot   = 125
	inside   = "--inside"
	socket   = 3
	atCwd    = -100
	pathSize = 4096
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == inside {
		fail(enter(os.Args[2:]))
	}
	if len(os.Args) < 5 {
		fail(errors.New("usage: killat FOLDER LOG N COMMAND [ARGUMENT...]"))
	}
	at, err := strconv.Atoi(os.Args[3])
	if err != nil {
		fail(err)
	}
	folder, err := filepath.Abs(os.Args[1])
	if err != nil {
		fail(err)
	}
	log, err := os.Create(os.Args[2])
	if err != nil {
		fail(err)
	}
	code, err := watch(&watcher{folder: folder, log: log, at: at}, os.Args[4:])
	if err != nil {
		fail(err)
	}
	os.Exit(code)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "killat:", err)
	os.Exit(cannot)
}

// watch runs the command, whose first deed is to hand over what its system calls are seen by.
func watch(w *watcher, command []string) (int, error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "socket")
	child := exec.Command("/proc/self/exe", append([]string{inside}, command...)...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.ExtraFiles = []*os.File{theirs}
	// Whoever ends this command ends that one.
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	runtime.LockOSThread()
	if err := child.Start(); err != nil {
		return 0, err
	}
	theirs.Close()
	listener, err := received(pair[0])
	if err == nil {
		go w.look(listener)
	}
	_ = child.Wait()
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if err != nil {
		return cannot, nil
	}
	status := child.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return status.ExitStatus(), nil
}

func received(from int) (int, error) {
	oob := make([]byte, syscall.CmsgSpace(4))
	_, n, _, _, err := syscall.Recvmsg(from, make([]byte, 1), oob, 0)
	if err != nil {
		return 0, err
	}
	messages, err := syscall.ParseSocketControlMessage(oob[:n])
	if err != nil || len(messages) == 0 {
		return 0, errors.New("nothing was handed over")
	}
	descriptors, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, err
	}
	return descriptors[0], nil
}

// enter has this thread's calls looked at from now on, and becomes the command.
func enter(command []string) error {
	program, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	filter := []syscall.SockFilter{{Code: syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS}}
	for number := range calls[runtime.GOARCH] {
		filter = append(filter,
			syscall.SockFilter{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, Jf: 1, K: uint32(number)},
			syscall.SockFilter{Code: syscall.BPF_RET, K: 0x7fc00000}) // SECCOMP_RET_USER_NOTIF
	}
	filter = append(filter, syscall.SockFilter{Code: syscall.BPF_RET, K: 0x7fff0000}) // SECCOMP_RET_ALLOW
	all := syscall.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, 38, 1, 0, 0, 0, 0); e != 0 { // PR_SET_NO_NEW_PRIVS
		return e
	}
	// SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_NEW_LISTENER
	listener, _, e := syscall.RawSyscall(seccomp[runtime.GOARCH], 1, 8, uintptr(unsafe.Pointer(&all)))
	if e != 0 {
		return e
	}
	if err := syscall.Sendmsg(socket, []byte{0}, syscall.UnixRights(int(listener)), nil, 0); err != nil {
		return err
	}
	syscall.Close(socket)
	return syscall.Exec(program, command, os.Environ())
}

// notification is a struct seccomp_notif, answer a struct seccomp_notif_resp.
type notification struct {
	ID      uint64
	PID     uint32
	Flags   uint32
	Number  int32
	Arch    uint32
	Pointer uint64
	Args    [6]uint64
}

type answer struct {
	ID    uint64
	Value int64
	Error int32
	Flags uint32
}

type watcher struct {
	folder string
	log    *os.File
	at     int
	mutex  sync.Mutex
	seen   int
}

func (w *watcher) look(listener int) {
	for {
		var n notification
		if e := ioctl(listener, 0xc0502100, unsafe.Pointer(&n)); e == syscall.EINTR || e == syscall.ENOENT {
			continue
		} else if e != 0 {
			return
		}
		w.mutex.Lock()
		goesOn := w.goesOn(&n)
		w.mutex.Unlock()
		if !goesOn {
			_ = syscall.Kill(int(n.PID), syscall.SIGKILL)
			continue
		}
		reply := answer{ID: n.ID, Flags: 1} // SECCOMP_USER_NOTIF_FLAG_CONTINUE
		_ = ioctl(listener, 0xc0182101, unsafe.Pointer(&reply))
	}
}

func ioctl(descriptor int, request uintptr, argument unsafe.Pointer) syscall.Errno {
	_, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(descriptor), request, uintptr(argument))
	return e
}

func (w *watcher) goesOn(n *notification) bool {
	c := calls[runtime.GOARCH][int(n.Number)]
	path := c.path(n)
	if c.opens >= 0 && n.Args[c.opens]&(syscall.O_CREAT|syscall.O_TRUNC) == 0 {
		return true
	}
	within, ok := strings.CutPrefix(path, w.folder)
	if !ok {
		return true
	}
	w.seen++
	fmt.Fprintf(w.log, "%s %s\n", c.name, strings.TrimPrefix(within, "/"))
	return w.seen != w.at
}

// path is what the call is about, absolute.
func (c call) path(n *notification) string {
	process := "/proc/" + strconv.Itoa(int(n.PID))
	if c.fd {
		target, _ := os.Readlink(process + "/fd/" + strconv.Itoa(int(int32(n.Args[0]))))
		return target
	}
	path := text(process+"/mem", n.Args[c.argument])
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	from := process + "/cwd"
	if c.argument == 1 && int32(n.Args[0]) != atCwd {
		from = process + "/fd/" + strconv.Itoa(int(int32(n.Args[0])))
	}
	folder, _ := os.Readlink(from)
	return filepath.Join(folder, path)
}

func text(memory string, at uint64) string {
	file, err := os.Open(memory)
	if err != nil {
		return ""
	}
	defer file.Close()
	bytesRead := make([]byte, pathSize)
	n, _ := file.ReadAt(bytesRead, int64(at))
	end := bytes.IndexByte(bytesRead[:n], 0)
	if end < 0 {
		return ""
	}
	return string(bytesRead[:end])
}
