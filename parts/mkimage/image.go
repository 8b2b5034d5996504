package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"log"
	"os"
	"path/filepath"
)

const (
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	dockerConfig   = "application/vnd.docker.container.image.v1+json"
	dockerLayer    = "application/vnd.docker.image.rootfs.diff.tar.gzip"
	noTime         = "1970-01-01T00:00:00Z"
)

func image(arguments []string) {
	flags := flag.NewFlagSet("image", flag.ExitOnError)
	docker := flags.Bool("docker", false, "Docker's media types")
	archive := flags.String("archive", "", "docker archive to write")
	name := flags.String("name", "", "repository:tag in the docker archive")
	flags.Parse(arguments)
	if flags.NArg() < 4 {
		log.Fatal("usage: mkimage image [-docker] [-archive FILE -name NAME] LAYOUT TAG CONFIG LAYER...")
	}
	out, tag, configFile, sources := layout(flags.Arg(0)), flags.Arg(1), flags.Arg(2), flags.Args()[3:]

	content, err := os.ReadFile(configFile)
	check(err)
	var config map[string]any
	check(json.Unmarshal(content, &config))

	var layers [][]byte
	var diffIDs []string
	var history []map[string]string
	m := manifest{SchemaVersion: 2, MediaType: kind(*docker, dockerManifest, ociManifest)}
	for _, source := range sources {
		layer := layerOf(source)
		layers = append(layers, layer)
		diffIDs = append(diffIDs, "sha256:"+sum(layer))
		history = append(history, map[string]string{"created": noTime, "created_by": "mkimage " + filepath.Base(source)})
		m.Layers = append(m.Layers, out.blob(kind(*docker, dockerLayer, ociLayer), zip(layer)))
	}
	config["created"] = noTime
	config["rootfs"] = map[string]any{"type": "layers", "diff_ids": diffIDs}
	config["history"] = history
	configBytes := toJSON(config)
	m.Config = out.blob(kind(*docker, dockerConfig, ociConfig), configBytes)
	out.tag(tag, out.blob(m.MediaType, toJSON(m)))
	if *archive != "" {
		check(os.WriteFile(*archive, dockerArchive(*name, configBytes, layers), 0o644))
	}
}

func kind(docker bool, dockers, ocis string) string {
	if docker {
		return dockers
	}
	return ocis
}

func layerOf(source string) []byte {
	info, err := os.Stat(source)
	check(err)
	if info.IsDir() {
		return folderLayer(source)
	}
	content, err := os.ReadFile(source)
	check(err)
	return content
}

// folderLayer keeps of a folder's files what does not depend on the machine: names, modes, contents.
func folderLayer(root string) []byte {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	check(filepath.Walk(root, func(path string, info os.FileInfo, err error) error { // in sorted order
		if err != nil || path == root {
			return err
		}
		link := ""
		if info.Mode()&os.ModeSymlink != 0 {
			if link, err = os.Readlink(path); err != nil {
				return err
			}
		}
		full, err := tar.FileInfoHeader(info, link)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		header := &tar.Header{Typeflag: full.Typeflag, Name: relative, Linkname: link, Mode: full.Mode, Size: full.Size, Format: tar.FormatPAX}
		if info.IsDir() {
			header.Name += "/"
		}
		if err := writer.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = writer.Write(content)
		return err
	}))
	check(writer.Close())
	return out.Bytes()
}

func zip(content []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, err := writer.Write(content)
	check(err)
	check(writer.Close())
	return out.Bytes()
}

// dockerArchive is the form of `docker save` that every version since 1.10 reads and that those before 25 write.
func dockerArchive(name string, config []byte, layers [][]byte) []byte {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	add := func(path string, content []byte) {
		check(writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: path, Mode: 0o644, Size: int64(len(content))}))
		_, err := writer.Write(content)
		check(err)
	}
	var paths []string
	parent := ""
	for _, layer := range layers {
		id := sum([]byte(parent + " " + sum(layer)))
		legacy := map[string]string{"id": id, "created": noTime}
		if parent != "" {
			legacy["parent"] = parent
		}
		check(writer.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: id + "/", Mode: 0o755}))
		add(id+"/VERSION", []byte("1.0"))
		add(id+"/json", toJSON(legacy))
		add(id+"/layer.tar", layer)
		paths, parent = append(paths, id+"/layer.tar"), id
	}
	configPath := sum(config) + ".json"
	add(configPath, config)
	add("manifest.json", toJSON([]map[string]any{{"Config": configPath, "RepoTags": []string{name}, "Layers": paths}}))
	repository, tag := splitTag(name)
	add("repositories", toJSON(map[string]map[string]string{repository: {tag: parent}}))
	check(writer.Close())
	return out.Bytes()
}

func splitTag(name string) (string, string) {
	for i := len(name) - 1; i >= 0 && name[i] != '/'; i-- {
		if name[i] == ':' {
			return name[:i], name[i+1:]
		}
	}
	return name, "latest"
}
