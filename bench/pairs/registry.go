package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// The registries, each a process of its own, and the proxies before them; all end with this process.
type registries struct {
	folder  string
	started []*exec.Cmd
}

var listening = regexp.MustCompile(`listening on (127\.0\.0\.1:[0-9]+)`)

// start starts a docker-registry on a free port and answers with its address; secured: over TLS, with the certificate
// that lies in the folder.
func (r *registries) start(name, storage string, secured bool) (string, error) {
	tls := ""
	if secured {
		tls = fmt.Sprintf(", tls: {certificate: %q, key: %q}", filepath.Join(r.folder, "server.pem"), filepath.Join(r.folder, "server.key"))
	}
	configuration := fmt.Sprintf(`version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: %q}, delete: {enabled: true}, cache: {blobdescriptor: inmemory}}
http: {addr: "127.0.0.1:0", secret: not-a-secret%s}
`, filepath.Join(r.folder, storage), tls)
	file := filepath.Join(r.folder, name+".yml")
	if err := os.WriteFile(file, []byte(configuration), 0o644); err != nil {
		return "", err
	}
	log, err := os.Create(filepath.Join(r.folder, name+".log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	process := exec.Command("docker-registry", "serve", file)
	process.Stdout, process.Stderr = log, log
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		return "", err
	}
	r.started = append(r.started, process)
	for range 500 {
		said, err := os.ReadFile(log.Name())
		if err != nil {
			return "", err
		}
		if found := listening.FindSubmatch(said); found != nil {
			return string(found[1]), nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return "", fmt.Errorf("%s does not start; see %s", name, log.Name())
}

func (r *registries) stop() {
	for _, process := range r.started {
		_ = process.Process.Kill()
		_ = process.Wait()
	}
}

// delayed starts a proxy before an address: what goes through it comes later by half the round trip, each way, a new
// connection by a whole one. It answers with its own address.
func delayed(address string, roundTrip time.Duration) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				time.Sleep(roundTrip)
				server, err := net.Dial("tcp", address)
				if err != nil {
					client.Close()
					return
				}
				go later(server, client, roundTrip/2)
				later(client, server, roundTrip/2)
			}()
		}
	}()
	return listener.Addr().String(), nil
}

type piece struct {
	due   time.Time
	bytes []byte
}

// later copies what comes, in order, each piece so much later than it came.
func later(to, from net.Conn, delay time.Duration) {
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			buffer := make([]byte, 64<<10)
			count, err := from.Read(buffer)
			if count > 0 {
				pieces <- piece{time.Now().Add(delay), buffer[:count]}
			}
			if err != nil {
				return
			}
		}
	}()
	for piece := range pieces {
		time.Sleep(time.Until(piece.due))
		if _, err := to.Write(piece.bytes); err != nil {
			from.Close()
			_, _ = io.Copy(io.Discard, from)
			break
		}
	}
	if half, can := to.(*net.TCPConn); can {
		_ = half.CloseWrite()
	}
}
