package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// binary is the watchdog under test, built once as the release is.
var binary string

const inNamespace = "WATCHDOG_TEST_IN_NAMESPACE"

// TestMain gives the tests a loopback of their own, where the kernel allows it:
// cases that need the ports 8080 and 8081 then depend on nobody else.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(inNamespace) == "" {
		if code, ok := runInNamespace(); ok {
			os.Exit(code)
		}
		fmt.Fprintln(os.Stderr, "no network namespace: the tests share this machine's ports")
	} else if err := raiseLoopback(); err != nil {
		fmt.Fprintln(os.Stderr, "loopback:", err)
		os.Exit(1)
	}
	// Tests wait far more than they compute.
	if runtime.GOMAXPROCS(0) == parallelism() {
		_ = flag.Set("test.parallel", "24")
	}
	syscall.Umask(0o027) // the one the cases were recorded with
	// Under nohup SIGHUP is ignored, and whoever is started inherits it; what is caught, nobody does.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)

	folder, err := os.MkdirTemp("", "watchdog")
	if err == nil {
		binary = filepath.Join(folder, "fwatchdog")
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	if err == nil {
		err = os.Chmod(folder, 0o755) // tests run it as other users, too
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "building the watchdog:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func parallelism() int {
	return flag.Lookup("test.parallel").Value.(flag.Getter).Get().(int)
}

func runInNamespace() (code int, ok bool) {
	runtime.LockOSThread() // Pdeathsig follows the thread
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL,
	}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	if cmd.Start() != nil {
		return 0, false
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), true
}

// raiseLoopback does what "ip link set lo up" does.
func raiseLoopback() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	_, _, failure := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS,
		uintptr(unsafe.Pointer(&request)))
	if failure != 0 {
		return failure
	}
	return nil
}
