# Sourced by the scripts that build what is written in Go.
need_go() { # fails, and says what to do, without a Go that is new enough
  minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -lt 25 ] || return 0
  echo "Go 1.25 or later is needed, and $(go env GOVERSION 2>/dev/null || echo none) is on the PATH. Install it from go.dev/dl (Debian's own may be older)." >&2
  return 1
}
