#!/bin/sh
# The container's command: does the one task that EVENT (or the file that EVENT_FILE names) holds.
set -eu
here=$(dirname "$0")
exec "$here/../contract-builder" job "$@"
