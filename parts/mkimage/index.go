package main

import (
	"encoding/json"
	"log"
)

func index(arguments []string) {
	if len(arguments) < 3 {
		log.Fatal("usage: mkimage index LAYOUT TAG IMAGE-TAG...")
	}
	out, tag, images := layout(arguments[0]), arguments[1], arguments[2:]
	joined := list{SchemaVersion: 2, MediaType: ociIndex}
	var attestations []descriptor
	for _, each := range images {
		d := out.find(each)
		var m manifest
		check(json.Unmarshal(out.read(d), &m))
		d.Platform = new(platform)
		check(json.Unmarshal(out.read(m.Config), d.Platform))
		d.Annotations = nil
		joined.Manifests = append(joined.Manifests, d)
		attestations = append(attestations, attestation(out, d.Digest))
	}
	joined.Manifests = append(joined.Manifests, attestations...)
	out.tag(tag, out.blob(ociIndex, toJSON(joined)), images...)
}

func (l layout) find(tag string) descriptor {
	for _, d := range l.list().Manifests {
		if d.Annotations[tagKey] == tag {
			return d
		}
	}
	log.Fatalf("%s has no tag %q", l, tag)
	panic("not reached")
}

// attestation is a manifest about another one, for the platform unknown/unknown, as BuildKit writes it.
func attestation(out layout, digest string) descriptor {
	statement := toJSON(map[string]any{
		"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://slsa.dev/provenance/v0.2",
		"subject":   []map[string]any{{"name": "_", "digest": map[string]string{"sha256": digest[len("sha256:"):]}}},
		"predicate": map[string]any{"builder": map[string]string{"id": ""}, "buildType": "https://mobyproject.org/buildkit@v1"},
	})
	layer := out.blob("application/vnd.in-toto+json", statement)
	layer.Annotations = map[string]string{"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"}
	config := out.blob(ociConfig, toJSON(map[string]any{
		"architecture": "unknown", "os": "unknown", "config": map[string]any{},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{layer.Digest}},
	}))
	d := out.blob(ociManifest, toJSON(manifest{SchemaVersion: 2, MediaType: ociManifest, Config: config, Layers: []descriptor{layer}}))
	d.Platform = &platform{Architecture: "unknown", OS: "unknown"}
	d.Annotations = map[string]string{
		"vnd.docker.reference.digest": digest, "vnd.docker.reference.type": "attestation-manifest",
	}
	return d
}
