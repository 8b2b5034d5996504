# shellcheck shell=bash
# Sourced by the scripts beside it.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PARTS=${CONTRACT_BUILDER_PARTS:-${XDG_CACHE_HOME:-$HOME/.cache}/contract-builder/parts}
# shellcheck source=versions
. "$here/versions"

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }

# A process is known by its id and the time at which it started: an id used again is never taken for ours.
started() { # PID
  local stat fields
  { stat=$(< "/proc/$1/stat"); } 2> /dev/null || return 1
  read -ra fields <<< "${stat##*) }"
  case ${fields[0]} in Z|X) return 1 ;; esac
  echo "${fields[19]}"
}
alive() { # PID START
  [ -n "$2" ] && [ "$(started "$1")" = "$2" ]
}
