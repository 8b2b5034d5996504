# Sets JAVA_HOME to a JDK 25 or later, whatever `java` is on the PATH. Sourced by the scripts of this folder's parent.

# Whether there is one in HOME. Its release file answers without another process, which the shortest run would feel.
is_jdk() { # is_jdk HOME
  [ -n "$1" ] && [ -x "$1/bin/javac" ] || return 1
  version=
  if [ -r "$1/release" ]; then
    while IFS='="' read -r name _ value _; do
      [ "$name" != JAVA_VERSION ] || version=$value
    done <"$1/release"
  fi
  [ -n "$version" ] || version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  version=${version%%.*}
  [ "${version%%[!0-9]*}" -ge 25 ] 2>/dev/null
}

find_jdk() {
  # A container image brings a runtime of its own, which the AOT cache is bound to; it has no compiler.
  if [ -x "${here:-}/runtime/bin/java" ]; then
    JAVA_HOME=$here/runtime
    export JAVA_HOME
    return 0
  fi
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/temurin-25-jdk-* /usr/lib/jvm/*25* /opt/jdk-25* /opt/java/openjdk \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/25* PATH; do
    if [ "$candidate" = PATH ]; then
      command -v javac >/dev/null 2>&1 || continue
      candidate=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    fi
    if is_jdk "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK 25 was found. Install one (Temurin 25, for example) or set JAVA_HOME to it." >&2
  return 1
}
