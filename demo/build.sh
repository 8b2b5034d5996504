#!/bin/sh
# demo/build.sh OUT: the demonstration's customer's image in two versions, OUT/image:1 and OUT/image:2 (an OCI layout).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here"
mkdir -p "$work/program/contract"
CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid=" -o "$work/program/contract/currency" .
(cd "$here/../parts" && CGO_ENABLED=0 go build -o "$work/mkimage" ./mkimage)
# As customers' images are: an entrypoint and a user of their own.
cat >"$work/config.json" <<CONFIG
{"architecture":"$(go env GOARCH)","os":"linux","config":{"User":"65534","Entrypoint":["/contract/currency"],"WorkingDir":"/contract","Env":["PATH=/contract:/usr/bin:/bin"]}}
CONFIG
rm -rf "$out/image"
for version in 1 2; do
  mkdir -p "$work/$version/contract"
  echo "$version.0.0" >"$work/$version/contract/version"
  "$work/mkimage" image "$out/image" "$version" "$work/config.json" "$work/program" "$work/$version"
done
