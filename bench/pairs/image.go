package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
)

const layers = 5

// One blob: written anew each time that it is needed, as it may be large.
type blob struct {
	write  func(io.Writer) error
	digest string // of what is written
	diffID string // of the tar, for a layer
	size   int64
}

type counter struct{ count int64 }

func (c *counter) Write(bytes []byte) (int, error) {
	c.count += int64(len(bytes))
	return len(bytes), nil
}

// layerOf makes a layer with one file of so many bytes that nothing compresses; equal seeds give equal bytes.
func layerOf(seed byte, size int64) (blob, error) {
	write := func(out, inner io.Writer) error {
		// Stored, as its content cannot be compressed.
		zip, err := gzip.NewWriterLevel(out, gzip.NoCompression)
		if err != nil {
			return err
		}
		archive := tar.NewWriter(io.MultiWriter(zip, inner))
		header := &tar.Header{Name: fmt.Sprintf("data/%d", seed), Mode: 0o644, Size: size, Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := io.CopyN(archive, rand.NewChaCha8([32]byte{seed}), size); err != nil {
			return err
		}
		if err := archive.Close(); err != nil {
			return err
		}
		return zip.Close()
	}
	outer, inner, count := sha256.New(), sha256.New(), &counter{}
	if err := write(io.MultiWriter(outer, count), inner); err != nil {
		return blob{}, err
	}
	return blob{
		write:  func(out io.Writer) error { return write(out, io.Discard) },
		digest: "sha256:" + hex.EncodeToString(outer.Sum(nil)),
		diffID: "sha256:" + hex.EncodeToString(inner.Sum(nil)),
		size:   count.count,
	}, nil
}

func bytesBlob(content []byte) blob {
	sum := sha256.Sum256(content)
	return blob{
		write:  func(out io.Writer) error { _, err := out.Write(content); return err },
		digest: "sha256:" + hex.EncodeToString(sum[:]),
		size:   int64(len(content)),
	}
}

// An image on a plain registry.
type image struct {
	registry   string
	repository string
	layers     []blob
}

// pushImage makes an image of so many MB in layers of one size, and stores its layers.
func pushImage(registry, repository string, megabytes int) (image, error) {
	made := image{registry: registry, repository: repository}
	for i := range layers {
		layer, err := layerOf(byte(i+1), int64(megabytes)*1e6/layers)
		if err != nil {
			return image{}, err
		}
		if err := made.upload(layer); err != nil {
			return image{}, err
		}
		made.layers = append(made.layers, layer)
	}
	return made, nil
}

// tag gives the image a tag, with a configuration of its own.
func (i image) tag(tag string) error {
	var ids []string
	var described []map[string]any
	for _, layer := range i.layers {
		ids = append(ids, layer.diffID)
		described = append(described, map[string]any{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": layer.digest, "size": layer.size})
	}
	content, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux",
		"config": map[string]any{"Cmd": []string{"/contract"}, "Env": []string{"PATH=/usr/bin:/bin", "VERSION=" + tag}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": ids},
	})
	if err != nil {
		return err
	}
	config := bytesBlob(content)
	if err := i.upload(config); err != nil {
		return err
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": map[string]any{"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config.digest, "size": config.size},
		"layers": described,
	})
	if err != nil {
		return err
	}
	return i.send("PUT", "http://"+i.registry+"/v2/"+i.repository+"/manifests/"+tag, "application/vnd.oci.image.manifest.v1+json", bytes.NewReader(manifest), int64(len(manifest)))
}

func (i image) name(tag string) string { return i.registry + "/" + i.repository + ":" + tag }

func (i image) upload(blob blob) error {
	begun, err := http.Post("http://"+i.registry+"/v2/"+i.repository+"/blobs/uploads/", "", nil)
	if err != nil {
		return err
	}
	begun.Body.Close()
	session := begun.Header.Get("Location")
	sign := "?"
	if strings.Contains(session, "?") {
		sign = "&"
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(blob.write(writer)) }()
	return i.send("PUT", session+sign+"digest="+blob.digest, "application/octet-stream", reader, blob.size)
}

func (i image) send(method, url, mediaType string, body io.Reader, size int64) error {
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return err
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", mediaType)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusCreated {
		return fmt.Errorf("%s %s: %s %s", method, url, answer.Status, said)
	}
	return nil
}

// writeWatchdogLayer makes the layer that crane appends: compressed, as it is moved once more each time.
func writeWatchdogLayer(binary, file string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	zip := gzip.NewWriter(out)
	archive := tar.NewWriter(zip)
	if err := archive.WriteHeader(&tar.Header{Name: "usr/bin/fwatchdog", Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	if _, err := archive.Write(content); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return zip.Close()
}
