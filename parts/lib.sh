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

# apt-get in the folder apt of this one, as on a machine without any package: what is installed does not matter.
apt_alone() { # sets the array apt
  mkdir -p apt/lists/partial apt/cache/archives/partial
  : > apt/status
  apt=(-q -y -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::State::status=$PWD/apt/status"
    -o "Dir::Cache=$PWD/apt/cache" -o "Dir::Log=$PWD/apt" -o APT::Sandbox::User= -o APT::Get::List-Cleanup=true
    -o APT::Update::Pre-Invoke::= -o APT::Update::Post-Invoke::= -o Acquire::Retries=3 -o Acquire::Languages=none)
}
closure() { # PACKAGE...: the names of all that they need
  apt-get "${apt[@]}" --no-install-recommends --print-uris install "$@" | sed -n "s/^'.*' \([^_ ]*\)_.*/\1/p" | sort
}
