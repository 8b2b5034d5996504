#!/bin/sh
# The container's command: does the tasks that the chain pushes to its Redis, until SIGTERM.
set -eu
script=$(readlink -f "$0")
here=${script%/*/*}
. "$here/lib/entry.sh"
run_entry process "$@"
