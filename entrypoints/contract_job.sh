#!/bin/sh
# The container's command: does the one task that EVENT (or the file that EVENT_FILE names) holds.
set -eu
script=$(readlink -f "$0")
here=${script%/*/*}
. "$here/lib/entry.sh"
run_entry job "$@"
