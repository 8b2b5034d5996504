# Sets JAVA_HOME to a JDK 25 or later, whatever `java` is on the PATH. Sourced by the scripts of this folder's parent.
jdk_version() { "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'; }

find_jdk() {
  # A container image brings a runtime of its own, which the AOT cache is bound to; it has no compiler.
  if [ -x "${here:-}/runtime/bin/java" ]; then
    JAVA_HOME=$here/runtime
    export JAVA_HOME
    return 0
  fi
  set -- "${JAVA_HOME:-}" /usr/lib/jvm/temurin-25-jdk-* /usr/lib/jvm/*25* /opt/jdk-25* /opt/java/openjdk "${HOME:-/nonexistent}"/.sdkman/candidates/java/25*
  if command -v javac >/dev/null 2>&1; then set -- "$@" "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; fi
  for candidate in "$@"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    # The release file answers without starting a JVM.
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release" 2>/dev/null)
    [ -n "$version" ] || version=$(jdk_version "$candidate")
    if [ "${version%%.*}" -ge 25 ] 2>/dev/null; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK 25 was found. Install one (Temurin 25, for example) or set JAVA_HOME to it." >&2
  return 1
}
