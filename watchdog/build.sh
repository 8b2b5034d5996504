#!/bin/sh
# Builds the watchdog: OUTDIR/<architecture>/fwatchdog and OUTDIR/version.
# Equal sources and an equal Go give equal bytes, wherever they are built.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: $0 OUTDIR" >&2
  exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"

# Nothing from the caller's Go settings may reach the bytes.
unset GOEXPERIMENT GOOS GOARCH
export CGO_ENABLED=0 GOFLAGS= GOENV=off GOWORK=off GOTOOLCHAIN=local GOAMD64=v1 GOARM64=v8.0

for arch in amd64 arm64; do
  mkdir -p "$out/$arch"
  new=$out/$arch/.fwatchdog.new
  GOOS=linux GOARCH=$arch go build -trimpath -buildvcs=false -ldflags "-s -w -buildid=" -o "$new" .
  chmod 0755 "$new"
  # An unchanged binary keeps its time, so that later build steps can skip.
  if cmp -s "$new" "$out/$arch/fwatchdog"; then
    rm "$new"
    chmod 0755 "$out/$arch/fwatchdog"
  else
    mv "$new" "$out/$arch/fwatchdog"
  fi
done
sed -n 's/^\tversion = "\(.*\)"$/\1/p' main.go >"$out/version"
