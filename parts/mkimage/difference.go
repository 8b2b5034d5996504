package main

import (
	"archive/tar"
	"io"
	"os"
	"path"
	"strings"
)

// entry is a tar's header and a digest of its content; the content itself is read again where it is needed.
type entry struct {
	header *tar.Header
	digest string
}

func difference(upperFile, lowerFile, outFile string) {
	lower, upper := map[string]entry{}, map[string]bool{}
	each(lowerFile, func(header *tar.Header, content []byte) {
		lower[clean(header.Name)] = entry{header, sum(content)}
	})
	each(upperFile, func(header *tar.Header, _ []byte) { upper[clean(header.Name)] = true })

	file, err := os.Create(outFile)
	check(err)
	writer := tar.NewWriter(file)
	each(lowerFile, func(header *tar.Header, _ []byte) {
		name := clean(header.Name)
		if !upper[name] && (upper[path.Dir(name)] || path.Dir(name) == ".") {
			whiteout := path.Join(path.Dir(name), ".wh."+path.Base(name))
			check(writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: whiteout, Mode: 0o644}))
		}
	})
	each(upperFile, func(header *tar.Header, content []byte) {
		old, there := lower[clean(header.Name)]
		if there && sameMeta(old.header, header) && old.digest == sum(content) {
			return
		}
		check(writer.WriteHeader(header))
		_, err := writer.Write(content)
		check(err)
	})
	check(writer.Close())
	check(file.Close())
}

// sameMeta does not look at a folder's time: it changes with each file that comes or goes.
func sameMeta(a, b *tar.Header) bool {
	return a.Typeflag == b.Typeflag && a.Mode == b.Mode && a.Uid == b.Uid && a.Gid == b.Gid && a.Linkname == b.Linkname &&
		(a.Typeflag == tar.TypeDir || a.ModTime.Equal(b.ModTime))
}

func each(file string, do func(*tar.Header, []byte)) {
	f, err := os.Open(file)
	check(err)
	defer f.Close()
	reader := tar.NewReader(f)
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return
		}
		check(err)
		content, err := io.ReadAll(reader)
		check(err)
		do(header, content)
	}
}

func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }
