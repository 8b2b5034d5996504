package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
)

const (
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	ociConfig   = "application/vnd.oci.image.config.v1+json"
	ociLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
	tagKey      = "org.opencontainers.image.ref.name"
)

type platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Platform    *platform         `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Config        descriptor   `json:"config"`
	Layers        []descriptor `json:"layers"`
}

type list struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Manifests     []descriptor `json:"manifests"`
}

// layout is a folder in the OCI image layout.
type layout string

func (l layout) blob(mediaType string, content []byte) descriptor {
	digest := sum(content)
	folder := filepath.Join(string(l), "blobs", "sha256")
	check(os.MkdirAll(folder, 0o755))
	check(os.WriteFile(filepath.Join(folder, digest), content, 0o644))
	return descriptor{MediaType: mediaType, Digest: "sha256:" + digest, Size: int64(len(content))}
}

func (l layout) read(d descriptor) []byte {
	content, err := os.ReadFile(filepath.Join(string(l), "blobs", "sha256", d.Digest[len("sha256:"):]))
	check(err)
	return content
}

func (l layout) list() list {
	content, err := os.ReadFile(filepath.Join(string(l), "index.json"))
	if os.IsNotExist(err) {
		return list{SchemaVersion: 2, MediaType: ociIndex}
	}
	check(err)
	var all list
	check(json.Unmarshal(content, &all))
	return all
}

// tag names a manifest, instead of whichever had that tag, and takes other tags away.
func (l layout) tag(name string, d descriptor, away ...string) {
	d.Annotations = map[string]string{tagKey: name}
	all := l.list()
	kept := []descriptor{}
	for _, other := range all.Manifests {
		if !contains(append(away, name), other.Annotations[tagKey]) {
			kept = append(kept, other)
		}
	}
	all.Manifests = append(kept, d)
	check(os.MkdirAll(string(l), 0o755))
	check(os.WriteFile(filepath.Join(string(l), "oci-layout"), []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o644))
	check(os.WriteFile(filepath.Join(string(l), "index.json"), toJSON(all), 0o644))
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

func toJSON(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(value))
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
